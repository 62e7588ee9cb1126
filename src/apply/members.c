/* Who belongs to a room, and as what: the apply halves. */
#include "apply/apply_internal.h"
#include "apply/rights.h"
#include "proto/json.h"
#include "rules/ban.h"
#include "store/moderation.h"

/* What a verb of this file is about: a room, by somebody, to somebody. A direct conversation keeps its people: who leaves
 * it does not see it until something is said in it, or they open it again. */
struct about {
    struct rights actor;
    struct apply_room *room;
    struct account_row user;
};

static enum err check(struct apply *a, struct store *s, const struct command *c, enum request_type verb,
                      struct outcome *out, struct about *about)
{
    enum err e = rights_check(a, s, c, verb, out, &about->actor, &about->room, &about->user);
    if (e || out->result || about->room->kind != ROOM_DIRECT)
        return e;
    if (verb == REQUEST_REMOVE_MEMBER && about->user.id == about->actor.user_id)
        return OK;
    return apply_refuse_because(out, ERR_FORBIDDEN, "You can't add or remove people in a direct conversation.");
}

/* ------------------------------------------------------------------ in and out */

bool members_may_belong(const struct account_row *user, int64_t at_ms, struct outcome *out)
{
    if (user->kind != USER_ACCOUNT)
        apply_refuse_because(out, ERR_FORBIDDEN, "Only people with an account can be members.");
    else if (ban_counts(user, at_ms))
        apply_refuse_because(out, ERR_FORBIDDEN, "This person is banned.");
    return !out->result;
}

enum err members_apply_add(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct about about;
    enum err e = check(a, s, c, REQUEST_ADD_MEMBER, out, &about);
    if (e || out->result || !members_may_belong(&about.user, c->at_ms, out))
        return e;
    bool takes_power = about.user.id != about.actor.user_id || !rights_may_read(&about.actor, about.room);
    if (about.room->archived_at)
        return apply_refuse(out, ERR_ARCHIVED);
    if (about.user.id != about.actor.user_id &&
        (e = blocks_has(s, about.user.id, about.actor.user_id)) != ERR_NOT_FOUND)
        return e ? e : apply_refuse_because(out, ERR_FORBIDDEN, "This person has blocked you.");
    if ((e = apply_join(a, s, c, about.room, about.user.id, ROOM_ROLE_MEMBER, out)))
        return e;
    if (!out->effect_count)
        return apply_duplicate(out);
    if (!takes_power)
        return OK;
    return apply_audit(a, s, c, REQUEST_ADD_MEMBER, out, about.user.id, about.room->id, out->seq,
                       (struct span){NULL, 0});
}

static enum err hide(struct store *s, struct apply_room *r, int64_t user_id, struct outcome *out)
{
    struct membership_row membership;
    enum err e = memberships_get(s, r->id, user_id, &membership);
    if (e)
        return e;
    if (membership.hidden)
        return apply_duplicate(out);
    membership.hidden = true;
    r->maybe_hidden = true;
    outcome_add(out, (struct effect){.kind = EFFECT_MEMBERSHIP, .room = r->id, .user = user_id});
    return memberships_set(s, &membership);
}

enum err members_apply_remove(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct about about;
    enum err e = check(a, s, c, REQUEST_REMOVE_MEMBER, out, &about);
    if (e || out->result)
        return e;
    struct apply_room *r = about.room;
    bool leaves = about.user.id == about.actor.user_id;
    if (r->kind == ROOM_DIRECT)
        return hide(s, r, about.user.id, out);
    e = memberships_delete(s, r->id, about.user.id);
    if (e)
        return e == ERR_NOT_FOUND ? apply_duplicate(out) : e;
    struct apply_change change = {.kind = leaves ? EVENT_LEFT : EVENT_REMOVED, .user = &about.user};
    if ((e = apply_change(a, s, c, r, &change, out)))
        return e;
    outcome_add(out, (struct effect){.kind = EFFECT_LEFT, .room = r->id, .user = about.user.id});
    if (leaves)
        return OK;
    return apply_audit(a, s, c, REQUEST_REMOVE_MEMBER, out, about.user.id, r->id, out->seq, (struct span){NULL, 0});
}

/* ------------------------------------------------------------------ role and voice */

enum err members_apply_set_role(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct about about;
    struct membership_row membership;
    enum room_role role = (enum room_role)c->f.n[F_ROOM_ROLE];
    enum err e = check(a, s, c, REQUEST_SET_ROOM_ROLE, out, &about);
    if (e || out->result)
        return e;
    if (role == ROOM_ROLE_NONE)
        return apply_refuse(out, ERR_INVALID);
    e = memberships_get(s, about.room->id, about.user.id, &membership);
    if (e)
        return e == ERR_NOT_FOUND ? apply_refuse_because(out, e, "This person is not a member of the room.") : e;
    if (membership.role == role)
        return apply_duplicate(out);
    membership.role = role;
    if ((e = memberships_set(s, &membership)))
        return e;
    out->at = c->at_ms;
    outcome_add(out, (struct effect){.kind = EFFECT_MEMBERSHIP, .room = about.room->id, .user = about.user.id});
    buf_clear(&a->data);
    json_add_text(&a->data, "{\"role\":", span_of(words_name(&words_room_role, (int)role)));
    buf_add_char(&a->data, '}');
    return apply_audit(a, s, c, REQUEST_SET_ROOM_ROLE, out, about.user.id, about.room->id, 0, buf_span(&a->data));
}

enum err members_apply_mute(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct about about;
    int64_t before, until = c->f.n[F_UNTIL];
    enum err e = check(a, s, c, REQUEST_MUTE, out, &about);
    if (e || out->result)
        return e;
    if (until <= c->at_ms)
        until = 0;
    if ((e = silences_get(s, about.room->id, about.user.id, &before)))
        return e;
    if (before == until)
        return apply_duplicate(out);
    if ((e = silences_set(s, about.room->id, about.user.id, until)))
        return e;
    out->at = c->at_ms;
    outcome_add(out, (struct effect){.kind = EFFECT_MEMBERSHIP, .room = about.room->id, .user = about.user.id});
    buf_clear(&a->data);
    json_add_number(&a->data, "{\"until_ms\":", until);
    buf_add_char(&a->data, '}');
    return apply_audit(a, s, c, REQUEST_MUTE, out, about.user.id, about.room->id, 0, buf_span(&a->data));
}
