#include "base/hash.h"
#include "chat/account_apply.h"
#include "chat/rights.h"
#include "chat/totp.h"
#include "store/moderation.h"

enum { SESSIONS_MAX = 100 /* of one user: for another one, the one that was seen last the longest ago goes */ };

enum err account_audit(struct store *s, const struct command *c, const char *verb, const struct outcome *out,
                       int64_t about_id)
{
    const struct audit_row row = {.at = c->at_ms,
                                  .actor_id = out->user_id,
                                  .user_id = about_id,
                                  .verb = span_of(verb),
                                  .address = c->f.t[F_ADDRESS]};
    return audit_insert(s, &row);
}

/* The actor of a command that only an account gives, about itself. Refuses others. */
static enum err find_account(struct apply *a, struct store *s, const struct command *c, struct outcome *out,
                             struct account_row *row)
{
    struct rights actor;
    enum err e = rights_actor(a, s, c, NULL, out, &actor);
    if (e || out->result)
        return e;
    if (actor.kind != USER_ACCOUNT)
        return apply_refuse(out, ERR_UNAUTHORIZED);
    e = accounts_by_id(s, actor.user_id, row);
    return e == ERR_NOT_FOUND ? apply_refuse(out, ERR_UNAUTHORIZED) : e;
}

static bool is_hash(struct span s)
{
    return s.len == HASH_BYTES;
}

/* ------------------------------------------------------------------ sessions */

/* The password that was looked at, which the field holds, may have been changed while it was: then whoever knew it came
 * too late. */
static enum err check_password(struct store *s, const struct command *c, enum field_text f, int64_t user_id,
                               struct outcome *out)
{
    struct credentials_row now;
    if (!fields_has_text(&c->f, f))
        return OK;
    enum err e = credentials_by_id(s, user_id, &now);
    if (e)
        return e == ERR_NOT_FOUND ? apply_refuse(out, ERR_UNAUTHORIZED) : e;
    return span_equal(now.password, c->f.t[f]) ? OK : apply_refuse(out, ERR_WRONG_PASSWORD);
}

struct own {
    int64_t id;
    bool found;
};

static void find_own(void *ctx, const struct session_row *row)
{
    struct own *own = ctx;
    own->found |= row->id == own->id;
}

/* Who has been thrown out leaves no key behind: what was on its way when the session ended comes too late. */
enum err account_check_proven(struct store *s, const struct command *c, struct outcome *out)
{
    struct own own = {.id = c->f.n[F_SESSION]};
    if (fields_has(&c->f, F_SESSION)) {
        enum err e = sessions_each(s, out->user_id, find_own, &own);
        if (e || !own.found)
            return e ? e : apply_refuse(out, ERR_SESSION_ENDED);
    }
    return check_password(s, c, F_PROVEN, out->user_id, out);
}

/* When the clock was set back, the step that was used last can lie in the future: then it counts as the one of now, for
 * good, or no code would let in until the clock has caught up. So the code of now may be refused, once; those of later
 * steps let in. */
static enum err use_step(struct store *s, const struct command *c, int64_t user_id)
{
    const int64_t now_s = c->at_ms / 1000;
    enum err e = accounts_lower_totp(s, user_id, totp_latest_step(now_s), totp_step_of(now_s));
    return e ? e : accounts_use_totp(s, user_id, c->f.n[F_STEP]);
}

/* Uses up the time step or the recovery code: each lets in once. */
static enum err use_second_factor(struct store *s, const struct command *c, const struct account_row *account,
                                  struct outcome *out)
{
    enum err e = ERR_NOT_FOUND;
    if (!account->has_totp)
        return OK;
    if (fields_has(&c->f, F_STEP))
        e = use_step(s, c, account->id);
    else if (is_hash(c->f.t[F_HASHES]))
        e = recovery_codes_use(s, account->id, c->f.t[F_HASHES]);
    return e == ERR_NOT_FOUND || e == ERR_FORBIDDEN ? apply_refuse(out, ERR_TOTP_REQUIRED) : e;
}

struct oldest {
    int64_t now, count, id, seen_at;
};

static void find_oldest(void *ctx, const struct session_row *row)
{
    struct oldest *o = ctx;
    if (row->expires_at <= o->now)
        return; /* sessions_insert() takes it away */
    if (o->count++ == 0 || row->seen_at < o->seen_at) {
        o->id = row->id;
        o->seen_at = row->seen_at;
    }
}

static enum err make_room(struct store *s, const struct command *c, struct outcome *out)
{
    struct oldest oldest = {.now = c->at_ms};
    enum err e = sessions_each(s, out->user_id, find_oldest, &oldest);
    if (e || oldest.count < SESSIONS_MAX)
        return e;
    if (sessions_delete(s, out->user_id, oldest.id))
        return ERR_STORAGE;
    outcome_add(out, (struct effect){.kind = EFFECT_SESSION_ENDED, .user = out->user_id, .id = oldest.id});
    return OK;
}

