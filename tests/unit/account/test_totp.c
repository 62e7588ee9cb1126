/* account: the second factor, as HTTP workers call it: turning it on and off, and signing in with it. */
#include "account_live.h"
#include "chat/admit/standing.h"

#include <liboath/oath.h>

struct app {
    char secret[64];
    char codes[256];
};

static const char *code_at(const struct app *app, int64_t wall_ms)
{
    static char code[8];
    char *key;
    size_t len;
    assert_int_equal(oath_base32_decode(app->secret, strlen(app->secret), &key, &len), OATH_OK);
    assert_int_equal(oath_totp_generate(key, len, (time_t)(wall_ms / 1000), 30, 0, 6, code), OATH_OK);
    free(key);
    return code;
}

static const char *code_now(const struct app *app)
{
    return code_at(app, live_wall_ms(NULL));
}

static void copy_out(struct buf *from, char *to, size_t size)
{
    assert_true(from->len < size);
    memcpy(to, from->p, from->len);
    to[from->len] = 0;
    buf_release(from);
}

static enum err confirm(const struct caller *who, const char *password, const char *secret, const char *code,
                        struct buf *codes)
{
    int64_t retry_after_ms;
    return account_totp_confirm(live.chat, who, span_of(password), span_of(secret), span_of(code), codes,
                                &retry_after_ms);
}

static enum err turn_off(const struct caller *who, const char **why, int64_t *retry_after_ms)
{
    *why = NULL;
    return account_totp_stop(live.chat, who, span_of(good_password), why, retry_after_ms);
}

static void turn_on(const struct caller *who, struct app *app)
{
    struct buf secret = BUF_INIT, uri = BUF_INIT, codes = BUF_INIT;
    assert_int_equal(account_totp_begin(live.chat, who, &secret, &uri), OK);
    buf_add_char(&uri, 0);
    assert_non_null(strstr(uri.p, "otpauth://totp/Hubbub:olga?secret="));
    assert_non_null(strstr(uri.p, "&issuer=Hubbub"));
    copy_out(&secret, app->secret, sizeof app->secret);
    buf_release(&uri);
    assert_int_equal(confirm(who, "a wrong one", app->secret, code_now(app), &codes), ERR_WRONG_PASSWORD);
    assert_int_equal(confirm(who, good_password, app->secret, code_at(app, 0), &codes), ERR_TOTP_REQUIRED);
    assert_int_equal(confirm(who, good_password, "GEZDGNBV", "123456", &codes), ERR_INVALID);
    assert_int_equal(codes.len, 0);
    assert_int_equal(confirm(who, good_password, app->secret, code_now(app), &codes), OK);
    copy_out(&codes, app->codes, sizeof app->codes);
}

static void a_code_is_asked_for_and_lets_in_once(void **state)
{
    (void)state;
    struct account_login login;
    struct app app;
    const char *why;
    int64_t retry_after_ms;
    set_up(&login);
    turn_on(&login.who, &app);
    assert_int_equal(sign_in("olga", good_password, code_now(&app), "192.0.2.1", &login), ERR_TOTP_REQUIRED); /* used */
    pass_ms(60000);
    for (int i = 0; i < 10; i++) /* the page asks for it after the password: that is no wrong guess */
        assert_int_equal(sign_in("olga", good_password, "", "192.0.2.1", &login), ERR_TOTP_REQUIRED);
    assert_int_equal(sign_in("olga", "a wrong password", code_now(&app), "192.0.2.1", &login), ERR_WRONG_PASSWORD);
    assert_int_equal(sign_in("olga", good_password, code_now(&app), "192.0.2.1", &login), OK);
    assert_int_equal(sign_in("olga", good_password, code_now(&app), "192.0.2.1", &login), ERR_TOTP_REQUIRED);
    pass_ms(30000);
    assert_int_equal(sign_in("olga", good_password, code_now(&app), "192.0.2.1", &login), OK);
    for (int i = 0; i < 5; i++)
        assert_int_equal(sign_in("olga", good_password, "000000", "192.0.2.1", &login), ERR_TOTP_REQUIRED);
    assert_int_equal(sign_in("olga", good_password, code_now(&app), "192.0.2.1", &login), ERR_RATE_LIMITED);
    assert_int_equal(turn_off(&login.who, &why, &retry_after_ms), ERR_RATE_LIMITED);
    assert_in_range(retry_after_ms, 1, 60000);
    pass_ms(60000);
    assert_int_equal(turn_off(&login.who, &why, &retry_after_ms), OK);
    assert_int_equal(sign_in("olga", good_password, "", "192.0.2.1", &login), OK);
}

