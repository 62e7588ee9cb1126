#include "apply/account.h"
#include "apply/rights.h"
#include "store/moderation.h"

enum { BLOCKS_MAX = 1000 }; /* of one person: they are in `welcome` */

static void count(void *ctx, int64_t blocked_id, struct span name)
{
    (void)blocked_id;
    (void)name;
    ++*(int64_t *)ctx;
}

enum err block_apply_block(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    int64_t blocks = 0;
    struct rights actor;
    struct account_row target;
    enum err e = rights_check(a, s, c, REQUEST_BLOCK, out, &actor, NULL, &target);
    if (e || out->result)
        return e;
    if (target.id == actor.user_id)
        return apply_refuse_because(out, ERR_INVALID, "You can't block yourself.");
    if ((e = blocks_has(s, actor.user_id, target.id)) != ERR_NOT_FOUND)
        return e ? e : apply_duplicate(out);
    if ((e = blocks_each(s, actor.user_id, count, &blocks)))
        return e;
    if (blocks >= BLOCKS_MAX)
        return apply_refuse_because(out, ERR_FORBIDDEN, "You've blocked as many people as you can.");
    out->at = c->at_ms;
    outcome_add(out, (struct effect){.kind = EFFECT_BLOCKS, .user = actor.user_id, .id = target.id});
    return blocks_insert(s, actor.user_id, target.id, c->at_ms);
}

enum err block_apply_unblock(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct rights actor;
    struct account_row target;
    enum err e = rights_check(a, s, c, REQUEST_UNBLOCK, out, &actor, NULL, &target);
    if (e || out->result)
        return e;
    if ((e = blocks_has(s, actor.user_id, target.id)))
        return e == ERR_NOT_FOUND ? apply_duplicate(out) : e;
    out->at = c->at_ms;
    outcome_add(out, (struct effect){.kind = EFFECT_BLOCKS, .user = actor.user_id, .id = target.id});
    return blocks_delete(s, actor.user_id, target.id);
}
