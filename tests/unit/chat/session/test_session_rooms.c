/* Rooms that are not for one, or not any more: nobody hears anything of them, whatever happens at the same time. */
#include "runtime.h"

#include <time.h>

static void add_member(struct client *by, int64_t room, const char *name)
{
    rt_say(by, "{\"type\":\"add_member\",\"room\":%lld,\"user\":\"%s\"}", (long long)room, name);
}

static void join(struct client *c, int64_t room)
{
    rt_say(c, "{\"type\":\"join\",\"id\":\"j\",\"room\":%lld}", (long long)room);
}

/* ------------------------------------------------------------------ what is not for one */

static void what_one_may_not_read_is_not_there(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben"), gus = rt_guest("Gus");
    struct client *o = rt_connect(OWNER), *b = rt_connect(ben), *g = rt_connect(gus), *v = rt_visit("passer");
    int64_t cellar = rt_room(o, "cellar", "closed", "all"), news = rt_room(o, "news", "announcement", "all");
    rt_send(o, cellar, "secret");
    struct client *all[] = {b, g, v};
    static const char *const asks[] = {
        "{\"type\":\"join\",\"id\":\"q\",\"room\":%s}",
        "{\"type\":\"history\",\"id\":\"q\",\"room\":%s}",
        "{\"type\":\"typing\",\"id\":\"q\",\"room\":%s}",
        "{\"type\":\"leave\",\"id\":\"q\",\"room\":%s}",
        "{\"type\":\"send\",\"id\":\"q\",\"room\":%s,\"body\":\"x\"}",
    };
    char named[2][32];
    snprintf(named[0], sizeof named[0], "%lld", (long long)cellar);
    snprintf(named[1], sizeof named[1], "\"cellar\"");
    rt_forget_all();
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < sizeof asks / sizeof asks[0]; j++)
            for (size_t k = 0; k < 2; k++) {
                char text[256];
                snprintf(text, sizeof text, "%s", asks[j]);
                char *at = strstr(text, "%s"), rest[128];
                snprintf(rest, sizeof rest, "%s", at + 2);
                snprintf(at, sizeof text - (size_t)(at - text), "%s%s", named[k], rest);
                rt_say(all[i], "%s", text);
                assert_heard(all[i], "\"code\":\"not_found\"");
                assert_not_heard(all[i], "secret");
                assert_not_heard(all[i], "ack");
                rt_forget(all[i]);
            }
    rt_say(g, "{\"type\":\"join\",\"id\":\"q\",\"room\":%lld}", (long long)news);
    assert_heard(g, "not_found");
    rt_say(b, "{\"type\":\"join\",\"id\":\"q\",\"room\":%lld}", (long long)news);
    assert_heard(b, "{\"type\":\"ack\",\"id\":\"q\"");
}

