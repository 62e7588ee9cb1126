#include "store/moderation.h"

#include "chat/account_apply.h"
#include "chat/rights.h"
#include "proto/json.h"

/* ------------------------------------------------------------------ roles */

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

enum err moderation_apply_set_role(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
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
    if (wanted == ROLE_OWNER && rights_is_banned(&target, c->at_ms)) /* or the last owner might be nobody who can act */
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

/* ------------------------------------------------------------------ bans */

static struct span ban_detail(struct apply *a, const struct ban_row *ban)
{
    buf_clear(&a->data);
    buf_printf(&a->data, "{\"until_ms\":%lld,\"reason\":", (long long)ban->until);
    json_add_string(&a->data, ban->reason);
    buf_printf(&a->data, ",\"hide\":%s}", ban->hides ? "true" : "false");
    return buf_span(&a->data);
}

/* Whom the directory has to know as banned before their connections end, or they would be back at once. */
static void add_ban_effects(struct outcome *out, int64_t user_id, bool hiding_changes)
{
    outcome_add(out, (struct effect){.kind = EFFECT_USER, .user = user_id, .change = "banned"});
    outcome_add(out, (struct effect){.kind = EFFECT_BANNED, .user = user_id});
    if (hiding_changes)
        outcome_add(out, (struct effect){.kind = EFFECT_HISTORY_HIDDEN, .user = user_id});
}

enum err moderation_apply_ban(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct rights actor;
    struct account_row target;
    enum err e = rights_check(a, s, c, REQUEST_BAN, out, &actor, NULL, &target);
    if (e || out->result)
        return e;
    if (target.id == actor.user_id || target.kind == USER_SYSTEM)
        return apply_refuse(out, ERR_FORBIDDEN);
    if (target.role == ROLE_OWNER) /* so that the rule of set_role, which keeps one, holds here too */
        return apply_refuse_because(out, ERR_FORBIDDEN, "Owners can't be banned. Change their role first.");
    if (account_is_past(c, F_UNTIL))
        return apply_refuse_because(out, ERR_INVALID, "The end of the ban must be in the future.");
    const struct ban_row ban = {.user_id = target.id,
                                .actor_id = actor.user_id,
                                .at = c->at_ms,
                                .until = c->f.n[F_UNTIL],
                                .reason = c->f.t[F_TEXT],
                                .hides = c->f.n[F_HIDE] != 0};
    if (bans_set(s, &ban) || sessions_delete_others(s, target.id, 0))
        return ERR_STORAGE;
    out->at = c->at_ms;
    add_ban_effects(out, target.id, ban.hides != (target.is_banned && target.ban_hides));
    return apply_audit(a, s, c, REQUEST_BAN, out, target.id, 0, 0, ban_detail(a, &ban));
}

enum err moderation_apply_unban(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct rights actor;
    struct account_row target;
    enum err e = rights_check(a, s, c, REQUEST_UNBAN, out, &actor, NULL, &target);
    if (e || out->result)
        return e;
    if (!target.is_banned)
        return apply_refuse_because(out, ERR_NOT_FOUND, "This user is not banned.");
    if (bans_delete(s, target.id))
        return ERR_STORAGE;
    out->at = c->at_ms;
    outcome_add(out, (struct effect){.kind = EFFECT_USER, .user = target.id, .change = "unbanned"});
    if (target.ban_hides)
        outcome_add(out, (struct effect){.kind = EFFECT_HISTORY_HIDDEN, .user = target.id});
    return apply_audit(a, s, c, REQUEST_UNBAN, out, target.id, 0, 0, (struct span){NULL, 0});
}
