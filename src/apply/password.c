/* Passwords: changed with the old one, or with the code of a one-time link. */
#include "apply/account.h"
#include "apply/rights.h"

enum err reset_apply_create(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct rights actor;
    struct account_row target;
    enum err e = rights_check(a, s, c, REQUEST_CREATE_RESET, out, &actor, NULL, &target);
    if (!e && !out->result)
        e = account_check_proven(s, c, out);
    if (e || out->result)
        return e;
    if (target.kind != USER_ACCOUNT)
        return apply_refuse_because(out, ERR_FORBIDDEN, "Only accounts have passwords.");
    if (!account_is_hash(c->f.t[F_HASH]) || c->f.n[F_EXPIRES] <= c->at_ms)
        return apply_refuse(out, ERR_INVALID);
    const struct reset_row row = {.hash = c->f.t[F_HASH],
                                  .user_id = target.id,
                                  .created_by = actor.user_id,
                                  .created_at = c->at_ms,
                                  .expires_at = c->f.n[F_EXPIRES]};
    if (resets_insert(s, &row))
        return ERR_STORAGE; /* the same hash for somebody else would be the same 256 random bits */
    out->at = c->at_ms;
    return apply_audit(a, s, c, REQUEST_CREATE_RESET, out, target.id, 0, 0, (struct span){NULL, 0});
}

/* A new password ends what was signed in with the old one, and the ways to yet another one. */
static enum err change_password(struct store *s, const struct command *c, int64_t keep_session, struct outcome *out)
{
    if (accounts_set_password(s, out->user_id, c->f.t[F_PASSWORD]) || resets_delete_user(s, out->user_id) ||
        account_end_sessions(s, out->user_id, keep_session, out))
        return ERR_STORAGE;
    out->at = c->at_ms;
    return OK;
}

enum err reset_apply_use(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct reset_row reset;
    struct rights user;
    enum err e = resets_by_hash(s, c->f.t[F_HASH], &reset);
    if (e == ERR_NOT_FOUND || (!e && reset.expires_at <= c->at_ms))
        return apply_refuse(out, ERR_NOT_FOUND);
    if (e || rights_of(a, s, reset.user_id, NULL, c->at_ms, &user))
        return ERR_STORAGE;
    if (user.is_banned)
        return apply_refuse(out, ERR_BANNED);
    if (!c->f.t[F_PASSWORD].len)
        return apply_refuse(out, ERR_INVALID);
    out->user_id = user.user_id;
    e = change_password(s, c, 0, out);
    if (!e && tokens_delete_user(s, user.user_id, c->at_ms)) /* whoever was in the account may have made some */
        e = ERR_STORAGE;
    return e ? e : account_audit(s, c, "use_reset", out, out->user_id);
}

enum err password_apply_set(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct account_row account = {0};
    enum err e = account_find(a, s, c, out, &account);
    if (!e && !out->result)
        e = account_check_password(s, c, F_PROVEN, account.id, out);
    if (e || out->result)
        return e;
    if (!c->f.t[F_PASSWORD].len)
        return apply_refuse(out, ERR_INVALID);
    if (fields_has(&c->f, F_RENEWED)) {
        out->at = c->at_ms;
        return accounts_set_password(s, account.id, c->f.t[F_PASSWORD]) ? ERR_STORAGE : OK;
    }
    e = change_password(s, c, c->f.n[F_KEEP], out);
    return e ? e : account_audit(s, c, "set_password", out, out->user_id);
}
