/* New accounts: the first owner, who sets the place up, and whoever signs up after that. */
#include "apply/account.h"
#include "apply/rights.h"
#include "rules/user_name.h"

/* ------------------------------------------------------------------ new accounts */

/* Makes the user of the command, refusing a name that is taken before anything is changed. */
static enum err insert_user(struct store *s, const struct command *c, struct outcome *out)
{
    struct user_row row = {.kind = USER_ACCOUNT, .name = c->name, .fold = c->fold, .created_at = c->at_ms};
    memcpy(row.key, c->actor_key, sizeof row.key);
    if (!user_name_is_plain(c->name))
        return apply_refuse(out, ERR_INVALID);
    enum err e = users_insert(s, &row, &out->user_id);
    return e == ERR_NAME_TAKEN || e == ERR_ID_REUSED ? apply_refuse(out, e) : e;
}

/* The guest keeps the id, and so everything it has said. */
static enum err rename_guest(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    int64_t id;
    if (!user_name_is_plain(c->name))
        return apply_refuse(out, ERR_INVALID);
    enum err e = apply_actor(a, s, c, false, &id);
    if (!e)
        e = users_set_name(s, id, c->name, c->fold);
    if (e == ERR_UNAUTHORIZED || e == ERR_NAME_TAKEN)
        return apply_refuse(out, e);
    out->user_id = id;
    return e;
}

static enum err finish_account(struct store *s, const struct command *c, enum role role, struct outcome *out)
{
    const struct profile_row profile = {.display_name = c->f.t[F_DISPLAY_NAME]};
    if (accounts_promote(s, out->user_id, role, c->f.t[F_PASSWORD]) || profiles_set(s, out->user_id, &profile))
        return ERR_STORAGE;
    out->at = c->at_ms;
    outcome_add(out, (struct effect){.kind = EFFECT_USER, .user = out->user_id, .change = "changed"});
    return OK;
}

/* What is archived takes nobody any more, and a direct conversation stays between those it is between. */
static enum err join(struct apply *a, struct store *s, const struct command *c, int64_t room_id, enum room_role role,
                     struct outcome *out)
{
    struct apply_room *r = apply_room(a, room_id);
    if (!r || r->archived_at || r->kind == ROOM_DIRECT)
        return OK;
    return apply_join(a, s, c, r, out->user_id, role, out);
}

/* Without an event: nobody is there to whom it would say anything, and the lobby begins with what is said in it. */
static enum err found_lobby(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    const struct apply_room *lobby = apply_room(a, LOBBY_ID);
    const struct membership_row founder = {.room_id = LOBBY_ID,
                                           .user_id = out->user_id,
                                           .role = ROOM_ROLE_MODERATOR,
                                           .level = LEVEL_ALL,
                                           .joined_at = c->at_ms,
                                           .joined_seq = lobby->last_seq,
                                           .read_seq = lobby->last_seq};
    enum err e = memberships_insert(s, &founder);
    if (!e)
        outcome_add(out, (struct effect){.kind = EFFECT_JOINED, .room = LOBBY_ID, .user = out->user_id});
    return e;
}

/* The first owner: there is nobody yet who could let one in, so whoever comes first is it. */
enum err sign_up_apply_set_up(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct place_row place;
    enum err e = place_get(s, &place);
    if (e)
        return e;
    if (place.set_up_at)
        return apply_refuse(out, ERR_FORBIDDEN);
    if (c->f.t[F_DISPLAY_NAME].len > ACCOUNT_DISPLAY_NAME_BYTES || c->f.t[F_NAME].len >= NAME_BYTES ||
        !c->f.t[F_PASSWORD].len)
        return apply_refuse(out, ERR_INVALID);
    if ((e = insert_user(s, c, out)) || out->result)
        return e;
    place.name = c->f.t[F_NAME];
    place.set_up_at = c->at_ms;
    if (place_set(s, &place))
        return ERR_STORAGE;
    e = finish_account(s, c, ROLE_OWNER, out);
    outcome_add(out, (struct effect){.kind = EFFECT_PLACE});
    if (!e)
        e = found_lobby(a, s, c, out);
    return e ? e : account_audit(s, c, "setup", out, out->user_id);
}

/* ------------------------------------------------------------------ sign-up */

/* Whether everybody may sign up is a setting, which is no part of the database and so not known here: the submit half
 * has looked at it, and says by giving no code that none is needed. A code that is given has to be good. */
enum err sign_up_apply(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct place_row place;
    struct invite_found invited;
    struct rights guest;
    enum err e = place_get(s, &place);
    if (e)
        return e;
    if (!place.set_up_at)
        return apply_refuse(out, ERR_NOT_SET_UP);
    if (c->f.t[F_DISPLAY_NAME].len > ACCOUNT_DISPLAY_NAME_BYTES)
        return apply_refuse(out, ERR_INVALID);
    if (c->actor_id && ((e = rights_actor(a, s, c, NULL, out, &guest)) || out->result))
        return e;
    if (c->actor_id && guest.kind != USER_GUEST)
        return apply_refuse(out, ERR_UNAUTHORIZED);
    if ((e = invite_find(s, c, &invited, out)) || out->result)
        return e;
    e = c->actor_id ? rename_guest(a, s, c, out) : insert_user(s, c, out);
    if (e || out->result)
        return e;
    if ((e = invite_use(s, &invited)))
        return e;
    e = finish_account(s, c, ROLE_MEMBER, out);
    if (!e)
        e = join(a, s, c, LOBBY_ID, ROOM_ROLE_MEMBER, out);
    for (size_t i = 0; !e && i < invited.room_count; i++)
        e = join(a, s, c, invited.rooms[i], ROOM_ROLE_MEMBER, out);
    return e ? e : account_audit(s, c, "sign_up", out, out->user_id);
}
