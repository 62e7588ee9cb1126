/* Asking to become a member of a closed room, or of all that share a name. Whether there is such a room is not told: the
 * answer to asking is the same in any case. */
#include "apply/apply_internal.h"
#include "apply/rights.h"
#include "proto/json.h"

static enum err ask(struct apply *a, struct store *s, const struct command *c, int64_t room_id, struct outcome *out)
{
    struct rights actor;
    const struct apply_room *r = apply_room(a, room_id);
    if (!r || r->kind != ROOM_CLOSED || r->archived_at)
        return OK;
    enum err e = rights_of(a, s, out->user_id, r, c->at_ms, &actor);
    if (e || actor.is_member)
        return e;
    struct join_request_row row = {.room_id = r->id, .user_id = out->user_id, .at = c->at_ms, .text = c->f.t[F_TEXT]};
    outcome_add(out, (struct effect){.kind = EFFECT_REQUESTED, .room = r->id});
    return join_requests_set(s, &row);
}

enum err join_request_apply(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct rights actor;
    enum err e = rights_check(a, s, c, REQUEST_REQUEST_JOIN, out, &actor, NULL, NULL);
    if (e || out->result)
        return e;
    if (!actor.user_id)
        return apply_refuse(out, ERR_FORBIDDEN);
    for (size_t i = 0; i < c->f.id_count && !e; i++)
        e = ask(a, s, c, c->f.ids[i], out);
    return e;
}

enum err join_request_apply_answer(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct rights actor;
    struct apply_room *r;
    struct account_row user;
    bool accept = c->f.n[F_ACCEPT] != 0;
    enum err e = rights_check(a, s, c, REQUEST_ANSWER_REQUEST, out, &actor, &r, &user);
    if (e || out->result)
        return e;
    if (accept && !members_may_belong(&user, c->at_ms, out))
        return OK;
    if (accept && r->archived_at)
        return apply_refuse(out, ERR_ARCHIVED);
    e = join_requests_delete(s, r->id, user.id);
    if (e)
        return e == ERR_NOT_FOUND ? apply_refuse_because(out, e, "This person has no open request.") : e;
    out->at = c->at_ms;
    if (accept && (e = apply_join(a, s, c, r, user.id, ROOM_ROLE_MEMBER, out)))
        return e;
    outcome_add(out, (struct effect){.kind = EFFECT_REQUESTED, .room = r->id});
    buf_clear(&a->data);
    json_add_flag(&a->data, "{\"accept\":", accept);
    buf_add_char(&a->data, '}');
    return apply_audit(a, s, c, REQUEST_ANSWER_REQUEST, out, user.id, r->id, out->seq, buf_span(&a->data));
}
