/* Guests: made, and their cookies made worthless. */
#include "apply/apply_internal.h"
#include "apply/rights.h"

enum err guest_apply_register(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct user_row row = {.kind = USER_GUEST, .name = c->name, .fold = c->fold, .created_at = c->at_ms};
    (void)a;
    memcpy(row.key, c->actor_key, sizeof row.key);
    enum err e = users_insert(s, &row, &out->user_id);
    if (e)
        return e == ERR_NAME_TAKEN || e == ERR_ID_REUSED ? apply_refuse(out, e) : e;
    out->at = c->at_ms;
    outcome_add(out, (struct effect){.kind = EFFECT_USER, .user = out->user_id, .change = NULL});
    return OK;
}

enum err guest_apply_forget(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct rights actor;
    enum err e = rights_actor(a, s, c, NULL, out, &actor);
    if (e || out->result)
        return e;
    if ((e = accounts_forget_cookies(s, actor.user_id)))
        return e == ERR_NOT_FOUND ? apply_refuse(out, ERR_UNAUTHORIZED) : e;
    out->at = c->at_ms;
    outcome_add(out, (struct effect){.kind = EFFECT_USER, .user = actor.user_id, .change = NULL});
    return OK;
}
