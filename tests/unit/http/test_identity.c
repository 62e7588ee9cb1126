/* identity and cookie: who a request is from, in which order, and how browsers are known again. */
#include "http/cookie.h"
#include "http/identity.h"
#include "http/server_internal.h"
#include "http_head.h"
#include "played_accounts.h"

static struct chat chat;
static struct http_server server;
static struct http_head head;

/* A request from this peer with these lines. */
static struct exchange request(const char *peer, const char *lines)
{
    char text[2048];
    struct exchange x = {.server = &server, .request = &head.info};
    snprintf(text, sizeof text, "GET / HTTP/1.1\r\nHost: a\r\n%s\r\n", lines);
    http_head_parse(&head, text);
    snprintf(head.info.remote_addr, sizeof head.info.remote_addr, "%s", peer);
    forwarded_read(&head.info, server.settings.trusted_proxies, &x.from);
    address_text(&x.from.client, x.address);
    return x;
}

static int set_up(void **state)
{
    (void)state;
    chat = (struct chat){.env = env_system(), .settings.allow_guests = true};
    server = (struct http_server){.chat = &chat};
    server.settings.trusted_proxies = "127.0.0.1";
    server.settings.auth_proxy_header = "X-User";
    played.banned = false;
    return 0;
}

/* ------------------------------------------------------------------ identity */

enum { NOBODY, BY_TOKEN, BY_SESSION, BY_PROXY, BY_GUEST };

static int way_of(const struct identity *i)
{
    if (i->who.kind == COMMAND_ACTOR_VISITOR)
        return NOBODY;
    if (i->who.kind == COMMAND_ACTOR_GUEST)
        return BY_GUEST;
    assert_int_equal(i->who.user_id, BEN);
    return i->who.token_id ? BY_TOKEN : i->who.session_id ? BY_SESSION : BY_PROXY;
}

#define TOKEN   "Authorization: Bearer hubbub_good\r\n"
#define SESSION "Cookie: hubbub_session=alive\r\n"
#define STALE   "Cookie: hubbub_session=stale\r\n"
#define PROXY   "X-User: Ben\r\n"
#define GUEST   "Cookie: hubbub_guest=good\r\n"

