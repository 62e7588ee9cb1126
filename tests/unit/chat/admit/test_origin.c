/* origin: so much at once from one address, then as fast as the limit; no address uses up another's; what is remembered
 * is bounded, and forgotten when it says nothing any more. */
#include "chat/admit/for_tests.h"
#include "chat/admit/origin.h"
#include "chat/chat.h"
#include "played_clock.h"
#include "unit.h"

#include <string.h>

static const int64_t second = INT64_C(1000000000);

static const struct chat_settings usual = {
    .rate_messages_per_s = 5,
    .rate_burst = 20,
    .rate_guest_messages_per_s = 2,
    .rate_guest_burst = 10,
    .rate_address_people = 10,
    .rate_address_bytes_per_s = 1000,
    .replay_bytes_per_s = 10000,
};

static struct metrics metrics;
static const char *why;
static int64_t wait_ms;

struct block {
    uint8_t bytes[ORIGIN_BLOCK_BYTES];
};

static struct block block(uint32_t number)
{
    struct block b = {{0}};
    memcpy(b.bytes, &number, sizeof number);
    return b;
}

static struct origins *open_with(const struct chat_settings *settings, int64_t per_min, int64_t burst)
{
    metrics = (struct metrics){0};
    now_ns = 1000 * second;
    return origins_new(&clock_env, &metrics, settings, per_min, burst);
}

/* How many are given, one after another, before the first that has to wait. */
static int take_all(struct origin *o, enum origin_what what)
{
    int count = 0;
    while (count < 10000 && origin_take(o, what, 1, &wait_ms, &why) == OK)
        count++;
    return count;
}

static void a_class_comes_in_and_a_flood_does_not(void **state)
{
    (void)state;
    struct origins *all = open_with(&usual, 6, 60);
    struct origin *school = origin_enter(all, block(1).bytes), *home = origin_enter(all, block(2).bytes);
    assert_int_equal(take_all(school, ORIGIN_NEWCOMERS), 60);
    assert_in_range(wait_ms, 10000, 10001);
    assert_non_null(strstr(why, "from your network"));
    now_ns += 4 * second;
    assert_int_equal(origin_take(school, ORIGIN_NEWCOMERS, 1, &wait_ms, &why), ERR_RATE_LIMITED);
    assert_in_range(wait_ms, 6000, 6001);
    assert_int_equal(metric_get(&metrics.newcomers_rate_limited_total), 2);
    now_ns += wait_ms * 1000000; /* as long as one is told is long enough */
    assert_int_equal(take_all(school, ORIGIN_NEWCOMERS), 1);
    assert_int_equal(take_all(home, ORIGIN_NEWCOMERS), 60);
    assert_int_equal(take_all(school, ORIGIN_NAMES), 600);
    origin_leave(school);
    origin_leave(home);
    origins_free(all);
}

/* Ten people's worth of everything, each thing by itself. */
static void an_address_is_so_many_people(void **state)
{
    (void)state;
    static const struct {
        enum origin_what what;
        int at_once;
    } cases[] = {{ORIGIN_MESSAGES, 100}, {ORIGIN_READS, 200}, {ORIGIN_REQUESTS, 2000}, {ORIGIN_TYPING, 50}};
    struct origins *all = open_with(&usual, 6, 60);
    struct origin *o = origin_enter(all, block(1).bytes);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(take_all(o, cases[i].what), cases[i].at_once);
    now_ns += 5 * second;
    assert_int_equal(take_all(o, ORIGIN_MESSAGES), 100);
    now_ns += 1 * second;
    assert_int_equal(take_all(o, ORIGIN_MESSAGES), 20);
    assert_true(metric_get(&metrics.addresses_rate_limited_total) > 0);
    origin_give_back(o, ORIGIN_MESSAGES, 3);
    assert_int_equal(take_all(o, ORIGIN_MESSAGES), 3);
    origin_leave(o);
    origins_free(all);
}

