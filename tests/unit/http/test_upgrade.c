/* upgrade: the whole way of a WebSocket from a handshake to the transport, and every way in which it ends before. */
#include "http_stage.h"

/* ------------------------------------------------------------------ upgrades */

static void test_upgrade(void **state)
{
    (void)state;
    enum { MANY = 4 };
    struct client c[MANY];
    char word[8];
    for (int i = 0; i < MANY; i++) {
        upgrade(&c[i], "/ws?name=J%C3%B6rg+1", "Sec-WebSocket-Protocol: chat, hubbub.v1\r\n");
        struct reply r = client_reply(&c[i], true);
        assert_int_equal(r.status, 101);
        assert_string_equal(reply_header(&r, "Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assert_string_equal(reply_header(&r, "Sec-WebSocket-Protocol"), "hubbub.v1");
        wait_adopted(i + 1);
        assert_string_equal(played.visitor, "J\xc3\xb6rg 1");
        assert_true(played.adopted[i].fd >= server->range.limit);
        assert_ptr_equal(played.adopted[i].ws, &transports[i % 2]);
    }
    assert_int_equal(gate_count(server->gate), MANY);
    for (int i = 0; i < MANY; i++) { /* both ways, and nothing from CivetWeb in between */
        assert_int_equal(send(played.adopted[i].fd, "ping", 4, 0), 4);
        assert_true(client_take(&c[i], word, 4));
        assert_memory_equal(word, "ping", 4);
        client_say(&c[i], "pong");
        struct client live = {.fd = played.adopted[i].fd};
        assert_true(client_take(&live, word, 4));
        assert_memory_equal(word, "pong", 4);
        buf_release(&live.in);
        drop_adopted(i);
        assert_true(client_at_end(&c[i]));
        client_close(&c[i]);
    }
}

/* CivetWeb keeps the sub-protocol of a worker's last connection; nobody may see it. */
static void test_subprotocol_is_ones_own(void **state)
{
    (void)state;
    for (int i = 0; i < 48; i++) { /* three times round all workers */
        struct client c;
        bool offer = i % 2 == 0;
        upgrade(&c, "/ws",
                offer        ? "Sec-WebSocket-Protocol: hubbub.v1\r\n"
                : i % 4 == 1 ? "Sec-WebSocket-Protocol: other\r\n"
                             : "");
        struct reply r = client_reply(&c, true);
        assert_int_equal(r.status, 101);
        const char *chosen = reply_header(&r, "Sec-WebSocket-Protocol");
        assert_true(offer == (chosen != NULL));
        wait_adopted(i + 1);
        drop_adopted(i);
        client_close(&c);
    }
}

static void test_refused_upgrades(void **state)
{
    (void)state;
    static const struct {
        const char *request;
        int status;
        const char *code;
    } cases[] = {
        {"GET /ws HTTP/1.1\r\n" HOST END, 426, "upgrade_required"},
        {"GET /ws HTTP/1.1\r\n" HOST UPGRADE KEY END, 426, "upgrade_required"},
        {"GET /ws HTTP/1.1\r\n" HOST UPGRADE VERSION END, 400, "invalid"},
        {"GET /ws HTTP/1.1\r\n" UPGRADE KEY VERSION END, 400, "invalid"},
        {"GET /ws HTTP/1.0\r\n" SHAKE END, 400, "invalid"},
        {"POST /ws HTTP/1.1\r\n" SHAKE END, 400, "invalid"},
        {"POST /ws HTTP/1.1\r\n" SHAKE "Content-Length: 4\r\n" END "body", 400, "invalid"},
        {"GET /ws HTTP/1.1\r\n" SHAKE "Content-Length: 6\r\n" END "\x81\x80\1\2\3\4", 400, "invalid"},
        {"GET /ws HTTP/1.1\r\n" SHAKE "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n" END "0\r\n\r\n", 400,
         "invalid"},
        {"GET /ws HTTP/1.1\r\n" SHAKE "Origin: https://evil.example\r\n" END, 403, "forbidden"},
        {"GET /ws HTTP/1.1\r\n" SHAKE "Cookie: hubbub_guest=bad\r\n" END, 401, "unauthorized"},
        {"GET /ws?name=taken HTTP/1.1\r\n" SHAKE END, 409, "name_taken"},
        {"GET /ws HTTP/1.1\r\n" SHAKE "Cookie: hubbub_session=stale\r\n" END, 401, "unauthorized"},
        {"GET /ws HTTP/1.1\r\n" SHAKE "Authorization: Bearer hubbub_bad\r\n" END, 401, "unauthorized"},
        {"GET /ws HTTP/1.1\r\n" SHAKE "Cookie: hubbub_guest=gone\r\n" END, 401, "unauthorized"},
        {"GET /ws?name=%zz HTTP/1.1\r\n" SHAKE END, 400, "invalid"},
        {"GET /api/v1/ws HTTP/1.1\r\n" SHAKE END, 404, "not_found"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char code[64];
        struct client c = client_open(port);
        client_say(&c, cases[i].request);
        struct reply r = client_reply(&c, false);
        if (r.status != cases[i].status)
            fail_msg("%d for %s", r.status, cases[i].request);
        snprintf(code, sizeof code, "{\"error\":{\"code\":\"%s\",\"message\":\"", cases[i].code);
        assert_memory_equal(r.body, code, strlen(code));
        assert_string_equal(reply_header(&r, "Content-Type"), "application/json");
        assert_non_null(strstr(r.head, "\r\nConnection: close\r\n"));
        assert_true(client_at_end(&c));
        client_close(&c);
    }
    /* on other paths an upgrade is not even seen */
    assert_int_equal(client_ask(port, "GET /ws/ HTTP/1.1\r\n" SHAKE END).status, 404);
    assert_int_equal(client_ask(port, "GET /ws/x HTTP/1.1\r\n" SHAKE END).status, 404);
    assert_int_equal(client_ask(port, "GET /%77s HTTP/1.1\r\n" SHAKE END).status, 404);
    assert_int_equal(client_ask(port, "GET /x/../ws HTTP/1.1\r\n" SHAKE END).status, 404);
    assert_int_equal(client_ask(port, "GET / HTTP/1.1\r\n" SHAKE END).status, 200);
    assert_int_equal(
        client_ask(port, "GET /ws HTTP/1.1\r\n" HOST UPGRADE KEY "Sec-WebSocket-Version: 7\r\n" END).status, 426);
    assert_int_equal(played.adopted_count, 0);
    assert_int_equal(metric_get(&metrics.connections_refused), 0);
}

/* Who one is decides who is adopted: an account comes with how it came in. */
static void test_identities(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        int64_t user, session, token;
        const char *address;
    } cases[] = {
        {"Cookie: hubbub_session=alive\r\n", BEN, BEN_SESSION, 0, "127.0.0.1"},
        {"Cookie: a=b; hubbub_guest=good; hubbub_session=alive\r\nX-Forwarded-For: 192.0.2.7\r\n", BEN, BEN_SESSION, 0,
         "192.0.2.7"},
        {"Authorization: Bearer hubbub_good\r\n", BEN, 0, 3, "127.0.0.1"},
        {"X-Forwarded-User: Ben\r\n", BEN, 0, 0, "127.0.0.1"},
        {"Cookie: a=b; hubbub_guest=bad; hubbub_guest=good\r\nOrigin: https://friend.example\r\n", ANNA, 0, 0,
         "127.0.0.1"},
        {"", 0, 0, 0, "127.0.0.1"},
    };
    for (int i = 0; i < (int)(sizeof cases / sizeof cases[0]); i++) {
        struct client c;
        upgrade(&c, "/ws?name=other", cases[i].lines);
        assert_int_equal(client_reply(&c, true).status, 101);
        wait_adopted(i + 1);
        const struct caller *who = &played.adopted[i].caller;
        assert_int_equal(who->user_id, cases[i].user);
        assert_int_equal(who->session_id, cases[i].session);
        assert_int_equal(who->token_id, cases[i].token);
        assert_string_equal(who->address, cases[i].address);
        assert_true(!who->origin == (who->kind == COMMAND_ACTOR_ACCOUNT)); /* accounts have no limits of an address */
        drop_adopted(i);
        client_close(&c);
    }
}

static void refused(const char *lines, int status, const char *code)
{
    struct client c;
    char want[64];
    upgrade(&c, "/ws", lines);
    struct reply r = client_reply(&c, false);
    assert_int_equal(r.status, status);
    snprintf(want, sizeof want, "\"code\":\"%s\"", code);
    assert_non_null(strstr(r.body, want));
    client_close(&c);
}

static void test_who_is_kept_out(void **state)
{
    (void)state;
    struct client c;
    chat.settings.allow_guests = false;
    refused("", 403, "forbidden");
    refused("Cookie: hubbub_guest=good\r\n", 403, "forbidden");
    upgrade(&c, "/ws", "Cookie: hubbub_session=alive\r\n");
    assert_int_equal(client_reply(&c, true).status, 101);
    wait_adopted(1);
    drop_adopted(0);
    client_close(&c);
    played.banned = true;
    refused("Cookie: hubbub_session=alive\r\n", 403, "banned");
    played.no_owner = true;
    refused("Cookie: hubbub_session=alive\r\n", 503, "not_set_up");
}

/* What is sent before the 101 is lost in CivetWeb's buffer, so the connection cannot go on, be it a whole frame or
 * one byte. */
static void test_early_frames(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        const char *why;
    } cases[] = {
        {"\x81\x82\1\2\3\4ab", 8, "a whole frame"},
        {"\x81\x82\1\2\3\4ab\x81\x82\1\2\3\4ab", 16, "two"},
        {"\x88\x80\1\2\3\4", 6, "a Close"},
        {"\x89\x80\1\2\3\4", 6, "a ping"},
        {"\x81", 1, "one byte"},
        {"\x81\x82", 2, "a header's first half"},
        {"\x81\x82\1\2\3\4", 6, "a header"},
        {"\x81\x82\1\2\3\4a", 7, "all but one byte"},
        {"\x81\xfe", 2, "the header of a long one"},
        {"\x82\x7e", 2, "which would take the mark for its length"},
        {"\x82\x7e\0", 3, "or a part of it"},
        {"\x82\x7f\0\0\0\0\0\0", 8, "or the end of a longer length"},
        {"\x82\x10", 2, "a frame of the mark's size"},
        {"\x82\x12", 2, "and of its frame's"},
        {"\x82\x02", 2, "one that takes its header"},
        {"\x82\x10"
         "0123456789abcdef",
         18, "a guess"},
        {"\x82\x00", 2, "an empty one"},
        {"\x02\x81", 2, "a mask out of the mark"},
        {"GET / HTTP/1.1\r\n\r\n", 18, "another request"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buf bytes = BUF_INIT;
        uint8_t frame[64];
        struct client c = client_open(port);
        buf_add_str(&bytes, "GET /ws HTTP/1.1\r\n" SHAKE END);
        buf_add(&bytes, cases[i].bytes, cases[i].len);
        client_send(&c, bytes.p, bytes.len);
        buf_release(&bytes);
        assert_int_equal(client_reply(&c, true).status, 101);
        if (!client_take(&c, frame, 4))
            fail_msg("%s: no Close", cases[i].why);
        assert_int_equal(frame[0], 0x88);
        if ((frame[2] << 8 | frame[3]) != 1002)
            fail_msg("%s: closed with %d", cases[i].why, frame[2] << 8 | frame[3]);
        assert_true(client_take(&c, frame, (size_t)(frame[1] - 2)));
        assert_true(client_at_end(&c));
        client_close(&c);
    }
    wait_people(0);
    assert_int_equal(played.adopted_count, 0);
    assert_int_equal(metric_get(&metrics.closes[CLOSE_PROTOCOL]), sizeof cases / sizeof cases[0]);
}

/* A handshake may be a later request of a connection, as some proxies have it. */
static void test_upgrade_after_requests(void **state)
{
    (void)state;
    struct client c = client_open(port);
    for (int i = 0; i < 3; i++) {
        client_say(&c, "GET /healthz HTTP/1.1\r\n" HOST END);
        assert_int_equal(client_reply(&c, false).status, 200);
    }
    client_say(&c, "GET /ws HTTP/1.1\r\n" SHAKE END);
    assert_int_equal(client_reply(&c, true).status, 101);
    wait_adopted(1);
    drop_adopted(0);
    client_close(&c);
}

static void test_limits(void **state)
{
    (void)state;
    struct client c[6], more;
    for (int i = 0; i < 6; i++) {
        upgrade(&c[i], "/ws", "");
        assert_int_equal(client_reply(&c[i], true).status, 101);
    }
    wait_adopted(6);
    upgrade(&more, "/ws", "X-Forwarded-For: 127.0.0.1\r\n");
    struct reply r = client_reply(&more, false);
    assert_int_equal(r.status, 429);
    assert_non_null(strstr(r.body, "\"too_many\""));
    client_close(&more);
    assert_int_equal(metric_get(&metrics.connections_refused), 1);

    /* whom a proxy speaks for is another */
    upgrade(&more, "/ws", "X-Forwarded-For: 192.0.2.7\r\n");
    assert_int_equal(client_reply(&more, true).status, 101);
    wait_adopted(7);
    drop_adopted(6);
    client_close(&more);

    drop_adopted(0);
    upgrade(&more, "/ws", "");
    assert_int_equal(client_reply(&more, true).status, 101);
    wait_adopted(8);
    client_close(&more);

    server->gate = (gate_free(server->gate),
                    gate_new(0, 0, server->origins)); /* unlimited now: the old places are let go of by hand */
    for (int i = 1; i < 8; i++) {
        if (i == 6)
            continue;
        close(played.adopted[i].fd);
        hub_person_release(NULL, played.adopted[i].who);
    }
    for (int i = 0; i < 6; i++)
        client_close(&c[i]);
}

static void test_drain(void **state)
{
    (void)state;
    struct client c;
    http_drain(server);
    upgrade(&c, "/ws", "");
    struct reply r = client_reply(&c, false);
    assert_int_equal(r.status, 503);
    assert_non_null(strstr(r.body, "\"shutting_down\""));
    client_close(&c);
    r = client_ask(port, "POST /api/v1/guest HTTP/1.1\r\n" HOST
                         "Content-Type: application/json\r\nContent-Length: 15\r\n" END "{\"name\":\"Anna\"}");
    assert_int_equal(r.status, 503);
    r = client_ask(port, "GET /healthz HTTP/1.1\r\n" HOST END);
    assert_int_equal(r.status, 503);
    assert_non_null(strstr(r.body, "shutting_down"));
    assert_int_equal(client_ask(port, "GET / HTTP/1.1\r\n" HOST END).status, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_upgrade, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_subprotocol_is_ones_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refused_upgrades, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_identities, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_who_is_kept_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_early_frames, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_upgrade_after_requests, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_limits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_drain, set_up, tear_down),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
