/* header: finding headers, tokens in lists, and cookies. */
#include "http/api.h"
#include "http/header.h"
#include "http_head.h"
#include "unit.h"

static void test_get(void **state)
{
    (void)state;
    struct http_head h;
    http_head_parse(&h, "GET / HTTP/1.1\r\nHost: a\r\nX-One: 1\r\nx-one: 2\r\nEmpty:\r\n\r\n");
    assert_string_equal(header_get(&h.info, "HOST"), "a");
    assert_string_equal(header_get(&h.info, "X-ONE"), "1");
    assert_int_equal(header_count(&h.info, "X-One"), 2);
    assert_string_equal(header_get(&h.info, "empty"), "");
    assert_null(header_get(&h.info, "Hos"));
    assert_int_equal(header_count(&h.info, "Hosts"), 0);
}

static void test_tokens(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        bool has;
    } cases[] = {
        {"Connection: Upgrade\r\n", true},
        {"Connection: keep-alive, upgrade\r\n", true},
        {"Connection: UPGRADE,keep-alive\r\n", true},
        {"Connection: keep-alive\r\nConnection: Upgrade\r\n", true},
        {"connection:  \t upgrade \r\n", true},
        {"Connection: xupgrade\r\n", false},
        {"Connection: upgrade-insecure\r\n", false},
        {"Connection: upgrade h2c\r\n", false},
        {"Connection: keep-alive\r\n", false},
        {"Connection:\r\n", false},
        {"Proxy-Connection: upgrade\r\n", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct http_head h;
        char text[256];
        snprintf(text, sizeof text, "GET / HTTP/1.1\r\n%s\r\n", cases[i].lines);
        http_head_parse(&h, text);
        if (header_has_token(&h.info, "Connection", "upgrade") != cases[i].has)
            fail_msg("%s", cases[i].lines);
    }
}

static void test_cookies(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        const char *first, *second; /* NULL: none */
    } cases[] = {
        {"Cookie: hubbub_guest=v1.7\r\n", "v1.7", NULL},
        {"Cookie: a=b; hubbub_guest=v1.7; c=d\r\n", "v1.7", NULL},
        {"Cookie: a=b;hubbub_guest=v1.7\r\n", "v1.7", NULL},
        {"Cookie: a=b\r\nCookie: hubbub_guest=v1.7\r\n", "v1.7", NULL},
        {"Cookie: hubbub_guest=1; hubbub_guest=2\r\n", "1", "2"},
        {"Cookie: hubbub_guest=1\r\ncookie: x=y; hubbub_guest=2\r\n", "1", "2"},
        {"Cookie: hubbub_guest=\"v1.7\"\r\n", "v1.7", NULL},
        {"Cookie: hubbub_guest=\"\r\n", "\"", NULL},
        {"Cookie: hubbub_guest=a=b\r\n", "a=b", NULL},
        {"Cookie: hubbub_guest = v1.7 \r\n", "v1.7", NULL},
        {"Cookie: hubbub_guest=\r\n", "", NULL},
        {"Cookie: hubbub_guest\r\n", NULL, NULL},
        {"Cookie: Hubbub_Guest=v1.7\r\n", NULL, NULL},
        {"Cookie: xhubbub_guest=v1.7\r\n", NULL, NULL},
        {"Cookie: hubbub_guest2=v1.7\r\n", NULL, NULL},
        {"Cookie: a=hubbub_guest=v1.7\r\n", NULL, NULL},
        {"Set-Cookie: hubbub_guest=v1.7\r\n", NULL, NULL},
        {"Cookie: ;;=;; hubbub_guest=v1.7;;\r\n", "v1.7", NULL},
        {"", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct http_head h;
        char text[256];
        const char *want[] = {cases[i].first, cases[i].second};
        snprintf(text, sizeof text, "GET / HTTP/1.1\r\n%s\r\n", cases[i].lines);
        http_head_parse(&h, text);
        for (int n = 0; n < 2; n++) {
            struct span value;
            bool found = header_cookie(&h.info, "hubbub_guest", n, &value);
            if (found != (want[n] != NULL) || (found && !span_equal(value, span_of(want[n]))))
                fail_msg("%s: cookie %d", cases[i].lines, n);
        }
    }
}

static void test_json_type(void **state)
{
    (void)state;
    assert_true(api_is_json("application/json"));
    assert_true(api_is_json("Application/JSON; charset=utf-8"));
    assert_false(api_is_json(NULL));
    assert_false(api_is_json(""));
    assert_false(api_is_json("text/plain; application/json"));
    assert_false(api_is_json("application/jsonx"));
    assert_false(api_is_json("application/x-www-form-urlencoded"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_get),
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_cookies),
        cmocka_unit_test(test_json_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
