/* slow_mode.h - in a room that is in slow mode, a member waits between two messages; moderators do not. On the writer's
 * thread. All of these: ERR_STORAGE. */
#ifndef HUBBUB_APPLY_SLOW_MODE_H
#define HUBBUB_APPLY_SLOW_MODE_H

#include "apply/rights.h"

/* Whether the actor may write now; else refuses with ERR_RATE_LIMITED, and with when they may. */
enum err slow_mode_check(struct store *s, const struct command *c, const struct apply_room *r,
                         const struct rights *actor, struct outcome *out);

/* A message was written. */
enum err slow_mode_note(struct store *s, const struct apply_room *r, const struct message_row *row);

/* The room is about to have other seconds between two messages; 0: none. */
enum err slow_mode_change(struct store *s, const struct apply_room *r, int64_t slow_s);

#endif
