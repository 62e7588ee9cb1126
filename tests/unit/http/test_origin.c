/* origin: which page may, by its Origin, the Host it asked, and the setting. */
#include "http/origin.h"
#include "unit.h"

static const struct {
    const char *origin, *host, *allowed;
    bool may;
    const char *why;
} cases[] = {
    {NULL, "chat.example", "", true, "a program sends none"},
    {NULL, NULL, "", true, "nor need it say where it asks"},
    {"https://chat.example", "chat.example", "", true, "the page itself"},
    {"http://chat.example", "chat.example", NULL, true, "without TLS"},
    {"http://127.0.0.1:8080", "127.0.0.1:8080", "", true, "with a port"},
    {"http://[::1]:8080", "[::1]:8080", "", true, "with an IPv6 address"},
    {"HTTPS://Chat.Example", "cHAT.eXAMPLE", "", true, "case does not matter"},
    {"https://chat.example", "chat.example:443", "", true, "the scheme's own port"},
    {"http://chat.example:80", "chat.example", "", true, "the same, the other way round"},
    {"http://chat.example", "chat.example:443", "", false, "not its own port"},
    {"https://chat.example", "chat.example:8443", "", false, "another port"},
    {"https://chat.example:8443", "chat.example", "", false, "another port"},
    {"https://evil.example", "chat.example", "", false, "another host"},
    {"https://chat.example.evil.example", "chat.example", "", false, "ours in front"},
    {"https://evilchat.example", "chat.example", "", false, "ours behind"},
    {"https://chat.example@evil.example", "chat.example", "", false, "not an origin"},
    {"https://chat.example/", "chat.example", "", false, "with a path it is none"},
    {"https://chat.example ", "chat.example", "", false, "nor with a space"},
    {"https://", "", "", false, "empty"},
    {"", "", "", false, "empty"},
    {"null", "chat.example", "", false, "a sandboxed page"},
    {"null", "null", "", false, "a host of that name"},
    {"file://", "chat.example", "", false, "a file"},
    {"ftp://chat.example", "chat.example", "", false, "no page comes by that"},
    {"chrome-extension://abcdef", "abcdef", "", false, "an extension is not the page"},
    {"https://chat.example", NULL, "", false, "asked of nobody"},
    {"https://chat.example", "chat.example, evil", "", false, "no host"},
    {"https://chat.example:", "chat.example:", "", true, "an empty port is no port"},
    {"https://chat.example:123456", "chat.example:123456", "", false, "no port"},
    {"https://intra.example", "chat.example", "https://intra.example", true, "allowed"},
    {"https://intra.example", "chat.example", "https://a.example, https://Intra.example:443 ", true,
     "in a list, written out"},
    {"http://intra.example", "chat.example", "https://intra.example", false, "another scheme"},
    {"https://intra.example:8443", "chat.example", "https://intra.example", false, "another port"},
    {"https://xintra.example", "chat.example", "https://intra.example", false, "another name"},
    {"chrome-extension://abcdef", "chat.example", "chrome-extension://abcdef", true, "an extension, allowed"},
    {"https://evil.example", "chat.example", "*", true, "any"},
    {"null", "chat.example", "*", true, "any at all"},
    {"https://evil.example", "chat.example", "https://*", false, "a star alone is any, no other"},
};

/* Known to have come by TLS. */
static void test_by_tls(void **state)
{
    (void)state;
    assert_true(origin_allowed("https://chat.example", "chat.example", true, ""));
    assert_true(origin_allowed(NULL, "chat.example", true, ""));
    assert_false(
        origin_allowed("http://chat.example", "chat.example", true, "")); /* whoever is on the way wrote that */
    assert_false(origin_allowed("http://chat.example:443", "chat.example:443", true, ""));
    assert_true(origin_allowed("http://chat.example", "chat.example", true, "http://chat.example"));
    assert_false(origin_allowed("https://evil.example", "chat.example", true, ""));
}

static void test_allowed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (origin_allowed(cases[i].origin, cases[i].host, false, cases[i].allowed) != cases[i].may)
            fail_msg("%s at %s: %s", cases[i].origin ? cases[i].origin : "(none)",
                     cases[i].host ? cases[i].host : "(none)", cases[i].why);
    }
}

static void test_host(void **state)
{
    (void)state;
    static const char *const good[] = {"a", "a.b-c_d.example", "127.0.0.1:1", "[::1]", "[::1]:65535", "host:"};
    static const char *const bad[] = {"",         ":80",  "a b", "a,b", "a/b",    "a@b",      "a:b",
                                      "a:123456", "[::1", "::1", "[]",  "[::1]x", "a\xc3\xa4"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(origin_host_valid(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (origin_host_valid(bad[i]))
            fail_msg("\"%s\" is no host", bad[i]);
    }
}

/* Names that this server certainly has, whatever somebody's name server says. */
static void test_known_host(void **state)
{
    (void)state;
    static const char url[] = "https://chat.example.org/",
                      friends[] = "*, https://friend.example, http://b.example:8080";
    static const char *const ours[] = {
        "localhost",        "LocalHost:8080",       "127.0.0.1",        "192.0.2.7:80", "[::1]:8080",
        "chat.example.org", "CHAT.example.ORG:443", "friend.example:1", "b.example"};
    static const char *const others[] = {"evil.example",
                                         "chat.example.org.evil.example",
                                         "xchat.example.org",
                                         "localhost.evil.example",
                                         "127.0.0.1.evil.example",
                                         "1.2.3",
                                         "0x7f000001",
                                         "example.org",
                                         "",
                                         "*"};
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        if (!origin_host_known(ours[i], url, friends))
            fail_msg("\"%s\" is ours", ours[i]);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (origin_host_known(others[i], url, friends))
            fail_msg("\"%s\" is not ours", others[i]);
    }
    assert_true(origin_host_known("localhost", "", ""));
    assert_false(origin_host_known("chat.example.org", "", ""));
    assert_true(origin_host_known("chat.example.org", "http://chat.example.org:8080", ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_allowed),
        cmocka_unit_test(test_host),
        cmocka_unit_test(test_known_host),
        cmocka_unit_test(test_by_tls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
