/* newcomers: so many at once from one address, then one at a time; and no address uses up another's. */
#include "http/newcomers.h"
#include "played_clock.h"
#include "unit.h"

#include <string.h>

static const int64_t second = INT64_C(1000000000);

static struct metrics metrics;
static const char *why;

static struct address at(const char *text)
{
    struct address a;
    assert_true(address_parse(span_of(text), &a));
    return a;
}

/* How many come in, one after another, before the first who has to wait. */
static int come_in(struct newcomers *n, const char *from, int64_t *wait_ms)
{
    const struct address a = at(from);
    int count = 0;
    while (count < 1000 && newcomers_take(n, &a, wait_ms, &why) == OK)
        count++;
    return count;
}

static void a_class_comes_in_and_a_flood_does_not(void **state)
{
    (void)state;
    int64_t wait_ms = 0;
    const struct address school = at("192.0.2.1");
    struct newcomers *n = newcomers_new(&clock_env, &metrics, 6, 60);
    metric_set(&metrics.newcomers_rate_limited_total, 0);
    now_ns = 1000 * second;
    assert_int_equal(come_in(n, "192.0.2.1", &wait_ms), 60);
    assert_in_range(wait_ms, 10000, 10001);
    now_ns += 4 * second;
    assert_int_equal(newcomers_take(n, &school, &wait_ms, &why), ERR_RATE_LIMITED);
    assert_in_range(wait_ms, 6000, 6001);
    assert_non_null(strstr(why, "from your address"));
    assert_int_equal(metric_get(&metrics.newcomers_rate_limited_total), 2);
    now_ns += wait_ms * 1000000; /* as long as one is told is long enough */
    assert_int_equal(come_in(n, "192.0.2.1", &wait_ms), 1);
    now_ns += 3600 * second;
    assert_int_equal(come_in(n, "192.0.2.1", &wait_ms), 60);
    newcomers_free(n);
}

static void each_address_has_its_own(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        int count;
        const char *why;
    } cases[] = {
        {"192.0.2.1", 5, "the first"},
        {"192.0.2.2", 5, "its neighbour"},
        {"::ffff:192.0.2.1", 0, "the first, as another kind of socket has it"},
        {"2001:db8:0:1::1", 5, "one of a /64"},
        {"2001:db8:0:1:ffff::2", 0, "another one of it"},
        {"2001:db8:0:2::1", 5, "the next /64"},
    };
    int64_t wait_ms;
    struct newcomers *n = newcomers_new(&clock_env, &metrics, 6, 5);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (come_in(n, cases[i].from, &wait_ms) != cases[i].count)
            fail_msg("%s: %s", cases[i].from, cases[i].why);
    assert_int_equal(newcomers_entries(n), 4);
    newcomers_free(n);
}

static void who_does_not_come_costs_nothing(void **state)
{
    (void)state;
    int64_t wait_ms;
    const struct address a = at("192.0.2.1"), stranger = at("192.0.2.9");
    struct newcomers *n = newcomers_new(&clock_env, &metrics, 6, 2);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(newcomers_take(n, &a, &wait_ms, &why), OK);
        newcomers_give_back(n, &a);
    }
    newcomers_give_back(n, &stranger);
    assert_int_equal(newcomers_entries(n), 1);
    assert_int_equal(come_in(n, "192.0.2.1", &wait_ms), 2);
    newcomers_free(n);
}

static void it_can_be_turned_off(void **state)
{
    (void)state;
    int64_t wait_ms;
    const struct address a = at("192.0.2.1");
    struct newcomers *n = newcomers_new(&clock_env, &metrics, 0, 0);
    assert_int_equal(come_in(n, "192.0.2.1", &wait_ms), 1000);
    newcomers_give_back(n, &a);
    assert_int_equal(newcomers_entries(n), 0);
    newcomers_free(n);
    newcomers_free(NULL);
}

static void what_is_remembered_is_bounded(void **state)
{
    (void)state;
    int64_t wait_ms;
    struct newcomers *n = newcomers_new(&clock_env, &metrics, 6, 1);
    struct address a = at("10.0.0.0");
    const struct address busy = at("192.0.2.1");
    assert_int_equal(newcomers_take(n, &busy, &wait_ms, &why), OK);
    for (int i = 0; i < 2 * NEWCOMERS_MAX; i++) {
        a.bytes[13] = (uint8_t)(i >> 16);
        a.bytes[14] = (uint8_t)(i >> 8);
        a.bytes[15] = (uint8_t)i;
        assert_int_equal(newcomers_take(n, &a, &wait_ms, &why), OK);
        if (i % 1000 == 0) /* whoever goes on asking is not forgotten */
            assert_int_equal(newcomers_take(n, &busy, &wait_ms, &why), ERR_RATE_LIMITED);
    }
    assert_int_equal(newcomers_entries(n), NEWCOMERS_MAX);
    assert_int_equal(newcomers_take(n, &a, &wait_ms, &why), ERR_RATE_LIMITED);
    a = at("10.0.0.0");
    assert_int_equal(newcomers_take(n, &a, &wait_ms, &why), OK);
    newcomers_free(n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_class_comes_in_and_a_flood_does_not), cmocka_unit_test(each_address_has_its_own),
        cmocka_unit_test(who_does_not_come_costs_nothing),       cmocka_unit_test(it_can_be_turned_off),
        cmocka_unit_test(what_is_remembered_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
