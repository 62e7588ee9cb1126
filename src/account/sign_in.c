#include "account/account_internal.h"
#include "account/look_up.h"
#include "account/token.h"
#include "base/diag.h"
#include "base/secret.h"
#include "rules/user_name.h"

#include <stdio.h>

/* ------------------------------------------------------------------ signing in */

/* Nothing that a stranger has typed is written: where from, and why not. */
static void refused(struct chat *c, struct span address, enum err why)
{
    char text[CALLER_ADDRESS_BYTES];
    snprintf(text, sizeof text, "%.*s", (int)address.len, address.len ? address.p : "");
    if (why != ERR_RATE_LIMITED)
        metric_add(&c->metrics->logins_refused_total, 1);
    diag_info("sign_in_refused", "address=%s reason=%s", diag_quote(text).s, err_code(why));
}

/* The fold of what was typed as a name; what cannot be one counts as it is, and belongs to nobody. */
static struct span fold_typed(struct chat *c, struct span typed, char fold[NAME_KEY_BYTES], bool *is_name)
{
    char name[NAME_BYTES];
    *is_name = !name_check_user(c->names, typed, name, NULL) && !name_fold(c->names, span_of(name), fold);
    return *is_name ? span_of(fold) : typed;
}

/* The password was right. What is missing (OK, or the refusal) decides how the guess counts. */
static enum err finish(struct chat *c, const struct account_form *form, const struct account_known *known,
                       struct account_login *out)
{
    struct account_second second;
    enum err e = known->is_banned ? ERR_BANNED : OK;
    if (!e && known->totp_secret_len)
        e = account_second_factor(known, form->code, env_wall_ms(c->env) / 1000, &second);
    if (!e)
        e = account_start_session(c, known->id, form, known->totp_secret_len ? &second : NULL, known->password, out);
    return e;
}

static enum attempt_end end_of(enum err e, struct span code)
{
    if (e == OK || e == ERR_BANNED)
        return ATTEMPT_RIGHT;
    if (e == ERR_WRONG_PASSWORD || (e == ERR_TOTP_REQUIRED && code.len))
        return ATTEMPT_WRONG;
    return ATTEMPT_UNSEEN; /* the page asks for the code after the password; and what failed inside is no guess */
}

enum err account_sign_in(struct chat *c, const struct account_form *form, struct account_login *out,
                         int64_t *retry_after_ms)
{
    char buffer[NAME_KEY_BYTES];
    struct account_known known = {0};
    struct attempt attempt;
    bool is_name;
    const struct span fold = fold_typed(c, form->name, buffer, &is_name);
    *retry_after_ms = 0;
    enum err e = is_name ? account_look(c, 0, fold, form->address, &known) : ERR_NOT_FOUND;
    if (e && e != ERR_NOT_FOUND)
        return e;
    e = account_guess(c, e ? NULL : &known, fold, form->address, form->password, &attempt, retry_after_ms);
    if (!e) {
        e = finish(c, form, &known, out);
        attempts_end(c->attempts, &attempt, end_of(e, form->code));
    }
    if (!e) {
        metric_add(&c->metrics->logins_total, 1);
        diag_info("signed_in", "user=%lld address=%s", (long long)known.id, diag_quote(out->who.address).s);
    } else if (e == ERR_WRONG_PASSWORD || e == ERR_BANNED || e == ERR_RATE_LIMITED ||
               (e == ERR_TOTP_REQUIRED && form->code.len)) {
        refused(c, form->address, e);
    }
    account_forget(&known);
    return e;
}

/* ------------------------------------------------------------------ another password */

enum err account_set_password(struct chat *c, const struct caller *who, struct span current, struct span wanted,
                              const char **why, int64_t *retry_after_ms)
{
    char hash[PASSWORD_HASH_BYTES];
    struct account_known known;
    struct outcome outcome;
    *retry_after_ms = 0;
    enum err e = account_guess_own(c, who, current, &known, retry_after_ms);
    if (!e)
        e = password_check(wanted, span_of(known.name), why);
    if (!e)
        e = password_hash(c->passwords, span_of(who->address), wanted, hash);
    if (!e) {
        struct command command = {
            .kind = COMMAND_PASSWORD_SET, .actor = COMMAND_ACTOR_ACCOUNT, .actor_id = who->user_id};
        fields_set_text(&command.f, F_PASSWORD, span_of(hash));
        fields_set_text(&command.f, F_PROVEN, span_of(known.password));
        fields_set_text(&command.f, F_ADDRESS, span_of(who->address));
        fields_set(&command.f, F_KEEP, who->session_id);
        e = submission_wait(c, &command, &outcome);
    }
    account_forget(&known);
    return e;
}

struct resetting {
    struct span hash;
    int64_t now_ms;
    char name[NAME_BYTES], fold[NAME_KEY_BYTES];
};

static enum err read_reset(struct store *s, void *ctx)
{
    struct resetting *r = ctx;
    struct reset_row reset;
    struct account_row account;
    enum err e = resets_by_hash(s, r->hash, &reset);
    if (e || reset.expires_at <= r->now_ms)
        return e ? e : ERR_NOT_FOUND;
    if ((e = accounts_by_id(s, reset.user_id, &account)))
        return e;
    if (ban_counts(&account, r->now_ms))
        return ERR_BANNED;
    if (account.name.len >= sizeof r->name || account.fold.len >= sizeof r->fold)
        return ERR_STORAGE;
    memcpy(r->name, account.name.p, account.name.len);
    memcpy(r->fold, account.fold.p, account.fold.len);
    return OK;
}

/* code_hash: HASH_BYTES, which r goes on to point to. */
static enum err find_reset(struct chat *c, struct span code, uint8_t *code_hash, struct resetting *r)
{
    *r = (struct resetting){.hash = {(const char *)code_hash, HASH_BYTES}, .now_ms = env_wall_ms(c->env)};
    enum err e = token_hash(TOKEN_CODE, code, code_hash) ? look_up(c, read_reset, r) : ERR_NOT_FOUND;
    if (e == ERR_NOT_FOUND)
        metric_add(&c->metrics->secrets_refused_total, 1);
    return e;
}

enum err account_look_at_reset(struct chat *c, struct span code, char name[NAME_BYTES])
{
    uint8_t code_hash[HASH_BYTES];
    struct resetting r;
    enum err e = find_reset(c, code, code_hash, &r);
    if (!e)
        memcpy(name, r.name, sizeof r.name);
    return e;
}

enum err account_use_reset(struct chat *c, struct span code, struct span wanted, struct span address, const char **why)
{
    uint8_t code_hash[HASH_BYTES];
    char hash[PASSWORD_HASH_BYTES];
    struct outcome outcome;
    struct resetting r;
    enum err e = find_reset(c, code, code_hash, &r);
    if (!e)
        e = password_check(wanted, span_of(r.name), why);
    if (!e)
        e = c->passwords ? password_hash(c->passwords, address, wanted, hash) : ERR_SHUTTING_DOWN;
    if (e)
        return e;
    struct command command = {.kind = COMMAND_RESET_USE, .actor = COMMAND_ACTOR_VISITOR};
    fields_set_text(&command.f, F_HASH, r.hash);
    fields_set_text(&command.f, F_PASSWORD, span_of(hash));
    fields_set_text(&command.f, F_ADDRESS, address);
    e = submission_wait(c, &command, &outcome);
    if (!e)
        attempts_trust(c->attempts, span_of(r.fold), address);
    return e;
}
