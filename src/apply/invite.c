/* Invitations: made, changed, revoked, and used up by whoever signs up with one. */
#include "rules/invite.h"

#include "apply/account.h"
#include "apply/rights.h"
#include "proto/json.h"

/* ------------------------------------------------------------------ signing up with one */

static void add_room(void *ctx, int64_t room_id)
{
    struct invite_found *i = ctx;
    if (i->room_count < FIELD_IDS_MAX)
        i->rooms[i->room_count++] = room_id;
}

enum err invite_find(struct store *s, const struct command *c, struct invite_found *out, struct outcome *outcome)
{
    struct invite_row row;
    *out = (struct invite_found){.id = 0};
    if (!fields_has_text(&c->f, F_CODE))
        return OK;
    enum invite_state state = INVITE_UNKNOWN;
    enum err e = invites_by_code(s, c->f.t[F_CODE], &row);
    if (!e)
        state = invite_state(&row, c->at_ms);
    if (e == ERR_NOT_FOUND || (!e && state != INVITE_VALID))
        return apply_refuse_because(outcome, ERR_NOT_FOUND, invite_why(state));
    out->id = row.id;
    return e ? e : invites_rooms(s, row.id, add_room, out);
}

enum err invite_use(struct store *s, const struct invite_found *found)
{
    return found->id && invites_use(s, found->id) ? ERR_STORAGE : OK;
}

/* ------------------------------------------------------------------ the verbs */

/* Whoever may add people to a room may let an invitation do it. A direct conversation stays between those it is
 * between. */
static enum err check_room(struct apply *a, struct store *s, const struct command *c, const struct rights *actor,
                           int64_t room_id, struct outcome *out)
{
    struct rights there;
    const struct apply_room *r = apply_room(a, room_id);
    if (!r || r->kind == ROOM_DIRECT)
        return apply_refuse_because(out, ERR_NOT_FOUND, "A room of this invitation no longer exists.");
    enum err e = rights_of(a, s, actor->user_id, r, c->at_ms, &there);
    if (e)
        return e == ERR_UNAUTHORIZED ? apply_refuse(out, e) : e;
    const struct standing standing = {.role = there.role, .room_role = there.room_role};
    e = permission_check(permission_of(REQUEST_ADD_MEMBER), &standing);
    return e ? apply_refuse(out, e) : OK;
}

enum err invite_apply_create(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct rights actor;
    enum err e = rights_check(a, s, c, REQUEST_CREATE_INVITE, out, &actor, NULL, NULL);
    for (size_t i = 0; !e && !out->result && i < c->f.id_count; i++)
        e = check_room(a, s, c, &actor, c->f.ids[i], out);
    if (e || out->result)
        return e;
    if (!c->f.t[F_CODE].len || c->f.n[F_MAX_USES] < 0)
        return apply_refuse(out, ERR_INVALID);
    if (account_is_past(c, F_EXPIRES))
        return apply_refuse_because(out, ERR_INVALID, "The expiry must be in the future.");
    const struct invite_row row = {.code = c->f.t[F_CODE],
                                   .created_by = actor.user_id,
                                   .created_at = c->at_ms,
                                   .expires_at = c->f.n[F_EXPIRES],
                                   .max_uses = c->f.n[F_MAX_USES],
                                   .label = c->f.t[F_LABEL]};
    e = invites_insert(s, &row, c->f.ids, c->f.id_count, &out->id);
    if (e)
        return e == ERR_ID_REUSED ? apply_refuse(out, e) : e;
    out->at = c->at_ms;
    buf_clear(&a->data);
    buf_printf(&a->data, "{\"invite\":%lld,\"expires_ms\":%lld,\"max_uses\":%lld", (long long)out->id,
               (long long)row.expires_at, (long long)row.max_uses);
    if (row.label.len)
        json_add_text(&a->data, ",\"label\":", row.label);
    buf_add_char(&a->data, '}');
    return apply_audit(a, s, c, REQUEST_CREATE_INVITE, out, 0, 0, 0, buf_span(&a->data));
}

enum err invite_apply_edit(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct rights actor;
    enum err e = rights_check(a, s, c, REQUEST_EDIT_INVITE, out, &actor, NULL, NULL);
    if (e || out->result)
        return e;
    e = invites_set_label(s, c->f.n[F_INVITE], c->f.t[F_LABEL]);
    if (e)
        return e == ERR_NOT_FOUND ? apply_refuse_because(out, e, "There is no such invitation.") : e;
    out->at = c->at_ms;
    buf_clear(&a->data);
    buf_printf(&a->data, "{\"invite\":%lld", (long long)c->f.n[F_INVITE]);
    json_add_text(&a->data, ",\"label\":", c->f.t[F_LABEL]);
    buf_add_char(&a->data, '}');
    return apply_audit(a, s, c, REQUEST_EDIT_INVITE, out, 0, 0, 0, buf_span(&a->data));
}

enum err invite_apply_revoke(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct rights actor;
    enum err e = rights_check(a, s, c, REQUEST_REVOKE_INVITE, out, &actor, NULL, NULL);
    if (e || out->result)
        return e;
    e = invites_revoke(s, c->f.n[F_INVITE], c->at_ms);
    if (e)
        return e == ERR_NOT_FOUND
                   ? apply_refuse_because(out, e, "There is no such invitation, or it is already revoked.")
                   : e;
    out->at = c->at_ms;
    buf_clear(&a->data);
    buf_printf(&a->data, "{\"invite\":%lld}", (long long)c->f.n[F_INVITE]);
    return apply_audit(a, s, c, REQUEST_REVOKE_INVITE, out, 0, 0, 0, buf_span(&a->data));
}
