/* api: signing in and out, and the requests of the protocol over HTTP. */
#include "api_client.h"

#define BEN_IS "\"user\":{\"id\":9,\"name\":\"Ben\",\"display_name\":\"Ben B\",\"role\":\"moderator\",\"avatar\":2}"

/* ------------------------------------------------------------------ the first run */

static void test_not_set_up(void **state)
{
    (void)state;
    static const struct {
        const char *method, *path;
        int status;
    } cases[] = {
        {"GET", "/", 200},
        {"GET", "/room/lobby", 200},
        {"GET", "/favicon.svg", 200},
        {"GET", "/nothing", 404},
        {"GET", "/healthz", 200},
        {"GET", "/api/v1/place", 200},
        {"GET", "/metrics", 503},
        {"GET", "/ws", 426},
        {"GET", "/api/v1/me", 503},
        {"GET", "/api/v1/invite?code=shell", 503},
        {"GET", "/api/v1/avatar/9", 503},
        {"GET", "/api/v1/nothing", 503},
        {"POST", "/api/v1/sign_in", 503},
        {"POST", "/api/v1/sign_up", 503},
        {"POST", "/api/v1/guest", 503},
        {"DELETE", "/api/v1/guest", 503},
        {"POST", "/api/v1/send", 503},
    };
    played.no_owner = true;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct reply r = ask(cases[i].method, cases[i].path, JSON OURS ALIVE, "");
        if (r.status != cases[i].status || (r.status == 503 && !has_code(&r, "not_set_up")))
            fail_msg("%d for %s %s", r.status, cases[i].method, cases[i].path);
    }
    struct reply r = get("place", "");
    assert_string_equal(r.body,
                        "{\"place\":{\"name\":\"Garden Club\",\"set_up\":false,\"signup\":\"invite\",\"guests\":true,"
                        "\"version\":\"" HUBBUB_VERSION "\"}}");

    r = post("setup", JSON, "{\"name\":\"Ben\",\"password\":\"short\"}");
    assert_int_equal(r.status, 400);
    assert_non_null(strstr(r.body, "at least 10 characters"));
    assert_int_equal(post("setup", JSON, "{\"name\":\"Ben\"}").status, 400);
    r = post("setup", JSON "User-Agent: Firefox\r\nX-Forwarded-For: 192.0.2.7\r\n",
             "{\"name\":\"Ben\",\"password\":\"right horse\",\"place\":\"Garden Club\"}");
    assert_int_equal(r.status, 201);
    assert_string_equal(r.body, "{" BEN_IS "}");
    assert_string_equal(reply_header(&r, "Set-Cookie"),
                        "hubbub_session=fresh; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax");
    assert_string_equal(played.device, "Firefox");
    assert_string_equal(played.address, "192.0.2.7");
    r = post("setup", JSON, "{\"name\":\"Ben\",\"password\":\"right horse\"}");
    assert_int_equal(r.status, 403);
    assert_null(reply_header(&r, "Set-Cookie"));
    assert_non_null(strstr(get("place", "").body, "\"set_up\":true"));
}

/* ------------------------------------------------------------------ in and out */

