/* Bans: set and lifted. */
#include "apply/account.h"
#include "apply/rights.h"
#include "proto/json.h"
#include "store/moderation.h"

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

enum err ban_apply_set(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
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

enum err ban_apply_lift(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
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
