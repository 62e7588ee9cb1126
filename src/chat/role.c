#include "chat/role.h"

#include <assert.h>

#define ROW(type, anywhere, as_member, as_room_moderator, for_oneself, scope, outranks, audited)                       \
    [REQUEST_##type] = {REQUEST_##type,     ROLE_##anywhere, ROLE_##as_member, ROLE_##as_room_moderator,               \
                        ROLE_##for_oneself, SCOPE_##scope,   outranks,         audited}

/* clang-format off */
static const struct permission permissions[REQUEST_TYPES] = {
    /*                        anywhere   as member  as room's  oneself scope    outranks audited */
    ROW(JOIN,                 MEMBER,    VISITOR,   NEVER,     NEVER,  READ,     false,   false),
    ROW(LEAVE,                VISITOR,   NEVER,     NEVER,     NEVER,  READ,     false,   false),
    ROW(SEND,                 NEVER,     VISITOR,   NEVER,     NEVER,  WRITE,    false,   false),
    ROW(HISTORY,              MEMBER,    VISITOR,   NEVER,     NEVER,  READ,     false,   false),
    ROW(TYPING,               MEMBER,    VISITOR,   NEVER,     NEVER,  WRITE,    false,   false),
    ROW(PRESENCE,             VISITOR,   NEVER,     NEVER,     NEVER,  READ,     false,   false),
    ROW(PING,                 VISITOR,   NEVER,     NEVER,     NEVER,  READ,     false,   false),

    ROW(CREATE_ROOM,          MEMBER,    NEVER,     NEVER,     NEVER,  WRITE,    false,   true),
    ROW(RENAME_ROOM,          MODERATOR, NEVER,     MEMBER,    NEVER,  WRITE,    false,   true),
    ROW(ARCHIVE_ROOM,         MODERATOR, NEVER,     MEMBER,    NEVER,  WRITE,    false,   true),
    ROW(EDIT_ROOM,            MODERATOR, NEVER,     MEMBER,    NEVER,  WRITE,    false,   true),
    ROW(OPEN_DIRECT,          MEMBER,    NEVER,     NEVER,     NEVER,  WRITE,    false,   false),
    ROW(ADD_MEMBER,           ADMIN,     MEMBER,    NEVER,     MEMBER, WRITE,    false,   true),
    ROW(REMOVE_MEMBER,        MODERATOR, NEVER,     MEMBER,    MEMBER, WRITE,    true,    true),
    ROW(SET_ROOM_ROLE,        ADMIN,     NEVER,     MEMBER,    NEVER,  WRITE,    false,   true),
    ROW(REQUEST_JOIN,         MEMBER,    NEVER,     NEVER,     NEVER,  WRITE,    false,   false),
    ROW(ANSWER_REQUEST,       ADMIN,     NEVER,     MEMBER,    NEVER,  WRITE,    false,   true),
    ROW(MUTE,                 MODERATOR, NEVER,     MEMBER,    NEVER,  WRITE,    true,    true),
    ROW(SET_MEMBERSHIP,       NEVER,     MEMBER,    NEVER,     NEVER,  WRITE,    false,   false),
    ROW(READ,                 NEVER,     MEMBER,    NEVER,     NEVER,  WRITE,    false,   false),
    ROW(MARK_UNREAD,          NEVER,     MEMBER,    NEVER,     NEVER,  WRITE,    false,   false),
    ROW(DELETE,               MODERATOR, VISITOR,   MEMBER,    NEVER,  WRITE,    false,   true),
    ROW(REPORT,               MEMBER,    GUEST,     NEVER,     NEVER,  WRITE,    false,   false),
    ROW(HANDLE_REPORT,        MODERATOR, NEVER,     MEMBER,    NEVER,  WRITE,    false,   true),
    ROW(SET_PROFILE,          MEMBER,    NEVER,     NEVER,     NEVER,  WRITE,    false,   false),
    ROW(RENAME,               GUEST,     NEVER,     NEVER,     NEVER,  WRITE,    false,   true),
    ROW(SET_ROLE,             ADMIN,     NEVER,     NEVER,     NEVER,  SESSION,  true,    true),
    ROW(BAN,                  MODERATOR, NEVER,     NEVER,     NEVER,  WRITE,    true,    true),
    ROW(UNBAN,                MODERATOR, NEVER,     NEVER,     NEVER,  WRITE,    true,    true),
    ROW(BLOCK,                MEMBER,    NEVER,     NEVER,     NEVER,  WRITE,    false,   false),
    ROW(UNBLOCK,              MEMBER,    NEVER,     NEVER,     NEVER,  WRITE,    false,   false),
    ROW(CREATE_INVITE,        ADMIN,     NEVER,     NEVER,     NEVER,  ADMIN,    false,   true),
    ROW(EDIT_INVITE,          ADMIN,     NEVER,     NEVER,     NEVER,  ADMIN,    false,   true),
    ROW(REVOKE_INVITE,        ADMIN,     NEVER,     NEVER,     NEVER,  ADMIN,    false,   true),
    ROW(CREATE_TOKEN,         MEMBER,    NEVER,     NEVER,     NEVER,  PASSWORD, false,   true),
    ROW(REVOKE_TOKEN,         MEMBER,    NEVER,     NEVER,     NEVER,  SESSION,  false,   true),
    ROW(END_SESSION,          MEMBER,    NEVER,     NEVER,     NEVER,  SESSION,  false,   true),
    ROW(END_OTHER_SESSIONS,   MEMBER,    NEVER,     NEVER,     NEVER,  SESSION,  false,   true),
    ROW(CREATE_RESET,         ADMIN,     NEVER,     NEVER,     NEVER,  PASSWORD, true,    true),
    ROW(SET_PLACE,            OWNER,     NEVER,     NEVER,     NEVER,  ADMIN,    false,   true),

    ROW(PEOPLE,               MEMBER,    NEVER,     NEVER,     NEVER,  READ,     false,   false),
    ROW(PERSON,               MEMBER,    NEVER,     NEVER,     NEVER,  READ,     false,   false),
    ROW(ROOMS,                MEMBER,    NEVER,     NEVER,     NEVER,  READ,     false,   false),
    ROW(MEMBERS,              MEMBER,    GUEST,     NEVER,     NEVER,  READ,     false,   false),
    ROW(REQUESTS,             ADMIN,     NEVER,     MEMBER,    NEVER,  READ,     false,   false),
    ROW(INVITES,              ADMIN,     NEVER,     NEVER,     NEVER,  ADMIN,    false,   false),
    ROW(SESSIONS,             MEMBER,    NEVER,     NEVER,     NEVER,  READ,     false,   false),
    ROW(TOKENS,               MEMBER,    NEVER,     NEVER,     NEVER,  READ,     false,   false),
    ROW(BANS,                 MODERATOR, NEVER,     NEVER,     NEVER,  READ,     false,   false),
    ROW(BLOCKS,               MEMBER,    NEVER,     NEVER,     NEVER,  READ,     false,   false),
    ROW(REPORTS,              MODERATOR, NEVER,     MEMBER,    NEVER,  READ,     false,   false),
    ROW(AUDIT,                ADMIN,     NEVER,     NEVER,     NEVER,  ADMIN,    false,   false),
    ROW(SETTINGS,             ADMIN,     NEVER,     NEVER,     NEVER,  ADMIN,    false,   false),
};
/* clang-format on */

const struct permission *permission_of(enum request_type type)
{
    assert(type >= 0 && type < REQUEST_TYPES);
    return &permissions[type];
}

static bool outranks(const struct standing *s)
{
    enum role rank = s->role;
    if (s->room_role == ROOM_ROLE_MODERATOR && rank < ROLE_MODERATOR)
        rank = ROLE_MODERATOR;
    return rank > s->target_role || rank >= ROLE_OWNER;
}

enum err permission_check(const struct permission *p, const struct standing *s)
{
    bool may = s->role >= p->anywhere || (s->room_role >= ROOM_ROLE_MEMBER && s->role >= p->as_member) ||
               (s->room_role >= ROOM_ROLE_MODERATOR && s->role >= p->as_room_moderator) ||
               (s->is_self && s->role >= p->for_oneself);
    if (!may)
        return s->room_role == ROOM_ROLE_NONE && s->role >= p->as_member ? ERR_NOT_MEMBER : ERR_FORBIDDEN;
    if (p->outranks && s->has_target && !s->is_self && !outranks(s))
        return ERR_FORBIDDEN;
    return OK;
}

bool permission_needs_session(const struct permission *p)
{
    return p->scope >= SCOPE_SESSION;
}

bool permission_manages(const struct permission *p)
{
    return p->anywhere >= ROLE_MODERATOR && p->anywhere != ROLE_NEVER;
}
