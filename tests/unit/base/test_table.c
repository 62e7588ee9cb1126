#include "base/table.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

struct thing {
    int number;
    struct table_link link; /* not first: table_owner() has something to do */
};

static struct thing *thing_of(struct table_link *l)
{
    return table_owner(l, struct thing, link);
}

static void an_empty_one_has_nothing(void **state)
{
    struct table t = {0};
    (void)state;
    assert_null(table_find(&t, 0));
    assert_null(table_find(&t, 7));
    table_clear(&t);
    assert_int_equal(t.count, 0);
}

/* Beside an array that knows which are in: after each step what was touched is found or not, and in the end all. */
static void what_is_in_is_found_and_nothing_else(void **state)
{
    enum { THINGS = 5000, STEPS = 100000 };
    static const struct {
        uint64_t first, step; /* of the keys */
        const char *why;
    } cases[] = {
        {1, 1, "ids"},
        {0, UINT64_C(1) << 40, "only high bits differ"},
        {UINT64_MAX - 2 * THINGS, 2, "large ones"},
    };
    struct thing *things = calloc(THINGS, sizeof *things);
    bool *is_in = calloc(THINGS, sizeof *is_in);
    (void)state;
    assert_true(things && is_in);
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        struct table t = {0};
        size_t count = 0;
        uint64_t random = 1;
        for (int step = 0; step < STEPS; step++) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            size_t i = (size_t)(random >> 33) % THINGS;
            uint64_t key = cases[c].first + i * cases[c].step;
            if (is_in[i])
                table_remove(&t, &things[i].link);
            else
                table_add(&t, &things[i].link, key);
            is_in[i] = !is_in[i];
            count += is_in[i] ? 1 : (size_t)-1;
            assert_ptr_equal(table_find(&t, key), is_in[i] ? &things[i].link : NULL);
            assert_int_equal(t.count, count);
        }
        for (size_t i = 0; i < THINGS; i++) {
            struct table_link *l = table_find(&t, cases[c].first + i * cases[c].step);
            if ((l != NULL) != is_in[i])
                fail_msg("%s: %zu is %s", cases[c].why, i, l ? "found" : "not found");
            assert_null(l ? table_next(l) : NULL);
            is_in[i] = false;
        }
        table_clear(&t);
    }
    free(things);
    free(is_in);
}

static void those_with_the_same_key_come_one_after_the_other(void **state)
{
    enum { KEYS = 40, EACH = 6 };
    struct table t = {0};
    struct thing things[EACH][KEYS];
    (void)state;
    for (int i = 0; i < EACH; i++)
        for (int key = 0; key < KEYS; key++) {
            things[i][key].number = i;
            table_add(&t, &things[i][key].link, (uint64_t)key);
        }
    for (int left = EACH; left > 0; left--) {
        for (int key = 0; key < KEYS; key++) {
            unsigned seen = 0;
            for (struct table_link *l = table_find(&t, (uint64_t)key); l; l = table_next(l)) {
                assert_int_equal(l->key, key);
                assert_false(seen & 1u << thing_of(l)->number);
                seen |= 1u << thing_of(l)->number;
            }
            assert_int_equal(seen, (1u << left) - 1);
        }
        for (int key = 0; key < KEYS; key++)
            table_remove(&t, &things[left - 1][key].link);
    }
    assert_int_equal(t.count, 0);
    table_clear(&t);
}

/* Vectors of FNV-1a, 64 bits; and texts that differ little have different keys. */
static void texts_have_keys(void **state)
{
    static const struct {
        const char *text;
        uint64_t want;
    } cases[] = {
        {"", UINT64_C(0xcbf29ce484222325)},
        {"a", UINT64_C(0xaf63dc4c8601ec8c)},
        {"foobar", UINT64_C(0x85944171f73967e8)},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(table_hash(span_of(cases[i].text)), cases[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_one_has_nothing),
        cmocka_unit_test(what_is_in_is_found_and_nothing_else),
        cmocka_unit_test(those_with_the_same_key_come_one_after_the_other),
        cmocka_unit_test(texts_have_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
