/* attempts: how long guesses have to wait, whom that holds for, and that an attack from elsewhere locks nobody out. */
#include "account/attempts.h"
#include "account/for_tests.h"
#include "played_clock.h"
#include "unit.h"

#include <stdio.h>

static struct metrics metrics;
static struct attempts *attempts;

static int setup(void **state)
{
    (void)state;
    now_ns = INT64_C(5000000000);
    metrics = (struct metrics){0};
    attempts = attempts_new(&clock_env, &metrics);
    return attempts ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    attempts_free(attempts);
    return 0;
}

static void pass_ms(int64_t ms)
{
    now_ns += ms * 1000000;
}

/* One guess, which ends so; how long it has to wait instead, or 0. */
static int64_t guess(const char *account, const char *address, enum attempt_end end)
{
    struct attempt attempt;
    int64_t wait_ms = 0;
    enum err e = attempts_begin(attempts, span_of(account), span_of(address), false, &attempt, &wait_ms);
    assert_true(e == OK || (e == ERR_RATE_LIMITED && wait_ms > 0));
    if (!e)
        attempts_end(attempts, &attempt, end);
    return wait_ms;
}

static int64_t wrong(const char *account, const char *address)
{
    return guess(account, address, ATTEMPT_WRONG);
}

static int64_t right(const char *account, const char *address)
{
    return guess(account, address, ATTEMPT_RIGHT);
}

static const int64_t quarter_ms = 15 * 60 * 1000;

/* ------------------------------------------------------------------ one account from one address */

static void after_five_wrong_ones_the_wait_doubles(void **state)
{
    (void)state;
    for (int i = 0; i < ATTEMPTS_FREE_PAIR; i++)
        assert_int_equal(wrong("anna", "192.0.2.1"), 0);
    int64_t want_ms = 1000;
    for (int i = 0; i < 14; i++) {
        assert_int_equal(wrong("anna", "192.0.2.1"), want_ms);
        assert_int_equal(right("anna", "192.0.2.1"), want_ms); /* is not even looked at */
        pass_ms(want_ms - 1);
        assert_int_equal(wrong("anna", "192.0.2.1"), 1);
        pass_ms(1);
        assert_int_equal(wrong("anna", "192.0.2.1"), 0);
        want_ms = want_ms * 2 < quarter_ms ? want_ms * 2 : quarter_ms;
    }
    assert_int_equal(metric_get(&metrics.logins_rate_limited_total), 14 * 3);
}

static void a_right_one_makes_up_for_wrong_ones(void **state)
{
    (void)state;
    for (int i = 0; i < ATTEMPTS_FREE_PAIR; i++)
        wrong("anna", "192.0.2.1");
    pass_ms(1000);
    assert_int_equal(right("anna", "192.0.2.1"), 0);
    for (int i = 0; i < ATTEMPTS_FREE_PAIR; i++)
        assert_int_equal(wrong("anna", "192.0.2.1"), 0);
    assert_int_equal(wrong("anna", "192.0.2.1"), 1000);
}

static void time_takes_wrong_ones_back(void **state)
{
    (void)state;
    for (int i = 0; i < ATTEMPTS_FREE_PAIR; i++)
        wrong("anna", "192.0.2.1");
    pass_ms(2 * ATTEMPTS_FORGET_MS);
    assert_int_equal(wrong("anna", "192.0.2.1"), 0);
    assert_int_equal(wrong("anna", "192.0.2.1"), 0);
    assert_int_equal(wrong("anna", "192.0.2.1"), 1000);
    pass_ms(10 * ATTEMPTS_FORGET_MS);
    for (int i = 0; i < ATTEMPTS_FREE_PAIR; i++)
        assert_int_equal(wrong("anna", "192.0.2.1"), 0);
}

static void what_was_not_looked_at_does_not_count(void **state)
{
    (void)state;
    for (int i = 0; i < 100; i++)
        assert_int_equal(guess("anna", "192.0.2.1", ATTEMPT_UNSEEN), 0);
    assert_int_equal(attempts_entries(attempts), 0);
}

/* ------------------------------------------------------------------ at the same time */

