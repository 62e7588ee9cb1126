/* server: what HTTP requests are answered, over sockets. */
#include "http_stage.h"

/* ------------------------------------------------------------------ requests */

static void test_page(void **state)
{
    (void)state;
    char text[2048], etag[1024];
    struct reply r = client_ask(port, "GET / HTTP/1.1\r\n" HOST END);
    assert_int_equal(r.status, 200);
    assert_string_equal(reply_header(&r, "Content-Type"), "text/html; charset=utf-8");
    assert_string_equal(reply_header(&r, "Cache-Control"), "no-cache");
    assert_string_equal(reply_header(&r, "X-Content-Type-Options"), "nosniff");
    assert_string_equal(reply_header(&r, "Referrer-Policy"), "same-origin");
    assert_non_null(reply_header(&r, "Date"));
    assert_null(strstr(reply_header(&r, "Content-Security-Policy"), "unsafe"));
    assert_non_null(strstr(reply_header(&r, "Content-Security-Policy"), "frame-ancestors 'none'"));
    snprintf(etag, sizeof etag, "%s", reply_header(&r, "ETag"));

    struct reply room = client_ask(port, "GET /room/lobby HTTP/1.1\r\n" HOST END);
    assert_string_equal(reply_header(&room, "ETag"), etag);
    assert_int_equal(room.body_len, r.body_len);

    /* the page's own router shows the right screen; a secret in the address stays here */
    static const char *const screens[] = {"/direct/7",    "/people",  "/people/9", "/rooms",        "/settings/profile",
                                          "/admin/audit", "/sign-in", "/sign-up",  "/invite/k7p2q", "/reset/dx4vh"};
    for (size_t i = 0; i < sizeof screens / sizeof screens[0]; i++) {
        snprintf(text, sizeof text, "GET %s HTTP/1.1\r\n" HOST END, screens[i]);
        struct reply screen = client_ask(port, text);
        assert_int_equal(screen.status, 200);
        assert_string_equal(reply_header(&screen, "ETag"), etag);
        bool secret = strncmp(screens[i], "/invite/", 8) == 0 || strncmp(screens[i], "/reset/", 7) == 0;
        assert_string_equal(reply_header(&screen, "Referrer-Policy"), secret ? "no-referrer" : "same-origin");
    }

    struct reply head = client_ask(port, "HEAD / HTTP/1.1\r\n" HOST END);
    assert_int_equal(head.status, 200);
    assert_int_equal(atol(reply_header(&head, "Content-Length")), r.body_len);

    snprintf(text, sizeof text, "GET / HTTP/1.1\r\n" HOST "If-None-Match: \"other\", %s\r\n" END, etag);
    struct client c = client_open(port);
    client_say(&c, text);
    struct reply same = client_reply(&c, false);
    assert_int_equal(same.status, 304);
    assert_string_equal(reply_header(&same, "ETag"), etag);
    assert_null(reply_header(&same, "Content-Length"));
    client_say(&c, "GET /healthz HTTP/1.1\r\n" HOST END); /* and nothing came behind the 304 */
    assert_int_equal(client_reply(&c, false).status, 200);
    client_close(&c);

    r = client_ask(port, "GET / HTTP/1.1\r\n" HOST "Accept-Encoding: gzip\r\n" END);
    assert_string_equal(reply_header(&r, "Content-Encoding"), "gzip");
    assert_string_equal(reply_header(&r, "Vary"), "Accept-Encoding");
    assert_string_not_equal(reply_header(&r, "ETag"), etag);
    assert_memory_equal(r.body, "\x1f\x8b", 2);
    r = client_ask(port, "GET / HTTP/1.1\r\n" HOST "Accept-Encoding: gzip;q=0\r\n" END);
    assert_null(reply_header(&r, "Content-Encoding"));
}