static void codes_let_in_after_the_clock_was_set_back(void **state)
{
    (void)state;
    static const int64_t day_ms = 24 * 3600 * 1000, step_ms = 30000;
    struct account_login login;
    struct app app;
    set_up(&login);
    turn_on(&login.who, &app);
    pass_ms(step_ms);
    assert_int_equal(sign_in("olga", good_password, code_now(&app), "192.0.2.1", &login), OK);
    const int64_t used = live_query("SELECT totp_last FROM users WHERE id = 1");
    set_clock_ms(-day_ms);
    assert_int_equal(sign_in("olga", good_password, "000000", "192.0.2.1", &login), ERR_TOTP_REQUIRED);
    assert_int_equal(live_query("SELECT totp_last FROM users WHERE id = 1"), used); /* a wrong code changes nothing */
    assert_int_equal(sign_in("olga", good_password, code_now(&app), "192.0.2.1", &login), ERR_TOTP_REQUIRED);
    assert_int_equal(live_query("SELECT totp_last FROM users WHERE id = 1"), used - day_ms / step_ms);
    assert_int_equal(sign_in("olga", good_password, code_now(&app), "192.0.2.1", &login), ERR_TOTP_REQUIRED);
    pass_ms(step_ms);
    assert_int_equal(sign_in("olga", good_password, code_now(&app), "192.0.2.1", &login), OK);
    assert_int_equal(sign_in("olga", good_password, code_now(&app), "192.0.2.1", &login), ERR_TOTP_REQUIRED);

    /* A phone that is ahead of the clock shows the code of the next step: that one is good at once. */
    pass_ms(step_ms);
    set_clock_ms(-day_ms);
    assert_int_equal(sign_in("olga", good_password, code_at(&app, live_wall_ms(NULL) + step_ms), "192.0.2.1", &login),
                     OK);
    /* Set back by less than what is good anyway: nothing is used twice, and the next code is good in its turn. */
    pass_ms(step_ms);
    set_clock_ms(-step_ms);
    const int64_t last = live_query("SELECT totp_last FROM users WHERE id = 1");
    for (int64_t ahead_ms = 0; ahead_ms <= step_ms; ahead_ms += step_ms)
        assert_int_equal(
            sign_in("olga", good_password, code_at(&app, live_wall_ms(NULL) + ahead_ms), "192.0.2.1", &login),
            ERR_TOTP_REQUIRED);
    assert_int_equal(live_query("SELECT totp_last FROM users WHERE id = 1"), last);
}

static void recovery_codes_let_in_once_each(void **state)
{
    (void)state;
    struct account_login login;
    struct app app;
    char code[16], typed[16];
    size_t n = 0;
    set_up(&login);
    turn_on(&login.who, &app);
    for (char *line = app.codes, *end; (end = strchr(line, '\n')); line = end + 1, n++) {
        assert_int_equal(end - line, ACCOUNT_RECOVERY_CODE_BYTES - 1);
        snprintf(code, sizeof code, "%.*s", (int)(end - line), line);
    }
    assert_int_equal(n, ACCOUNT_RECOVERY_CODES);
    assert_int_equal(live_query("SELECT count(*) FROM recovery_codes"), ACCOUNT_RECOVERY_CODES);
    assert_int_equal(sign_in("olga", good_password, "aaaaa-aaaaa", "192.0.2.1", &login), ERR_TOTP_REQUIRED);
    size_t len = 0;
    for (const char *p = code; *p; p++) /* as somebody types it from paper */
        if (*p != '-')
            typed[len++] = *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;
    typed[len] = 0;
    assert_int_equal(sign_in("olga", good_password, typed, "192.0.2.1", &login), OK);
    assert_int_equal(sign_in("olga", good_password, code, "192.0.2.1", &login), ERR_TOTP_REQUIRED);
    assert_int_equal(live_query("SELECT count(*) FROM recovery_codes"), ACCOUNT_RECOVERY_CODES - 1);
}

static void an_admin_without_the_factor_that_is_wanted_is_a_member(void **state)
{
    (void)state;
    struct account_login login;
    struct caller who;
    struct app app;
    char token[TOKEN_BYTES];
    const char *why;
    int64_t retry_after_ms;
    set_up(&login);
    create_token(login.who.user_id, SCOPE_ADMIN, 0, token);
    struct command place = live_command(0, COMMAND_PLACE_SET);
    fields_set(&place.f, F_REQUIRE_TOTP, 1);
    live_run(&place);
    assert_int_equal(account_by_session(live.chat, span_of(login.token), span_of(""), &who), OK);
    assert_int_equal(standing_scope(live.chat, &who), SCOPE_WRITE);
    assert_int_equal(account_by_token(live.chat, span_of(token), &who, &why), OK);
    assert_int_equal(standing_scope(live.chat, &who), SCOPE_WRITE);
    assert_int_equal(sign_in("olga", good_password, "", "192.0.2.1", &login), OK);
    assert_int_equal(standing_scope(live.chat, &login.who), SCOPE_WRITE);
    turn_on(&login.who, &app);
    assert_int_equal(standing_scope(live.chat, &login.who), SCOPE_ADMIN); /* those who were in before, too */
    assert_int_equal(standing_scope(live.chat, &who), SCOPE_ADMIN);
    assert_int_equal(turn_off(&login.who, &why, &retry_after_ms), ERR_FORBIDDEN);
    assert_string_equal(why, "Admins here need two-factor authentication.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_LIVE(a_code_is_asked_for_and_lets_in_once),
        WITH_LIVE(codes_let_in_after_the_clock_was_set_back),
        WITH_LIVE(recovery_codes_let_in_once_each),
        WITH_LIVE(an_admin_without_the_factor_that_is_wanted_is_a_member),
    };
    return secret_init() || cmocka_run_group_tests(tests, NULL, NULL);
}
