/* sweep.h - rows of visitors who have left nothing behind are deleted, so that a flood of them does not stay for ever.
 *
 * A visitor's identity lives as long as the connection; the row is made with the first message. It goes when it is older
 * than a day, the visitor is not connected, all of their messages are deleted, and no ban, mute, block or report needs it
 * (visitors_each() in store/people.h says all). Guests, who come back with their cookies, are left alone. The deleted
 * messages stay, numbers and all, by the user DELETED_GUEST_ID; in the audit the number stays.
 *
 * Once a minute a reader looks at the next SWEEP_USERS users, leaves out those who are connected, and proposes the others;
 * the minute is one of the wall clock, so that setting it ahead makes the next look come at once. The apply half looks at
 * each of them again. Nobody comes back as a visitor who has left, since each connection has a key of its own; and as long
 * as a command of theirs is on its way, they count as connected. A command can still come from an actor whose row is gone
 * (with several nodes, each knows only its own connections): it makes a new row, as a first message does, and the person
 * goes on under the new id.
 *
 *     tick ─► reader: visitors_each(), hub_states() ─► log: COMMAND_SWEEP_VISITORS ─► writer: visitors_delete()
 *
 * The tick's thread starts a look only when the last one is over; between the two only the reader touches the state. */
#ifndef HUBBUB_CHAT_SUBMIT_SWEEP_H
#define HUBBUB_CHAT_SUBMIT_SWEEP_H

#include "chat/core/core.h"

enum {
    SWEEP_EVERY_MS = 60 * 1000,
    SWEEP_USERS = 1000,    /* looked at each time */
    SWEEP_MESSAGES = 1000, /* of all who go at once, unless one alone has more: they are changed in one transaction */
    SWEEP_KEPT_MS = 24 * 60 * 60 * 1000,
};

struct sweep;

/* NULL: no memory. */
struct sweep *sweep_new(struct chat *c);
void sweep_free(struct sweep *w); /* when the readers have stopped. NULL does nothing */

/* One thread, about once a second. */
void sweep_tick(struct sweep *w);

#endif