static void many_at_once_are_many(void **state)
{
    (void)state;
    struct attempt at_once[ATTEMPTS_AT_ONCE_PAIR], one_more;
    int64_t wait_ms;
    const struct span anna = span_of("anna"), address = span_of("192.0.2.1");
    wrong("anna", "192.0.2.1");
    for (int i = 0; i < ATTEMPTS_AT_ONCE_PAIR; i++)
        assert_int_equal(attempts_begin(attempts, anna, address, false, &at_once[i], &wait_ms), OK);
    assert_int_equal(attempts_begin(attempts, anna, address, false, &one_more, &wait_ms), ERR_RATE_LIMITED);
    attempts_end(attempts, &at_once[0], ATTEMPT_UNSEEN);
    assert_int_equal(attempts_begin(attempts, anna, address, false, &at_once[0], &wait_ms), OK);
    for (int i = 0; i < ATTEMPTS_AT_ONCE_PAIR; i++)
        attempts_end(attempts, &at_once[i], ATTEMPT_WRONG);
    for (int i = 1 + ATTEMPTS_AT_ONCE_PAIR; i < ATTEMPTS_FREE_PAIR; i++)
        assert_int_equal(wrong("anna", "192.0.2.1"), 0);
    assert_int_equal(wrong("anna", "192.0.2.1"), 1000);
    pass_ms(1000);
    assert_int_equal(attempts_begin(attempts, anna, address, false, &at_once[0], &wait_ms), OK); /* then one by one */
    assert_int_equal(attempts_begin(attempts, anna, address, false, &one_more, &wait_ms), ERR_RATE_LIMITED);
    attempts_end(attempts, &at_once[0], ATTEMPT_UNSEEN);
}

static void a_class_signs_in_together(void **state)
{
    (void)state;
    struct attempt class[60];
    int64_t wait_ms;
    char name[24];
    for (int i = 0; i < 60; i++) {
        snprintf(name, sizeof name, "child%d", i);
        assert_int_equal(attempts_begin(attempts, span_of(name), span_of("192.0.2.1"), false, &class[i], &wait_ms), OK);
    }
    for (int i = 0; i < 60; i++)
        attempts_end(attempts, &class[i], ATTEMPT_RIGHT);
}

/* ------------------------------------------------------------------ many addresses, many accounts */

static void wrong_from(int i, const char *account)
{
    char address[40];
    snprintf(address, sizeof address, "198.51.%d.%d", i / 256, i % 256);
    assert_int_equal(wrong(account, address), 0);
}

static void many_addresses_that_try_one_account_wait(void **state)
{
    (void)state;
    for (int i = 0; i < ATTEMPTS_FREE_ACCOUNT; i++)
        wrong_from(i, "anna");
    assert_int_equal(wrong("anna", "203.0.113.1"), 1000);
    assert_int_equal(wrong("ben", "203.0.113.1"), 0);
    for (int i = 0; i < 50; i++) { /* however long they go on, it is at most a minute */
        pass_ms(60 * 1000);
        wrong_from(100 + i, "anna");
    }
    assert_int_equal(right("anna", "203.0.113.9"), 60 * 1000);
}

static void the_owner_comes_in_from_where_they_have_been(void **state)
{
    (void)state;
    struct attempt attempt;
    int64_t wait_ms;
    assert_int_equal(right("anna", "192.0.2.1"), 0);
    for (int i = 0; i < ATTEMPTS_FREE_ACCOUNT; i++)
        wrong_from(i, "anna");
    assert_true(right("anna", "192.0.2.2") > 0);
    assert_int_equal(right("anna", "192.0.2.1"), 0); /* the same password was right there before */
    assert_int_equal(attempts_begin(attempts, span_of("anna"), span_of("192.0.2.3"), true, &attempt, &wait_ms), OK);
    attempts_end(attempts, &attempt, ATTEMPT_RIGHT);                 /* a session is there */
    attempts_trust(attempts, span_of("anna"), span_of("192.0.2.4")); /* a one-time link was used there */
    assert_int_equal(right("anna", "192.0.2.4"), 0);
    for (int i = 0; i < ATTEMPTS_FREE_PAIR; i++) /* and whoever guesses there waits like anybody */
        assert_int_equal(wrong("anna", "192.0.2.1"), 0);
    assert_int_equal(wrong("anna", "192.0.2.1"), 1000);
}

static void one_address_that_tries_many_accounts_waits(void **state)
{
    (void)state;
    char name[24];
    assert_int_equal(right("ben", "192.0.2.1"), 0);
    for (int i = 0; i < ATTEMPTS_FREE_ADDRESS; i++) {
        snprintf(name, sizeof name, "name%d", i);
        assert_int_equal(wrong(name, "192.0.2.1"), 0);
    }
    assert_int_equal(wrong("anna", "192.0.2.1"), 1000);
    assert_int_equal(right("anna", "192.0.2.1"), 1000);
    assert_int_equal(right("ben", "192.0.2.1"), 0);     /* who has been in before is not kept out */
    assert_int_equal(wrong("anna", "192.0.2.1"), 1000); /* and makes up for nothing */
    assert_int_equal(wrong("anna", "192.0.2.2"), 0);
}

