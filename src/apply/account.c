/* Accounts: what the apply halves about them share. */
#include "apply/account.h"

#include "apply/rights.h"
#include "base/hash.h"
#include "store/moderation.h"

bool account_is_hash(struct span s)
{
    return s.len == HASH_BYTES;
}

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

enum err account_find(struct apply *a, struct store *s, const struct command *c, struct outcome *out,
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

enum err account_check_password(struct store *s, const struct command *c, enum field_text f, int64_t user_id,
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

enum err account_has_session(struct store *s, int64_t user_id, int64_t session_id, bool *has)
{
    struct own own = {.id = session_id};
    enum err e = sessions_each(s, user_id, find_own, &own);
    *has = !e && own.found;
    return e;
}

/* Who has been thrown out leaves no key behind: what was on its way when the session ended comes too late. */
enum err account_check_proven(struct store *s, const struct command *c, struct outcome *out)
{
    bool has_session;
    if (fields_has(&c->f, F_SESSION)) {
        enum err e = account_has_session(s, out->user_id, c->f.n[F_SESSION], &has_session);
        if (e || !has_session)
            return e ? e : apply_refuse(out, ERR_SESSION_ENDED);
    }
    return account_check_password(s, c, F_PROVEN, out->user_id, out);
}

enum err account_end_sessions(struct store *s, int64_t user_id, int64_t keep_id, struct outcome *out)
{
    outcome_add(out, (struct effect){.kind = EFFECT_SESSIONS_ENDED, .user = user_id, .id = keep_id});
    return sessions_delete_others(s, user_id, keep_id);
}
