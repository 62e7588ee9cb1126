/* A client that asks faster than it is answered waits; it is refused nothing. */
#include "runtime.h"

static void say_until_full(struct client *c, int max, const char *text)
{
    for (int i = 0; i < max; i++) {
        assert_true(session_is_ready(c->session));
        rt_text(c, "%s", text);
    }
    assert_false(session_is_ready(c->session));
}

static int count(struct client *c, const char *part)
{
    int n = 0;
    for (const char *at = rt_heard(c); (at = strstr(at, part)); at += strlen(part))
        n++;
    return n;
}

static void unanswered_commands_make_it_wait(void **state)
{
    (void)state;
    struct client *b = rt_connect(rt_account("ben"));
    for (int round = 1; round <= 3; round++) {
        rt_forget(b);
        say_until_full(b, SESSION_UNANSWERED_MAX, "{\"type\":\"send\",\"id\":\"s\",\"room\":1,\"body\":\"x\"}");
        rt_run();
        assert_int_equal(b->readies, round); /* once for many answers */
        assert_true(session_is_ready(b->session));
        assert_int_equal(count(b, "{\"type\":\"ack\",\"id\":\"s\""), SESSION_UNANSWERED_MAX);
    }
}

static void unanswered_reads_make_it_wait(void **state)
{
    (void)state;
    struct client *b = rt_connect(rt_account("ben"));
    for (int round = 1; round <= 3; round++) {
        rt_forget(b);
        say_until_full(b, SESSION_READS_MAX, "{\"type\":\"history\",\"id\":\"h\",\"room\":1,\"limit\":1}");
        rt_text(b, "{\"type\":\"history\",\"id\":\"more\",\"room\":1}"); /* who does not wait is refused */
        rt_text(b, "{\"type\":\"rooms\",\"id\":\"more\"}");
        rt_run();
        assert_int_equal(b->readies, round);
        assert_int_equal(count(b, "{\"type\":\"history\",\"id\":\"h\""), SESSION_READS_MAX);
        assert_int_equal(count(b, "{\"type\":\"error\",\"id\":\"more\",\"code\":\"overloaded\""), 2);
    }
}

/* What a room shows on coming in is read, too, when nobody has asked for it before. */
static void rooms_come_in_although_they_wait_for_each_other(void **state)
{
    (void)state;
    enum { ROOMS = 3 * SESSION_READS_MAX };
    struct client *b = rt_connect(rt_account("ben"));
    for (int i = 0; i < ROOMS; i++) {
        rt_say(b, "{\"type\":\"create_room\",\"id\":\"c\",\"name\":\"room %d\"}", i);
        rt_say(b, "{\"type\":\"send\",\"id\":\"s%d\",\"room\":\"room %d\",\"body\":\"in here\"}", i, i);
    }
    hub_forget_rings(rt.chat->hub);
    rt_forget(b);
    for (int i = 0; i < ROOMS; i++) {
        if (!session_is_ready(b->session))
            rt_run();
        assert_true(session_is_ready(b->session));
        rt_text(b, "{\"type\":\"join\",\"id\":\"j\",\"room\":\"room %d\",\"after\":0}", i);
        assert_true(b->session->reads <= SESSION_READS_MAX);
    }
    rt_run();
    assert_int_equal(count(b, "\"body\":\"in here\""), ROOMS);
}

static void what_nobody_waits_for_is_not_read(void **state)
{
    (void)state;
    struct client *b = rt_connect(rt_account("ben"));
    const int64_t before = metric_get(&rt.metrics.history_us.count);
    say_until_full(b, SESSION_READS_MAX, "{\"type\":\"history\",\"id\":\"h\",\"room\":1}");
    rt_client_close(b);
    rt_run();
    assert_int_equal(metric_get(&rt.metrics.history_us.count), before);
}

static void one_that_is_answered_at_once_never_waits(void **state)
{
    (void)state;
    struct client *b = rt_connect(rt_account("ben"));
    for (int i = 0; i < 2 * SESSION_UNANSWERED_MAX; i++) {
        assert_true(session_is_ready(b->session));
        rt_text(b, "{\"type\":\"nothing of the kind\"}");
        rt_drain(b);
    }
    assert_int_equal(b->readies, 0);
}

static void nobody_who_is_gone_is_told(void **state)
{
    (void)state;
    struct client *b = rt_connect(rt_account("ben"));
    say_until_full(b, SESSION_UNANSWERED_MAX, "{\"type\":\"send\",\"id\":\"s\",\"room\":1,\"body\":\"x\"}");
    session_hang_up(b->session);
    rt_forget(b);
    rt_run();
    assert_int_equal(b->readies, 0);
    assert_string_equal(rt_heard(b), "");
    rt_text(b, "{\"type\":\"ping\",\"id\":\"p\"}");
    rt_run();
    assert_string_equal(rt_heard(b), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RUNTIME(unanswered_commands_make_it_wait),
        WITH_RUNTIME(unanswered_reads_make_it_wait),
        WITH_RUNTIME(rooms_come_in_although_they_wait_for_each_other),
        WITH_RUNTIME(what_nobody_waits_for_is_not_read),
        WITH_RUNTIME(one_that_is_answered_at_once_never_waits),
        WITH_RUNTIME(nobody_who_is_gone_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
