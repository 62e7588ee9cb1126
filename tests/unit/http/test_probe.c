/* Ports that are taken are known beforehand; what CivetWeb alone understands is left to it. */
#include "http/probe.h"
#include "unit.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int listen_somewhere(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

static void a_taken_port_is_named(void **state)
{
    (void)state;
    static const char *const forms[] = {"127.0.0.1:%d", "%d", "0,127.0.0.1:%d", " 127.0.0.1:%d , 0"};
    int port, fd = listen_somewhere(&port);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        char ports[64];
        struct http_error why = {""};
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(ports, sizeof ports, forms[i], port);
#pragma GCC diagnostic pop
        assert_int_equal(http_probe(ports, &why), ERR_IN_USE);
        assert_non_null(strstr(why.text, "is taken"));
    }
    close(fd);
    char ports[64];
    struct http_error why;
    snprintf(ports, sizeof ports, "127.0.0.1:%d", port);
    assert_int_equal(http_probe(ports, &why), OK); /* and let go again: */
    assert_int_equal(http_probe(ports, &why), OK);
}

static void what_is_not_understood_is_left_alone(void **state)
{
    (void)state;
    static const char *const lists[] = {"", ",,", "0", "127.0.0.1:0", "x", "70000", "host:80", "8443s"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct http_error why;
        assert_int_equal(http_probe(lists[i], &why), OK);
    }
}

static void a_foreign_address_is_refused(void **state)
{
    (void)state;
    struct http_error why = {""};
    assert_int_equal(http_probe("192.0.2.1:8080", &why), ERR_IO); /* TEST-NET-1 (RFC 5737): nobody's */
    assert_non_null(strstr(why.text, "192.0.2.1:8080"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_taken_port_is_named),
        cmocka_unit_test(what_is_not_understood_is_left_alone),
        cmocka_unit_test(a_foreign_address_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
