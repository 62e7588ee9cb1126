/* forwarded: whom a request is from, by peer and header. */
#include "http/forwarded.h"
#include "http_head.h"
#include "unit.h"

static const char trusted[] = "127.0.0.1, 10.0.0.0/8, fd00::/8";

static struct forwarded read_from(const char *peer, const char *lines)
{
    struct http_head h;
    struct forwarded out;
    char text[1024];
    snprintf(text, sizeof text, "GET / HTTP/1.1\r\nHost: a\r\n%s\r\n", lines);
    http_head_parse(&h, text);
    snprintf(h.info.remote_addr, sizeof h.info.remote_addr, "%s", peer);
    forwarded_read(&h.info, trusted, &out);
    return out;
}

#define FOR(value) "X-Forwarded-For: " value "\r\n"

static void test_client(void **state)
{
    (void)state;
    static const struct {
        const char *peer, *lines, *client;
        bool unclear;
        const char *why;
    } cases[] = {
        {"192.0.2.7", "", "192.0.2.7", false, "no proxy"},
        {"127.0.0.1", "", "127.0.0.1", false, "the proxy's machine itself"},
        {"192.0.2.7", FOR("198.51.100.1"), "192.0.2.7", true, "a proxy that is not trusted, or somebody who plays one"},
        {"192.0.2.7", FOR("127.0.0.1"), "192.0.2.7", true, "likewise"},
        {"127.0.0.1", FOR("198.51.100.1"), "198.51.100.1", false, "one proxy"},
        {"::ffff:127.0.0.1", FOR("198.51.100.1"), "198.51.100.1", false, "on a socket for both"},
        {"10.1.2.3", FOR("198.51.100.1"), "198.51.100.1", false, "one of a network of proxies"},
        {"fd00::1", FOR("2001:db8::7"), "2001:db8::7", false, "IPv6"},
        {"127.0.0.1", FOR("198.51.100.1, 10.0.0.2"), "198.51.100.1", false, "two proxies"},
        {"127.0.0.1", FOR("203.0.113.9, 198.51.100.1"), "198.51.100.1", false, "made up in front"},
        {"127.0.0.1", FOR("127.0.0.1, 198.51.100.1"), "198.51.100.1", false, "made up to look like the proxy"},
        {"127.0.0.1", FOR("203.0.113.9, 198.51.100.1, 10.0.0.2"), "198.51.100.1", false, "behind two proxies"},
        {"127.0.0.1", FOR("203.0.113.9") FOR("198.51.100.1"), "198.51.100.1", false, "a line of its own"},
        {"127.0.0.1", "x-forwarded-for: 198.51.100.1\r\n", "198.51.100.1", false, "whatever the case"},
        {"127.0.0.1", FOR("10.0.0.9, 10.0.0.2"), "10.0.0.9", true, "nobody but proxies: the first of them"},
        {"127.0.0.1", FOR("127.0.0.1"), "127.0.0.1", true, "nobody but the proxy"},
        {"127.0.0.1", FOR("unknown"), "127.0.0.1", true, "no address"},
        {"127.0.0.1", FOR("198.51.100.1, unknown"), "127.0.0.1", true, "what stands before no address is not believed"},
        {"127.0.0.1", FOR("198.51.100.1, unknown, 10.0.0.2"), "10.0.0.2", true, "but who wrote that is known"},
        {"127.0.0.1", FOR("unknown, 198.51.100.1"), "198.51.100.1", false, "made up in front"},
        {"127.0.0.1", FOR(""), "127.0.0.1", true, "empty"},
        {"127.0.0.1", FOR(" , ,198.51.100.1, "), "198.51.100.1", false, "empty ones"},
        {"127.0.0.1", FOR("198.51.100.1:4711"), "198.51.100.1", false, "with a port"},
        {"127.0.0.1", FOR("[2001:db8::7]:4711"), "2001:db8::7", false, "IPv6 with a port"},
        {"127.0.0.1", FOR("[2001:db8::7]"), "2001:db8::7", false, "in brackets"},
        {"127.0.0.1", FOR("2001:db8::7:4711:x"), "127.0.0.1", true, "no address at all"},
        {"127.0.0.1", "Forwarded: for=198.51.100.1\r\n", "127.0.0.1", true, "a header that is not read"},
        {"192.0.2.7", "Forwarded: for=198.51.100.1\r\n", "192.0.2.7", true, "from anybody"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct forwarded f = read_from(cases[i].peer, cases[i].lines);
        char text[ADDRESS_TEXT_BYTES];
        address_text(&f.client, text);
        if (!f.known || strcmp(text, cases[i].client) != 0 || f.unclear != cases[i].unclear)
            fail_msg("%s: %s%s", cases[i].why, text, f.unclear ? ", unclear" : "");
    }
    assert_false(read_from("", "").known);
    assert_false(read_from("somewhere", FOR("198.51.100.1")).known);
}

static void test_tls(void **state)
{
    (void)state;
    static const struct {
        const char *peer, *lines;
        bool by_proxy, https;
    } cases[] = {
        {"127.0.0.1", "", true, false},
        {"127.0.0.1", "X-Forwarded-Proto: https\r\n", true, true},
        {"127.0.0.1", "X-Forwarded-Proto:  HTTPS ,http\r\n", true, true},
        {"127.0.0.1", "X-Forwarded-Proto: http, https\r\n", true, false},
        {"127.0.0.1", "X-Forwarded-Proto:\r\n", true, false},
        {"192.0.2.7", "X-Forwarded-Proto: https\r\n", false, false},
        {"192.0.2.7", FOR("127.0.0.1") "X-Forwarded-Proto: https\r\n", false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct forwarded f = read_from(cases[i].peer, cases[i].lines);
        if (f.by_proxy != cases[i].by_proxy || f.https != cases[i].https)
            fail_msg("%s %s", cases[i].peer, cases[i].lines);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_client),
        cmocka_unit_test(test_tls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
