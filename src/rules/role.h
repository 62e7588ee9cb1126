/* role.h - which role may use which verb: how the columns of proto/verbs.def are read.
 *
 * A verb is allowed when any column of its row allows it: the actor's role in the place, wherever the room stands; the
 * actor's role in the place together with a membership of the room, or with being a moderator of it; or because it is
 * about oneself. What depends on the state of a room (archived, locked, announcements, silenced members, slow mode) is
 * checked by the verb, and so is whose message it is that is deleted (apply/message_delete.c). The table is printed in
 * src/proto/README.md, and a test holds that against this.
 *
 * Guests and visitors have no memberships: they count as members of every open room. Nobody who is not a member sees a
 * closed room or a direct conversation: to them it is not there (ERR_NOT_FOUND), whatever their role; only an admin may
 * manage a closed room from outside, and never read it. Constant data: any thread. */
#ifndef HUBBUB_RULES_ROLE_H
#define HUBBUB_RULES_ROLE_H

#include "base/err.h"
#include "base/words.h"
#include "proto/request.h"

#define ROLE_NEVER ROLE_COUNT /* in a column of the table: no role at all */

/* In the column of scopes, for what gives or ends ways into an account: no token does, whatever its scope, so that a
 * token never turns into more than it is. */
#define SCOPE_SESSION  SCOPE_COUNT       /* a session */
#define SCOPE_PASSWORD (SCOPE_COUNT + 1) /* a session, and the current password comes along */

struct permission {
    enum role anywhere;          /* from this role on, without any membership */
    enum role as_member;         /* from this role on, as a member of the room */
    enum role as_room_moderator; /* from this role on, as a moderator of the room */
    enum role for_oneself;       /* from this role on, when the user it is about is the actor */
    int scope;                   /* what a token needs: enum scope, SCOPE_SESSION or SCOPE_PASSWORD */
    bool outranks, audited;      /* VERB_OUTRANKS, VERB_AUDITED */
};

const struct permission *permission_of(enum request_type type);

/* What is known about actor and object when the table is asked. */
struct standing {
    enum role role;           /* of the actor in the place */
    enum room_role room_role; /* of the actor in the room; guests in open rooms: ROOM_ROLE_MEMBER */
    bool is_self;             /* the user it is about is the actor */
    bool has_target;          /* it is about a user, with this role: */
    enum role target_role;
};

/* OK; ERR_FORBIDDEN; ERR_NOT_MEMBER: a membership would do. Where it is about lower roles only, a moderator of the room
 * ranks in it like a moderator of the place, and an owner outranks everybody. */
enum err permission_check(const struct permission *p, const struct standing *s);

/* Whether no token may use the verb. */
bool permission_needs_session(const struct permission *p);

/* Whether the verb manages a room rather than reading or writing in it: what an admin may do to a closed room from
 * outside. */
bool permission_manages(const struct permission *p);

#endif
