/* played_accounts.h - accounts and sessions, played; see played_chat.h, whose people they are. */
#ifndef HUBBUB_TESTS_PLAYED_ACCOUNTS_H
#define HUBBUB_TESTS_PLAYED_ACCOUNTS_H

#include "account/account.h"
#include "played_chat.h"

static inline enum err play_login(const struct account_form *form, int64_t id, struct account_login *out)
{
    play_copy(played.password, sizeof played.password, form->password);
    play_copy(played.device, sizeof played.device, form->device);
    play_copy(played.address, sizeof played.address, form->address);
    play_copy(played.invite, sizeof played.invite, form->invite);
    *out = (struct account_login){
        .who = {.kind = COMMAND_ACTOR_ACCOUNT, .user_id = id, .session_id = 13, .scope = SCOPE_ADMIN},
        .token = "fresh"};
    return OK;
}

enum err account_set_up(struct chat *c, const struct account_form *form, struct account_login *out, const char **why)
{
    (void)c;
    if (!played.no_owner)
        return ERR_FORBIDDEN;
    if (form->password.len < 10) {
        *why = "A password has at least 10 characters.";
        return ERR_INVALID;
    }
    played.no_owner = false;
    return play_login(form, BEN, out);
}

enum err account_sign_up(struct chat *c, const struct account_form *form, int64_t guest_id, struct account_login *out,
                         const char **why)
{
    (void)why;
    if (c->settings.signup == SIGNUP_CLOSED)
        return ERR_FORBIDDEN;
    if (!span_equal(form->invite, span_of("open sesame")))
        return ERR_NOT_FOUND;
    played.promoted = guest_id;
    return play_login(form, WAS_GUEST, out);
}

enum err account_sign_in(struct chat *c, const struct account_form *form, struct account_login *out,
                         int64_t *retry_after_ms)
{
    (void)c;
    if (span_equal(form->name, span_of("guessed"))) {
        *retry_after_ms = 1500;
        return ERR_RATE_LIMITED;
    }
    if (span_equal(form->name, span_of("Kim")))
        return ERR_BANNED;
    if (!span_equal(form->password, span_of("right horse")))
        return ERR_WRONG_PASSWORD;
    if (span_equal(form->name, span_of("Tess")) && !span_equal(form->code, span_of("123456")))
        return ERR_TOTP_REQUIRED;
    return play_login(form, BEN, out);
}

enum err account_by_session(struct chat *c, struct span token, struct span address, struct caller *out)
{
    (void)c;
    play_copy(played.address, sizeof played.address, address);
    if (!span_equal(token, span_of("alive")))
        return ERR_UNAUTHORIZED;
    if (played.banned)
        return ERR_BANNED;
    *out =
        (struct caller){.kind = COMMAND_ACTOR_ACCOUNT, .user_id = BEN, .session_id = BEN_SESSION, .scope = SCOPE_ADMIN};
    return OK;
}

enum err account_by_token(struct chat *c, struct span token, struct caller *out, const char **why)
{
    (void)c;
    *why = span_equal(token, span_of("hubbub_gone")) ? "It was revoked." : "It is not valid.";
    if (!span_equal(token, span_of("hubbub_good")))
        return ERR_UNAUTHORIZED;
    *out = (struct caller){.kind = COMMAND_ACTOR_ACCOUNT, .user_id = BEN, .token_id = 3, .scope = SCOPE_WRITE};
    return OK;
}

/* What is wrong with what `played` refuses: the name, and the password too when it is short. */
size_t account_faults(struct chat *c, const struct account_form *form, int64_t guest_id,
                      struct account_fault out[ACCOUNT_FAULTS_MAX])
{
    size_t n = 0;
    (void)c;
    (void)guest_id;
    out[n++] = (struct account_fault){"name", ERR_NAME_TAKEN, NULL};
    if (form->password.len < 8)
        out[n++] = (struct account_fault){"password", ERR_INVALID, "Too short."};
    return n;
}

enum err password_check(struct span password, struct span name, const char **why)
{
    (void)name;
    if (password.len >= 8)
        return OK;
    *why = "Too short.";
    return ERR_INVALID;
}

enum err account_by_proxy(struct chat *c, struct span name, struct span address, struct caller *out, const char **why)
{
    (void)c;
    play_copy(played.address, sizeof played.address, address);
    if (span_equal(name, span_of("Anna"))) {
        *out = (struct caller){.kind = COMMAND_ACTOR_ACCOUNT, .user_id = BEN + 1, .scope = SCOPE_ADMIN};
        return OK;
    }
    if (!span_equal(name, span_of("Ben"))) {
        *why = "An account's name is made of letters.";
        return ERR_INVALID;
    }
    *out = (struct caller){.kind = COMMAND_ACTOR_ACCOUNT, .user_id = BEN, .scope = SCOPE_ADMIN};
    return OK;
}

enum err account_sign_out(struct chat *c, const struct caller *who)
{
    (void)c;
    assert_int_equal(who->session_id, BEN_SESSION);
    played.sign_outs++;
    return OK;
}

enum err account_set_password(struct chat *c, const struct caller *who, struct span current, struct span wanted,
                              const char **why, int64_t *retry_after_ms)
{
    (void)c;
    (void)why;
    (void)retry_after_ms;
    assert_int_equal(who->user_id, BEN);
    play_copy(played.password, sizeof played.password, wanted);
    return span_equal(current, span_of("right horse")) ? OK : ERR_WRONG_PASSWORD;
}

enum err account_look_at_reset(struct chat *c, struct span code, char name[NAME_BYTES])
{
    (void)c;
    strcpy(name, "Ben");
    return span_equal(code, span_of("once")) ? OK : span_equal(code, span_of("late")) ? ERR_STORAGE : ERR_NOT_FOUND;
}

enum err account_use_reset(struct chat *c, struct span code, struct span wanted, struct span address, const char **why)
{
    (void)c;
    (void)address;
    (void)why;
    play_copy(played.password, sizeof played.password, wanted);
    return span_equal(code, span_of("once")) ? OK : ERR_NOT_FOUND;
}

enum err account_totp_begin(struct chat *c, const struct caller *who, struct buf *secret, struct buf *uri)
{
    (void)c;
    assert_int_equal(who->user_id, BEN);
    buf_add_str(secret, "ABCD");
    buf_add_str(uri, "otpauth://totp/Ben");
    return OK;
}

enum err account_totp_confirm(struct chat *c, const struct caller *who, struct span password, struct span secret,
                              struct span code, struct buf *codes, int64_t *retry_after_ms)
{
    (void)c;
    (void)who;
    (void)secret;
    (void)retry_after_ms;
    if (!span_equal(password, span_of("right horse")))
        return ERR_WRONG_PASSWORD;
    if (!span_equal(code, span_of("123456")))
        return ERR_TOTP_REQUIRED;
    buf_add_str(codes, "aaaaa-bbbbb\nccccc-ddddd\n");
    return OK;
}

enum err account_totp_stop(struct chat *c, const struct caller *who, struct span password, const char **why,
                           int64_t *retry_after_ms)
{
    (void)c;
    (void)who;
    (void)why;
    (void)retry_after_ms;
    return span_equal(password, span_of("right horse")) ? OK : ERR_WRONG_PASSWORD;
}

enum err account_enter(struct chat *c, const struct caller *who, struct person **out)
{
    (void)c;
    assert_int_equal(who->user_id, BEN);
    return play_enter(out);
}

#endif
