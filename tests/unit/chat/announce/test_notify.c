/* Who is told what beside the events of rooms, and in which order. */
#include "base/hash.h"
#include "chat/announce/notify.h"
#include "rules/wire.h"
#include "runtime.h"
#include "store/people.h"

static struct frame *frame_of(const char *text)
{
    struct buf json = BUF_INIT;
    buf_add_str(&json, text);
    struct frame *f = wire_frame(&json, 0);
    assert_non_null(f);
    buf_release(&json);
    return f;
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
    assert_int_equal(rt.chat->shards[0].devices.count, 0);
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

/* ------------------------------------------------------------------ time */

enum { HOUR_MS = 3600 * 1000, DAY_MS = 24 * HOUR_MS };

static void tick(void)
{
    chat_tick(rt.chat);
    rt_run();
}

static int64_t start_session(int64_t user, struct client *clients[], int n)
{
    struct session_row row;
    struct caller caller;
    const char hash[HASH_BYTES] = "a hash of a session's token";
    struct command c = {.kind = COMMAND_SESSION_START, .actor = COMMAND_ACTOR_ACCOUNT, .actor_id = user};
    fields_set_text(&c.f, F_HASH, (struct span){hash, sizeof hash});
    fields_set(&c.f, F_EXPIRES, rt.now_ms + (int64_t)30 * DAY_MS);
    rt_command(&c);
    assert_int_equal(sessions_by_hash(rt.store, (struct span){hash, sizeof hash}, &row), OK);
    const int64_t id = row.id;
    rt_fill_caller(user, &caller);
    caller.session_id = id;
    for (int i = 0; i < n; i++)
        clients[i] = rt_connect_as(&caller);
    rt_run();
    return id;
}

static void find_end(void *ctx, const struct session_row *row)
{
    *(int64_t *)ctx = row->expires_at;
}

static int64_t end_of(int64_t user)
{
    int64_t end = 0;
    assert_int_equal(sessions_each(rt.store, user, find_end, &end), OK);
    return end;
}

static void whoever_stays_connected_stays_signed_in(void **state)
{
    (void)state;
    struct client *c[2];
    const int64_t ben = rt_account("ben"), began_ms = rt.now_ms, id = start_session(ben, c, 2);
    uint64_t commands = rt.chat->commands;
    rt.now_ms += DAY_MS - 1;
    tick();
    assert_int_equal(end_of(ben), began_ms + (int64_t)30 * DAY_MS);
    for (int day = 1; day <= 40; day++) {
        rt.now_ms = began_ms + (int64_t)day * DAY_MS;
        tick();
        rt.now_ms += HOUR_MS;
        tick();
        assert_int_equal(end_of(ben), began_ms + (int64_t)(30 + day) * DAY_MS);
    }
    assert_int_equal(rt.chat->commands - commands, 40); /* once a day, however many windows are open */

    struct command end = {.kind = COMMAND_SESSION_END, .actor = COMMAND_ACTOR_ACCOUNT, .actor_id = ben};
    fields_set(&end.f, F_SESSION, id);
    rt_command(&end);
    assert_true(c[0]->is_closed && c[1]->is_closed);
    rt.now_ms += DAY_MS;
    tick(); /* too late: what has ended does not begin anew */
    assert_int_equal(end_of(ben), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RUNTIME(notices_reach_all_devices_of_those_named),
        WITH_RUNTIME(devices_come_and_go),
        WITH_RUNTIME(what_follows_comes_after_the_event_and_before_the_answer),
        WITH_RUNTIME(rooms_are_told_to_who_may_know_of_them),
        WITH_RUNTIME(whoever_stays_connected_stays_signed_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
