/* account_live.h - what the tests of account.h share: people who sign up and in on a whole chat. */
#ifndef HUBBUB_TESTS_LIB_ACCOUNT_LIVE_H
#define HUBBUB_TESTS_LIB_ACCOUNT_LIVE_H

#include "account/account.h"
#include "account/attempts.h"
#include "account/password.h"
#include "account/token.h"
#include "base/hash.h"
#include "live.h"

#define good_password "correct-horse"

static inline struct account_form form_of(const char *name, const char *password)
{
    return (struct account_form){.name = span_of(name),
                                 .password = span_of(password),
                                 .device = span_of("test"),
                                 .address = span_of("192.0.2.1")};
}

/* "olga" owns the place from now on. */
static inline void set_up(struct account_login *login)
{
    const char *why = NULL;
    struct account_form form = form_of("olga", good_password);
    enum err e = account_set_up(live.chat, &form, login, &why);
    if (e)
        fail_msg("set-up: %s (%s)", err_code(e), why ? why : "");
}

static inline void invite(const char *code, int64_t by_id, int64_t max_uses)
{
    struct command c = live_command(by_id, COMMAND_INVITE_CREATE);
    fields_set_text(&c.f, F_CODE, span_of(code));
    fields_set(&c.f, F_MAX_USES, max_uses);
    live_run(&c);
}

static inline enum err sign_in(const char *name, const char *password, const char *code, const char *address,
                               struct account_login *login)
{
    int64_t retry_ms;
    struct account_form form = form_of(name, password);
    form.code = span_of(code);
    form.address = span_of(address);
    return account_sign_in(live.chat, &form, login, &retry_ms);
}

/* The id of a token that never ends, or at that time, and its text. */
static inline int64_t create_token(int64_t user, enum scope scope, int64_t expires_ms, char text[TOKEN_BYTES])
{
    uint8_t hash[HASH_BYTES];
    struct command c = live_command(user, COMMAND_TOKEN_CREATE);
    token_make(&live_env, TOKEN_ACCESS, text, hash);
    fields_set_text(&c.f, F_HASH, (struct span){(const char *)hash, sizeof hash});
    fields_set_text(&c.f, F_NAME, span_of("bot"));
    fields_set(&c.f, F_SCOPE, scope);
    fields_set(&c.f, F_EXPIRES, expires_ms);
    return live_run(&c).id;
}

#endif