static void test_sign_in(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        int status;
        const char *code, *retry_after;
    } cases[] = {
        {"{\"name\":\"Ben\",\"password\":\"wrong horse\"}", 401, "wrong_password", NULL},
        {"{\"name\":\"Tess\",\"password\":\"right horse\"}", 401, "totp_required", NULL},
        {"{\"name\":\"Tess\",\"password\":\"right horse\",\"code\":\"000000\"}", 401, "totp_required", NULL},
        {"{\"name\":\"Kim\",\"password\":\"right horse\"}", 403, "banned", NULL},
        {"{\"name\":\"guessed\",\"password\":\"right horse\"}", 429, "rate_limited", "2"},
        {"{\"name\":\"Ben\"}", 400, "invalid", NULL},
        {"{\"name\":\"Ben\",\"password\":7}", 400, "invalid", NULL},
        {"{\"name\":\"Ben\",\"password\":", 400, "invalid_json", NULL},
        {"", 400, "invalid_json", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct reply r = post("sign_in", JSON OURS ALIVE, cases[i].body);
        if (r.status != cases[i].status || !has_code(&r, cases[i].code))
            fail_msg("%d %s for %s", r.status, r.body, cases[i].body);
        assert_null(reply_header(&r, "Set-Cookie"));
        const char *retry = reply_header(&r, "Retry-After");
        assert_string_equal(retry ? retry : "none", cases[i].retry_after ? cases[i].retry_after : "none");
    }
    assert_non_null(
        strstr(post("sign_in", JSON, "{\"name\":\"guessed\",\"password\":\"x\"}").body, "\"retry_after_ms\":1500}"));
    assert_int_equal(played.sign_outs, 0); /* who fails stays signed in as before */

    struct reply r = post("sign_in", JSON, "{\"name\":\"Tess\",\"password\":\"right horse\",\"code\":\"123456\"}");
    assert_int_equal(r.status, 200);
    assert_string_equal(r.body, "{" BEN_IS "}");
    assert_string_equal(reply_header(&r, "Cache-Control"), "no-store");
    r = post("sign_in", JSON "X-Forwarded-Proto: https\r\nUser-Agent: \xff\r\n",
             "{\"name\":\"Ben\",\"password\":\"right horse\"}");
    assert_string_equal(reply_header(&r, "Set-Cookie"),
                        "__Host-hubbub_session=fresh; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure");
    assert_string_equal(played.device, ""); /* which was no text */
    assert_int_equal(played.sign_outs, 0);
}

/* Whatever session a browser comes with, it leaves with a new one. */
static void test_no_fixation(void **state)
{
    (void)state;
    static const char good[] = "{\"name\":\"Ben\",\"password\":\"right horse\"}";
    struct reply r = post("sign_in", JSON OURS "Cookie: hubbub_session=chosen-by-somebody\r\n", good);
    assert_int_equal(r.status, 200);
    assert_non_null(strstr(reply_header(&r, "Set-Cookie"), "hubbub_session=fresh;"));
    assert_int_equal(played.sign_outs, 0);
    r = post("sign_in", JSON OURS ALIVE, good);
    assert_int_equal(r.status, 200);
    assert_non_null(strstr(reply_header(&r, "Set-Cookie"), "hubbub_session=fresh;"));
    assert_int_equal(played.sign_outs, 1); /* nobody could end the old one any more */
}

static void test_sign_up(void **state)
{
    (void)state;
    static const char body[] = "{\"name\":\"Gone\",\"password\":\"right horse\",\"invite\":\"open sesame\"}";
    struct reply r = post("sign_up", JSON, "{\"name\":\"Gone\",\"password\":\"right horse\",\"invite\":\"no\"}");
    assert_int_equal(r.status, 404);
    assert_non_null(strstr(r.body, "This invitation is no longer valid."));
    r = post("sign_up", JSON, body);
    assert_int_equal(r.status, 201);
    assert_string_equal(r.body, "{\"user\":{\"id\":10,\"name\":\"Gone\",\"role\":\"member\"}}");
    assert_int_equal(played.promoted, 0);

    chat.settings.allow_guests = false; /* a guest from earlier times may still become an account */
    r = post("sign_up", JSON OURS GUEST, body);
    assert_int_equal(r.status, 201);
    assert_int_equal(played.promoted, ANNA);
    assert_non_null(strstr(r.head, "Set-Cookie: hubbub_session=fresh;"));
    assert_non_null(strstr(r.head, "Set-Cookie: hubbub_guest=; Path=/; Max-Age=0;"));
    assert_int_equal(post("sign_up", JSON OURS "Cookie: hubbub_guest=gone\r\n", body).status, 201);
    assert_int_equal(played.promoted, 0);

    chat.settings.signup = SIGNUP_CLOSED;
    assert_int_equal(post("sign_up", JSON, body).status, 403);
    assert_string_equal(get("invite?code=open+sesame", "").body,
                        "{\"invite\":{\"valid\":false,\"reason\":\"closed\"}}");
    assert_non_null(strstr(get("place", "").body, "\"signup\":\"closed\""));
}

