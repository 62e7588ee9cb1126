/* directory.h - everybody, all rooms and all memberships, as of the last commit: what decides who may see what without
 * asking the database.
 *
 * In memory, under one mutex that is held for look-ups and short copies only, never across I/O, SQL, JSON or another
 * lock; the hub's mutex is never taken under it nor it under the hub's. The writer's thread changes it, after a commit
 * and before the commit's events are published: so who has been removed is gone from here when the removal is seen.
 * All other functions may be called from any thread. Text is copied out.
 * What there is to ask is in people.h, rooms.h and memberships.h, what the writer calls in
 * load.h.
 *
 * What is unread is derived: a room's newest message has a number, and a membership knows the number of the newest message
 * up to its read position. The difference is what is unread, less the messages in between that the member can't read:
 * those that are deleted, those of authors who are banned and hidden, and those of authors whom the member has blocked.
 * The numbers of these messages are kept for each room, those of blocked authors by author. */
#ifndef HUBBUB_DIRECTORY_DIRECTORY_H
#define HUBBUB_DIRECTORY_DIRECTORY_H

#include "base/err.h"
#include "base/name.h"
#include "store/store.h"

struct directory;

enum { DIRECTORY_NAME_BYTES = 257, DIRECTORY_EMOJI_BYTES = 65, DIRECTORY_STATUS_BYTES = 401 };

void directory_close(struct directory *d); /* NULL does nothing */

/* What has a limit a day, see directory_take_daily(). */
enum daily { DAILY_ROOMS, DAILY_DIRECTS, DAILY_ADDED, DAILY_KINDS };

#endif
