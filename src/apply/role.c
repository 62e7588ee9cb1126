/* Roles in the place: given and taken. */
#include "apply/account.h"
#include "apply/rights.h"
#include "rules/ban.h"

/* An owner gives any role, others only those below their own. */
static bool may_give(const struct rights *actor, enum role wanted)
{
    return wanted >= ROLE_MEMBER && wanted <= ROLE_OWNER && (actor->role >= ROLE_OWNER || wanted < actor->role);
}

/* Whether somebody else stays an owner. */
static enum err has_other_owner(struct store *s, bool *has)
{
    int64_t owners;
    enum err e = accounts_count_role(s, ROLE_OWNER, &owners);
    *has = !e && owners > 1;
    return e;
}

static struct span role_detail(struct apply *a, enum role from, enum role to)
{
    buf_clear(&a->data);
    buf_printf(&a->data, "{\"from\":\"%s\",\"to\":\"%s\"}", words_name(&words_role, (int)from),
               words_name(&words_role, (int)to));
    return buf_span(&a->data);
}

enum err role_apply_set(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct rights actor;
    struct account_row target;
    bool owner_left = true;
    const enum role wanted = (enum role)c->f.n[F_ROLE];
    enum err e = rights_check(a, s, c, REQUEST_SET_ROLE, out, &actor, NULL, &target);
    if (e || out->result)
        return e;
    if (target.kind != USER_ACCOUNT)
        return apply_refuse_because(out, ERR_FORBIDDEN, "Only accounts have roles.");
    if (!may_give(&actor, wanted) || (target.id == actor.user_id && actor.role < ROLE_OWNER))
        return apply_refuse(out, ERR_FORBIDDEN);
    if (wanted == ROLE_OWNER && ban_counts(&target, c->at_ms)) /* or the last owner might be nobody who can act */
        return apply_refuse_because(out, ERR_FORBIDDEN, "Unban this person first: an owner can't be banned.");
    if (target.role == wanted)
        return apply_duplicate(out);
    if (target.role == ROLE_OWNER && (e = has_other_owner(s, &owner_left)))
        return e;
    if (!owner_left)
        return apply_refuse_because(out, ERR_FORBIDDEN,
                                    "Make someone else an owner first: there must be at least one.");
    if (accounts_set_role(s, target.id, wanted))
        return ERR_STORAGE;
    out->at = c->at_ms;
    outcome_add(out, (struct effect){.kind = EFFECT_USER, .user = target.id, .change = "changed"});
    return apply_audit(a, s, c, REQUEST_SET_ROLE, out, target.id, 0, 0, role_detail(a, target.role, wanted));
}
