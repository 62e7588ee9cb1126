/* Deleting a message: the apply half. */
#include "apply/apply_internal.h"
#include "apply/rights.h"
#include "base/mem.h"
#include "rules/wire.h"

struct gone {
    struct buf *scratch;
    struct frame *frame;
};

static bool make_frame(void *ctx, const struct event_row *row)
{
    struct gone *g = ctx;
    if (!g->frame)
        g->frame = wire_row_frame(g->scratch, row);
    return true;
}

/* Its own members and moderators may; in an archived room nothing that is one's own changes any more. */
static enum err check_delete(const struct rights *actor, const struct apply_room *r, const struct message_head *head,
                             struct outcome *out)
{
    if (rights_moderates(actor))
        return OK;
    if (head->author_id != actor->user_id)
        return apply_refuse(out, ERR_FORBIDDEN);
    return r->archived_at ? apply_refuse(out, ERR_ARCHIVED) : OK;
}

static void add_mentioned(void *ctx, int64_t user_id)
{
    struct effect *effect = ctx;
    effect->mentioned = mem_must_resize(effect->mentioned, effect->mentioned_count + 1, sizeof user_id);
    effect->mentioned[effect->mentioned_count++] = user_id;
}

static enum err delete_mentions(struct store *s, int64_t room_id, int64_t seq, struct effect *effect)
{
    enum err e = mentions_of(s, room_id, seq, add_mentioned, effect);
    return e || !effect->mentioned_count ? e : mentions_delete(s, room_id, seq);
}

enum err message_apply_delete(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct apply_room *r;
    struct rights actor;
    struct message_head head;
    struct gone gone = {.scratch = &a->json};
    int64_t seq = c->f.n[F_SEQ];
    enum err e = rights_check(a, s, c, REQUEST_DELETE, out, &actor, &r, NULL);
    if (e || out->result)
        return e;
    /* An admin who manages a closed room from outside sees none of it, and deletes what was reported. */
    bool sees = actor.is_member ? rights_may_see(&actor, r, seq) : true;
    e = sees ? messages_head(s, r->id, seq, &head) : ERR_NOT_FOUND;
    if (e)
        return e == ERR_NOT_FOUND ? apply_refuse_because(out, e, "There is no such message.") : e;
    if ((e = check_delete(&actor, r, &head, out)) || out->result)
        return e;
    if (head.deleted_at)
        return apply_duplicate(out);
    struct apply_change change = {.kind = EVENT_DELETED, .target_seq = seq};
    if ((e = messages_delete(s, r->id, seq, c->at_ms)) || (e = apply_change(a, s, c, r, &change, out)) ||
        (e = events_after(s, r->id, seq - 1, seq + 1, 1, make_frame, &gone)))
        return e;
    if (!gone.frame)
        return ERR_STORAGE;
    struct effect *effect = outcome_add(out, (struct effect){.kind = EFFECT_MESSAGE_GONE,
                                                             .room = r->id,
                                                             .user = head.author_id,
                                                             .seq = seq,
                                                             .number = head.number,
                                                             .frame = gone.frame});
    if ((e = delete_mentions(s, r->id, seq, effect)) || (e = memberships_own_deleted(s, r->id, head.author_id, seq)))
        return e;
    if (head.author_id == out->user_id)
        return OK;
    return apply_audit(a, s, c, REQUEST_DELETE, out, head.author_id, r->id, seq, (struct span){NULL, 0});
}