static void test_order(void **state)
{
    (void)state;
    static const struct {
        const char *peer, *lines;
        enum err e;
        int way;
        const char *why;
    } cases[] = {
        {"127.0.0.1", "", OK, NOBODY, "nothing at all"},
        {"127.0.0.1", GUEST, OK, BY_GUEST, "a guest"},
        {"127.0.0.1", SESSION, OK, BY_SESSION, "an account"},
        {"127.0.0.1", TOKEN, OK, BY_TOKEN, "a program"},
        {"127.0.0.1", "Authorization: bearer  hubbub_good \r\n", OK, BY_TOKEN, "in other letters"},
        {"127.0.0.1", PROXY, OK, BY_PROXY, "whom a proxy has signed in"},

        {"127.0.0.1", GUEST SESSION PROXY TOKEN, OK, BY_TOKEN, "a token before everything"},
        {"127.0.0.1", GUEST PROXY SESSION, OK, BY_SESSION, "a session before a proxy's word"},
        {"127.0.0.1", GUEST PROXY, OK, BY_PROXY, "a proxy's word before a guest's cookie"},
        {"127.0.0.1", GUEST SESSION, OK, BY_SESSION, "a session before a guest's cookie"},
        {"127.0.0.1", "Cookie: hubbub_guest=good; hubbub_session=alive\r\n", OK, BY_SESSION, "in one line too"},

        {"127.0.0.1", "Authorization: Bearer hubbub_bad\r\n" SESSION, ERR_UNAUTHORIZED, 0, "a token that is not valid"},
        {"127.0.0.1", "Authorization: Bearer \r\n" SESSION, ERR_UNAUTHORIZED, 0, "an empty one"},
        {"127.0.0.1", TOKEN TOKEN, ERR_UNAUTHORIZED, 0, "two of them"},
        {"127.0.0.1", "Authorization: Basic dTpw\r\n" SESSION, OK, BY_SESSION, "another scheme is the proxy's"},
        {"127.0.0.1", STALE, ERR_UNAUTHORIZED, 0, "a session that has ended"},
        {"127.0.0.1", STALE GUEST, ERR_UNAUTHORIZED, 0, "does not make a guest"},
        {"127.0.0.1", STALE PROXY, OK, BY_PROXY, "but the proxy knows"},
        {"127.0.0.1", "Cookie: hubbub_session=stale; hubbub_session=alive\r\n", OK, BY_SESSION, "the first good one"},
        {"127.0.0.1", "Cookie: __Host-hubbub_session=alive\r\n", OK, NOBODY, "a name for TLS only"},
        {"127.0.0.1", "X-Forwarded-Proto: https\r\n" SESSION, OK, NOBODY, "by TLS, a name that anybody can set"},
        {"127.0.0.1", "X-Forwarded-Proto: https\r\nCookie: __Host-hubbub_session=alive\r\n", OK, BY_SESSION, "by TLS"},
        {"127.0.0.1", "Cookie: hubbub_guest=bad\r\n", ERR_UNAUTHORIZED, 0, "a guest's cookie that is not ours"},
        {"127.0.0.1", "Cookie: hubbub_guest=gone\r\n", ERR_UNAUTHORIZED, 0, "a guest who has an account now"},

        {"192.0.2.7", PROXY, OK, NOBODY, "somebody who plays a proxy"},
        {"192.0.2.7", PROXY GUEST, OK, BY_GUEST, "is who they are"},
        {"192.0.2.7", "X-Forwarded-For: 127.0.0.1\r\n" PROXY, OK, NOBODY, "whatever they say"},
        {"127.0.0.1", "X-User: Anna\r\n" SESSION, ERR_UNAUTHORIZED, 0, "the proxy names another one than the cookie"},
        {"127.0.0.1", PROXY PROXY SESSION, ERR_UNAUTHORIZED, 0, "two names beside a session"},
        {"127.0.0.1", "X-User: <script>\r\n" SESSION, ERR_INVALID, 0, "no name beside a session"},
        {"192.0.2.7", "X-User: Anna\r\n" SESSION, OK, BY_SESSION, "a header of somebody's own says nothing"},
        {"127.0.0.1", PROXY PROXY, ERR_UNAUTHORIZED, 0, "one of the two may be the client's own"},
        {"127.0.0.1", "X-User: \xff\r\n", ERR_UNAUTHORIZED, 0, "not a text"},
        {"127.0.0.1", "X-User: <script>\r\n", ERR_INVALID, 0, "not a name"},
        {"127.0.0.1", "X-User:\r\n" GUEST, OK, BY_GUEST, "nobody is signed in there"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct exchange x = request(cases[i].peer, cases[i].lines);
        struct identity who;
        const char *why;
        enum err e = identity_of(&x, &who, &why);
        if (e != cases[i].e || (!e && way_of(&who) != cases[i].way))
            fail_msg("%s: %s, %d", cases[i].why, err_code(e), e ? 0 : way_of(&who));
        if (!e)
            assert_string_equal(who.who.address, cases[i].peer);
        if (e == ERR_INVALID)
            assert_non_null(why);
        if (!e && way_of(&who) == BY_SESSION)
            assert_true(span_equal(who.cookie, span_of("alive")));
        else if (!e)
            assert_int_equal(who.cookie.len, 0);
    }
}

static void test_address(void **state)
{
    (void)state;
    struct exchange x = request("127.0.0.1", "X-Forwarded-For: 203.0.113.9, 198.51.100.1\r\n" SESSION);
    struct identity who;
    assert_int_equal(identity_of(&x, &who, NULL), OK);
    assert_string_equal(who.who.address, "198.51.100.1");
    assert_string_equal(played.address, "198.51.100.1"); /* what the session's list shows */
}

static void test_no_guests(void **state)
{
    (void)state;
    struct identity who;
    struct guest guest;
    chat.settings.allow_guests = false;
    struct exchange x = request("127.0.0.1", GUEST);
    assert_int_equal(identity_of(&x, &who, NULL), OK);
    assert_int_equal(way_of(&who), NOBODY);
    assert_int_equal(identity_of_guest(&x, &guest), OK); /* who may still become an account */
    assert_int_equal(guest.id, ANNA);
    x = request("127.0.0.1", "");
    assert_int_equal(identity_of_guest(&x, &guest), ERR_NOT_FOUND);
}

static void test_banned(void **state)
{
    (void)state;
    struct identity who;
    played.banned = true;
    struct exchange x = request("127.0.0.1", GUEST);
    assert_int_equal(identity_of(&x, &who, NULL), ERR_BANNED);
    x = request("127.0.0.1", SESSION GUEST);
    assert_int_equal(identity_of(&x, &who, NULL), ERR_BANNED);
}

static void test_header_is_off(void **state)
{
    (void)state;
    static const char *const settings[] = {"", NULL};
    struct identity who;
    for (int i = 0; i < 2; i++) {
        server.settings.auth_proxy_header = settings[i];
        struct exchange x = request("127.0.0.1", PROXY ": Ben\r\n");
        assert_int_equal(identity_of(&x, &who, NULL), OK);
        assert_int_equal(way_of(&who), NOBODY);
    }
}

/* ------------------------------------------------------------------ cookies */

static void test_secure(void **state)
{
    (void)state;
    assert_true(cookie_secure(HTTP_SECURE_YES, false));
    assert_false(cookie_secure(HTTP_SECURE_NO, true));
    assert_false(cookie_secure(HTTP_SECURE_AUTO, false));
    assert_true(cookie_secure(HTTP_SECURE_AUTO, true));
}

static void test_set(void **state)
{
    (void)state;
    static const struct {
        enum cookie which;
        const char *lines, *value, *want;
    } cases[] = {
        {COOKIE_SESSION, "", "v", "hubbub_session=v; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax"},
        {COOKIE_SESSION, "", NULL, "hubbub_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"},
        {COOKIE_SESSION, "X-Forwarded-Proto: https\r\n", "v",
         "__Host-hubbub_session=v; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure"},
        {COOKIE_SESSION, "X-Forwarded-Proto: https\r\n", NULL,
         "__Host-hubbub_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"},
        {COOKIE_GUEST, "", "v", "hubbub_guest=v; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"},
        {COOKIE_GUEST, "X-Forwarded-Proto: https\r\n", "v",
         "__Host-hubbub_guest=v; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax; Secure"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char want[256];
        struct buf headers = BUF_INIT;
        struct exchange x = request("127.0.0.1", cases[i].lines);
        cookie_set(&x, cases[i].which, cases[i].value, &headers);
        buf_add(&headers, "", 1);
        snprintf(want, sizeof want, "Set-Cookie: %s\r\n", cases[i].want);
        assert_string_equal(headers.p, want);
        buf_release(&headers);
    }
}

static void test_get(void **state)
{
    (void)state;
    struct span value;
    struct exchange x = request("127.0.0.1", "Cookie: hubbub_session=1; hubbub_guest=g; hubbub_session=2\r\n"
                                             "Cookie: hubbub_session=3; hubbub_session=4; hubbub_session=5\r\n");
    assert_true(cookie_get(&x, COOKIE_SESSION, 0, &value) && span_equal(value, span_of("1")));
    assert_true(cookie_get(&x, COOKIE_SESSION, 3, &value) && span_equal(value, span_of("4")));
    assert_false(cookie_get(&x, COOKIE_SESSION, COOKIE_TRIES, &value)); /* nobody has so many in earnest */
    assert_true(cookie_get(&x, COOKIE_GUEST, 0, &value) && span_equal(value, span_of("g")));
    assert_false(cookie_get(&x, COOKIE_GUEST, 1, &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_order, set_up),         cmocka_unit_test_setup(test_address, set_up),
        cmocka_unit_test_setup(test_no_guests, set_up),     cmocka_unit_test_setup(test_banned, set_up),
        cmocka_unit_test_setup(test_header_is_off, set_up), cmocka_unit_test(test_secure),
        cmocka_unit_test_setup(test_set, set_up),           cmocka_unit_test_setup(test_get, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