enum err session_apply_start(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct account_row account;
    struct session_row row;
    enum err e = find_account(a, s, c, out, &account);
    if (!e && !out->result)
        e = check_password(s, c, F_PASSWORD, account.id, out);
    if (e || out->result)
        return e;
    if (!is_hash(c->f.t[F_HASH]) || c->f.n[F_EXPIRES] <= c->at_ms)
        return apply_refuse(out, ERR_INVALID);
    if ((e = sessions_by_hash(s, c->f.t[F_HASH], &row)) != ERR_NOT_FOUND)
        return e ? e : apply_refuse(out, ERR_ID_REUSED);
    if ((e = use_second_factor(s, c, &account, out)) || out->result)
        return e;
    row = (struct session_row){.user_id = out->user_id,
                               .hash = c->f.t[F_HASH],
                               .device = c->f.t[F_DEVICE],
                               .address = c->f.t[F_ADDRESS],
                               .created_at = c->at_ms,
                               .seen_at = c->at_ms,
                               .expires_at = c->f.n[F_EXPIRES]};
    if (make_room(s, c, out) || sessions_insert(s, &row, &out->id))
        return ERR_STORAGE;
    out->at = c->at_ms;
    return OK;
}

enum err session_apply_touch(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct account_row account;
    struct own own = {.id = c->f.n[F_SESSION]};
    enum err e = find_account(a, s, c, out, &account);
    if (!e && !out->result)
        e = sessions_each(s, out->user_id, find_own, &own);
    if (e || out->result)
        return e;
    if (!own.found)
        return apply_refuse(out, ERR_NOT_FOUND);
    out->at = c->at_ms;
    return sessions_touch(s, own.id, c->at_ms, c->f.n[F_EXPIRES], c->f.t[F_ADDRESS]);
}

static enum err end_one(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct rights actor;
    enum err e = rights_check(a, s, c, REQUEST_END_SESSION, out, &actor, NULL, NULL);
    if (e || out->result)
        return e;
    if ((e = sessions_delete(s, out->user_id, c->f.n[F_SESSION])))
        return e == ERR_NOT_FOUND ? apply_refuse_because(out, e, "You have no such session.") : e;
    out->at = c->at_ms;
    outcome_add(out, (struct effect){.kind = EFFECT_SESSION_ENDED, .user = out->user_id, .id = c->f.n[F_SESSION]});
    return apply_audit(a, s, c, REQUEST_END_SESSION, out, out->user_id, 0, 0, (struct span){NULL, 0});
}

static enum err end_all_but(struct store *s, int64_t user_id, int64_t keep_id, struct outcome *out)
{
    outcome_add(out, (struct effect){.kind = EFFECT_SESSIONS_ENDED, .user = user_id, .id = keep_id});
    return sessions_delete_others(s, user_id, keep_id);
}

enum err session_apply_end(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct rights actor;
    if (!fields_has(&c->f, F_KEEP))
        return end_one(a, s, c, out);
    enum err e = rights_check(a, s, c, REQUEST_END_OTHER_SESSIONS, out, &actor, NULL, NULL);
    if (e || out->result)
        return e;
    if (end_all_but(s, out->user_id, c->f.n[F_KEEP], out))
        return ERR_STORAGE;
    out->at = c->at_ms;
    return apply_audit(a, s, c, REQUEST_END_OTHER_SESSIONS, out, out->user_id, 0, 0, (struct span){NULL, 0});
}

/* ------------------------------------------------------------------ passwords */

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
    if (!is_hash(c->f.t[F_HASH]) || c->f.n[F_EXPIRES] <= c->at_ms)
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
        end_all_but(s, out->user_id, keep_session, out))
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
    if (e || (e = rights_of(a, s, reset.user_id, NULL, c->at_ms, &user)))
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
    struct account_row account;
    enum err e = find_account(a, s, c, out, &account);
    if (!e && !out->result)
        e = check_password(s, c, F_PROVEN, account.id, out);
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

/* ------------------------------------------------------------------ the second factor */

/* For whoever has lost it, codes and all. Also where the place requires it of them: an admin without one has no power
 * until there is one again. */
static enum err take_totp_away(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct rights actor;
    struct account_row account;
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
    struct account_row account;
    struct place_row place;
    const struct span secret = c->f.t[F_SECRET], hashes = c->f.t[F_HASHES];
    if (fields_has(&c->f, F_USER))
        return take_totp_away(a, s, c, out);
    enum err e = find_account(a, s, c, out, &account);
    if (!e && !out->result)
        e = check_password(s, c, F_PROVEN, account.id, out);
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
