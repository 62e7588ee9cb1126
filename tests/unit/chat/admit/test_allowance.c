/* allowance: how fast sessions can send, and come into rooms. */
#include "runtime.h"

static int sends_in_a_row(struct client *c)
{
    int n = 0;
    for (rt_forget(c); n < 1000; n++) {
        rt_send(c, LOBBY, "x");
        if (rt_has(c, "\"code\":\"rate_limited\""))
            break;
    }
    return n;
}

static void rates_go_with_the_role(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben"), gus = rt_guest("Gus");
    struct client *b = rt_connect(ben), *again = rt_connect(ben), *g = rt_connect(gus), *v = rt_visit("passer"),
                  *o = rt_connect(OWNER);
    rt.chat->settings.rate_messages_per_s = 1;
    rt.chat->settings.rate_burst = 10;
    rt.chat->settings.rate_guest_messages_per_s = 1;
    rt.chat->settings.rate_guest_burst = 3;
    rt_say(b, "{\"type\":\"read\",\"id\":\"r\",\"room\":1,\"seq\":1}"); /* is not counted */
    rt_say(b, "{\"type\":\"set_membership\",\"id\":\"m\",\"room\":1,\"favourite\":true}");
    assert_int_equal(sends_in_a_row(b), 9);
    assert_int_equal(sends_in_a_row(again), 0); /* the same person */
    assert_int_equal(sends_in_a_row(g), 3);
    assert_int_equal(sends_in_a_row(v), 3);
    assert_int_equal(sends_in_a_row(o), 40);
    rt.now_ms += 2000;
    assert_int_equal(sends_in_a_row(b), 2);
    rt.chat->settings.rate_messages_per_s = 0; /* off, for guests too */
    rt_forget(v);
    rt_send(v, LOBBY, "x");
    assert_heard(v, "{\"type\":\"ack\"");
}

static int joins_in_a_row(struct client *c)
{
    int n = 0;
    for (rt_forget(c); n < 1000; n++) {
        rt_say(c, "{\"type\":\"join\",\"id\":\"j\",\"room\":1}");
        if (rt_has(c, "\"code\":\"rate_limited\""))
            break;
    }
    return n;
}

/* Four of them as one message, out of one bucket. Those of others count for their address. */
static void joins_of_accounts_are_held_to_the_rate(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben");
    struct client *b = rt_connect(ben), *again = rt_connect(ben), *v = rt_visit("passer"), *o = rt_connect(OWNER);
    rt.chat->settings.rate_messages_per_s = 1;
    rt.chat->settings.rate_burst = 10;
    rt.chat->settings.rate_guest_messages_per_s = 1;
    rt.chat->settings.rate_guest_burst = 3;
    assert_int_equal(joins_in_a_row(b), 40);
    assert_heard(b, "\"code\":\"rate_limited\",\"message\":\"You're opening rooms too fast. Try again in a moment.\","
                    "\"retry_after_ms\":251}");
    assert_int_equal(joins_in_a_row(again), 0); /* the same person */
    assert_int_equal(sends_in_a_row(b), 0);
    assert_int_equal(joins_in_a_row(o), 160);
    rt.now_ms += 251;
    assert_int_equal(joins_in_a_row(again), 1);
    rt.now_ms += 5000;
    assert_int_equal(sends_in_a_row(b), 5);
    assert_int_equal(joins_in_a_row(b), 0);
    for (int i = 0; i < SESSION_FLOOD_BURST; i++)
        rt_say(v, "{\"type\":\"join\",\"id\":\"j\",\"room\":1}");
    assert_not_heard(v, "\"type\":\"error\"");
    rt.chat->settings.rate_messages_per_s = 0;
    rt_forget(b);
    rt_say(b, "{\"type\":\"join\",\"id\":\"j\",\"room\":1}");
    assert_heard(b, "{\"type\":\"ack\"");
}

static void many_requests_at_once_are_no_flood(void **state)
{
    (void)state;
    struct client *v = rt_visit("passer");
    rt.chat->settings.rate_messages_per_s = 1;
    rt.chat->settings.rate_burst = 1;
    for (int i = 0; i < SESSION_FLOOD_BURST; i++) {
        assert_false(v->is_closed);
        rt_say(v, "{\"type\":\"join\",\"id\":\"j\",\"room\":1}");
    }
    rt_say(v, "{\"type\":\"ping\"}");
    assert_true(v->is_closed);
    assert_int_equal(v->why, ERR_FLOOD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RUNTIME(rates_go_with_the_role),
        WITH_RUNTIME(joins_of_accounts_are_held_to_the_rate),
        WITH_RUNTIME(many_requests_at_once_are_no_flood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
