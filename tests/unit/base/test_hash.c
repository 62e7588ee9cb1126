/* hash: the known answers of SHA-256 and SipHash-2-4, and that each byte and the key count. */
#include "base/hash.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static void assert_hex(const uint8_t *bytes, const char *hex)
{
    char text[2 * HASH_BYTES + 1];
    for (size_t i = 0; i < HASH_BYTES; i++)
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    assert_string_equal(text, hex);
}

/* FIPS 180-4's example, and of nothing. */
static void sha256_gives_the_known_answers(void **state)
{
    (void)state;
    uint8_t hash[HASH_BYTES];
    hash_sha256(span_of("abc"), hash);
    assert_hex(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    hash_sha256((struct span){NULL, 0}, hash);
    assert_hex(hash, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

/* SHA-256 over 32 zero bytes and "abc", as any other program computes it. */
static void a_chain_takes_the_hash_before_it_in(void **state)
{
    (void)state;
    uint8_t one[HASH_BYTES] = {0}, two[HASH_BYTES] = {0};
    hash_chain(one, span_of("abc"));
    assert_hex(one, "365aa7d8f7f9402c4b9434502b4cc89ddb09fe50d7cd95b493b834c62d5a5370");
    hash_chain(two, span_of("ab"));
    hash_chain(two, span_of("c"));
    assert_memory_not_equal(one, two, HASH_BYTES); /* where an entry ends counts */
}

/* The vector of the paper on SipHash (appendix A): key 00 to 0f, text 00 to 0e. */
static void the_short_hash_is_siphash(void **state)
{
    (void)state;
    uint8_t key[HASH_KEY_BYTES], text[15];
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)i;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (uint8_t)i;
    uint64_t without_key = hash_short(text, sizeof text);
    hash_set_key(key);
    assert_true(hash_short(text, sizeof text) == UINT64_C(0xa129ca6149be45e5));
    assert_true(hash_short(text, sizeof text) != without_key);
    assert_true(hash_short(text, sizeof text - 1) != hash_short(text, sizeof text));
    memset(key, 0, sizeof key);
    hash_set_key(key);
    assert_true(hash_short(text, sizeof text) == without_key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_gives_the_known_answers),
        cmocka_unit_test(a_chain_takes_the_hash_before_it_in),
        cmocka_unit_test(the_short_hash_is_siphash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
