/* Token buckets: burst, refill, exact waits. */
#include "rules/rate.h"
#include "unit.h"

static const int64_t second = 1000000000;

static void a_burst_then_one_per_interval(void **state)
{
    (void)state;
    _Atomic int64_t bucket = 0;
    const struct rate_limit limit = {.per_s = 5, .burst = 20};
    int64_t now = 1000 * second;
    for (int i = 0; i < 20; i++)
        assert_int_equal(rate_take(&bucket, &limit, now), 0);
    assert_int_equal(rate_take(&bucket, &limit, now), second / 5);
    assert_int_equal(rate_take(&bucket, &limit, now), second / 5); /* being refused costs nothing */
    assert_int_equal(rate_take(&bucket, &limit, now + second / 10), second / 10);
    assert_int_equal(rate_take(&bucket, &limit, now + second / 5), 0);
    assert_int_equal(rate_take(&bucket, &limit, now + second / 5), second / 5);
}

static void it_fills_up_to_the_burst_and_no_further(void **state)
{
    (void)state;
    _Atomic int64_t bucket = 0;
    const struct rate_limit limit = {.per_s = 1, .burst = 3};
    int taken = 0;
    while (rate_take(&bucket, &limit, 0) == 0)
        taken++;
    assert_int_equal(taken, 3);
    for (taken = 0; rate_take(&bucket, &limit, 3600 * second) == 0;)
        taken++;
    assert_int_equal(taken, 3);
}

static void the_long_run_rate_is_the_limit(void **state)
{
    (void)state;
    _Atomic int64_t bucket = 0;
    const struct rate_limit limit = {.per_s = 7, .burst = 2};
    int taken = 0;
    for (int64_t now = 0; now < 100 * second; now += second / 1000)
        taken += rate_take(&bucket, &limit, now) == 0;
    assert_in_range(taken, 700, 703);
}

static void zero_is_no_limit(void **state)
{
    (void)state;
    _Atomic int64_t bucket = 0;
    const struct rate_limit limit = {.per_s = 0, .burst = 1};
    for (int i = 0; i < 1000; i++)
        assert_int_equal(rate_take(&bucket, &limit, 0), 0);
}

static void less_than_one_a_second(void **state)
{
    (void)state;
    _Atomic int64_t bucket = 0;
    int64_t now = 1000 * second;
    for (int i = 0; i < 60; i++)
        assert_int_equal(rate_take_every(&bucket, 10 * second, 60, now), 0);
    assert_int_equal(rate_take_every(&bucket, 10 * second, 60, now), 10 * second);
    assert_int_equal(rate_take_every(&bucket, 10 * second, 60, now + 4 * second), 6 * second);
    assert_int_equal(rate_take_every(&bucket, 10 * second, 60, now + 10 * second), 0);
}

static void what_is_given_back_is_there_again(void **state)
{
    (void)state;
    _Atomic int64_t bucket = 0;
    for (int i = 0; i < 100; i++) {
        assert_int_equal(rate_take_every(&bucket, second, 2, 0), 0);
        assert_int_equal(rate_take_every(&bucket, second, 2, 0), 0);
        assert_int_equal(rate_take_every(&bucket, second, 2, 0), second);
        rate_give_back(&bucket, second);
        rate_give_back(&bucket, second);
    }
}

static void to_the_nanosecond(void **state)
{
    (void)state;
    _Atomic int64_t bucket = 0;
    const struct rate_limit one = {.per_s = 1, .burst = 1};
    assert_int_equal(rate_take(&bucket, &one, 0), 0);
    assert_int_equal(rate_take(&bucket, &one, 0), second);
    assert_int_equal(rate_take(&bucket, &one, second - 1), 1);
    assert_int_equal(rate_take(&bucket, &one, second), 0);
}

static void more_than_a_burst_at_once_is_owed(void **state)
{
    (void)state;
    _Atomic int64_t bucket = 0;
    assert_int_equal(rate_take_many(&bucket, second, 3, 5, 0), 0);
    assert_int_equal(rate_take_many(&bucket, second, 3, 1, 0), 3 * second);
    assert_int_equal(rate_take_many(&bucket, second, 3, 5, 4 * second), second);
    assert_int_equal(rate_take_many(&bucket, second, 3, 5, 5 * second), 0);
}

static void what_is_spent_counts_from_now(void **state)
{
    (void)state;
    _Atomic int64_t bucket = 0;
    rate_spend(&bucket, 2 * second, 100 * second);
    assert_int_equal(rate_take_every(&bucket, second, 2, 100 * second), second);
    rate_spend(&bucket, second, 100 * second);
    assert_int_equal(rate_take_every(&bucket, second, 2, 100 * second), 2 * second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_then_one_per_interval),
        cmocka_unit_test(it_fills_up_to_the_burst_and_no_further),
        cmocka_unit_test(the_long_run_rate_is_the_limit),
        cmocka_unit_test(zero_is_no_limit),
        cmocka_unit_test(less_than_one_a_second),
        cmocka_unit_test(what_is_given_back_is_there_again),
        cmocka_unit_test(to_the_nanosecond),
        cmocka_unit_test(more_than_a_burst_at_once_is_owed),
        cmocka_unit_test(what_is_spent_counts_from_now),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