static void history_begins_where_one_joined(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben");
    struct client *o = rt_connect(OWNER), *b = rt_connect(ben);
    int64_t attic = rt_room(o, "attic", "closed", "joined");
    for (int i = 0; i < 15; i++) /* seq 2 to 16: more than the ring holds */
        rt_send(o, attic, "before");
    add_member(o, attic, "ben"); /* 17 */
    rt_forget(b);
    join(b, attic);
    assert_heard(b, "\"last_seq\":17}");
    assert_not_heard(b, "before");
    for (int i = 0; i < 3; i++)
        rt_send(o, attic, "after");
    assert_heard(b, "\"seq\":18,");
    static const struct {
        const char *fields;
        int64_t first, last; /* 0: none */
        bool more;
        const char *why;
    } cases[] = {
        {"", 18, 20, false, "the newest"},
        {",\"limit\":2", 19, 20, true, "and more before"},
        {",\"before\":19", 18, 18, false, "up to the floor"},
        {",\"before\":18", 0, 0, false, "nothing is before it"},
        {",\"before\":5", 0, 0, false, "nor further back"},
        {",\"after\":0", 18, 20, false, "from the floor on"},
        {",\"after\":0,\"limit\":2", 18, 19, true, "and more behind"},
        {",\"after\":19", 20, 20, false, "what came last"},
        {",\"around\":5", 18, 20, false, "what is nearest"},
        {",\"around\":18,\"limit\":2", 18, 19, false, "the beginning"},
        {",\"around\":20,\"limit\":2", 19, 20, true, "the end"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char part[64];
        rt_forget(b);
        rt_say(b, "{\"type\":\"history\",\"id\":\"h\",\"room\":%lld%s}", (long long)attic, cases[i].fields);
        for (int64_t seq = 1; seq <= 20; seq++) {
            snprintf(part, sizeof part, "\"seq\":%lld,", (long long)seq);
            bool wanted = cases[i].first && seq >= cases[i].first && seq <= cases[i].last;
            if (rt_has(b, part) != wanted)
                fail_msg("%s: seq %lld\n%s", cases[i].why, (long long)seq, rt_heard(b));
        }
        snprintf(part, sizeof part, "\"more\":%s}", cases[i].more ? "true" : "false");
        if (!rt_has(b, part))
            fail_msg("%s: %s\n%s", cases[i].why, part, rt_heard(b));
    }
    /* Back again with what is from before: that is a gap. */
    rt_forget(b);
    rt_say(b, "{\"type\":\"join\",\"id\":\"j\",\"room\":%lld,\"after\":4,\"epoch\":\"%s\"}", (long long)attic,
           rt.chat->epoch);
    assert_heard(b, "{\"type\":\"reset\"");
    assert_heard(b, "\"last_seq\":20}");
    assert_not_heard(b, "\"seq\":");
}

/* ------------------------------------------------------------------ losing a room */

static void who_is_removed_sees_nothing_after_that(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben");
    struct client *o = rt_connect(OWNER), *b = rt_connect(ben), *elsewhere = rt_connect(ben);
    int64_t cellar = rt_room(o, "cellar", "closed", "all");
    add_member(o, cellar, "ben"); /* 2 */
    join(b, cellar);
    rt_forget_all();
    /* All of it is one commit: the removal is in the middle. */
    rt_text(o, "{\"type\":\"send\",\"id\":\"a\",\"room\":%lld,\"body\":\"theirs\"}", (long long)cellar);
    rt_text(o, "{\"type\":\"remove_member\",\"room\":%lld,\"user\":\"ben\"}", (long long)cellar);
    rt_text(o, "{\"type\":\"send\",\"id\":\"b\",\"room\":%lld,\"body\":\"not theirs\"}", (long long)cellar);
    rt_text(o, "{\"type\":\"edit_room\",\"room\":%lld,\"topic\":\"nor this\"}", (long long)cellar);
    rt_run();
    assert_heard(b, "\"body\":\"theirs\"");
    assert_heard(b, "{\"type\":\"removed\"");
    assert_heard(b, "{\"type\":\"membership\",\"change\":\"left\",\"room\":{\"id\":");
    assert_heard(elsewhere, "{\"type\":\"membership\",\"change\":\"left\"");
    assert_not_heard(b, "not theirs");
    assert_not_heard(b, "nor this");
    assert_not_heard(elsewhere, "nor this");
    rt_say(b, "{\"type\":\"history\",\"id\":\"h\",\"room\":%lld}", (long long)cellar);
    rt_say(b, "{\"type\":\"leave\",\"id\":\"l\",\"room\":%lld}", (long long)cellar);
    assert_heard(b, "\"id\":\"h\",\"code\":\"not_found\"");
    assert_heard(b, "\"id\":\"l\",\"code\":\"not_found\"");
    /* And again. */
    rt_forget(b);
    add_member(o, cellar, "ben");
    assert_heard(b, "{\"type\":\"membership\",\"change\":\"joined\"");
    assert_not_heard(b, "{\"type\":\"added\""); /* the room is not open on the connection */
    join(b, cellar);
    assert_heard(b, "not theirs"); /* whose members see all */
}

static void a_page_that_is_being_read_ends_where_it_was_asked_for(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben");
    struct client *o = rt_connect(OWNER), *b = rt_connect(ben);
    int64_t cellar = rt_room(o, "cellar", "closed", "all");
    add_member(o, cellar, "ben");
    rt_send(o, cellar, "theirs");
    rt_forget(b);
    rt_text(b, "{\"type\":\"history\",\"id\":\"h\",\"room\":%lld}", (long long)cellar);
    rt_text(o, "{\"type\":\"remove_member\",\"room\":%lld,\"user\":\"ben\"}", (long long)cellar);
    rt_text(o, "{\"type\":\"send\",\"id\":\"b\",\"room\":%lld,\"body\":\"not theirs\"}", (long long)cellar);
    while (log_step(rt.chat->log) > 0)
        continue; /* the page is read when all of that is stored */
    rt_run();
    assert_heard(b, "\"body\":\"theirs\"");
    assert_not_heard(b, "not theirs");
    assert_not_heard(b, "{\"type\":\"removed\"");
}

static void a_replay_that_waits_ends_with_the_membership(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben");
    struct client *o = rt_connect(OWNER), *b = rt_connect(ben);
    int64_t cellar = rt_room(o, "cellar", "closed", "all");
    add_member(o, cellar, "ben");
    for (int i = 0; i < 20; i++)
        rt_send(o, cellar, "theirs");
    rt_forget(b);
    rt_text(b, "{\"type\":\"join\",\"id\":\"j\",\"room\":%lld,\"after\":0}",
            (long long)cellar); /* waits for a reader */
    rt_text(o, "{\"type\":\"remove_member\",\"room\":%lld,\"user\":\"ben\"}", (long long)cellar);
    rt_text(o, "{\"type\":\"send\",\"id\":\"b\",\"room\":%lld,\"body\":\"not theirs\"}", (long long)cellar);
    while (log_step(rt.chat->log) > 0)
        continue;
    rt_run();
    assert_heard(b, "{\"type\":\"ack\",\"id\":\"j\"");
    assert_not_heard(b, "not theirs");
    assert_false(b->is_closed);
}

/* With a writer of its own: the removal comes at any moment while the room is being opened. What is said until they are
 * added again is not for them, as the room shows what came after one has joined. */
static void opening_a_room_while_being_removed_shows_nothing(void **state)
{
    enum { ROUNDS = 100, PATIENCE_S = 60 /* for all of them, on a machine that does other things as well */ };
    time_t end = time(NULL) + PATIENCE_S;
    (void)state;
    int64_t ben = rt_account("ben");
    struct client *o = rt_connect(OWNER), *b = rt_connect(ben);
    long long attic = (long long)rt_room(o, "attic", "closed", "joined");
    rt_start();
    for (int round = 0; round < ROUNDS; round++) {
        rt_forget_all();
        rt_text(o, "{\"type\":\"remove_member\",\"room\":%lld,\"user\":\"ben\"}", attic);
        rt_text(o, "{\"type\":\"send\",\"id\":\"s%d\",\"room\":%lld,\"body\":\"not theirs\"}", round, attic);
        rt_text(o, "{\"type\":\"add_member\",\"id\":\"done\",\"room\":%lld,\"user\":\"ben\"}", attic);
        while (time(NULL) < end && !rt_has(o, "\"id\":\"done\"")) {
            rt_text(b, "{\"type\":\"join\",\"room\":%lld}", attic);
            rt_run();
        }
        assert_heard(o, "{\"type\":\"ack\",\"id\":\"done\"");
        assert_not_heard(b, "not theirs");
    }
}

static void a_room_that_closes_is_closed_to_all_others(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben"), cleo = rt_account("cleo"), gus = rt_guest("Gus");
    struct client *o = rt_connect(OWNER), *b = rt_connect(ben), *c = rt_connect(cleo), *g = rt_connect(gus),
                  *v = rt_visit("passer"), *elsewhere = rt_visit("another");
    int64_t yard = rt_room(o, "yard", "open", "all");
    struct client *others[] = {c, g, v};
    rt_say(b, "{\"type\":\"add_member\",\"room\":%lld}", (long long)yard);
    join(b, yard);
    for (size_t i = 0; i < 3; i++)
        join(others[i], yard);
    rt_forget_all();
    rt_text(o, "{\"type\":\"send\",\"id\":\"a\",\"room\":%lld,\"body\":\"for all\"}", (long long)yard);
    rt_text(o, "{\"type\":\"edit_room\",\"room\":%lld,\"kind\":\"closed\"}", (long long)yard);
    rt_text(o, "{\"type\":\"send\",\"id\":\"b\",\"room\":%lld,\"body\":\"for members\"}", (long long)yard);
    rt_run();
    assert_heard(b, "for members");
    assert_heard(b, "{\"type\":\"room\",\"change\":\"changed\"");
    assert_not_heard(b, "\"change\":\"left\"");
    for (size_t i = 0; i < 3; i++) {
        assert_heard(others[i], "for all");
        assert_heard(others[i], "{\"type\":\"changed\"");
        assert_heard(others[i], "{\"type\":\"membership\",\"change\":\"left\"");
        assert_not_heard(others[i], "for members");
        assert_not_heard(others[i], "{\"type\":\"room\"");
    }
    assert_heard(elsewhere, "{\"type\":\"membership\",\"change\":\"left\"");
    /* What happens in there from now on is told to nobody else. */
    rt_forget_all();
    rt_say(o, "{\"type\":\"rename_room\",\"room\":%lld,\"name\":\"den\"}", (long long)yard);
    rt_say(o, "{\"type\":\"edit_room\",\"room\":%lld,\"topic\":\"dark\"}", (long long)yard);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(rt_heard(others[i]), "");
    assert_string_equal(rt_heard(elsewhere), "");
    /* And it opens again. */
    rt_say(o, "{\"type\":\"edit_room\",\"room\":%lld,\"kind\":\"open\"}", (long long)yard);
    assert_heard(elsewhere, "\"name\":\"den\",\"kind\":\"open\"");
    join(v, yard);
    assert_heard(v, "for members");
}

static void announcements_are_for_accounts(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben");
    struct client *o = rt_connect(OWNER), *b = rt_connect(ben), *v = rt_visit("passer");
    int64_t yard = rt_room(o, "yard", "open", "all");
    join(b, yard);
    join(v, yard);
    rt_forget_all();
    rt_say(o, "{\"type\":\"edit_room\",\"room\":%lld,\"kind\":\"announcement\"}", (long long)yard);
    rt_send(o, yard, "news");
    assert_heard(b, "news");
    assert_heard(b, "{\"type\":\"room\",\"change\":\"changed\"");
    assert_not_heard(v, "news");
    assert_heard(v, "{\"type\":\"membership\",\"change\":\"left\"");
    rt_forget_all();
    int64_t other = rt_room(o, "board", "announcement", "all");
    assert_heard(b, "{\"type\":\"room\",\"change\":\"created\"");
    assert_string_equal(rt_heard(v), "");
    rt_say(o, "{\"type\":\"edit_room\",\"room\":%lld,\"kind\":\"closed\"}", (long long)other);
    assert_heard(b, "{\"type\":\"membership\",\"change\":\"left\"");
    assert_string_equal(rt_heard(v), ""); /* who never knew of it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RUNTIME(what_one_may_not_read_is_not_there),
        WITH_RUNTIME(history_begins_where_one_joined),
        WITH_RUNTIME(who_is_removed_sees_nothing_after_that),
        WITH_RUNTIME(a_page_that_is_being_read_ends_where_it_was_asked_for),
        WITH_RUNTIME(a_replay_that_waits_ends_with_the_membership),
        WITH_RUNTIME(opening_a_room_while_being_removed_shows_nothing),
        WITH_RUNTIME(a_room_that_closes_is_closed_to_all_others),
        WITH_RUNTIME(announcements_are_for_accounts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
