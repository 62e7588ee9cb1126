/* directory.h - everybody, all rooms and all memberships, as of the last commit: what decides who may see what without
 * asking the database.
 *
 * In memory, under one mutex that is held for look-ups and short copies only, never across I/O, SQL, JSON or another
 * lock; the hub's mutex is never taken under it nor it under the hub's. The writer's thread changes it, after a commit
 * and before the commit's events are published: so who has been removed is gone from here when the removal is seen.
 * All other functions may be called from any thread. Text is copied out.
 *
 * What is unread is derived: a room's newest message has a number, a membership knows the number of the newest message
 * up to its read position, and the difference is what is unread. */
#ifndef HUBBUB_CHAT_DIRECTORY_H
#define HUBBUB_CHAT_DIRECTORY_H

#include "base/buf.h"
#include "base/err.h"
#include "base/words.h"
#include "store/membership.h"
#include "store/people.h"

struct directory;

enum { DIRECTORY_NAME_BYTES = 257, DIRECTORY_EMOJI_BYTES = 65, DIRECTORY_STATUS_BYTES = 401 };

/* A copy of what is known about a user. */
struct directory_user {
    int64_t id, avatar_version, banned_until, status_until;
    enum user_kind kind;
    enum role role;
    bool is_banned, ban_hides;
    char name[DIRECTORY_NAME_BYTES], display_name[DIRECTORY_NAME_BYTES];
    char status_emoji[DIRECTORY_EMOJI_BYTES], status_text[DIRECTORY_STATUS_BYTES];
};

/* A copy of what is known about a room, with a membership when there is one. Topics are short; the description is
 * asked for from the database. */
struct directory_room {
    int64_t id, last_seq, archived_at, locked_at, slow_s, messages;
    enum room_kind kind;
    enum room_history history;
    bool is_member;
    enum room_role role; /* ROOM_ROLE_NONE: not a member */
    enum level level;
    int64_t joined_seq, read_seq, muted_until, position, unread, mentions;
    bool hidden, favourite;
};

/* Reads everything. ERR_STORAGE, ERR_MEMORY. */
enum err directory_open(struct store *s, struct directory **out);
void directory_close(struct directory *d); /* NULL does nothing */

/* ------------------------------------------------------------------ the writer's thread, after a commit */

/* Each reads the row anew and takes what it says; a row that is gone goes from here too. ERR_STORAGE leaves the old. */
enum err directory_load_user(struct directory *d, struct store *s, int64_t user_id);
enum err directory_load_room(struct directory *d, struct store *s, int64_t room_id);
enum err directory_load_membership(struct directory *d, struct store *s, int64_t room_id, int64_t user_id);
enum err directory_load_place(struct directory *d, struct store *s);

/* A room has a new event, which may be a message: its number (0: none), its author, whom it mentions (0: all). Who
 * has written a message has read up to it. Marks the room as active. */
void directory_event(struct directory *d, int64_t room_id, int64_t seq, int64_t number, int64_t author_id,
                     const int64_t *mentioned, size_t n);

/* ------------------------------------------------------------------ any thread */

bool directory_is_set_up(struct directory *d);
bool directory_requires_totp(struct directory *d);
/* The place's name; "" when none was chosen. */
void directory_place_name(struct directory *d, char out[DIRECTORY_NAME_BYTES]);

/* False: no such user. Visitors' rows are not kept here. */
bool directory_user(struct directory *d, int64_t id, struct directory_user *out);
/* By exact fold; 0: nobody. */
int64_t directory_user_by_fold(struct directory *d, struct span fold);
/* Whether a ban counts at this time; *until 0: for ever. */
bool directory_is_banned(struct directory *d, int64_t user_id, int64_t now_ms, int64_t *until);

/* With the membership of user_id (0: without). False: no such room. Texts are appended to the bufs unless NULL. */
bool directory_room(struct directory *d, int64_t room_id, int64_t user_id, struct directory_room *out,
                    struct buf *name, struct buf *topic);

/* What a user sees of a room: OK; ERR_NOT_FOUND: nothing, not even that it is there. *floor_seq: events up to this one
 * are not for them (0: they see all). `kind` is how they came in; guests and visitors see open rooms only. */
enum err directory_may_read(struct directory *d, int64_t room_id, int64_t user_id, enum user_kind kind,
                            int64_t *floor_seq);

/* The ids of a user's rooms (of all open rooms for guests and visitors), in id order, appended as int64. */
void directory_rooms_of(struct directory *d, int64_t user_id, enum user_kind kind, struct buf *ids);
/* The ids of a room's members, appended as int64; with `but` 0 all. */
void directory_members_of(struct directory *d, int64_t room_id, int64_t but, struct buf *ids);
/* The ids of all users of at least this role, appended as int64. */
void directory_users_of_role(struct directory *d, enum role least, struct buf *ids);
size_t directory_member_count(struct directory *d, int64_t room_id);
bool directory_is_member(struct directory *d, int64_t room_id, int64_t user_id);

/* Whom a direct conversation is between, as ids; other rooms: nobody. */
void directory_direct_people(struct directory *d, int64_t room_id, struct buf *ids);

/* One thread: the rooms that have been active since the last call, as ids. */
void directory_take_active(struct directory *d, struct buf *ids);

#endif
