#include "base/hash.h"
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

/* The reference vectors of SipHash-2-4: the key and the text are the bytes 0, 1, 2, ... */
static void texts_have_keyed_hashes(void **state)
{
    static const struct {
        size_t len;
        uint8_t want[8];
    } cases[] = {
        {0, {0x31, 0x0e, 0x0e, 0xdd, 0x47, 0xdb, 0x6f, 0x72}},
        {1, {0xfd, 0x67, 0xdc, 0x93, 0xc5, 0x39, 0xf8, 0x74}},
        {15, {0xe5, 0x45, 0xbe, 0x49, 0x61, 0xca, 0x29, 0xa1}},
    };
    uint8_t bytes[HASH_KEY_BYTES];
    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)i;
    hash_set_key(bytes);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t hash = table_hash((struct span){(const char *)bytes, cases[i].len});
        assert_memory_equal(&hash, cases[i].want, sizeof hash);
    }
}

static void texts_that_collide_under_one_key_do_not_under_another(void **state)
{
    enum { TEXTS = 100000, BITS = 12, WANTED = 16 };
    uint8_t key[HASH_KEY_BYTES] = {1};
    char found[WANTED][sizeof "name--2147483648"];
    size_t n = 0, still = 0;
    (void)state;
    hash_set_key(key);
    uint64_t bucket = table_hash(span_of("name")) >> (64 - BITS);
    for (int i = 0; i < TEXTS && n < WANTED; i++) {
        snprintf(found[n], sizeof found[n], "name-%d", i);
        n += table_hash(span_of(found[n])) >> (64 - BITS) == bucket;
    }
    assert_int_equal(n, WANTED);
    key[0] = 2;
    hash_set_key(key);
    bucket = table_hash(span_of("name")) >> (64 - BITS);
    for (size_t i = 0; i < n; i++)
        still += table_hash(span_of(found[i])) >> (64 - BITS) == bucket;
    assert_true(still < 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_one_has_nothing),
        cmocka_unit_test(what_is_in_is_found_and_nothing_else),
        cmocka_unit_test(those_with_the_same_key_come_one_after_the_other),
        cmocka_unit_test(texts_have_keyed_hashes),
        cmocka_unit_test(texts_that_collide_under_one_key_do_not_under_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
