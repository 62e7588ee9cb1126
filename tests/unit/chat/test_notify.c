/* Who is told what beside the events of rooms, and in which order; activity. */
#include "chat/notify.h"
#include "chat/wire.h"
#include "runtime.h"

static struct frame *frame_of(const char *text)
{
    struct buf json = BUF_INIT;
    buf_add_str(&json, text);
    struct frame *f = wire_frame(&json, 0);
    assert_non_null(f);
    buf_release(&json);
    return f;
}

static void tick(void)
{
    chat_tick(rt.chat);
    rt_run();
}

static void notices_reach_all_devices_of_those_named(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben"), cleo = rt_account("cleo");
    struct client *one = rt_connect(ben), *two = rt_connect(ben), *c = rt_connect(cleo), *o = rt_connect(OWNER);
    rt_forget_all();
    struct frame *f = frame_of("{\"a\":1}");
    notify_user(rt.chat, ben, f);
    rt_run();
    const struct {
        struct client *who;
        const char *want;
    } first[] = {{one, "{\"a\":1}\n"}, {two, "{\"a\":1}\n"}, {c, ""}, {o, ""}};
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(rt_heard(first[i].who), first[i].want);
    const int64_t ids[] = {cleo, OWNER, 999};
    notify_users(rt.chat, (struct span){(const char *)ids, sizeof ids}, f);
    notify_user(rt.chat, ben, NULL); /* out of memory: nothing */
    rt_run();
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(rt_heard(first[i].who), "{\"a\":1}\n");
    frame_release(f);
}

/* A device that has gone is not told, and the others still are. */
static void devices_come_and_go(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben");
    struct client *c[4];
    struct frame *f = frame_of("{}");
    for (size_t i = 0; i < 4; i++)
        c[i] = rt_connect(ben);
    rt_client_close(c[1]);
    rt_client_close(c[3]);
    rt_forget_all();
    notify_user(rt.chat, ben, f);
    rt_run();
    assert_string_equal(rt_heard(c[0]), "{}\n");
    assert_string_equal(rt_heard(c[2]), "{}\n");
    rt_client_close(c[0]);
    rt_client_close(c[2]);
    notify_user(rt.chat, ben, f);
    rt_run();
    assert_null(rt.chat->shards[0].devices);
    frame_release(f);
}

/* The event, then what follows from it, then the answer: on one connection in this order. */
static void what_follows_comes_after_the_event_and_before_the_answer(void **state)
{
    (void)state;
    struct client *o = rt_connect(OWNER);
    int64_t yard = rt_room(o, "yard", "open", "all");
    rt_say(o, "{\"type\":\"join\",\"id\":\"j\",\"room\":%lld}", (long long)yard);
    rt_forget(o);
    rt_say(o, "{\"type\":\"rename_room\",\"id\":\"r\",\"room\":%lld,\"name\":\"den\"}", (long long)yard);
    const char *event = strstr(rt_heard(o), "{\"type\":\"renamed\""),
               *room = strstr(rt_heard(o), "{\"type\":\"room\",\"change\":\"renamed\""),
               *ack = strstr(rt_heard(o), "{\"type\":\"ack\",\"id\":\"r\"");
    assert_non_null(event);
    assert_true(event < room);
    assert_true(room < ack);
}

static void rooms_are_told_to_who_may_know_of_them(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben"), cleo = rt_account("cleo");
    struct client *o = rt_connect(OWNER), *b = rt_connect(ben), *c = rt_connect(cleo), *v = rt_visit("passer");
    static const struct {
        const char *name, *kind;
        bool accounts, visitors;
    } cases[] = {
        {"yard", "open", true, true}, {"news", "announcement", true, false}, {"cellar", "closed", false, false}};
    for (size_t i = 0; i < 3; i++) {
        rt_forget_all();
        rt_say(o, "{\"type\":\"create_room\",\"name\":\"%s\",\"kind\":\"%s\",\"topic\":\"T\"}", cases[i].name,
               cases[i].kind);
        assert_heard(o, "{\"type\":\"room\",\"change\":\"created\"");
        assert_heard(o, "{\"type\":\"membership\",\"change\":\"joined\"");
        assert_heard(o, "\"topic\":\"T\",\"role\":\"moderator\"");
        assert_int_equal(rt_has(b, cases[i].name), cases[i].accounts);
        assert_int_equal(rt_has(c, cases[i].name), cases[i].accounts);
        assert_int_equal(rt_has(v, cases[i].name), cases[i].visitors);
        assert_not_heard(b, "\"role\""); /* nobody is told of others' memberships */
    }
    rt_forget_all();
    rt_say(o, "{\"type\":\"open_direct\",\"users\":[\"ben\"]}");
    assert_heard(b, "\"kind\":\"direct\"");
    assert_heard(b, "\"hidden\":true");
    assert_string_equal(rt_heard(c), "");
    assert_string_equal(rt_heard(v), "");
    int64_t direct = rt_number(b, "\"room\":{\"id\":");
    rt_forget_all();
    rt_send(o, direct, "psst");
    assert_heard(b, "{\"type\":\"membership\",\"change\":\"changed\""); /* it is in the sidebar now */
    assert_not_heard(b, "hidden");
    assert_string_equal(rt_heard(c), "");
}

