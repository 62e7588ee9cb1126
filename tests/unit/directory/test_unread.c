/* The directory: what is unread, and who is mentioned in it. */
#include "directory/directory_internal.h"
#include "directory/load.h"
#include "directory/rooms.h"
#include "runtime.h"

static struct directory *d(void)
{
    return rt.chat->directory;
}

static void assert_unread(int64_t room, int64_t user, int64_t unread, int64_t mentions)
{
    struct directory_room r;
    assert_true(directory_room(d(), room, user, &r, NULL, NULL));
    assert_true(r.is_member);
    assert_int_equal(r.unread, unread);
    assert_int_equal(r.mentions, mentions);
}

static void unread_is_counted_and_read(void **state)
{
    (void)state;
    int64_t anna = rt_account("anna"), ben = rt_account("ben");
    struct client *a = rt_connect(anna), *b = rt_connect(ben);
    struct directory_room r;
    rt_say(a, "{\"type\":\"read\",\"room\":1,\"seq\":99}"); /* as far as there is anything */
    assert_unread(LOBBY, anna, 0, 0);
    rt_send(b, LOBBY, "one");
    rt_send(b, LOBBY, "two for @anna, and @anna again");
    rt_send(b, LOBBY, "three for @everyone");
    assert_unread(LOBBY, anna, 3, 2);
    assert_unread(LOBBY, ben, 0, 0); /* it is one's own */
    rt_forget(a);
    long long last = (long long)rt_last(LOBBY);
    rt_say(a, "{\"type\":\"read\",\"room\":1,\"seq\":%lld}", last);
    assert_heard(a, rt_format("{\"type\":\"read\",\"room\":1,\"seq\":%lld,\"unread\":0,\"mentions\":0}", last));
    rt_say(a, "{\"type\":\"mark_unread\",\"room\":1,\"seq\":%lld}", last - 1);
    assert_heard(a, rt_format("{\"type\":\"read\",\"room\":1,\"seq\":%lld,\"unread\":2,\"mentions\":2}", last - 2));
    rt_send(a, LOBBY, "four for @everyone");
    assert_unread(LOBBY, anna, 2, 2); /* and reads nothing before it */
    assert_unread(LOBBY, ben, 1, 1);
    rt_say(a, "{\"type\":\"mark_unread\",\"room\":1,\"seq\":%lld}", last + 1);
    assert_unread(LOBBY, anna, 0, 0);
    rt_send(a, LOBBY, "five");
    assert_true(directory_room(d(), LOBBY, anna, &r, NULL, NULL));
    assert_int_equal(r.read_seq, last + 2); /* nothing was unread before it */
}

/* Own messages that are deleted, or hidden with a ban, are not taken off the count once more. */
static void ones_own_that_are_gone_count_once(void **state)
{
    (void)state;
    int64_t anna = rt_account("anna"), ben = rt_account("ben"), owner = rt_account("owner");
    struct client *a = rt_connect(anna), *b = rt_connect(ben), *o = rt_connect(owner);
    rt_set_role(owner, ROLE_OWNER);
    rt_say(a, "{\"type\":\"read\",\"room\":1,\"seq\":99}");
    rt_send(b, LOBBY, "one");
    for (int i = 0; i < 3; i++)
        rt_send(a, LOBBY, "own");
    assert_unread(LOBBY, anna, 1, 0);
    const long long last = (long long)rt_last(LOBBY);
    rt_say(a, "{\"type\":\"delete\",\"room\":1,\"seq\":%lld}", last);
    assert_unread(LOBBY, anna, 1, 0);
    rt_say(o, "{\"type\":\"ban\",\"user\":%lld,\"hide\":true}", (long long)anna);
    assert_unread(LOBBY, anna, 1, 0);
    rt_say(o, "{\"type\":\"delete\",\"room\":1,\"seq\":%lld}", last - 1);
    assert_unread(LOBBY, anna, 1, 0);
    rt_say(o, "{\"type\":\"unban\",\"user\":%lld}", (long long)anna);
    assert_unread(LOBBY, anna, 1, 0);
    rt_close();
    rt_open();
    assert_unread(LOBBY, anna, 1, 0);
}

