/* A set of numbers does what a list of flags does, however it is changed. */
#include "directory/numbers.h"
#include "unit.h"

enum { LIMIT = 64, STEPS = 3000 };

static uint32_t seed = 1;

static uint32_t dice(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 16) % below;
}

static void assert_same(const struct numbers *n, const bool has[LIMIT])
{
    int64_t above = 0;
    for (int64_t number = LIMIT - 1; number >= 0; number--) {
        assert_int_equal(numbers_above(n, number), above);
        above += has[number];
    }
    assert_int_equal(n->count, above);
    for (size_t i = 1; i < n->count; i++)
        assert_true(n->all[i - 1] < n->all[i]);
}

static void a_set_is_what_was_put_into_it(void **state)
{
    struct numbers n = {0};
    bool has[LIMIT] = {false};
    (void)state;
    for (int step = 0; step < STEPS; step++) {
        const int64_t number = dice(LIMIT);
        int64_t many[LIMIT];
        size_t count = 0;
        const bool adds = dice(2);
        if (dice(8)) {
            assert_int_equal((adds ? numbers_add : numbers_remove)(&n, number), has[number] != adds);
            has[number] = adds;
        } else {
            for (int64_t i = number; i < LIMIT; i += 1 + dice(5)) {
                many[count++] = i;
                has[i] = adds;
            }
            (adds ? numbers_add_all : numbers_remove_all)(&n, many, count);
        }
        assert_same(&n, has);
    }
    numbers_add_all(&n, NULL, 0);
    numbers_remove_all(&n, NULL, 0);
    assert_same(&n, has);
    numbers_release(&n);
    assert_int_equal(numbers_above(&n, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_set_is_what_was_put_into_it)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