/* ------------------------------------------------------------------ activity */

static void activity_goes_to_members_who_have_not_opened_the_room(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben"), cleo = rt_account("cleo");
    struct client *o = rt_connect(OWNER), *b = rt_connect(ben), *elsewhere = rt_connect(ben), *c = rt_connect(cleo),
                  *v = rt_visit("passer");
    rt_say(c, "{\"type\":\"remove_member\",\"room\":1}");
    rt_say(b, "{\"type\":\"read\",\"room\":1,\"seq\":%lld}", (long long)rt_last(LOBBY));
    rt_say(elsewhere, "{\"type\":\"join\",\"id\":\"j\",\"room\":1}");
    tick();
    rt_forget_all();
    rt_send(o, LOBBY, "one");
    rt_send(o, LOBBY, "two for @ben");
    assert_string_equal(rt_heard(b), ""); /* not before the second is over */
    tick();
    assert_heard(b, rt_format("{\"type\":\"activity\",\"room\":1,\"last_seq\":%lld,\"unread\":2,\"mentions\":1}\n",
                              (long long)rt_last(LOBBY)));
    assert_not_heard(elsewhere, "activity");
    assert_heard(o, "\"unread\":0,\"mentions\":0}"); /* who wrote has not opened it either */
    assert_string_equal(rt_heard(c), "");
    assert_string_equal(rt_heard(v), "");
    rt_forget_all();
    tick();
    assert_string_equal(rt_heard(b), ""); /* nothing new was said */
    rt_say(b, "{\"type\":\"set_membership\",\"room\":1,\"muted_until\":%lld}", (long long)(rt.now_ms + 100000));
    rt_forget_all();
    rt_send(o, LOBBY, "three");
    tick();
    assert_heard(b, "\"unread\":3,\"mentions\":1}"); /* muted too: the page decides */
}

/* The directory has been asked and the frame is on its way: whoever is removed by then is not told after that. */
static void activity_stops_with_the_membership(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben");
    struct client *o = rt_connect(OWNER), *b = rt_connect(ben);
    int64_t cellar = rt_room(o, "cellar", "closed", "all");
    rt_say(o, "{\"type\":\"add_member\",\"room\":%lld,\"user\":\"ben\"}", (long long)cellar);
    rt_send(o, cellar, "theirs");
    rt_forget_all();
    chat_tick(rt.chat); /* posted, and not yet run */
    rt_text(o, "{\"type\":\"remove_member\",\"room\":%lld,\"user\":\"ben\"}", (long long)cellar);
    log_step(rt.chat->log);
    rt_run();
    assert_not_heard(b, "activity");
    assert_heard(b, "{\"type\":\"membership\",\"change\":\"left\"");
    rt_forget_all();
    rt_send(o, cellar, "not theirs");
    tick();
    assert_string_equal(rt_heard(b), "");
}

/* Each gets their own numbers, however many members are alike. */
static void everybody_gets_their_own_numbers(void **state)
{
    enum { PEOPLE = 40 };
    struct client *c[PEOPLE];
    char name[16], part[64];
    (void)state;
    struct client *o = rt_connect(OWNER);
    for (int i = 0; i < PEOPLE; i++) {
        snprintf(name, sizeof name, "p%c%c", 'a' + i / 8, 'a' + i % 8); /* of letters that do not look alike */
        c[i] = rt_connect(rt_account(name));
        rt_send(o, LOBBY, "hello");
    }
    tick();
    rt_forget_all();
    rt_send(o, LOBBY, "again");
    tick();
    for (int i = 0; i < PEOPLE; i++) {
        snprintf(part, sizeof part, "\"unread\":%d,\"mentions\":0}", PEOPLE - i + 1);
        assert_heard(c[i], part);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RUNTIME(notices_reach_all_devices_of_those_named),
        WITH_RUNTIME(devices_come_and_go),
        WITH_RUNTIME(what_follows_comes_after_the_event_and_before_the_answer),
        WITH_RUNTIME(rooms_are_told_to_who_may_know_of_them),
        WITH_RUNTIME(activity_goes_to_members_who_have_not_opened_the_room),
        WITH_RUNTIME(activity_stops_with_the_membership),
        WITH_RUNTIME(everybody_gets_their_own_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
