/* account, once one is in: how long sessions and tokens last and what they may, other passwords, and one-time links. The
 * second factor is in test_account_totp.c. */
#include "account_live.h"
#include "chat/admit/standing.h"

static const int64_t day_ms = 24 * 3600 * 1000;

static enum err by_session(const struct account_login *login)
{
    struct caller who;
    return account_by_session(live.chat, span_of(login->token), span_of("192.0.2.1"), &who);
}

/* ------------------------------------------------------------------ sessions */

static void a_session_lasts_while_it_is_used(void **state)
{
    (void)state;
    struct account_login used, left;
    set_up(&used);
    assert_int_equal(sign_in("olga", good_password, "", "192.0.2.1", &left), OK);
    pass_ms(29 * day_ms);
    assert_int_equal(by_session(&used), OK);
    assert_int_equal(account_sign_out(live.chat, &(struct caller){0}), ERR_UNAUTHORIZED);
    struct command fence = live_command(0, COMMAND_PLACE_SET); /* what nobody waits for was proposed before this */
    fields_set(&fence.f, F_REQUIRE_TOTP, 0);
    live_run(&fence);
    pass_ms(day_ms);
    assert_int_equal(by_session(&used), OK);
    assert_int_equal(by_session(&left), ERR_UNAUTHORIZED);
    pass_ms(30 * day_ms);
    assert_int_equal(by_session(&used), ERR_UNAUTHORIZED);
}

static void it_is_not_renewed_with_every_request(void **state)
{
    (void)state;
    struct account_login login;
    struct command fence = live_command(0, COMMAND_PLACE_SET);
    fields_set(&fence.f, F_REQUIRE_TOTP, 0);
    set_up(&login);
    for (int i = 0; i < 10; i++)
        assert_int_equal(by_session(&login), OK);
    live_run(&fence);
    assert_int_equal(live_query("SELECT seen_at FROM sessions"), live_start_ms);
    pass_ms(3600 * 1000 - 1);
    assert_int_equal(by_session(&login), OK);
    live_run(&fence);
    assert_int_equal(live_query("SELECT seen_at FROM sessions"), live_start_ms);
    pass_ms(1);
    assert_int_equal(by_session(&login), OK);
    live_run(&fence);
    assert_int_equal(live_query("SELECT seen_at FROM sessions"), live_start_ms + 3600 * 1000);
    assert_int_equal(live_query("SELECT expires_at FROM sessions"), live_start_ms + 3600 * 1000 + 30 * day_ms);
}

static void what_is_no_token_lets_nobody_in(void **state)
{
    (void)state;
    struct account_login login;
    struct caller who;
    const char *why;
    char other[ACCOUNT_TOKEN_BYTES];
    set_up(&login);
    static const char *const texts[] = {"", "x", "hubbubs_", "hubbub_",
                                        "hubbubs_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_int_equal(account_by_session(live.chat, span_of(texts[i]), span_of(""), &who), ERR_UNAUTHORIZED);
        assert_int_equal(account_by_token(live.chat, span_of(texts[i]), &who, &why), ERR_UNAUTHORIZED);
        assert_string_equal(why, "This access token is not valid.");
    }
    memcpy(other, login.token, sizeof other);
    other[20] = other[20] == 'A' ? 'B' : 'A';
    assert_int_equal(account_by_session(live.chat, span_of(other), span_of(""), &who), ERR_UNAUTHORIZED);
    assert_int_equal(account_by_token(live.chat, span_of(login.token), &who, &why),
                     ERR_UNAUTHORIZED); /* not as a token */
}

/* ------------------------------------------------------------------ tokens */

