/* The second factor: used up by signing in, turned on and off. */
#include "rules/totp.h"

#include "apply/account.h"
#include "apply/rights.h"

/* When the clock was set back, the step that was used last can lie in the future: then it counts as the one of now, for
 * good, or no code would let in until the clock has caught up. So the code of now may be refused, once; those of later
 * steps let in. */
static enum err use_step(struct store *s, const struct command *c, int64_t user_id)
{
    const int64_t now_s = c->at_ms / 1000;
    enum err e = accounts_lower_totp(s, user_id, totp_latest_step(now_s), totp_step_of(now_s));
    return e ? e : accounts_use_totp(s, user_id, c->f.n[F_STEP]);
}

enum err totp_use(struct store *s, const struct command *c, const struct account_row *account, struct outcome *out)
{
    enum err e = ERR_NOT_FOUND;
    if (!account->has_totp)
        return OK;
    if (fields_has(&c->f, F_STEP))
        e = use_step(s, c, account->id);
    else if (account_is_hash(c->f.t[F_HASHES]))
        e = recovery_codes_use(s, account->id, c->f.t[F_HASHES]);
    return e == ERR_NOT_FOUND || e == ERR_FORBIDDEN ? apply_refuse(out, ERR_TOTP_REQUIRED) : e;
}

/* For whoever has lost it, codes and all. Also where the place requires it of them: an admin without one has no power
 * until there is one again. */
static enum err take_totp_away(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct rights actor;
    struct account_row account = {0};
    enum err e = rights_actor(a, s, c, NULL, out, &actor);
    if (e || out->result)
        return e;
    if (actor.kind != USER_SYSTEM || c->f.t[F_SECRET].len)
        return apply_refuse(out, ERR_FORBIDDEN);
    e = accounts_by_id(s, c->f.n[F_USER], &account);
    if (e)
        return e == ERR_NOT_FOUND ? apply_refuse(out, e) : e;
    if (!account.has_totp)
        return apply_refuse_because(out, ERR_NOT_FOUND, "Two-factor authentication is already off.");
    const int64_t id = account.id;
    if (accounts_set_totp(s, id, (struct span){NULL, 0}, 0) || recovery_codes_replace(s, id, (struct span){NULL, 0}))
        return ERR_STORAGE;
    out->at = c->at_ms;
    outcome_add(out, (struct effect){.kind = EFFECT_USER, .user = id, .change = NULL});
    return account_audit(s, c, "stop_totp", out, id);
}

enum err totp_apply_set(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct account_row account = {0};
    struct place_row place;
    const struct span secret = c->f.t[F_SECRET], hashes = c->f.t[F_HASHES];
    if (fields_has(&c->f, F_USER))
        return take_totp_away(a, s, c, out);
    enum err e = account_find(a, s, c, out, &account);
    if (!e && !out->result)
        e = account_check_password(s, c, F_PROVEN, account.id, out);
    if (e || out->result)
        return e;
    if (secret.len > TOTP_SECRET_MAX || hashes.len % SECRET_HASH_BYTES)
        return apply_refuse(out, ERR_INVALID);
    if ((e = place_get(s, &place)))
        return e;
    if (!secret.len && place.require_totp && account.role >= ROLE_ADMIN)
        return apply_refuse_because(out, ERR_FORBIDDEN, "Admins here need two-factor authentication.");
    if (accounts_set_totp(s, account.id, secret, c->f.n[F_STEP]) ||
        recovery_codes_replace(s, account.id, secret.len ? hashes : (struct span){NULL, 0}))
        return ERR_STORAGE;
    out->at = c->at_ms;
    outcome_add(out, (struct effect){.kind = EFFECT_USER, .user = account.id, .change = NULL});
    return account_audit(s, c, secret.len ? "confirm_totp" : "stop_totp", out, out->user_id);
}
