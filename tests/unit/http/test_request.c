/* request and handshake: a row per way to get a head wrong. */
#include "http/handshake.h"
#include "http/request.h"
#include "http_head.h"
#include "unit.h"

static int status_of(const struct refusal *no)
{
    return no ? no->status : 0;
}

static void test_request(void **state)
{
    (void)state;
    static const struct {
        const char *head;
        int status; /* 0: fine */
        const char *why;
    } cases[] = {
        {"GET / HTTP/1.1\r\nHost: a\r\n", 0, "plain"},
        {"GET / HTTP/1.0\r\n", 0, "HTTP/1.0 needs no Host"},
        {"GET / HTTP/1.1\r\n", 400, "HTTP/1.1 does"},
        {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n", 400, "but one"},
        {"GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n", 400, "whatever the version"},
        {"GET / HTTP/1.1\r\nHost: a b\r\n", 400, "and a proper one"},
        {"GET / HTTP/1.1\r\nHost:\r\n", 400, "not an empty one"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n", 0, "a body"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n", 400, "one length"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n", 400, "one number"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5x\r\n", 400, "nothing behind it"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n", 400, "nothing before it"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n", 400, "not negative"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n", 400, "decimal"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n", 400, "not empty"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999999999999\r\n", 400, "not beyond all numbers"},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n", 400, "smuggling"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: identity\r\n", 400, "of another kind"},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n", 411, "no chunks"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-Continue\r\n", 0, "may be expected"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: much\r\n", 417, "may not"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct http_head h;
        http_head_parse(&h, cases[i].head);
        if (status_of(request_check(&h.info)) != cases[i].status)
            fail_msg("%s: %s", cases[i].head, cases[i].why);
    }
}

static void test_many_headers(void **state)
{
    (void)state;
    struct http_head h;
    char text[4096] = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (int i = 1; i < MG_MAX_HEADERS - 1; i++)
        strcat(text, "X: y\r\n");
    http_head_parse(&h, text);
    assert_null(request_check(&h.info));
    strcat(text, "X: y\r\n");
    http_head_parse(&h, text);
    assert_int_equal(status_of(request_check(&h.info)), 431); /* a 65th may have been dropped */
}

static void test_body_bytes(void **state)
{
    (void)state;
    struct http_head h;
    http_head_parse(&h, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 123456789012345\r\n");
    assert_int_equal(request_body_bytes(&h.info), 123456789012345);
    http_head_parse(&h, "GET / HTTP/1.1\r\nHost: a\r\n");
    assert_int_equal(request_body_bytes(&h.info), 0);
}

static void test_page_of_another_site(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        int status;
    } cases[] = {
        {"", 0},
        {"Origin: http://a\r\n", 0},
        {"Origin: http://a\r\nSec-Fetch-Site: same-origin\r\n", 0},
        {"Origin: http://b\r\n", 403},
        {"Origin: http://a\r\nOrigin: http://a\r\n", 403},
        {"Origin: null\r\n", 403},
        {"Sec-Fetch-Site: same-origin\r\n", 0},
        {"Sec-Fetch-Site: none\r\n", 0},
        {"Sec-Fetch-Site: same-site\r\n", 403},
        {"Sec-Fetch-Site: cross-site\r\n", 403},
        {"Origin: https://friend.example\r\nSec-Fetch-Site: cross-site\r\n", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct http_head h;
        char text[256];
        snprintf(text, sizeof text, "POST / HTTP/1.1\r\nHost: a\r\n%s\r\n", cases[i].lines);
        http_head_parse(&h, text);
        if (status_of(request_check_origin(&h.info, false, "https://friend.example")) != cases[i].status)
            fail_msg("%s", cases[i].lines);
    }
}

#define KEY     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define VERSION "Sec-WebSocket-Version: 13\r\n"
#define UPGRADE "Connection: Upgrade\r\nUpgrade: websocket\r\n"
#define START   "GET /ws HTTP/1.1\r\nHost: a\r\n"

static void test_handshake(void **state)
{
    (void)state;
    static const struct {
        const char *head;
        int status;
        const char *header; /* that the answer must have */
        const char *why;
    } cases[] = {
        {START UPGRADE KEY VERSION, 0, NULL, "as it should be"},
        {START "Connection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n" KEY VERSION, 0, NULL, "as Firefox has it"},
        {START UPGRADE KEY VERSION "Origin: http://a\r\n", 0, NULL, "from the page"},
        {START UPGRADE KEY VERSION "Content-Length: 0\r\n", 0, NULL, "an empty body is none"},
        {START UPGRADE KEY VERSION "Origin: http://b\r\n", 403, NULL, "from another page"},
        {START, 426, "Upgrade: websocket\r\n", "no handshake at all"},
        {START "Upgrade: websocket\r\n" KEY VERSION, 426, "Upgrade: websocket\r\n", "no Connection"},
        {START "Connection: Upgrade\r\n" KEY VERSION, 426, "Upgrade: websocket\r\n", "no Upgrade"},
        {START "Connection: Upgrade\r\nUpgrade: h2c\r\n" KEY VERSION, 426, "Upgrade: websocket\r\n",
         "to something else"},
        {START "Connection: Upgraded\r\nUpgrade: websocket\r\n" KEY VERSION, 426, "Upgrade: websocket\r\n", "nearly"},
        {START "Connection: Upgrade\r\nUpgrade: websockets\r\n" KEY VERSION, 426, "Upgrade: websocket\r\n", "nearly"},
        {"POST /ws HTTP/1.1\r\nHost: a\r\n" UPGRADE KEY VERSION, 400, NULL, "POST"},
        {"HEAD /ws HTTP/1.1\r\nHost: a\r\n" UPGRADE KEY VERSION, 400, NULL, "HEAD"},
        {"GET /ws HTTP/1.0\r\nHost: a\r\n" UPGRADE KEY VERSION, 400, NULL, "HTTP/1.0"},
        {START UPGRADE KEY VERSION "Content-Length: 4\r\n", 400, NULL,
         "with a body, whose bytes would be read as frames"},
        {START UPGRADE KEY, 426, "Sec-WebSocket-Version: 13\r\n", "no version"},
        {START UPGRADE KEY "Sec-WebSocket-Version: 8\r\n", 426, "Sec-WebSocket-Version: 13\r\n", "an old version"},
        {START UPGRADE KEY "Sec-WebSocket-Version: 13, 8\r\n", 426, "Sec-WebSocket-Version: 13\r\n", "two versions"},
        {START UPGRADE KEY VERSION VERSION, 426, "Sec-WebSocket-Version: 13\r\n", "twice the same"},
        {START UPGRADE VERSION, 400, NULL, "no key"},
        {START UPGRADE KEY KEY VERSION, 400, NULL, "two keys"},
        {START UPGRADE VERSION "Sec-WebSocket-Key:\r\n", 400, NULL, "an empty key"},
        {START UPGRADE VERSION "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=\r\n", 400, NULL, "a short key"},
        {START UPGRADE VERSION "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ===\r\n", 400, NULL, "a long key"},
        {START UPGRADE VERSION "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZWQ=\r\n", 400, NULL, "17 bytes"},
        {START UPGRADE VERSION "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZ-==\r\n", 400, NULL, "not base64"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct http_head h;
        http_head_parse(&h, cases[i].head);
        assert_null(request_check(&h.info));
        const struct refusal *no = handshake_check(&h.info, false, "");
        if (status_of(no) != cases[i].status)
            fail_msg("%d for %s: %s", status_of(no), cases[i].head, cases[i].why);
        if (cases[i].header && (!no->headers || !strstr(no->headers, cases[i].header)))
            fail_msg("%s: the answer lacks %s", cases[i].why, cases[i].header);
    }
}

static void test_subprotocol(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        bool ours;
    } cases[] = {
        {"", false},
        {"Sec-WebSocket-Protocol: hubbub.v1\r\n", true},
        {"Sec-WebSocket-Protocol: chat, hubbub.v1\r\n", true},
        {"Sec-WebSocket-Protocol: chat\r\nsec-websocket-protocol: hubbub.v1,x\r\n", true},
        {"Sec-WebSocket-Protocol: hubbub.v2\r\n", false},
        {"Sec-WebSocket-Protocol: Hubbub.v1\r\n", false},
        {"Sec-WebSocket-Protocol: hubbub.v1x\r\n", false},
        {"Sec-WebSocket-Protocol:\r\n", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct http_head h;
        char text[512];
        snprintf(text, sizeof text, START UPGRADE KEY VERSION "%s\r\n", cases[i].lines);
        http_head_parse(&h, text);
        const char *chosen = handshake_subprotocol(&h.info);
        assert_true(cases[i].ours == (chosen != NULL));
        if (chosen)
            assert_string_equal(chosen, "hubbub.v1");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_request),    cmocka_unit_test(test_many_headers),
        cmocka_unit_test(test_body_bytes), cmocka_unit_test(test_page_of_another_site),
        cmocka_unit_test(test_handshake),  cmocka_unit_test(test_subprotocol),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
