#include "chat/admit/standing.h"

#include "directory/people.h"
#include "directory/rooms.h"

enum user_kind standing_kind(const struct caller *who)
{
    return caller_user_kind(who->kind);
}

static const char held_back[] = "Admins here need two-factor authentication. Turn it on first.";

/* What a proxy has signed in needs nothing else: a second factor is the proxy's to ask for. */
static bool is_held_back(struct chat *c, const struct caller *who)
{
    return who->kind == COMMAND_ACTOR_ACCOUNT && (who->session_id || who->token_id) &&
           directory_lacks_totp(c->directory, who->user_id);
}

enum role standing_role(struct chat *c, const struct caller *who)
{
    switch (who->kind) {
    case COMMAND_ACTOR_SYSTEM:
        return ROLE_SYSTEM;
    case COMMAND_ACTOR_VISITOR:
        return ROLE_VISITOR;
    case COMMAND_ACTOR_GUEST:
        return ROLE_GUEST;
    case COMMAND_ACTOR_ACCOUNT:
        break;
    }
    return is_held_back(c, who) ? ROLE_MEMBER : directory_role(c->directory, who->user_id);
}

void standing_limit(struct chat *c, const struct caller *who, struct command *command)
{
    if (is_held_back(c, who))
        fields_set(&command->f, F_RANK, ROLE_MEMBER);
    if (who->token_id && command->kind == COMMAND_MESSAGE_SEND)
        fields_set(&command->f, F_BY_TOKEN, 1);
}

enum err standing_may_read(struct chat *c, const struct caller *who, int64_t room_id, int64_t *floor_seq)
{
    return directory_may_read(c->directory, room_id, who->user_id, standing_kind(who), floor_seq);
}

enum scope standing_scope(struct chat *c, const struct caller *who)
{
    return who->scope > SCOPE_WRITE && is_held_back(c, who) ? SCOPE_WRITE : who->scope;
}

/* Whether no column of the row is open to whoever has no account. */
static bool needs_account(const struct permission *p)
{
    return p->anywhere >= ROLE_MEMBER && p->as_member >= ROLE_MEMBER && p->as_room_moderator >= ROLE_MEMBER &&
           p->for_oneself >= ROLE_MEMBER;
}

enum err standing_admit(struct chat *c, const struct caller *who, enum request_type type, const char **why)
{
    const struct permission *p = permission_of(type);
    int64_t until;
    if (who->kind == COMMAND_ACTOR_SYSTEM)
        return OK;
    if (permission_needs_session(p) && who->token_id) {
        *why = "Access tokens can't do that. Sign in instead.";
        return ERR_FORBIDDEN;
    }
    if (!permission_needs_session(p) && p->scope > (int)who->scope) {
        *why = p->scope == SCOPE_ADMIN ? "This token's scope doesn't allow that: it needs \"admin\"."
                                       : "This token's scope doesn't allow that: it needs \"write\".";
        return ERR_FORBIDDEN;
    }
    if ((p->scope == SCOPE_ADMIN || p->scope == SCOPE_PASSWORD) && is_held_back(c, who)) {
        *why = held_back;
        return ERR_FORBIDDEN;
    }
    if (who->user_id && directory_is_banned(c->directory, who->user_id, env_wall_ms(c->env), &until))
        return ERR_BANNED;
    if (who->kind != COMMAND_ACTOR_ACCOUNT && needs_account(p))
        return ERR_UNAUTHORIZED;
    return OK;
}

bool standing_manages(struct chat *c, const struct caller *who, enum request_type type)
{
    return permission_manages(permission_of(type)) && standing_role(c, who) >= ROLE_ADMIN;
}

enum err standing_user(struct chat *c, const struct request_ref *ref, int64_t *user_id)
{
    char fold[NAME_KEY_BYTES];
    int64_t id = ref->id;
    if (!id && ref->name.len && ref->name.len < NAME_BYTES && !name_fold(c->names, ref->name, fold))
        id = directory_user_by_fold(c->directory, span_of(fold));
    if (!id)
        return ERR_NOT_FOUND;
    *user_id = id;
    return OK;
}

static enum room_role room_role_of(struct chat *c, const struct caller *who, int64_t room_id)
{
    struct directory_room room;
    if (!room_id || !directory_room(c->directory, room_id, who->user_id, &room, NULL, NULL))
        return ROOM_ROLE_NONE;
    bool is_guest = who->kind == COMMAND_ACTOR_GUEST || who->kind == COMMAND_ACTOR_VISITOR;
    if (is_guest)
        return room.kind == ROOM_OPEN ? ROOM_ROLE_MEMBER : ROOM_ROLE_NONE;
    return room.role;
}

enum err standing_check(struct chat *c, const struct caller *who, enum request_type type, int64_t room_id,
                        int64_t user_id, const char **why)
{
    struct standing s = {
        .role = standing_role(c, who),
        .room_role = room_role_of(c, who, room_id),
        .is_self = user_id && user_id == who->user_id,
        .has_target = user_id != 0,
        .target_role = directory_role(c->directory, user_id),
    };
    enum err e = permission_check(permission_of(type), &s);
    if (e == ERR_FORBIDDEN && is_held_back(c, who))
        *why = held_back;
    return e;
}