static void test_statuses(void **state)
{
    (void)state;
    static const struct {
        const char *request;
        int status;
        const char *allow;
    } cases[] = {
        {"GET /nothing HTTP/1.1\r\n" HOST END, 404, NULL},
        {"GET /assets/ HTTP/1.1\r\n" HOST END, 404, NULL},
        {"GET /assets HTTP/1.1\r\n" HOST END, 404, NULL},
        {"GET /../../etc/passwd HTTP/1.1\r\n" HOST END, 404, NULL},
        {"GET //ws HTTP/1.1\r\n" HOST END, 404, NULL},
        {"GET /api HTTP/1.1\r\n" HOST END, 404, NULL},
        {"GET /api/v1 HTTP/1.1\r\n" HOST END, 404, NULL},
        {"GET /api/v1/ HTTP/1.1\r\n" HOST END, 404, NULL},
        {"GET /api/v2/me HTTP/1.1\r\n" HOST END, 404, NULL},
        {"POST /api/v1/join HTTP/1.1\r\n" HOST "Content-Length: 0\r\n" END, 404, NULL},
        {"GET /api/v1/send HTTP/1.1\r\n" HOST END, 405, "POST"},
        {"GET /api/v1/sign_in HTTP/1.1\r\n" HOST END, 405, "POST"},
        {"GET /peoples HTTP/1.1\r\n" HOST END, 404, NULL},
        {"GET /sign-in/x HTTP/1.1\r\n" HOST END, 404, NULL},
        {"GET /api/v1/nothing HTTP/1.1\r\n" HOST END, 404, NULL},
        {"DELETE /api/v1/nothing HTTP/1.1\r\n" HOST END, 404, NULL},
        {"PUT / HTTP/1.1\r\n" HOST END, 405, "GET, HEAD"},
        {"PUT /x HTTP/1.1\r\n" HOST END, 405, "GET, HEAD"},
        {"OPTIONS / HTTP/1.1\r\n" HOST "Origin: http://a\r\nAccess-Control-Request-Method: PUT\r\n" END, 405,
         "GET, HEAD"},
        {"PROPFIND / HTTP/1.1\r\n" HOST END, 405, "GET, HEAD"},
        {"POST /healthz HTTP/1.1\r\n" HOST "Content-Length: 2\r\n" END "hi", 405, "GET, HEAD"},
        {"GET /api/v1/guest HTTP/1.1\r\n" HOST END, 405, "POST, DELETE"},
        {"POST /api/v1/me HTTP/1.1\r\n" HOST "Content-Length: 0\r\n" END, 405, "GET, HEAD"},
        {"GET / HTTP/1.1\r\n" END, 400, NULL},
        {"GET / HTTP/1.1\r\n" HOST HOST END, 400, NULL},
        {"GET / HTTP/1.0\r\n" END, 200, NULL},
        {"GET http://127.0.0.1/ HTTP/1.1\r\n" HOST END, 421, NULL}, /* another port than ours */
        {"OPTIONS * HTTP/1.1\r\n" HOST END, 204, "GET, HEAD, POST, DELETE, OPTIONS"},
        {"OPTIONS * HTTP/1.1\r\n" END, 400, NULL},
        {"GET * HTTP/1.1\r\n" HOST END, 421, NULL},
        {"GET / HTTP/3.0\r\n" HOST END, 505, NULL},
        {"BREW / HTTP/1.1\r\n" HOST END, 400, NULL},
        {"nonsense\r\n\r\n", 400, NULL},
        {"\x16\x03\x01\x02", 400, NULL}, /* TLS */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct reply r = client_ask(port, cases[i].request);
        if (r.status != cases[i].status)
            fail_msg("%d for %s", r.status, cases[i].request);
        if (r.status) {
            assert_non_null(reply_header(&r, "X-Content-Type-Options"));
            assert_non_null(reply_header(&r, "Content-Security-Policy"));
        }
        if (cases[i].allow)
            assert_string_equal(reply_header(&r, "Allow"), cases[i].allow);
    }
    struct buf huge = BUF_INIT;
    buf_add_str(&huge, "GET / HTTP/1.1\r\n" HOST "X: ");
    for (int i = 0; i < 17000; i++)
        buf_add_char(&huge, 'x');
    buf_add(&huge, "", 1);
    assert_int_equal(client_ask(port, huge.p).status, 431);
    buf_release(&huge);
}

/* What CivetWeb lets pass and a proxy before us reads in another way (RFC 9112, 2.2, 5.1 and 5.2). */
static void test_lines(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        int status;
    } cases[] = {
        {HOST "X: y\r\n" END, 200},
        {HOST "X:\r\n" END, 200},
        {HOST "X:  y  \r\nY:z\r\n" END, 200},
        {HOST "X:\ty\t\r\n" END, 200},
        {"Host: \t127.0.0.1 \t\r\n" END, 200},
        {HOST "X : y\r\n" END, 400},
        {"Host : 127.0.0.1\r\n" END, 400},
        {HOST "X  : y\r\n" END, 400},
        {HOST "X\t: y\r\n" END, 400},
        {HOST ": y\r\n" END, 400},
        {HOST ":y\r\nX: y\r\n" END, 400},
        {": y\r\n" HOST END, 400},
        {HOST "X(y): z\r\n" END, 400},
        {HOST "X: y\r\n z\r\n" END, 400},
        {HOST "X: y\r\n\tz: a\r\n" END, 400},
        {" X: y\r\n" HOST END, 400},
        {HOST " X: y\r\n" END, 400},
        {HOST "X: y\nZ: a\r\n" END, 400},
        {HOST "X: y\n" END, 400},
        {HOST "X: y\r\n\n", 400},
        {HOST "X\r\n" END, 400},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[512];
        snprintf(text, sizeof text, "GET /healthz HTTP/1.1\r\n%s", cases[i].lines);
        struct reply r = client_ask(port, text);
        if (r.status != cases[i].status)
            fail_msg("%d for %s", r.status, text);
    }
    /* and on a connection that is kept */
    struct client c = client_open(port);
    client_say(&c, "GET /healthz HTTP/1.1\r\n" HOST END);
    assert_int_equal(client_reply(&c, false).status, 200);
    client_say(&c, "GET /healthz HTTP/1.1\r\n" HOST "X : y\r\n" END);
    assert_int_equal(client_reply(&c, false).status, 400);
    assert_true(client_at_end(&c));
    client_close(&c);
}

