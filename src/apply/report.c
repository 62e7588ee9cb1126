/* Telling the moderators of a message, and what they did about it. */
#include "apply/apply_internal.h"
#include "apply/rights.h"
#include "proto/json.h"
#include "store/moderation.h"

enum err report_apply(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct rights actor;
    struct apply_room *r;
    struct message_head head;
    int64_t seq = c->f.n[F_SEQ];
    enum err e = rights_check(a, s, c, REQUEST_REPORT, out, &actor, &r, NULL);
    if (e || out->result)
        return e;
    e = rights_may_see(&actor, r, seq) ? messages_head(s, r->id, seq, &head) : ERR_NOT_FOUND;
    if (!e && head.deleted_at)
        e = ERR_NOT_FOUND;
    if (e)
        return e == ERR_NOT_FOUND ? apply_refuse_because(out, e, "There is no such message, or it was deleted.") : e;
    struct report_row row = {
        .room_id = r->id, .seq = seq, .reporter_id = actor.user_id, .at = c->at_ms, .reason = c->f.t[F_TEXT]};
    e = reports_insert(s, &row, &out->id);
    if (e)
        return e == ERR_ID_REUSED ? apply_duplicate(out) : e;
    out->at = c->at_ms;
    outcome_add(out, (struct effect){.kind = EFFECT_REPORTED, .room = r->id});
    return OK;
}

/* The command does not name the room, the report does; whether there is one is only told to those who may handle it. */
static enum err check_handle(struct apply *a, struct store *s, const struct command *c, struct outcome *out,
                             struct apply_room **room)
{
    struct rights actor;
    int64_t room_id = 0;
    enum err found = reports_room(s, c->f.n[F_REPORT], &room_id);
    if (found && found != ERR_NOT_FOUND)
        return found;
    *room = apply_room(a, room_id);
    enum err e = rights_actor(a, s, c, *room, out, &actor);
    if (e || out->result)
        return e;
    struct standing standing = {.role = actor.role, .room_role = actor.room_role};
    if ((e = permission_check(permission_of(REQUEST_HANDLE_REPORT), &standing)))
        return apply_refuse(out, e);
    return found ? apply_refuse(out, found) : OK;
}

enum err report_apply_handle(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct apply_room *r;
    int64_t id = c->f.n[F_REPORT];
    enum err e = check_handle(a, s, c, out, &r);
    if (e || out->result)
        return e;
    e = reports_handle(s, id, out->user_id, c->at_ms, c->f.t[F_TEXT]);
    if (e)
        return e == ERR_NOT_FOUND ? apply_duplicate(out) : e; /* somebody else was faster */
    out->id = id;
    out->room_id = r->id;
    out->at = c->at_ms;
    outcome_add(out, (struct effect){.kind = EFFECT_REPORTED, .room = r->id});
    buf_clear(&a->data);
    json_add_number(&a->data, "{\"report\":", id);
    json_add_text(&a->data, ",\"outcome\":", c->f.t[F_TEXT]);
    buf_add_char(&a->data, '}');
    return apply_audit(a, s, c, REQUEST_HANDLE_REPORT, out, 0, r->id, 0, buf_span(&a->data));
}