static void test_invite(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"invite?code=open+sesame", "{\"invite\":{\"valid\":true,\"by\":{\"id\":9,\"name\":\"Ben\",\"display_name\":"
                                    "\"Ben B\"},\"rooms\":[\"garden\",\"yard\"]}}"},
        {"invite?code=shell",
         "{\"invite\":{\"valid\":true,\"by\":{\"id\":0,\"name\":\"admin\"},\"rooms\":[\"garden\",\"yard\"]}}"},
        {"invite?code=nothing", "{\"invite\":{\"valid\":false,\"reason\":\"unknown\"}}"},
        {"invite?code=%ff", "{\"invite\":{\"valid\":false,\"reason\":\"unknown\"}}"},
        {"invite?code=%zz", "{\"invite\":{\"valid\":false,\"reason\":\"unknown\"}}"},
        {"invite", "{\"invite\":{\"valid\":false,\"reason\":\"unknown\"}}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct reply r = get(cases[i][0], "");
        assert_int_equal(r.status, 200);
        assert_string_equal(r.body, cases[i][1]);
    }
}

static void test_sign_out(void **state)
{
    (void)state;
    static const char *const lines[] = {JSON OURS ALIVE, JSON OURS "Cookie: hubbub_session=stale\r\n", JSON};
    for (int i = 0; i < 3; i++) {
        struct reply r = post("sign_out", lines[i], "{}");
        assert_int_equal(r.status, 204);
        assert_string_equal(reply_header(&r, "Set-Cookie"),
                            "hubbub_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
        assert_int_equal(played.sign_outs, 1);
    }
}

static void test_use_reset(void **state)
{
    (void)state;
    assert_string_equal(get("reset?code=once", "").body, "{\"reset\":{\"valid\":true,\"name\":\"Ben\"}}");
    static const char *const invalid[] = {"reset?code=twice", "reset?code=%ff", "reset"};
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++) {
        struct reply none = get(invalid[i], "");
        assert_int_equal(none.status, 200);
        assert_string_equal(none.body, "{\"reset\":{\"valid\":false}}");
    }
    assert_int_equal(get("reset?code=late", "").status, 507);

    assert_int_equal(post("use_reset", JSON, "{\"code\":\"once\",\"password\":\"left horse\"}").status, 204);
    assert_string_equal(played.password, "left horse");
    struct reply r = post("use_reset", JSON, "{\"code\":\"twice\",\"password\":\"left horse\"}");
    assert_int_equal(r.status, 404);
    assert_non_null(strstr(r.body, "This link has been used"));
}

/* ------------------------------------------------------------------ requests of the protocol */