/* A name that somebody else points here makes no page of ours of theirs. */
static void test_host(void **state)
{
    (void)state;
    static const struct {
        const char *public_url, *host, *path;
        int status;
    } cases[] = {
        {"", "any.example", "/healthz", 200},
        {"", "any.example", "/", 200},
        {"", "any.example", "/metrics", 421},
        {"", "any.example", "/api/v1/setup", 421},
        {"", "localhost:80", "/metrics", 200},
        {"", "127.0.0.1", "/metrics", 200},
        {"https://chat.example", "chat.example", "/metrics", 200},
        {"https://chat.example", "chat.example", "/", 200},
        {"https://chat.example", "localhost:8080", "/", 200},
        {"https://chat.example", "[::1]", "/", 200},
        {"https://chat.example", "friend.example", "/", 200},
        {"https://chat.example", "any.example", "/", 421},
        {"https://chat.example", "any.example", "/healthz", 421},
        {"https://chat.example", "any.example", "/ws", 421},
        {"https://chat.example", "any.example", "/api/v1/me", 421},
        {"https://chat.example", "any.example", "/metrics", 421},
        {"https://chat.example", "any.example", "/api/v1/setup", 421},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[256];
        server->settings.public_url = cases[i].public_url;
        snprintf(text, sizeof text, "%s %s HTTP/1.1\r\nHost: %s\r\n" END, cases[i].status == 200 ? "HEAD" : "GET",
                 cases[i].path, cases[i].host);
        struct reply r = client_ask(port, text);
        if (r.status != cases[i].status)
            fail_msg("%d for %s at %s", r.status, cases[i].path, cases[i].host);
        if (r.status == 421)
            assert_non_null(strstr(r.body, "public_url"));
    }
    assert_int_equal(client_ask(port, "GET /healthz HTTP/1.0\r\n" END).status, 200);
}

/* Bytes behind a request whose length is in doubt are never taken for the next one. */
static void test_smuggling(void **state)
{
    (void)state;
    static const char *const heads[] = {
        "POST /api/v1/guest HTTP/1.1\r\n" HOST "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n" END "0\r\n\r\n",
        "POST /api/v1/guest HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n" END "0\r\n\r\n",
        "POST /api/v1/guest HTTP/1.1\r\n" HOST "Content-Length: 0\r\nContent-Length: 40\r\n" END,
        "POST /api/v1/guest HTTP/1.1\r\n" HOST "Content-Length: 0x\r\n" END,
        "GET / HTTP/1.1\r\n" HOST "Expect: everything\r\n" END,
    };
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        struct client c = client_open(port);
        char text[1024];
        snprintf(text, sizeof text, "%sGET /healthz HTTP/1.1\r\n" HOST END, heads[i]);
        client_say(&c, text);
        struct reply r = client_reply(&c, false);
        assert_in_range(r.status, 400, 417);
        assert_string_equal(reply_header(&r, "Connection"), "close");
        assert_true(client_at_end(&c));
        client_close(&c);
    }
    assert_int_equal(metric_get(&metrics.http_requests_total), sizeof heads / sizeof heads[0]);
}

