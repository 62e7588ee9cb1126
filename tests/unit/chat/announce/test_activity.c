/* Activity: who is told that a room they have not opened is busy, and that a crowd of them does not hold up others. */
#include "chat/announce/activity.h"
#include "chat/announce/notify.h"
#include "chat/chat.h"
#include "directory/memberships.h"
#include "rules/wire.h"
#include "runtime.h"

static void tick(void)
{
    chat_tick(rt.chat);
    rt_run();
}

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
    enum { MANY = 40 };
    struct client *c[MANY];
    char name[16], part[64];
    (void)state;
    struct client *o = rt_connect(OWNER);
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "p%c%c", 'a' + i / 8, 'a' + i % 8); /* of letters that do not look alike */
        c[i] = rt_connect(rt_account(name));
        rt_send(o, LOBBY, "hello");
    }
    tick();
    rt_forget_all();
    rt_send(o, LOBBY, "again");
    tick();
    for (int i = 0; i < MANY; i++) {
        snprintf(part, sizeof part, "\"unread\":%d,\"mentions\":0}", MANY - i + 1);
        assert_heard(c[i], part);
    }
}

/* ------------------------------------------------------------------ slices */

/* Page by page, each member once, and the last page says that it is the last. */
static void the_unread_come_in_pages(void **state)
{
    enum { MEMBERS = 5 };
    static const char *const names[MEMBERS - 1] = {"anna", "ben", "cleo", "dora"};
    (void)state;
    for (size_t i = 0; i < MEMBERS - 1; i++)
        rt_account(names[i]);
    for (size_t max = 1; max <= MEMBERS + 1; max++) {
        struct buf rows = BUF_INIT;
        int64_t after_id = 0, before_id = 0;
        size_t seen = 0;
        bool more = true;
        while (more) {
            buf_clear(&rows);
            assert_int_equal(directory_unread(rt.chat->directory, LOBBY, after_id, max, &rows, &more), rt_last(LOBBY));
            size_t n = rows.len / sizeof(struct directory_unread);
            assert_int_equal(n, MEMBERS - seen < max ? MEMBERS - seen : max);
            for (size_t i = 0; i < n; i++, before_id = after_id) {
                after_id = ((struct directory_unread *)rows.p)[i].user_id;
                assert_true(after_id > before_id);
            }
            seen += n;
        }
        assert_int_equal(seen, MEMBERS);
        buf_release(&rows);
    }
    bool more = true;
    struct buf none = BUF_INIT;
    assert_int_equal(directory_unread(rt.chat->directory, 999, 0, 10, &none, &more), 0); /* no such room */
    assert_false(more);
    assert_int_equal(none.len, 0);
}

/* Members of a closed room who have not opened it, in the order of their ids. With the devices of the third a slice is
 * full; those of the last come in the next. */
enum { PEOPLE = 4, DEVICES = ACTIVITY_DEVICES_PER_SLICE / 2 - 14 };
static_assert(2 * DEVICES < (int)ACTIVITY_DEVICES_PER_SLICE && 3 * DEVICES >= (int)ACTIVITY_DEVICES_PER_SLICE,
              "the third fills it");

static struct {
    struct client *owner, *devices[PEOPLE][DEVICES];
    int64_t room;
} crowd;

static void gather_crowd(void)
{
    static const char *const names[PEOPLE] = {"anna", "ben", "cleo", "dora"};
    crowd.owner = rt_connect(OWNER);
    crowd.room = rt_room(crowd.owner, "cellar", "closed", "all");
    rt_say(crowd.owner, "{\"type\":\"join\",\"id\":\"j\",\"room\":%lld}", (long long)crowd.room);
    for (size_t i = 0; i < PEOPLE; i++) {
        int64_t id = rt_account(names[i]);
        rt_say(crowd.owner, "{\"type\":\"add_member\",\"room\":%lld,\"user\":\"%s\"}", (long long)crowd.room, names[i]);
        for (size_t j = 0; j < DEVICES; j++)
            crowd.devices[i][j] = rt_connect(id);
    }
    tick();
    rt_forget_all();
    assert_int_equal(atomic_load(&rt.chat->activity_rounds), 0);
}

/* Said and committed, while the shard's tasks wait. */
static void command_meanwhile(const char *type, const char *more)
{
    rt_text(crowd.owner, "{\"type\":\"%s\",\"id\":\"m\",\"room\":%lld%s}", type, (long long)crowd.room, more);
    assert_int_equal(log_step(rt.chat->log), 1);
}

/* Something is said, a second passes, and the first slice has been told. */
static void tell_first_slice(void)
{
    rt_send(crowd.owner, crowd.room, "one");
    chat_tick(rt.chat);
    assert_true(rt_task());
    assert_int_equal(atomic_load(&rt.chat->activity_rounds), 1);
}

/* The frames of activity that a device has heard; none is older than the one before. */
static int count_activity(struct client *c)
{
    static const char last_seq[] = "\"last_seq\":";
    int n = 0;
    long long before = 0;
    for (const char *at = rt_heard(c); (at = strstr(at, "{\"type\":\"activity\"")); n++) {
        at = strstr(at, last_seq) + strlen(last_seq);
        long long seq = strtoll(at, NULL, 10);
        assert_true(seq >= before);
        before = seq;
    }
    return n;
}

