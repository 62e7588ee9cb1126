/* Rows of visitors who have left nothing behind are deleted: see sweep.h. */
#include "apply/apply_internal.h"

struct check {
    int64_t id;
    bool may_go;
};

static void check(void *ctx, int64_t id, bool is_needed, int64_t messages)
{
    struct check *k = ctx;
    (void)messages;
    k->may_go = id == k->id && !is_needed;
}

enum err sweep_apply_visitors(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    (void)a;
    if (c->actor != COMMAND_ACTOR_SYSTEM)
        return apply_refuse(out, ERR_FORBIDDEN);
    for (size_t i = 0; i < c->f.id_count; i++) {
        struct check k = {.id = c->f.ids[i]};
        enum err e = k.id > 0 ? visitors_each(s, k.id - 1, 1, c->f.n[F_UNTIL], c->at_ms, check, &k) : OK;
        if (!e && k.may_go)
            e = visitors_delete(s, k.id);
        if (e)
            return e;
        if (k.may_go)
            outcome_add(out, (struct effect){.kind = EFFECT_SWEPT, .user = k.id});
    }
    out->at = c->at_ms;
    return OK;
}
