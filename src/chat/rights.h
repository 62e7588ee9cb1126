/* rights.h - what the actor of a command may do, looked up on the writer's thread, inside its transaction.
 *
 * Asking SQLite for the user, the membership and the silence costs several microseconds, per message too much; so the
 * answers for the pairs (room, user) asked for last are kept. Any command that may change one of them empties the
 * cache, and so does a rollback: both are rare beside messages. */
#ifndef HUBBUB_CHAT_RIGHTS_H
#define HUBBUB_CHAT_RIGHTS_H

#include "base/words.h"
#include "chat/apply_internal.h"
#include "store/people.h"

struct rights {
    int64_t room_id, user_id; /* room 0: none in particular */
    enum user_kind kind;
    enum role role;
    bool is_banned; /* at the time of the command */
    int64_t banned_until;
    bool is_member; /* there is a membership */
    enum room_role room_role; /* guests and visitors in an open room: ROOM_ROLE_MEMBER without a membership */
    int64_t silenced_until;   /* 0: not */
    int64_t joined_seq;
};

/* Of the actor of a command (already found, see apply_actor) in a room (NULL: in none). `r` may not be readable for
 * them: then room_role is NONE. The system may everything. ERR_STORAGE, ERR_UNAUTHORIZED: no such user. */
enum err rights_of(struct apply *a, struct store *s, int64_t user_id, const struct apply_room *r, int64_t at_ms,
                   struct rights *out);

/* Whether the actor sees the room at all. */
bool rights_may_read(const struct rights *g, const struct apply_room *r);

/* Everything that the apply half of a verb has to ask first, in one call: finds the actor and, when c->room_id is
 * given, the room; a banned actor, or a room that the actor may not see, is refused; then the role table is asked,
 * about the user F_USER where that is given. OK with out->result set: refused. *room and *target (either may be NULL
 * when the verb has none) as found. */
enum err rights_check(struct apply *a, struct store *s, const struct command *c, enum request_type verb,
                      struct outcome *out, struct rights *actor, struct apply_room **room, struct account_row *target);

/* After a command that may have changed any of it. */
void rights_forget(struct apply *a);

#endif