static void assert_told(size_t person, int times)
{
    for (size_t i = 0; i < DEVICES; i++)
        assert_int_equal(count_activity(crowd.devices[person][i]), times);
}

static void what_comes_meanwhile_goes_before_the_rest_of_a_crowd(void **state)
{
    (void)state;
    gather_crowd();
    struct buf json = BUF_INIT;
    buf_add_str(&json, "{\"meanwhile\":1}");
    struct frame *f = wire_frame(&json, 0);
    rt_send(crowd.owner, crowd.room, "one");
    chat_tick(rt.chat);
    hub_broadcast(rt.chat->hub, f);
    rt_run();
    for (size_t i = 0; i < PEOPLE; i++) {
        struct client *c = crowd.devices[i][0];
        bool waited = strstr(rt_heard(c), "meanwhile") < strstr(rt_heard(c), "activity");
        assert_true(rt_has(c, "meanwhile"));
        assert_int_equal(waited, i == PEOPLE - 1);
        assert_told(i, 1);
    }
    frame_release(f);
    buf_release(&json);
}

static void close_others(void)
{
    for (size_t i = 1; i < DEVICES; i++)
        rt_client_close(crowd.devices[PEOPLE - 1][i]);
}

static void close_all(void)
{
    for (size_t i = 0; i < PEOPLE; i++)
        for (size_t j = 0; j < DEVICES; j++)
            rt_client_close(crowd.devices[i][j]);
    rt_client_close(crowd.owner);
}

static void remove_last(void)
{
    command_meanwhile("remove_member", ",\"user\":\"dora\"");
}

static void remove_first(void)
{
    command_meanwhile("remove_member", ",\"user\":\"anna\"");
}

static void archive(void)
{
    command_meanwhile("archive_room", ",\"archived\":true");
}

static void open_it(void)
{
    rt_text(crowd.devices[PEOPLE - 1][0], "{\"type\":\"join\",\"id\":\"j\",\"room\":%lld}", (long long)crowd.room);
}

static void say_more(void)
{
    command_meanwhile("send", ",\"body\":\"two\"");
}

static void drain(void)
{
    chat_drain(rt.chat);
    session_bye_all(rt.chat, hub_shard(rt.chat->hub, 0), "restart");
    session_end_all(hub_shard(rt.chat->hub, 0), ERR_SHUTTING_DOWN, "restart");
}

/* What happens between two slices; how often the first device of the last person is told then. */
static void slices_meet_things_as_they_have_become(void **state)
{
    static const struct {
        void (*meanwhile)(void);
        int told;
        const char *heard;
    } cases[] = {
        {close_others, 1, "\"unread\":1,"}, {close_all, 0, NULL},           {remove_last, 0, "\"change\":\"left\""},
        {remove_first, 1, "\"unread\":1,"}, {archive, 1, "\"archived\":"},  {open_it, 0, "\"body\":\"one\""},
        {say_more, 1, "\"unread\":2,"},     {drain, 0, "\"type\":\"bye\""},
    };
    (void)rt_teardown(state);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(rt_setup(state), 0);
        gather_crowd();
        tell_first_slice();
        cases[i].meanwhile();
        struct client *last = crowd.devices[PEOPLE - 1][0];
        rt_run();
        if (last->session)
            rt_drain(last); /* it may have been told to go */
        assert_int_equal(atomic_load(&rt.chat->activity_rounds), 0);
        assert_int_equal(count_activity(last), cases[i].told);
        if (cases[i].heard)
            assert_heard(last, cases[i].heard);
        if (i + 1 < sizeof cases / sizeof cases[0])
            assert_int_equal(rt_teardown(state), 0);
    }
}

/* A shard that is behind is not given more to tell, and what was said meanwhile is not lost. */
static void seconds_in_which_it_is_busy_are_told_of_later(void **state)
{
    (void)state;
    gather_crowd();
    tell_first_slice();
    say_more();
    chat_tick(rt.chat);
    assert_int_equal(atomic_load(&rt.chat->activity_rounds), 1);
    rt_run();
    for (size_t i = 0; i < PEOPLE; i++)
        assert_told(i, 1);
    assert_not_heard(crowd.devices[0][0], "\"unread\":2,");
    tick();
    for (size_t i = 0; i < PEOPLE; i++)
        assert_told(i, 2);
    assert_heard(crowd.devices[0][0], "\"unread\":2,");
    rt_forget_all();
    tick();
    assert_told(0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RUNTIME(activity_goes_to_members_who_have_not_opened_the_room),
        WITH_RUNTIME(activity_stops_with_the_membership),
        WITH_RUNTIME(everybody_gets_their_own_numbers),
        WITH_RUNTIME(the_unread_come_in_pages),
        WITH_RUNTIME(what_comes_meanwhile_goes_before_the_rest_of_a_crowd),
        WITH_RUNTIME(slices_meet_things_as_they_have_become),
        WITH_RUNTIME(seconds_in_which_it_is_busy_are_told_of_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
