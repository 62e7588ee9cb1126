/* rooms.h - all rooms: who may read them, by what they are found, what waits in them for moderators. Any thread;
 * see directory.h. */
#ifndef HUBBUB_DIRECTORY_ROOMS_H
#define HUBBUB_DIRECTORY_ROOMS_H

#include "base/buf.h"
#include "base/words.h"
#include "directory/directory.h"

/* A copy of what is known about a room, with a membership when there is one. Topics are short; the description is
 * asked for from the database. */
struct directory_room {
    int64_t id, last_seq, archived_at, locked_at, slow_s, messages;
    int64_t active_at; /* the time of the newest message, or when the room was made */
    int64_t requests;  /* to join it, that wait for the user to answer them; 0 for whoever may not */
    enum room_kind kind;
    enum room_history history;
    bool is_member;
    enum room_role role; /* ROOM_ROLE_NONE: not a member */
    enum level level;
    int64_t joined_seq, read_seq, muted_until, position, unread, mentions;
    bool hidden, favourite;
    char section[DIRECTORY_NAME_BYTES];
};

/* With the membership of user_id (0: without). False: no such room. Texts are appended to the bufs unless NULL. */
bool directory_room(struct directory *d, int64_t room_id, int64_t user_id, struct directory_room *out, struct buf *name,
                    struct buf *topic);

/* What a user sees of a room: OK; ERR_NOT_FOUND: nothing, not even that it is there. *floor_seq: events up to this one
 * are not for them (0: they see all). `kind` is how they came in; guests and visitors see open rooms only. */
enum err directory_may_read(struct directory *d, int64_t room_id, int64_t user_id, enum user_kind kind,
                            int64_t *floor_seq);

/* Who looks for a room by its name. `manages`: sees closed rooms without being in them, too. */
struct directory_seeker {
    int64_t user_id;
    enum user_kind kind;
    bool manages;
};

/* The rooms with this fold that the seeker sees, by id, at most max: how many. Several may share a fold, of which at most
 * one is not closed. */
size_t directory_rooms_by_fold(struct directory *d, const struct directory_seeker *who, struct span fold, int64_t *ids,
                               size_t max);
/* The same, with the fold of this name: without folding it, as long as the seeker sees a room that is written so. 0: fold
 * it. */
size_t directory_rooms_by_name(struct directory *d, const struct directory_seeker *who, struct span name, int64_t *ids,
                               size_t max);
/* The closed rooms with this fold that the user could ask to join, by id, at most max: how many. Not to be told. */
size_t directory_rooms_to_ask(struct directory *d, int64_t user_id, struct span fold, int64_t *ids, size_t max);

/* A page of a user's rooms (of all open rooms for guests and visitors), by id: those after `after_id`, at most max,
 * appended as int64; without those that the user has hidden, unless `with_hidden`. True: there are more. */
bool directory_rooms_of(struct directory *d, int64_t user_id, enum user_kind kind, bool with_hidden, int64_t after_id,
                        size_t max, struct buf *ids);

/* Whom a direct conversation is between, as ids; other rooms: nobody. */
void directory_direct_people(struct directory *d, int64_t room_id, struct buf *ids);

/* A page of the listed rooms, by id, as directory_find_people() (`with_closed`: and of closed ones, for those who manage
 * them). True: there are more. */
bool directory_find_rooms(struct directory *d, struct span fold, int64_t after_id, bool with_closed, size_t max,
                          struct buf *ids);

/* ------------------------------------------------------------------ what waits for moderators */

/* How many reports wait for a user to handle them: all for moderators of the place and whoever is more, else those of the
 * rooms that they moderate. */
int64_t directory_reports_waiting(struct directory *d, int64_t user_id);
/* The ids of a room's moderators, in id order, appended as int64. */
void directory_moderators_of(struct directory *d, int64_t room_id, struct buf *ids);

/* How many requests to join a room wait, whoever asks; see struct directory_room. */
int64_t directory_requests_waiting(struct directory *d, int64_t room_id);
/* The ids of those members of a room who may answer them, in id order, appended as int64. */
void directory_answerers_of(struct directory *d, int64_t room_id, struct buf *ids);
/* The ids of a user's rooms in which some wait for them, in id order, appended as int64. */
void directory_rooms_to_answer(struct directory *d, int64_t user_id, struct buf *ids);

#endif
