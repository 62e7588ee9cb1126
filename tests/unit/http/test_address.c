/* address: what is an address, what is the same one, and which list holds it. */
#include "http/address.h"
#include "unit.h"

#include <arpa/inet.h>
#include <string.h>

static struct address address(const char *text)
{
    struct address a;
    if (!address_parse(span_of(text), &a))
        fail_msg("\"%s\" is no address", text);
    return a;
}

static void test_parse(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *same_as; /* NULL: no address */
    } cases[] = {
        {"127.0.0.1", "::ffff:127.0.0.1"},
        {"::1", "0:0:0:0:0:0:0:1"},
        {"[::1]", "::1"},
        {"fe80::1%eth0", "fe80::1"},
        {"2001:DB8::a", "2001:db8:0::A"},
        {"", NULL},
        {"127.0.0", NULL},
        {"127.0.0.1.1", NULL},
        {"127.0.0.256", NULL},
        {"0127.0.0.1", NULL},
        {" 127.0.0.1", NULL},
        {"localhost", NULL},
        {":::", NULL},
        {"[127.0.0.1", NULL},
        {"%eth0", NULL},
        {"1234567890123456789012345678901234567890123456789", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct address a, b;
        bool good = address_parse(span_of(cases[i].text), &a);
        if (good != (cases[i].same_as != NULL))
            fail_msg("\"%s\": %d", cases[i].text, good);
        if (!good)
            continue;
        b = address(cases[i].same_as);
        assert_true(address_equal(&a, &b));
    }
    struct address a;
    assert_false(address_parse((struct span){"127.0.0.1\0x", 11}, &a));
}

static void test_socket(void **state)
{
    (void)state;
    struct sockaddr_storage s = {0};
    struct address a, four = address("10.1.2.3"), six = address("2001:db8::7");
    int port = 0;
    struct sockaddr_in *in = (struct sockaddr_in *)&s;
    in->sin_family = AF_INET;
    in->sin_port = htons(8080);
    inet_pton(AF_INET, "10.1.2.3", &in->sin_addr);
    assert_true(address_of_socket(&s, &a, &port));
    assert_int_equal(port, 8080);
    assert_true(address_equal(&a, &four));

    memset(&s, 0, sizeof s);
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&s;
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons(1);
    inet_pton(AF_INET6, "::ffff:10.1.2.3", &in6->sin6_addr);
    assert_true(address_of_socket(&s, &a, &port));
    assert_true(address_equal(&a, &four));
    inet_pton(AF_INET6, "2001:db8::7", &in6->sin6_addr);
    assert_true(address_of_socket(&s, &a, &port));
    assert_true(address_equal(&a, &six));

    s.ss_family = AF_UNIX;
    assert_false(address_of_socket(&s, &a, &port));
}

static void test_text(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"10.0.0.1", "10.0.0.1"},
        {"::ffff:10.0.0.1", "10.0.0.1"},
        {"::1", "::1"},
        {"[2001:DB8:0:0::7]", "2001:db8::7"},
        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct address a = address(cases[i][0]);
        char text[ADDRESS_TEXT_BYTES];
        address_text(&a, text);
        assert_string_equal(text, cases[i][1]);
    }
}

static void test_block(void **state)
{
    (void)state;
    struct address a = address("2001:db8:1:2:aaaa::1"), b = address("2001:db8:1:2:bbbb::2"),
                   c = address("2001:db8:1:3::1");
    struct address x = address_block(&a), y = address_block(&b), z = address_block(&c);
    assert_true(address_equal(&x, &y));
    assert_false(address_equal(&x, &z));
    a = address("10.0.0.1");
    b = address("10.0.0.2");
    x = address_block(&a);
    y = address_block(&b);
    assert_true(address_equal(&x, &a));
    assert_false(address_equal(&x, &y));
}

static void test_list(void **state)
{
    (void)state;
    static const struct {
        const char *who, *list;
        bool in;
    } cases[] = {
        {"127.0.0.1", "127.0.0.1", true},
        {"127.0.0.1", "", false},
        {"127.0.0.1", NULL, false},
        {"127.0.0.1", "10.0.0.0/8, 127.0.0.1", true},
        {"127.0.0.1", "10.0.0.0/8 ,\t127.0.0.1 ", true},
        {"127.0.0.1", ",,127.0.0.1,,", true},
        {"127.0.0.1", "127.0.0.2", false},
        {"127.0.0.1", "::ffff:127.0.0.1", true},
        {"10.255.0.1", "10.0.0.0/8", true},
        {"11.0.0.1", "10.0.0.0/8", false},
        {"10.1.2.3", "10.9.9.9/8", true}, /* bits behind the prefix do not matter */
        {"10.1.2.3", "10.1.2.2/31", true},
        {"10.1.2.3", "10.1.2.4/31", false},
        {"10.1.2.3", "10.1.2.3/32", true},
        {"1.2.3.4", "0.0.0.0/0", true},
        {"2001:db8::1", "0.0.0.0/0", false}, /* all of IPv4 is not all */
        {"2001:db8::1", "::/0", true},
        {"1.2.3.4", "::/0", true},
        {"1.2.3.4", "::ffff:0:0/96", true},
        {"2001:db8::1", "2001:db8::/32", true},
        {"2001:db9::1", "2001:db8::/32", false},
        {"2001:db8:8000::1", "2001:db8::/33", false},
        {"2001:db8:7fff::1", "2001:db8::/33", true},
        {"::1", "[::1]", true},
        {"::1", "::1/128", true},
        {"::1", "::1/129", false},
        {"10.1.2.3", "10.1.2.3/33", false},
        {"10.1.2.3", "10.1.2.3/", false},
        {"10.1.2.3", "10.1.2.3/-1", false},
        {"10.1.2.3", "10.1.2.3/8x", false},
        {"10.1.2.3", "10.1.2.3/0008", false},
        {"10.1.2.3", "/8", false},
        {"10.1.2.3", "10.1/16", false},
        {"10.1.2.3", "nonsense,10.1.2.3", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct address a = address(cases[i].who);
        if (address_in_list(&a, cases[i].list) != cases[i].in)
            fail_msg("%s in \"%s\"", cases[i].who, cases[i].list ? cases[i].list : "(none)");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse), cmocka_unit_test(test_socket), cmocka_unit_test(test_text),
        cmocka_unit_test(test_block), cmocka_unit_test(test_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
