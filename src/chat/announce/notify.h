/* notify.h - telling people something that is not an event of a room: on all connections of some users. Any thread; what is told is posted to the shards and arrives in the order in which it was posted, behind
 * what the hub has posted before. Frames are borrowed; NULL (no memory) tells nothing. */
#ifndef HUBBUB_CHAT_ANNOUNCE_NOTIFY_H
#define HUBBUB_CHAT_ANNOUNCE_NOTIFY_H

#include "base/words.h"
#include "chat/core/core.h"
#include "hub/frame.h"

void notify_user(struct chat *c, int64_t user_id, struct frame *f);
/* ids: int64, as directory.h gives them; borrowed. */
void notify_users(struct chat *c, struct span ids, struct frame *f);
/* All sessions of those who have come in as this. */
void notify_accounts(struct chat *c, struct frame *f);
void notify_guests(struct chat *c, struct frame *f);
void notify_visitors(struct chat *c, struct frame *f);
/* Everybody who may know of the room: all sessions for an open one, all accounts for one of announcements, else its
 * members. */
void notify_room_watchers(struct chat *c, int64_t room_id, struct frame *f);
/* Somebody has left a room, or was removed. `is_lost`: it is not there for them any more, and so is closed on all their
 * connections by this, also where it has been opened again meanwhile, as its client will think so. */
void notify_left(struct chat *c, int64_t user_id, int64_t room_id, bool is_lost, struct frame *f);
/* Everybody who knew of a room when it was of kind `was`, open or of announcements, but accounts with these ids (int64,
 * ascending; borrowed): for whom it is not there any more, and is closed likewise. */
void notify_room_lost(struct chat *c, int64_t room_id, enum room_kind was, struct span stay, struct frame *f);

#endif
