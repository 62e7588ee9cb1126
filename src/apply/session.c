/* Sign-in sessions: begun, renewed by being used, ended. */
#include "apply/account.h"
#include "apply/rights.h"

enum { SESSIONS_MAX = 100 /* of one user: for another one, the one that was seen last the longest ago goes */ };

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
    struct account_row account = {0};
    struct session_row row;
    enum err e = account_find(a, s, c, out, &account);
    if (!e && !out->result)
        e = account_check_password(s, c, F_PASSWORD, account.id, out);
    if (e || out->result)
        return e;
    if (!account_is_hash(c->f.t[F_HASH]) || c->f.n[F_EXPIRES] <= c->at_ms)
        return apply_refuse(out, ERR_INVALID);
    if ((e = sessions_by_hash(s, c->f.t[F_HASH], &row)) != ERR_NOT_FOUND)
        return e ? e : apply_refuse(out, ERR_ID_REUSED);
    if ((e = totp_use(s, c, &account, out)) || out->result)
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
    struct account_row account = {0};
    bool is_own = false;
    enum err e = account_find(a, s, c, out, &account);
    if (!e && !out->result)
        e = account_has_session(s, out->user_id, c->f.n[F_SESSION], &is_own);
    if (e || out->result)
        return e;
    if (!is_own)
        return apply_refuse(out, ERR_NOT_FOUND);
    out->at = c->at_ms;
    return sessions_touch(s, c->f.n[F_SESSION], c->at_ms, c->f.n[F_EXPIRES], c->f.t[F_ADDRESS]);
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

enum err session_apply_end(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct rights actor;
    if (!fields_has(&c->f, F_KEEP))
        return end_one(a, s, c, out);
    enum err e = rights_check(a, s, c, REQUEST_END_OTHER_SESSIONS, out, &actor, NULL, NULL);
    if (e || out->result)
        return e;
    if (account_end_sessions(s, out->user_id, c->f.n[F_KEEP], out))
        return ERR_STORAGE;
    out->at = c->at_ms;
    return apply_audit(a, s, c, REQUEST_END_OTHER_SESSIONS, out, out->user_id, 0, 0, (struct span){NULL, 0});
}
