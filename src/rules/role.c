#include "rules/role.h"

#include <assert.h>

#define PERMISSION_MAY(anywhere, as_member, as_room_moderator, for_oneself)                                            \
    ROLE_##anywhere, ROLE_##as_member, ROLE_##as_room_moderator, ROLE_##for_oneself
#define VERB(type, name, may, scope, flags, ...)                                                                       \
    [REQUEST_##type] = {PERMISSION_##may, SCOPE_##scope, ((flags)&VERB_OUTRANKS) != 0, ((flags)&VERB_AUDITED) != 0},
static const struct permission permissions[REQUEST_TYPES] = {
#include "proto/verbs.def"
};

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
