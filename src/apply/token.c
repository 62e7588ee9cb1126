/* Access tokens: made and revoked. */
#include "apply/account.h"
#include "apply/rights.h"

enum { TOKENS_MAX = 100 /* of one user */ };

enum err token_apply_create(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    int64_t count;
    struct rights actor;
    enum err e = rights_check(a, s, c, REQUEST_CREATE_TOKEN, out, &actor, NULL, NULL);
    if (!e && !out->result)
        e = account_check_proven(s, c, out);
    if (e || out->result)
        return e;
    if (c->f.t[F_HASH].len != HASH_BYTES || !c->f.t[F_NAME].len || (uint64_t)c->f.n[F_SCOPE] >= SCOPE_COUNT)
        return apply_refuse(out, ERR_INVALID);
    if (account_is_past(c, F_EXPIRES))
        return apply_refuse_because(out, ERR_INVALID, "The expiry must be in the future.");
    if ((e = tokens_count(s, out->user_id, &count)))
        return e;
    if (count >= TOKENS_MAX)
        return apply_refuse_because(out, ERR_FORBIDDEN, "You have too many access tokens. Revoke one you don't need.");
    struct token_row row = {.user_id = out->user_id,
                            .name = c->f.t[F_NAME],
                            .hash = c->f.t[F_HASH],
                            .scope = (enum scope)c->f.n[F_SCOPE],
                            .created_at = c->at_ms,
                            .expires_at = c->f.n[F_EXPIRES]};
    e = tokens_insert(s, &row, &out->id);
    if (e == ERR_ID_REUSED)
        return apply_refuse(out, e);
    out->at = c->at_ms;
    return e ? e : apply_audit(a, s, c, REQUEST_CREATE_TOKEN, out, out->user_id, 0, 0, (struct span){NULL, 0});
}

enum err token_apply_revoke(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct rights actor;
    enum err e = rights_check(a, s, c, REQUEST_REVOKE_TOKEN, out, &actor, NULL, NULL);
    if (e || out->result)
        return e;
    e = tokens_delete(s, out->user_id, c->f.n[F_TOKEN], c->at_ms);
    if (e)
        return e == ERR_NOT_FOUND ? apply_refuse_because(out, e, "You have no such token, or it is already revoked.")
                                  : e;
    out->at = c->at_ms;
    outcome_add(out, (struct effect){.kind = EFFECT_TOKEN_ENDED, .user = out->user_id, .id = c->f.n[F_TOKEN]});
    return apply_audit(a, s, c, REQUEST_REVOKE_TOKEN, out, out->user_id, 0, 0, (struct span){NULL, 0});
}
