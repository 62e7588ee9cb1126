/* rights.h - what the actor of a command may do, looked up on the writer's thread, inside its transaction.
 *
 * Asking SQLite for the user, the membership and the silence costs several microseconds, per message too much; so the
 * answers for the pairs (room, user) asked for last are kept. Any command that may change one of them empties the
 * cache, and so does a rollback: both are rare beside messages. */
#ifndef HUBBUB_APPLY_RIGHTS_H
#define HUBBUB_APPLY_RIGHTS_H

#include "apply/apply_internal.h"
#include "base/words.h"
#include "rules/role.h"
#include "store/people.h"

struct rights {
    int64_t room_id, user_id; /* room 0: none in particular; user 0: the system, or a visitor who has no row yet */
    enum user_kind kind;
    enum role role;
    bool is_banned; /* at the time of the command */
    int64_t banned_until;
    bool is_member;           /* there is a membership */
    enum room_role room_role; /* guests and visitors in an open room: ROOM_ROLE_MEMBER without a membership */
    int64_t silenced_until;   /* 0: not */
    int64_t joined_seq;
};

/* Of a user in a room (NULL: in none). `r` may not be readable for them: then room_role is NONE. User 0 is the system.
 * ERR_STORAGE, ERR_UNAUTHORIZED: no such user. */
enum err rights_of(struct apply *a, struct store *s, int64_t user_id, const struct apply_room *r, int64_t at_ms,
                   struct rights *out);

/* Whether the actor sees the room at all; up to which event it does not show them its history, which begins when one
 * has joined (0: it shows all); and whether they see this event of it. */
bool rights_may_read(const struct rights *g, const struct apply_room *r);
int64_t rights_floor(const struct rights *g, const struct apply_room *r);
bool rights_may_see(const struct rights *g, const struct apply_room *r, int64_t seq);

/* Whether the actor moderates this room: as a moderator of it, or of the place. */
bool rights_moderates(const struct rights *g);

/* The actor of a command in a room (NULL: in none), and out->user_id; a visitor who has no row yet is one all the same,
 * with user_id 0. One who is not known, is of another kind by now, or is banned, is refused: OK with out->result set.
 * ERR_STORAGE. */
enum err rights_actor(struct apply *a, struct store *s, const struct command *c, const struct apply_room *r,
                      struct outcome *out, struct rights *actor);

/* Everything that the apply half of a verb has to ask first, in one call: finds the actor and, unless `room` is NULL,
 * the room c->room_id; a banned actor, or a room that the actor may neither see nor manage, is refused; then the role
 * table is asked, about the user F_USER unless `target` is NULL, whose texts stay where they are until the next call.
 * OK with out->result set: refused. ERR_STORAGE. */
enum err rights_check(struct apply *a, struct store *s, const struct command *c, enum request_type verb,
                      struct outcome *out, struct rights *actor, struct apply_room **room, struct account_row *target);

/* After a command that may have changed any of it. */
void rights_forget(struct apply *a);

#endif