static void tokens_have_scopes_and_ends(void **state)
{
    (void)state;
    struct account_login login;
    struct caller who;
    const char *why = NULL;
    char text[SCOPE_COUNT][TOKEN_BYTES], brief[TOKEN_BYTES];
    int64_t ids[SCOPE_COUNT];
    set_up(&login);
    for (int scope = 0; scope < SCOPE_COUNT; scope++)
        ids[scope] = create_token(login.who.user_id, (enum scope)scope, 0, text[scope]);
    for (int scope = 0; scope < SCOPE_COUNT; scope++) {
        assert_int_equal(strncmp(text[scope], "hubbub_", 7), 0);
        assert_int_equal(account_by_token(live.chat, span_of(text[scope]), &who, &why), OK);
        assert_int_equal(who.scope, scope);
        assert_int_equal(who.token_id, ids[scope]);
        assert_int_equal(who.session_id, 0);
        assert_int_equal(who.user_id, login.who.user_id);
    }
    create_token(login.who.user_id, SCOPE_READ, live_start_ms + 1000, brief);
    assert_int_equal(account_by_token(live.chat, span_of(brief), &who, &why), OK);
    pass_ms(1000);
    assert_int_equal(account_by_token(live.chat, span_of(brief), &who, &why), ERR_UNAUTHORIZED);
    assert_string_equal(why, "This access token has expired.");
    struct command revoke = live_command(login.who.user_id, COMMAND_TOKEN_REVOKE);
    fields_set(&revoke.f, F_TOKEN, ids[SCOPE_WRITE]);
    live_run(&revoke);
    assert_int_equal(account_by_token(live.chat, span_of(text[SCOPE_WRITE]), &who, &why), ERR_UNAUTHORIZED);
    assert_string_equal(why, "This access token was revoked.");
    assert_int_equal(account_by_token(live.chat, span_of(text[SCOPE_ADMIN]), &who, &why), OK);
    int64_t retry_ms;
    assert_int_equal(
        account_set_password(live.chat, &who, span_of(good_password), span_of("another horse"), &why, &retry_ms),
        ERR_FORBIDDEN); /* a program does not sign its owner out */
}

/* ------------------------------------------------------------------ another password */

static void another_password_ends_the_other_sessions(void **state)
{
    (void)state;
    struct account_login here, there;
    int64_t retry_ms;
    const char *why = NULL;
    set_up(&here);
    assert_int_equal(sign_in("olga", good_password, "", "192.0.2.2", &there), OK);
    assert_int_equal(
        account_set_password(live.chat, &here.who, span_of("a wrong one"), span_of("another horse"), &why, &retry_ms),
        ERR_WRONG_PASSWORD);
    assert_int_equal(
        account_set_password(live.chat, &here.who, span_of(good_password), span_of("qwertyuiop"), &why, &retry_ms),
        ERR_INVALID);
    assert_non_null(why);
    assert_int_equal(by_session(&there), OK);
    assert_int_equal(
        account_set_password(live.chat, &here.who, span_of(good_password), span_of("another horse"), &why, &retry_ms),
        OK);
    assert_int_equal(by_session(&here), OK);
    assert_int_equal(by_session(&there), ERR_UNAUTHORIZED);
    assert_int_equal(sign_in("olga", good_password, "", "192.0.2.1", &there), ERR_WRONG_PASSWORD);
    assert_int_equal(sign_in("olga", "another horse", "", "192.0.2.1", &there), OK);
    for (int i = 0; i < 5; i++)
        assert_int_equal(
            account_set_password(live.chat, &here.who, span_of("a wrong one"), span_of("x"), &why, &retry_ms),
            ERR_WRONG_PASSWORD);
    assert_int_equal(account_set_password(live.chat, &here.who, span_of("a wrong one"), span_of("x"), &why, &retry_ms),
                     ERR_RATE_LIMITED); /* no way to guess around the sign-in */
    assert_int_equal(retry_ms, 1000);
}

#define COMPOSED   "cr\u00e8me br\u00fbl\u00e9e"
#define DECOMPOSED "cre\u0300me bru\u0302le\u0301e"