/* In one batch: what the row says after it, and the events that are counted beside it, are not counted twice. */
static void a_batch_counts_each_mention_once(void **state)
{
    (void)state;
    int64_t anna = rt_account("anna"), ben = rt_account("ben");
    struct client *a = rt_connect(anna), *b = rt_connect(ben);
    rt_text(b, "{\"type\":\"send\",\"id\":\"x1\",\"room\":1,\"body\":\"for @anna\"}");
    rt_text(a, "{\"type\":\"read\",\"room\":1,\"seq\":%lld}", (long long)rt_last(LOBBY) + 1);
    rt_text(b, "{\"type\":\"send\",\"id\":\"x2\",\"room\":1,\"body\":\"for @anna\"}");
    rt_text(a, "{\"type\":\"set_membership\",\"room\":1,\"favourite\":true}");
    rt_text(b, "{\"type\":\"send\",\"id\":\"x3\",\"room\":1,\"body\":\"for @anna\"}");
    rt_run();
    assert_unread(LOBBY, anna, 2, 2);
}

/* A row is read after the commit, and may know of events that come here one by one behind it. */
static void a_row_may_be_ahead_of_its_events(void **state)
{
    (void)state;
    int64_t anna = rt_account("anna"), ben = rt_account("ben");
    struct client *b = rt_connect(ben);
    struct membership_row row;
    struct directory_room r;
    const int64_t mentioned = anna;
    rt_send(b, LOBBY, "what is known here");
    assert_true(directory_room(d(), LOBBY, 0, &r, NULL, NULL));
    const int64_t seq = r.last_seq, number = r.messages;
    static const struct {
        int64_t read, unread[4]; /* from the last known event; right away, after each of three more, in the end */
        int64_t mentions;
        const char *why;
    } cases[] = {
        {-1, {1, 2, 3, 3}, 1, "behind: all of it counts"},
        {0, {0, 1, 2, 2}, 1, "as far as is known"},
        {1, {0, 1, 2, 1}, 0, "one ahead"},
        {2, {0, 1, 2, 0}, 0, "all that there is"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rt_close();
        rt_open();
        /* Two messages are stored, of which the directory has not heard. */
        assert_int_equal(memberships_get(rt.store, LOBBY, anna, &row), OK);
        row.read_seq = seq + cases[i].read;
        row.read_number = number + cases[i].read;
        row.mentions = 0;
        assert_true(directory_take_membership(d(), &row));
        assert_unread(LOBBY, anna, cases[i].unread[0], 0);
        for (int64_t n = 1; n <= 2; n++) {
            const struct directory_message m = {.number = number + n,
                                                .author_id = ben,
                                                .mentioned = &mentioned,
                                                .mentioned_count = n == 1,
                                                .has_read = true};
            directory_event(d(), LOBBY, seq + n, &m);
            assert_unread(LOBBY, anna, cases[i].unread[n], 1);
        }
        /* When all are here it is read once more. */
        row.mentions = cases[i].mentions;
        assert_true(directory_take_membership(d(), &row));
        assert_unread(LOBBY, anna, cases[i].unread[3], cases[i].mentions);
    }
}

static void mentions_are_counted_up_to_a_limit(void **state)
{
    (void)state;
    int64_t anna = rt_account("anna");
    const int64_t all = 0;
    for (int i = 1; i <= MEMBERSHIP_MENTIONS_MAX + 5; i++) {
        const struct directory_message m = {.number = i, .mentioned = &all, .mentioned_count = 1};
        directory_event(d(), LOBBY, 100 + i, &m);
    }
    assert_unread(LOBBY, anna, MEMBERSHIP_MENTIONS_MAX + 5, MEMBERSHIP_MENTIONS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RUNTIME(unread_is_counted_and_read),         WITH_RUNTIME(ones_own_that_are_gone_count_once),
        WITH_RUNTIME(a_batch_counts_each_mention_once),   WITH_RUNTIME(a_row_may_be_ahead_of_its_events),
        WITH_RUNTIME(mentions_are_counted_up_to_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