static void test_requests(void **state)
{
    (void)state;
    static const struct {
        const char *name, *lines, *body;
        int status;
        const char *answer;
        enum request_type type;
        int64_t user;
    } cases[] = {
        {"send", ALIVE, "{\"id\":\"1\",\"room\":1,\"body\":\"Hello\"}", 200, "{\"type\":\"ack\",\"id\":\"1\"}",
         REQUEST_SEND, BEN},
        {"send", GUEST, "{\"id\":\"1\",\"room\":\"lobby\",\"body\":\"Hello\"}", 200, NULL, REQUEST_SEND, ANNA},
        {"send", TOKEN, "{\"id\":\"1\",\"room\":\"lobby\",\"body\":\"Hello\"}", 200, NULL, REQUEST_SEND, BEN},
        {"send", TOKEN, "{\"id\":\"1\",\"room\":\"lobby\",\"body\":\"fast\"}", 429, "\"retry_after_ms\":2001}", 0, 0},
        {"send", TOKEN, "{\"id\":\"1\",\"room\":\"nowhere\",\"body\":\"Hello\"}", 404,
         "There is no room \\\"nowhere\\\".", 0, 0},
        {"send", ALIVE, "{\"room\":1,\"body\":\"Hello\"}", 400, "\\\"id\\\"", 0, 0},
        {"send", ALIVE, "{\"id\":\"1\",\"room\":1,\"body\":\"\xff\"}", 400, "invalid_json", 0, 0},
        {"send", "", "{\"id\":\"1\",\"room\":1,\"body\":\"Hello\"}", 401, "unauthorized", 0, 0},
        {"create_room", ALIVE, "{\"name\":\"garden\"}", 200, "{\"type\":\"ack\",\"id\":\"\"}", REQUEST_CREATE_ROOM,
         BEN},
        {"history", GUEST, "{\"room\":1}", 200, "{\"type\":\"list\"}", REQUEST_HISTORY, ANNA},
        {"people", ALIVE, "{\"query\":\"an\"}", 200, "{\"type\":\"list\"}", REQUEST_PEOPLE, BEN},
        {"sessions", ALIVE, "", 200, "{\"type\":\"list\"}", REQUEST_SESSIONS, BEN},
        {"sessions", ALIVE, "[]", 400, "invalid_json", 0, 0},
        {"join", ALIVE, "{\"room\":1}", 404, "Unknown API call.", 0, 0},
        {"ping", ALIVE, "{}", 404, "Unknown API call.", 0, 0},
        {"Send", ALIVE, "{}", 404, "Unknown API call.", 0, 0},
        {"send/", ALIVE, "{}", 404, "Unknown API call.", 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char lines[256];
        snprintf(lines, sizeof lines, JSON OURS "%s", cases[i].lines);
        played.caller = (struct caller){0};
        struct reply r = post(cases[i].name, lines, cases[i].body);
        if (r.status != cases[i].status || (cases[i].answer && !strstr(r.body, cases[i].answer)))
            fail_msg("%d %s for %s %s", r.status, r.body, cases[i].name, cases[i].body);
        if (r.status != 200)
            continue;
        assert_string_equal(reply_header(&r, "Content-Type"), "application/json");
        assert_int_equal(played.type, cases[i].type);
        assert_int_equal(played.caller.user_id, cases[i].user);
        assert_string_equal(played.caller.address, "127.0.0.1");
    }
    struct reply r = post("send", JSON TOKEN, "{\"id\":\"1\",\"room\":1,\"body\":\"fast\"}");
    assert_string_equal(reply_header(&r, "Retry-After"), "3");
    assert_int_equal(played.caller.scope, SCOPE_WRITE);
    assert_int_equal(played.caller.token_id, 3);
}

/* A picture needs a longer body than anything else. */
static void test_long_bodies(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t bytes;
        int status;
    } cases[] = {
        {"send", 65536, 200}, {"send", 65537, 413}, {"set_profile", 131072, 200}, {"set_profile", 131073, 413}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        static const char begin[] = "{\"id\":\"1\",\"room\":1,\"body\":\"Hello\",\"x\":\"", end[] = "\"}";
        struct buf text = BUF_INIT;
        buf_printf(&text, "POST /api/v1/%s HTTP/1.1\r\n" HOST JSON OURS ALIVE "Content-Length: %zu\r\n" END "%s",
                   cases[i].name, cases[i].bytes, begin);
        for (size_t n = sizeof begin - 1; n < cases[i].bytes - (sizeof end - 1); n++)
            buf_add_char(&text, 'x');
        buf_add_str(&text, end);
        buf_add(&text, "", 1);
        assert_int_equal(client_ask(port, text.p).status, cases[i].status);
        buf_release(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_not_set_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sign_in, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_fixation, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sign_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_invite, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sign_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_use_reset, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_requests, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_long_bodies, set_up, tear_down),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