static void test_keep_alive(void **state)
{
    (void)state;
    struct client c = client_open(port);
    client_say(&c, "GET /healthz HTTP/1.1\r\n" HOST END "GET /nothing HTTP/1.1\r\n" HOST END); /* two at once */
    struct reply r = client_reply(&c, false);
    assert_int_equal(r.status, 200);
    assert_string_equal(reply_header(&r, "Keep-Alive"), "timeout=2");
    assert_int_equal(client_reply(&c, false).status, 404);
    client_say(&c,
               "POST /nothing HTTP/1.1\r\n" HOST "Content-Length: 5\r\n" END "12345GET /healthz HTTP/1.1\r\n" HOST END);
    assert_int_equal(client_reply(&c, false).status, 405);
    assert_int_equal(client_reply(&c, false).status, 200); /* the unwanted body was read away */
    client_say(&c, "POST /nothing HTTP/1.1\r\n" HOST "Content-Length: 1000000\r\n" END);
    struct reply large = client_reply(&c, false); /* one that is large is not waited for */
    assert_int_equal(large.status, 405);
    assert_string_equal(reply_header(&large, "Connection"), "close");
    assert_null(reply_header(&large, "Keep-Alive"));
    assert_true(client_at_end(&c));
    client_close(&c);
    c = client_open(port);
    client_say(&c, "GET /healthz HTTP/1.1\r\n" HOST "Connection: close\r\n" END);
    r = client_reply(&c, false);
    assert_string_equal(reply_header(&r, "Connection"), "close");
    assert_true(client_at_end(&c));
    client_close(&c);
}

/* ------------------------------------------------------------------ bodies and watching */

static void test_bodies(void **state)
{
    (void)state;
    static const char body[] = "{\"name\":\"Ben\"}";
    struct client c = client_open(port);
    client_say(&c, "POST /api/v1/guest HTTP/1.1\r\n" HOST JSON "Expect: 100-continue\r\nContent-Length: 14\r\n" END);
    struct reply r = client_reply(&c, true);
    assert_int_equal(r.status, 100);
    for (size_t i = 0; i < sizeof body - 1; i++)
        client_send(&c, body + i, 1);
    assert_int_equal(client_reply(&c, false).status, 201);
    client_close(&c);

    c = client_open(port);
    client_say(&c, "POST /api/v1/guest HTTP/1.1\r\n" HOST JSON "Content-Length: 16385\r\n" END);
    assert_int_equal(client_reply(&c, false).status, 413);
    assert_true(client_at_end(&c));
    client_close(&c);

    c = client_open(port);
    client_say(&c, "POST /api/v1/guest HTTP/1.1\r\n" HOST JSON "Content-Length: 14\r\n" END "{\"name");
    assert_int_equal(client_reply(&c, false).status, 408); /* after request_timeout_ms */
    assert_true(client_at_end(&c));
    client_close(&c);
}

static void test_watching(void **state)
{
    (void)state;
    struct reply r = client_ask(port, "GET /healthz HTTP/1.1\r\n" HOST END);
    assert_int_equal(r.status, 200);
    assert_string_equal(r.body, "{\"status\":\"ok\"}");
    metric_set(&metrics.storage_ok, 0);
    r = client_ask(port, "GET /healthz HTTP/1.1\r\n" HOST END);
    assert_int_equal(r.status, 503);
    assert_non_null(strstr(r.body, "storage_failed"));

    struct client c = client_open(port);
    client_say(&c, "HEAD /metrics HTTP/1.1\r\n" HOST END);
    r = client_reply(&c, true);
    assert_int_equal(r.status, 200);
    assert_non_null(strstr(reply_header(&r, "Content-Type"), "version=0.0.4"));
    client_close(&c);
}

/* The stage trusts 127.0.0.1 as a proxy, and lets 127.0.0.1 and 192.0.2.7 read the metrics. */
static void test_metrics_behind_a_proxy(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        int status;
    } cases[] = {
        {"", 200},
        {"X-Forwarded-For: 192.0.2.7\r\n", 200},
        {"X-Forwarded-For: 192.0.2.8\r\n", 403},
        {"X-Forwarded-For: 192.0.2.7, 192.0.2.8\r\n", 403},
        {"X-Forwarded-For: 127.0.0.1, 192.0.2.8\r\n", 403},
        {"X-Forwarded-For: 127.0.0.1\r\n", 403}, /* the proxy does not lend its own address */
        {"X-Forwarded-For: unknown\r\n", 403},
        {"Forwarded: for=127.0.0.1\r\n", 403},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[256];
        snprintf(text, sizeof text,
                 "GET /metrics HTTP/1.1\r\n" HOST "%s"
                 "Connection: close\r\n" END,
                 cases[i].lines);
        struct client c = client_open(port);
        client_say(&c, text);
        while (client_more(&c))
            ;
        int status = 0;
        assert_int_equal(sscanf(c.in.p, "HTTP/1.1 %d ", &status), 1);
        if (status != cases[i].status)
            fail_msg("%d for %s", status, cases[i].lines);
        client_close(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_page, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_statuses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_host, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_smuggling, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_keep_alive, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bodies, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_watching, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_metrics_behind_a_proxy, set_up, tear_down),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