/* From before passwords had one form: the hash is of what was typed, which is the other form here. */
static void an_old_hash_is_renewed_by_a_sign_in(void **state)
{
    (void)state;
    char old[PASSWORD_HASH_BYTES];
    struct account_login login, later;
    set_up(&login);
    struct command c = live_command(login.who.user_id, COMMAND_PASSWORD_SET);
    assert_int_equal(secret_hash_password(span_of(DECOMPOSED), old), OK);
    fields_set_text(&c.f, F_PASSWORD, span_of(old));
    live_run(&c);
    assert_int_equal(sign_in("olga", COMPOSED, "", "192.0.2.1", &later), ERR_WRONG_PASSWORD);
    assert_int_equal(sign_in("olga", DECOMPOSED, "", "192.0.2.1", &login), OK);
    assert_int_equal(sign_in("olga", COMPOSED, "", "192.0.2.1", &later), OK);
    assert_int_equal(by_session(&login), OK);
    assert_int_equal(live_query("SELECT count(*) FROM audit WHERE verb = 'set_password'"), 1);
}

static void create_reset(int64_t user, char code[TOKEN_BYTES])
{
    uint8_t hash[HASH_BYTES];
    struct command c = live_command(0, COMMAND_RESET_CREATE);
    token_make(&live_env, TOKEN_CODE, code, hash);
    fields_set_text(&c.f, F_HASH, (struct span){(const char *)hash, sizeof hash});
    fields_set(&c.f, F_USER, user);
    fields_set(&c.f, F_EXPIRES, live_wall_ms(NULL) + day_ms);
    live_run(&c);
}

static enum err use_reset(const char *code, const char *password)
{
    const char *why = NULL;
    return account_use_reset(live.chat, span_of(code), span_of(password), span_of("203.0.113.5"), &why);
}

static void a_link_sets_a_password_once(void **state)
{
    (void)state;
    struct account_login login;
    char code[TOKEN_BYTES];
    set_up(&login);
    create_reset(login.who.user_id, code);
    assert_int_equal(use_reset("", "another horse"), ERR_NOT_FOUND);
    assert_int_equal(use_reset("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "another horse"), ERR_NOT_FOUND);
    assert_int_equal(use_reset(code, "short"), ERR_INVALID);
    assert_int_equal(use_reset(code, "another horse"), OK);
    assert_int_equal(use_reset(code, "a third horse"), ERR_NOT_FOUND);
    assert_int_equal(by_session(&login), ERR_UNAUTHORIZED);
    assert_int_equal(sign_in("olga", "another horse", "", "192.0.2.1", &login), OK);
    create_reset(login.who.user_id, code);
    pass_ms(day_ms);
    assert_int_equal(use_reset(code, "a third horse"), ERR_NOT_FOUND);
}

/* Whoever keeps the account's count full from everywhere does not keep out who has used a link. */
static void a_link_lets_in_during_an_attack(void **state)
{
    (void)state;
    struct account_login login;
    char code[TOKEN_BYTES], address[24];
    set_up(&login);
    for (int i = 0; i < ATTEMPTS_FREE_ACCOUNT; i++) {
        snprintf(address, sizeof address, "198.51.100.%d", i);
        assert_int_equal(sign_in("olga", "a wrong password", "", address, &login), ERR_WRONG_PASSWORD);
    }
    assert_int_equal(sign_in("olga", good_password, "", "203.0.113.5", &login), ERR_RATE_LIMITED);
    create_reset(login.who.user_id, code);
    assert_int_equal(use_reset(code, "another horse"), OK);
    assert_int_equal(sign_in("olga", "another horse", "", "203.0.113.5", &login), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_LIVE(a_session_lasts_while_it_is_used),
        WITH_LIVE(it_is_not_renewed_with_every_request),
        WITH_LIVE(what_is_no_token_lets_nobody_in),
        WITH_LIVE(tokens_have_scopes_and_ends),
        WITH_LIVE(another_password_ends_the_other_sessions),
        WITH_LIVE(an_old_hash_is_renewed_by_a_sign_in),
        WITH_LIVE(a_link_sets_a_password_once),
        WITH_LIVE(a_link_lets_in_during_an_attack),
    };
    return secret_init() || cmocka_run_group_tests(tests, NULL, NULL);
}
