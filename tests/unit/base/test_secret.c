/* secret: the key's file, the codes made with it, passwords, base64url, and comparing without telling where. */
#include "base/secret.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[64], path[96];

static int set_up(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "/tmp/hubbub-secret-XXXXXX");
    if (!mkdtemp(dir))
        return -1;
    snprintf(path, sizeof path, "%s/secret.key", dir);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(dir);
}

static void write_key(const char *bytes, size_t len)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, len, f), len);
    assert_int_equal(fclose(f), 0);
}

static void a_key_is_kept_for_its_owner_only(void **state)
{
    (void)state;
    uint8_t made[SECRET_BYTES], loaded[SECRET_BYTES], other[SECRET_BYTES];
    struct stat st;
    assert_int_equal(secret_load(path, loaded), ERR_NOT_FOUND);
    assert_int_equal(secret_make(path, made), OK);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(secret_load(path, loaded), OK);
    assert_memory_equal(made, loaded, SECRET_BYTES);
    assert_int_equal(secret_make(path, other), OK);
    assert_memory_not_equal(made, other, SECRET_BYTES);
}

static void what_is_no_key_is_refused(void **state)
{
    (void)state;
    uint8_t key[SECRET_BYTES];
    static const size_t sizes[] = {0, 1, SECRET_BYTES - 1, SECRET_BYTES + 1, 1000};
    static const char bytes[1000];
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        write_key(bytes, sizes[i]);
        assert_int_equal(secret_load(path, key), ERR_CORRUPT);
    }
    assert_int_equal(secret_make("/nowhere/at/all", key), ERR_IO);
}

/* HMAC-SHA-512, cut to 256 bits, of "a text" under the key 00 to 1f, in base64url: as any other program computes it. */
static void codes_fit_their_text_and_key_only(void **state)
{
    (void)state;
    uint8_t key[SECRET_BYTES];
    char mac[SECRET_MAC_TEXT_BYTES];
    for (size_t i = 0; i < SECRET_BYTES; i++)
        key[i] = (uint8_t)i;
    const struct span text = span_of("a text");
    secret_mac(key, text, mac);
    assert_string_equal(mac, "UOa3MZ08EFDBC-tljD3zczU7lS4BC0DzqqapLHN8OT4");
    assert_true(secret_mac_matches(key, text, span_of(mac)));
    assert_false(secret_mac_matches(key, span_of("a texT"), span_of(mac)));
    assert_false(secret_mac_matches(key, text, (struct span){mac, strlen(mac) - 1}));
    assert_false(secret_mac_matches(key, text, (struct span){NULL, 0}));
    for (size_t i = 0; mac[i]; i++) {
        const char was = mac[i];
        mac[i] = was == 'A' ? 'E' : 'A';
        assert_false(secret_mac_matches(key, text, span_of(mac)));
        mac[i] = was;
    }
    key[SECRET_BYTES - 1] ^= 1;
    assert_false(secret_mac_matches(key, text, span_of(mac)));
}

static void secrets_are_equal_byte_for_byte(void **state)
{
    (void)state;
    assert_true(secret_equal(span_of("abc"), span_of("abc")));
    assert_false(secret_equal(span_of("abc"), span_of("abd")));
    assert_false(secret_equal(span_of("xbc"), span_of("abc")));
    assert_false(secret_equal(span_of("abc"), span_of("ab")));
    assert_true(secret_equal((struct span){"", 0}, (struct span){"", 0}));
    char bytes[] = "secret";
    secret_wipe(bytes, 3);
    assert_memory_equal(bytes, "\0\0\0ret", 7);
    secret_wipe(NULL, 0);
}

static void a_password_is_known_by_its_hash(void **state)
{
    (void)state;
    char one[SECRET_PASSWORD_BYTES], two[SECRET_PASSWORD_BYTES];
    assert_int_equal(secret_hash_password(span_of("a long password"), one), OK);
    assert_int_equal(secret_hash_password(span_of("a long password"), two), OK);
    assert_int_equal(strncmp(one, "$argon2id$", 10), 0);
    assert_string_not_equal(one, two); /* each has a salt of its own */
    assert_int_equal(secret_check_password(one, span_of("a long password")), OK);
    assert_int_equal(secret_check_password(two, span_of("a long password")), OK);
    assert_int_equal(secret_check_password(one, span_of("a long Password")), ERR_WRONG_PASSWORD);
    assert_int_equal(secret_check_password(one, (struct span){NULL, 0}), ERR_WRONG_PASSWORD);
    assert_int_equal(secret_check_password("no hash", span_of("a long password")), ERR_WRONG_PASSWORD);
    assert_int_equal(secret_check_password("", span_of("")), ERR_WRONG_PASSWORD);
}

/* RFC 4648's examples, without padding, and the two digits that differ from plain base64. */
static void base64url(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *text;
    } cases[] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff\xbf", "-_-_"},
    };
    char text[16];
    uint8_t bytes[16];
    size_t len;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(secret_base64(span_of(cases[i].bytes), text, sizeof text));
        assert_string_equal(text, cases[i].text);
        assert_true(secret_unbase64(span_of(cases[i].text), bytes, sizeof bytes, &len));
        assert_int_equal(len, strlen(cases[i].bytes));
        assert_memory_equal(bytes, cases[i].bytes, len);
    }
    assert_true(secret_base64(span_of("foobar"), text, 9));
    assert_false(secret_base64(span_of("foobar"), text, 8)); /* no room for the NUL */
    static const char *const wrong[] = {"Z",     "Zg==", "Zm8=", "Zm9v\n",
                                        "Zm9v ", "+/+/", "Zh",   "Zm9vYmFyZm9vYmFyZm9vYmFy"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(secret_unbase64(span_of(wrong[i]), bytes, sizeof bytes, &len));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_key_is_kept_for_its_owner_only, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_key_is_refused, set_up, tear_down),
        cmocka_unit_test(codes_fit_their_text_and_key_only),
        cmocka_unit_test(secrets_are_equal_byte_for_byte),
        cmocka_unit_test(a_password_is_known_by_its_hash),
        cmocka_unit_test(base64url),
    };
    return secret_init() ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