static void addresses_are_blocks(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool same;
    } cases[] = {
        {"192.0.2.1", "192.0.2.1", true},
        {"192.0.2.1", "192.0.2.2", false},
        {"192.0.2.1", "::ffff:192.0.2.1", true},
        {"2001:db8:1:2::1", "2001:db8:1:2:ffff::2", true},
        {"2001:db8:1:2::1", "2001:db8:1:3::1", false},
        {"::1", "0:0:0:0:0:0:0:1", true},
        {"", "", true},
        {"", "192.0.2.1", false},
        {"somewhere", "somewhere", true},
        {"somewhere", "elsewhere", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (attempts_same_address(span_of(cases[i].a), span_of(cases[i].b)) != cases[i].same)
            fail_msg("%s and %s", cases[i].a, cases[i].b);
    for (int i = 0; i < ATTEMPTS_FREE_PAIR; i++) {
        char address[40];
        snprintf(address, sizeof address, "2001:db8::%x", i + 1);
        assert_int_equal(wrong("anna", address), 0);
    }
    assert_int_equal(wrong("anna", "2001:db8::ffff"), 1000);
}

/* ------------------------------------------------------------------ the table */

static void the_oldest_is_forgotten(void **state)
{
    (void)state;
    char name[24];
    for (int i = 0; i < ATTEMPTS_FREE_PAIR; i++)
        wrong("first", "");
    assert_true(wrong("first", "") > 0);
    for (int i = 0; i < ATTEMPTS_MAX / 2; i++) { /* two entries each, where there is no address */
        snprintf(name, sizeof name, "n%d", i);
        wrong(name, "");
    }
    assert_int_equal(attempts_entries(attempts), ATTEMPTS_MAX);
    assert_int_equal(wrong("first", ""), 0);
    snprintf(name, sizeof name, "n%d", ATTEMPTS_MAX / 2 - 1);
    for (int i = 1; i < ATTEMPTS_FREE_PAIR; i++)
        assert_int_equal(wrong(name, ""), 0);
    assert_int_equal(wrong(name, ""), 1000);
    assert_int_equal(attempts_entries(attempts), ATTEMPTS_MAX);
}

#define WITH_CLOCK(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

/* Each takes a slow hash: one who asks for many at once waits, whether they are right or wrong, and others do not. */
static void few_are_looked_at_at_once(void **state)
{
    (void)state;
    struct attempt held[ATTEMPTS_AT_ONCE_ACCOUNT + 1], refused;
    int64_t wait_ms = 0;
    for (int i = 0; i < ATTEMPTS_AT_ONCE_PAIR; i++)
        assert_int_equal(attempts_begin(attempts, span_of("anna"), span_of("192.0.2.1"), true, &held[i], &wait_ms), OK);
    assert_int_equal(attempts_begin(attempts, span_of("anna"), span_of("192.0.2.1"), true, &refused, &wait_ms),
                     ERR_RATE_LIMITED);
    assert_true(wait_ms > 0);
    assert_int_equal(right("anna", "192.0.2.2"), 0);
    assert_int_equal(right("ben", "192.0.2.1"), 0);
    attempts_end(attempts, &held[0], ATTEMPT_RIGHT);
    assert_int_equal(right("anna", "192.0.2.1"), 0);
    attempts_end(attempts, &held[1], ATTEMPT_RIGHT);

    /* of one account, from wherever; but where one has been before, others do not count */
    for (int i = 0; i < ATTEMPTS_AT_ONCE_ACCOUNT; i++) {
        char address[32];
        snprintf(address, sizeof address, "198.51.100.%d", i);
        assert_int_equal(attempts_begin(attempts, span_of("anna"), span_of(address), false, &held[i], &wait_ms), OK);
    }
    assert_int_equal(attempts_begin(attempts, span_of("anna"), span_of("203.0.113.1"), false, &refused, &wait_ms),
                     ERR_RATE_LIMITED);
    assert_int_equal(right("anna", "192.0.2.1"), 0);
    for (int i = 0; i < ATTEMPTS_AT_ONCE_ACCOUNT; i++)
        attempts_end(attempts, &held[i], ATTEMPT_UNSEEN);
    assert_int_equal(right("anna", "203.0.113.1"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(few_are_looked_at_at_once, setup, teardown),
        WITH_CLOCK(after_five_wrong_ones_the_wait_doubles),
        WITH_CLOCK(a_right_one_makes_up_for_wrong_ones),
        WITH_CLOCK(time_takes_wrong_ones_back),
        WITH_CLOCK(what_was_not_looked_at_does_not_count),
        WITH_CLOCK(many_at_once_are_many),
        WITH_CLOCK(a_class_signs_in_together),
        WITH_CLOCK(many_addresses_that_try_one_account_wait),
        WITH_CLOCK(the_owner_comes_in_from_where_they_have_been),
        WITH_CLOCK(one_address_that_tries_many_accounts_waits),
        WITH_CLOCK(addresses_are_blocks),
        WITH_CLOCK(the_oldest_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
