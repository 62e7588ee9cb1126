/* api: what one may ask about oneself and others: me, password, second factor, pictures, guests. */
#include "api_client.h"

/* ------------------------------------------------------------------ me */

static void test_me(void **state)
{
    (void)state;
    static const char ben[] =
        "{\"user\":{\"id\":9,\"name\":\"Ben\",\"display_name\":\"Ben B\",\"role\":\"moderator\",\"avatar\":2},";
    static const struct {
        const char *lines;
        int status;
        bool is_ben;
        const char *rest, *cookie;
    } cases[] = {
        {ALIVE, 200, true, "\"session\":12,\"scope\":\"admin\",\"totp\":true}",
         "hubbub_session=alive; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax"}, /* its time begins anew */
        {ALIVE GUEST, 200, true, "\"session\":12,", "hubbub_session=alive;"},
        {TOKEN, 200, true, "\"session\":0,\"scope\":\"write\",\"totp\":true}", NULL},
        {TOKEN ALIVE, 200, true, "\"session\":0,\"scope\":\"write\",", NULL},
        {"X-Forwarded-User: Ben\r\n", 200, true, "\"session\":0,\"scope\":\"admin\",", NULL},
        {GUEST, 200, false, "{\"user\":{\"id\":7,\"name\":\"Anna\",\"role\":\"guest\"},\"session\":0,", NULL},
        {"", 401, false, "unauthorized", NULL},
        {"Cookie: hubbub_guest=bad\r\n", 401, false, "unauthorized", NULL},
        {"Cookie: hubbub_session=stale\r\n", 401, false, "unauthorized",
         "hubbub_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"}, /* and is not sent again */
        {"Cookie: hubbub_session=stale; hubbub_guest=good\r\n", 401, false, "unauthorized", "hubbub_session=;"},
        {"Authorization: Bearer hubbub_bad\r\n", 401, false, "unauthorized", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct reply r = call("GET", "me", cases[i].lines, "");
        if (r.status != cases[i].status || !strstr(r.body, cases[i].rest) ||
            (cases[i].is_ben && strncmp(r.body, ben, sizeof ben - 1) != 0))
            fail_msg("%d %s for %s", r.status, r.body, cases[i].lines);
        const char *cookie = reply_header(&r, "Set-Cookie");
        if (cases[i].cookie ? !cookie || strncmp(cookie, cases[i].cookie, strlen(cases[i].cookie)) != 0
                            : cookie != NULL)
            fail_msg("%s for %s", cookie ? cookie : "no cookie", cases[i].lines);
    }
    played.banned = true;
    struct reply r = call("GET", "me", ALIVE, "");
    assert_int_equal(r.status, 403);
    assert_non_null(strstr(r.body, "\"banned\""));
    assert_null(reply_header(&r, "Set-Cookie"));
    played.banned = false;
    chat.settings.allow_guests = false;
    assert_int_equal(call("GET", "me", GUEST, "").status, 401);
}

/* ------------------------------------------------------------------ password and second factor */

static void test_account(void **state)
{
    (void)state;
    static const struct {
        const char *name, *body;
        int status;
        const char *answer;
    } cases[] = {
        {"set_password", "{\"current\":\"right horse\",\"password\":\"left horse\"}", 204, ""},
        {"set_password", "{\"current\":\"wrong horse\",\"password\":\"left horse\"}", 401, "Wrong password."},
        {"set_password", "{\"password\":\"left horse\"}", 400, "\"invalid\""},
        {"start_totp", "{}", 200, "{\"secret\":\"ABCD\",\"uri\":\"otpauth://totp/Ben\"}"},
        {"confirm_totp", "{\"password\":\"right horse\",\"secret\":\"ABCD\",\"code\":\"123456\"}", 200,
         "{\"recovery_codes\":[\"aaaaa-bbbbb\",\"ccccc-ddddd\"]}"},
        {"confirm_totp", "{\"password\":\"right horse\",\"secret\":\"ABCD\",\"code\":\"000000\"}", 401,
         "\"totp_required\""},
        {"confirm_totp", "{\"password\":\"wrong horse\",\"secret\":\"ABCD\",\"code\":\"123456\"}", 401,
         "\"wrong_password\""},
        {"stop_totp", "{\"password\":\"right horse\"}", 204, ""},
        {"stop_totp", "{\"password\":\"wrong horse\"}", 401, "\"wrong_password\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct reply r = call("POST", cases[i].name, JSON OURS ALIVE, cases[i].body);
        if (r.status != cases[i].status || !strstr(r.body, cases[i].answer))
            fail_msg("%d %s for %s %s", r.status, r.body, cases[i].name, cases[i].body);
        /* nobody, a guest, and a program with less than all rights: whatever is in the body, which is not waited for */
        assert_int_equal(call("POST", cases[i].name, JSON, cases[i].body).status, 401);
        assert_int_equal(call("POST", cases[i].name, JSON OURS GUEST, cases[i].body).status, 401);
        assert_int_equal(call("POST", cases[i].name, JSON TOKEN, cases[i].body).status, 403);
    }
    assert_string_equal(played.password, "left horse");
}

/* ------------------------------------------------------------------ pictures */

static void test_avatar(void **state)
{
    (void)state;
    static const struct {
        const char *path, *lines;
        int status;
        const char *cache;
    } cases[] = {
        {"avatar/9?v=2", ALIVE, 200, "private, max-age=31536000, immutable"},
        {"avatar/9?v=2", GUEST, 200, "private, max-age=31536000, immutable"},
        {"avatar/9?v=2", TOKEN, 200, "private, max-age=31536000, immutable"},
        {"avatar/9", ALIVE, 200, "private, no-cache"},
        {"avatar/9?v=1", ALIVE, 200, "private, no-cache"}, /* an address from before, and the picture of now */
        {"avatar/9?v=x", ALIVE, 200, "private, no-cache"},
        {"avatar/9?v=2", ALIVE "If-None-Match: \"9-2\"\r\n", 304, "private, max-age=31536000, immutable"},
        {"avatar/9?v=2", ALIVE "If-None-Match: \"9-1\"\r\n", 200, "private, max-age=31536000, immutable"},
        {"avatar/9?v=2", "", 401, "no-store"},
        {"avatar/9?v=2", "Cookie: hubbub_session=stale\r\n", 401, "no-store"},
        {"avatar/7", ALIVE, 404, "no-store"}, /* has none */
        {"avatar/99", ALIVE, 404, "no-store"},
        {"avatar/", ALIVE, 404, "no-store"},
        {"avatar", ALIVE, 404, "no-store"},
        {"avatar/9x", ALIVE, 404, "no-store"},
        {"avatar/-9", ALIVE, 404, "no-store"},
        {"avatar/9/..", ALIVE, 404, "no-store"},
        {"avatar/9999999999999999999999", ALIVE, 404, "no-store"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct reply r = call("GET", cases[i].path, cases[i].lines, "");
        if (r.status != cases[i].status || strcmp(reply_header(&r, "Cache-Control"), cases[i].cache) != 0)
            fail_msg("%d for %s %s", r.status, cases[i].path, cases[i].lines);
        assert_string_equal(reply_header(&r, "X-Content-Type-Options"), "nosniff");
        assert_string_equal(reply_header(&r, "Content-Security-Policy"), "default-src 'none'; frame-ancestors 'none'");
        if (r.status != 200)
            continue;
        assert_string_equal(reply_header(&r, "Content-Type"), "image/png");
        assert_string_equal(reply_header(&r, "ETag"), "\"9-2\"");
        assert_memory_equal(r.body, "\x89PNG", 4);
    }
}

/* ------------------------------------------------------------------ guests */

static void test_guest(void **state)
{
    (void)state;
    struct reply r = call("POST", "guest", JSON, "{\"name\":\"Kim\"}");
    assert_int_equal(r.status, 201);
    assert_string_equal(r.body, "{\"user\":{\"id\":8,\"name\":\"Kim\",\"role\":\"guest\"}}");
    assert_string_equal(reply_header(&r, "Set-Cookie"),
                        "hubbub_guest=fresh; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax");
    assert_string_equal(reply_header(&r, "Cache-Control"), "no-store");

    r = call("POST", "guest",
             JSON "Cookie: __Host-hubbub_guest=good\r\nX-Forwarded-Proto: https\r\nOrigin: https://127.0.0.1\r\n",
             "{\"name\":\"Anna B\"}");
    assert_int_equal(r.status, 200);
    assert_string_equal(played.address, "127.0.0.1"); /* for the audit */
    assert_string_equal(r.body, "{\"user\":{\"id\":7,\"name\":\"Anna B\",\"role\":\"guest\"}}");
    assert_non_null(strstr(reply_header(&r, "Set-Cookie"), "; Secure"));

    played.too_fast = true;
    r = call("POST", "guest", JSON OURS GUEST, "{\"name\":\"Anna C\"}");
    assert_int_equal(r.status, 429);
    assert_string_equal(reply_header(&r, "Retry-After"), "2");
    assert_int_equal(call("POST", "guest", JSON, "{\"name\":\"Kim\"}").status, 201);

    *played.address = 0;
    r = call("DELETE", "guest", OURS GUEST, "");
    assert_int_equal(r.status, 204);
    assert_string_equal(played.address, "127.0.0.1");
    r = call("DELETE", "guest", "", "");
    assert_int_equal(r.status, 204);
    assert_string_equal(reply_header(&r, "Set-Cookie"), "hubbub_guest=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    chat.settings.allow_guests = false;
    assert_int_equal(call("POST", "guest", JSON, "{\"name\":\"Kim\"}").status, 403);
    assert_int_equal(call("POST", "guest", JSON OURS GUEST, "{\"name\":\"Kim\"}").status, 403);
}

static void test_guest_errors(void **state)
{
    (void)state;
    static const struct {
        const char *lines, *body;
        int status;
        const char *code;
    } cases[] = {
        {JSON, "{\"name\":\"taken\"}", 409, "name_taken"},
        {JSON, "{\"name\":\"\"}", 400, "invalid"},
        {JSON, "{\"name\":7}", 400, "invalid"},
        {JSON, "{}", 400, "invalid"},
        {JSON, "", 400, "invalid_json"},
        {JSON, "{\"name\":", 400, "invalid_json"},
        {JSON, "[[[[[[[[[[[[[[[[", 400, "invalid_json"},
        {"", "{\"name\":\"Ben\"}", 415, "invalid"},
        {JSON "Origin: https://evil.example\r\n", "{\"name\":\"Ben\"}", 403, "forbidden"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char code[64];
        struct reply r = call("POST", "guest", cases[i].lines, cases[i].body);
        if (r.status != cases[i].status)
            fail_msg("%d for %s%s", r.status, cases[i].lines, cases[i].body);
        snprintf(code, sizeof code, "\"code\":\"%s\"", cases[i].code);
        assert_non_null(strstr(r.body, code));
        assert_null(reply_header(&r, "Set-Cookie"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_me, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_account, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_avatar, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_guest, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_guest_errors, set_up, tear_down),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
