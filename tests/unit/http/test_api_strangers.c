/* api: what pages of other sites may not, and what too many new people from one address may not. */
#include "api_client.h"

/* ------------------------------------------------------------------ pages of other sites */

/* Every call that changes something, and everything that a page of another site cannot keep its browser from saying. */
static void test_cross_site(void **state)
{
    (void)state;
    static const char *const calls[] = {"setup",        "sign_in",     "sign_up",      "sign_out",  "use_reset",
                                        "set_password", "start_totp",  "confirm_totp", "stop_totp", "guest",
                                        "send",         "create_room", "ban",          "people",    "create_token"};
    static const struct {
        const char *lines;
        int status; /* 0: not refused for where it came from */
    } cases[] = {
        {JSON "Origin: http://127.0.0.1\r\n", 0},
        {JSON "Origin: http://127.0.0.1\r\nSec-Fetch-Site: same-origin\r\n", 0},
        {JSON "Origin: https://friend.example\r\n", 0},
        {JSON "Sec-Fetch-Site: same-origin\r\n", 0},
        {JSON, 403}, /* with a cookie every browser says where it comes from */
        {JSON "Authorization: Basic cHJveHk6\r\n", 403},
        {JSON "Origin: https://evil.example\r\n", 403},
        {JSON "Origin: https://evil.example\r\n" TOKEN, 403},
        {JSON "Origin: http://127.0.0.1:81\r\n", 403},
        {JSON "Origin: null\r\n", 403},
        {JSON "Origin: http://127.0.0.1\r\nOrigin: http://127.0.0.1\r\n", 403},
        {JSON "Sec-Fetch-Site: cross-site\r\n", 403},
        {JSON "Sec-Fetch-Site: same-site\r\n" TOKEN, 403},
        {OURS, 415},
        {OURS "Content-Type: text/plain\r\n", 415},
        {"Content-Type: application/x-www-form-urlencoded\r\nOrigin: http://127.0.0.1\r\n", 415},
        {"Content-Type: multipart/form-data\r\n" TOKEN, 415},
    };
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        for (size_t j = 0; j < sizeof cases / sizeof cases[0]; j++) {
            char lines[512];
            snprintf(lines, sizeof lines, "%s" ALIVE, cases[j].lines);
            played.type = REQUEST_TYPES;
            struct reply r = post(calls[i], lines, "[");
            bool expected = cases[j].status ? r.status == cases[j].status : r.status != 403 && r.status != 415;
            if (!expected || (cases[j].status && (reply_header(&r, "Set-Cookie") || played.type != REQUEST_TYPES)))
                fail_msg("%d for %s with %s", r.status, calls[i], lines);
            assert_null(reply_header(&r, "Access-Control-Allow-Origin"));
        }
    }
    assert_int_equal(ask("DELETE", "/api/v1/guest", "Origin: http://evil\r\n", "").status, 403);
    assert_int_equal(played.sign_outs, 4); /* sign_out needs no body, and so was carried out where it was allowed */
}

/* What comes along by itself: then one of the headers that tell of the page has to, too. */
static void test_who_comes_along(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        int status;
        const char *why;
    } cases[] = {
        {"", 401, "nobody"},
        {"Cookie: theme=dark\r\n", 401, "a cookie that is none of ours"},
        {"Cookie: __Host-hubbub_session=alive\r\n", 401, "one that is not looked at without TLS"},
        {TOKEN, 200, "a program"},
        {TOKEN ALIVE, 200, "the token is what counts"},
        {ALIVE, 403, "a session"},
        {"Cookie: hubbub_session=stale\r\n", 403, "a session that is over"},
        {GUEST, 403, "a guest"},
        {"X-Forwarded-User: Ben\r\n", 403, "whom the proxy has signed in"},
        {"X-Forwarded-User: Ben\r\n" OURS, 200, "the same from our page"},
        {"X-Forwarded-Proto: https\r\nCookie: __Host-hubbub_session=alive\r\n", 403, "a session by TLS"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char lines[512];
        snprintf(lines, sizeof lines, JSON "%s", cases[i].lines);
        struct reply r = post("people", lines, "{}");
        if (r.status != cases[i].status || (r.status == 403 && !strstr(r.body, "needs an Origin header")))
            fail_msg("%d %s for %s", r.status, r.body, cases[i].why);
    }
    assert_int_equal(ask("DELETE", "/api/v1/guest", GUEST, "").status, 403);
    assert_int_equal(ask("DELETE", "/api/v1/guest", GUEST OURS, "").status, 204);
    assert_int_equal(get("me", ALIVE).status, 200); /* nothing is changed by looking */
}

/* ------------------------------------------------------------------ new people */

/* One burst for accounts and guests together; only who has really come counts, and no visitor. */
static void test_newcomers(void **state)
{
    (void)state;
    static const char account[] = "{\"name\":\"ben\",\"password\":\"right horse\",\"invite\":\"open sesame\"}";
    struct http_settings settings = usual;
    struct http_error why;
    struct client c;
    settings.rate_newcomers_per_min = 1;
    settings.rate_newcomers_burst = 2;
    descriptors_before = count_descriptors();
    assert_int_equal(start(&settings, &why), OK);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(post("guest", JSON, "{\"name\":\"taken\"}").status, 409);
        assert_int_equal(post("sign_up", JSON, "{\"name\":\"ben\",\"password\":\"right horse\"}").status, 404);
    }
    assert_int_equal(post("guest", JSON, "{\"name\":\"Kim\"}").status, 201);
    assert_int_equal(post("sign_up", JSON, account).status, 201);
    static const struct {
        const char *name, *body;
    } more[] = {{"guest", "{\"name\":\"Lou\"}"}, {"sign_up", account}};
    for (size_t i = 0; i < 2; i++) {
        struct reply r = post(more[i].name, JSON, more[i].body);
        assert_int_equal(r.status, 429);
        assert_true(has_code(&r, "rate_limited"));
        assert_non_null(strstr(r.body, "from your network"));
        assert_non_null(strstr(r.body, "\"retry_after_ms\":"));
        assert_in_range(atoi(reply_header(&r, "Retry-After")), 1, 60);
        assert_null(reply_header(&r, "Set-Cookie"));
    }
    upgrade(&c, "/ws?name=Visitor", "");
    assert_int_equal(client_reply(&c, true).status, 101);
    wait_adopted(1);
    drop_adopted(0);
    client_close(&c);
    assert_int_equal(metric_get(&metrics.newcomers_rate_limited_total), 2);

    /* Who is there already is no newcomer, and other addresses have their own. */
    assert_int_equal(post("guest", JSON OURS GUEST, "{\"name\":\"Anna B\"}").status, 200);
    assert_int_equal(post("sign_up", JSON OURS GUEST, account).status, 201);
    assert_int_equal(post("guest", JSON "X-Forwarded-For: 192.0.2.7\r\n", "{\"name\":\"Lou\"}").status, 201);
    upgrade(&c, "/ws", GUEST);
    assert_int_equal(client_reply(&c, true).status, 101);
    wait_adopted(2);
    drop_adopted(1);
    client_close(&c);
    tear_down(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_cross_site, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_who_comes_along, set_up, tear_down),
        cmocka_unit_test(test_newcomers),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
