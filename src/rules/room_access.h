/* room_access.h - who may read a room, and from where on: the one place that says so. The directory asks it for those who
 * look, and the apply halves for those who act. Pure: any thread. */
#ifndef HUBBUB_RULES_ROOM_ACCESS_H
#define HUBBUB_RULES_ROOM_ACCESS_H

#include "base/words.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

/* Whether people of this kind may read the room without being members of it. */
static inline bool room_is_public(enum room_kind room, enum user_kind who)
{
    const bool is_guest = who == USER_VISITOR || who == USER_GUEST;
    return room == ROOM_OPEN || (room == ROOM_ANNOUNCEMENT && !is_guest);
}

/* Events up to this one are not for a member who joined with the event joined_seq; 0: they see all. A room whose members
 * see what came after they joined begins behind the event that let them in. */
static inline int64_t room_floor(enum room_kind room, enum room_history history, int64_t joined_seq)
{
    return room == ROOM_CLOSED && history == ROOM_HISTORY_JOINED ? joined_seq : 0;
}

#endif