static void bytes_are_counted_when_they_are_known(void **state)
{
    (void)state;
    struct origins *all = open_with(&usual, 6, 60);
    struct origin *o = origin_enter(all, block(1).bytes);
    /* What is written: 32 seconds' worth at once; more than that in one piece waits until all of it is there. */
    assert_int_equal(origin_take(o, ORIGIN_BYTES, 20000, &wait_ms, &why), OK);
    assert_int_equal(origin_take(o, ORIGIN_BYTES, 20000, &wait_ms, &why), ERR_RATE_LIMITED);
    assert_in_range(wait_ms, 8000, 8001);
    assert_int_equal(origin_take(o, ORIGIN_BYTES, 100000, &wait_ms, &why), ERR_RATE_LIMITED);
    now_ns += 20 * second;
    assert_int_equal(origin_take(o, ORIGIN_BYTES, 100000, &wait_ms, &why), OK);
    assert_int_equal(origin_take(o, ORIGIN_BYTES, 1, &wait_ms, &why), ERR_RATE_LIMITED);
    assert_in_range(wait_ms, 68001, 68002);
    /* What is read: known when it has been read, and then the next one waits. */
    assert_int_equal(origin_take(o, ORIGIN_DRAWN, 0, &wait_ms, &why), OK);
    origin_spend(o, ORIGIN_DRAWN, 320000);
    assert_int_equal(origin_take(o, ORIGIN_DRAWN, 0, &wait_ms, &why), OK);
    origin_spend(o, ORIGIN_DRAWN, 20000);
    assert_int_equal(origin_take(o, ORIGIN_DRAWN, 0, &wait_ms, &why), ERR_RATE_LIMITED);
    assert_in_range(wait_ms, 2000, 2001);
    origin_leave(o);
    origins_free(all);
}

static void what_has_no_limit(void **state)
{
    (void)state;
    struct chat_settings settings = usual;
    for (int i = 0; i < 2; i++) {
        settings = usual;
        *(i ? &settings.rate_messages_per_s : &settings.rate_address_people) = 0;
        struct origins *all = open_with(&settings, 0, 0);
        struct origin *o = origin_enter(all, block(1).bytes);
        for (int what = 0; what < ORIGIN_WHATS; what++)
            assert_int_equal(take_all(o, (enum origin_what)what), 10000);
        origin_spend(o, ORIGIN_DRAWN, INT64_MAX / 2);
        origin_give_back(o, ORIGIN_BYTES, 5);
        origin_leave(o);
        assert_int_equal(origins_count(all), 0);
        origins_free(all);
    }
    for (int what = 0; what < ORIGIN_WHATS; what++)
        assert_int_equal(take_all(NULL, (enum origin_what)what), 10000);
    origin_leave(NULL);
    origins_free(NULL);
}

/* One who leaves and comes again finds what they left, until it is full again. */
static void leaving_gives_nothing_new(void **state)
{
    (void)state;
    struct origins *all = open_with(&usual, 6, 60);
    for (int i = 0; i < 200; i++) {
        struct origin *o = origin_enter(all, block(1).bytes);
        assert_int_equal(origin_take(o, ORIGIN_MESSAGES, 1, &wait_ms, &why), i < 100 ? OK : ERR_RATE_LIMITED);
        origin_leave(o);
    }
    assert_int_equal(origins_count(all), 1);
    now_ns += 6 * second;
    assert_int_equal(origins_take(all, block(2).bytes, ORIGIN_NEWCOMERS, &wait_ms, &why), OK);
    assert_int_equal(origins_count(all), 1); /* the first one's bucket is full: it is forgotten */
    origins_give_back(all, block(2).bytes, ORIGIN_NEWCOMERS);
    assert_int_equal(origins_count(all), 0);
    origins_give_back(all, block(3).bytes, ORIGIN_NEWCOMERS);
    assert_int_equal(origins_count(all), 0);
    origins_free(all);
}

static void what_is_remembered_is_bounded(void **state)
{
    (void)state;
    struct origins *all = open_with(&usual, 6, 1);
    struct origin *here = origin_enter(all, block(0).bytes);
    assert_int_equal(take_all(here, ORIGIN_NEWCOMERS), 1);
    for (uint32_t i = 1; i <= 2 * ORIGINS_MAX; i++) {
        assert_int_equal(origins_take(all, block(i).bytes, ORIGIN_NEWCOMERS, &wait_ms, &why), OK);
        if (i % 1000 == 0) /* who goes on asking is not forgotten */
            assert_int_equal(origins_take(all, block(1).bytes, ORIGIN_NEWCOMERS, &wait_ms, &why), ERR_RATE_LIMITED);
    }
    assert_int_equal(origins_count(all), ORIGINS_MAX + 1);
    assert_int_equal(take_all(here, ORIGIN_NEWCOMERS), 0);
    assert_int_equal(origins_take(all, block(2).bytes, ORIGIN_NEWCOMERS, &wait_ms, &why), OK);
    origin_leave(here);
    origins_free(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_class_comes_in_and_a_flood_does_not),
        cmocka_unit_test(an_address_is_so_many_people),
        cmocka_unit_test(bytes_are_counted_when_they_are_known),
        cmocka_unit_test(what_has_no_limit),
        cmocka_unit_test(leaving_gives_nothing_new),
        cmocka_unit_test(what_is_remembered_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
