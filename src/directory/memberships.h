/* memberships.h - who belongs to which room, and what is unread to them. Any thread; see directory.h. */
#ifndef HUBBUB_DIRECTORY_MEMBERSHIPS_H
#define HUBBUB_DIRECTORY_MEMBERSHIPS_H

#include "base/buf.h"
#include "directory/directory.h"

/* The ids of a room's members, in id order, appended as int64; without `but`, with `but` 0 all. */
void directory_members_of(struct directory *d, int64_t room_id, int64_t but, struct buf *ids);
size_t directory_member_count(struct directory *d, int64_t room_id);
bool directory_is_member(struct directory *d, int64_t room_id, int64_t user_id);
/* Whether people without an account know of this user: a guest, or a member of an open room. */
bool directory_is_in_open_room(struct directory *d, int64_t user_id);

/* A page of a room's members, by id, as directory_find_people(). True: there are more. */
bool directory_find_members(struct directory *d, int64_t room_id, int64_t after_id, size_t max, struct buf *ids);

/* ------------------------------------------------------------------ what is unread */

/* The rooms that have been active since the last call, as ids. */
void directory_take_active(struct directory *d, struct buf *ids);

/* The ids of those of a user's rooms where an author whom anyone has blocked has said something after the user's read
 * position, in id order, appended as int64. */
void directory_rooms_unread_from(struct directory *d, int64_t user_id, int64_t author_id, struct buf *ids);

struct directory_unread {
    int64_t user_id, unread, mentions;
    bool hidden; /* they have hidden the room */
};

/* What is unread to the members of a room, in order of their ids: those behind `after_id`, at most `max`; appended, so
 * many struct directory_unread. *more: there are more of them. The room's newest seq. */
int64_t directory_unread(struct directory *d, int64_t room_id, int64_t after_id, size_t max, struct buf *rows,
                         bool *more);

#endif
