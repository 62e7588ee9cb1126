/* directory.h - everybody, all rooms and all memberships, as of the last commit: what decides who may see what without
 * asking the database.
 *
 * In memory, under one mutex that is held for look-ups and short copies only, never across I/O, SQL, JSON or another
 * lock; the hub's mutex is never taken under it nor it under the hub's. The writer's thread changes it, after a commit
 * and before the commit's events are published: so who has been removed is gone from here when the removal is seen.
 * All other functions may be called from any thread. Text is copied out.
 *
 * What is unread is derived: a room's newest message has a number, and a membership knows the number of the newest message
 * up to its read position. The difference is what is unread, less the messages in between that the member can't read:
 * those that are deleted, those of authors who are banned and hidden, and those of authors whom the member has blocked.
 * The numbers of these messages are kept for each room, those of blocked authors by author. */
#ifndef HUBBUB_CHAT_DIRECTORY_H
#define HUBBUB_CHAT_DIRECTORY_H

#include "base/buf.h"
#include "base/err.h"
#include "base/name.h"
#include "base/words.h"
#include "chat/rate.h"
#include "store/membership.h"
#include "store/people.h"

struct directory;

enum { DIRECTORY_NAME_BYTES = 257, DIRECTORY_EMOJI_BYTES = 65, DIRECTORY_STATUS_BYTES = 401 };

/* A copy of what is known about a user. */
struct directory_user {
    int64_t id, avatar_version, banned_until, status_until;
    int64_t cookie_number; /* of a guest: which cookies are good */
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

/* Reads everything. The rules are borrowed for its life. ERR_STORAGE, ERR_MEMORY. */
enum err directory_open(struct store *s, const struct name_rules *names, struct directory **out);
void directory_close(struct directory *d); /* NULL does nothing */

/* ------------------------------------------------------------------ the writer's thread, after a commit */

/* Each reads the row anew and takes what it says; a row that is gone goes from here too. ERR_STORAGE leaves the old.
 * A room that is known keeps the newest seq and the number of messages that it has here: events move those on. A
 * membership of a room that is not here: ERR_NOT_FOUND. */
enum err directory_load_user(struct directory *d, struct store *s, int64_t user_id);
enum err directory_load_room(struct directory *d, struct store *s, int64_t room_id);
/* Of a room that is known, only what decides who may read it: its kind, and where histories begin. ERR_NOT_FOUND. */
enum err directory_load_access(struct directory *d, struct store *s, int64_t room_id);
enum err directory_load_membership(struct directory *d, struct store *s, int64_t room_id, int64_t user_id);
enum err directory_load_blocks(struct directory *d, struct store *s, int64_t user_id);
enum err directory_load_place(struct directory *d, struct store *s);
/* How many reports of a room wait. */
enum err directory_load_reports(struct directory *d, struct store *s, int64_t room_id);
/* How many requests to join a room wait. *is_other: it is another number than before. */
enum err directory_load_requests(struct directory *d, struct store *s, int64_t room_id, bool *is_other);

/* Takes a membership away at once: what must not fail, and must not wait for the rest of the batch. */
void directory_drop_membership(struct directory *d, int64_t room_id, int64_t user_id);

struct directory_message {
    int64_t number; /* 0: the event is no message, and nothing else counts */
    int64_t at, author_id;
    const int64_t *mentioned; /* borrowed; 0: everybody */
    size_t mentioned_count;
    bool has_read; /* by writing it the author has read up to it */
};
/* A room has a new event, which may be a message. A message marks the room as active. */
void directory_event(struct directory *d, int64_t room_id, int64_t seq, const struct directory_message *m);
/* A message was deleted: it no longer counts, and mentions nobody. Marks the room as active. */
void directory_gone(struct directory *d, int64_t room_id, int64_t seq, const struct directory_message *m);

/* Reads anew whether an author's messages are hidden, and lets them count or not. `is_blocked`: a person has blocked the
 * author, so what the author says is kept by author from now on. Takes as long as the author has messages, but only when
 * something changed. Marks the author's rooms as active. ERR_STORAGE, ERR_MEMORY: call it again. */
enum err directory_load_said(struct directory *d, struct store *s, int64_t author_id, bool is_blocked);
/* Reads the memberships anew that the author's messages mention. */
enum err directory_load_mentioned_by(struct directory *d, struct store *s, int64_t author_id);

/* ------------------------------------------------------------------ any thread: the place and people */

bool directory_is_set_up(struct directory *d);
bool directory_requires_totp(struct directory *d);
/* The place's name; "" when none was chosen. */
void directory_place_name(struct directory *d, char out[DIRECTORY_NAME_BYTES]);

/* False: no such user. Visitors' rows are not kept here. */
bool directory_user(struct directory *d, int64_t id, struct directory_user *out);
/* By exact fold; 0: nobody. */
int64_t directory_user_by_fold(struct directory *d, struct span fold);
/* ROLE_VISITOR for whoever is not kept here. */
enum role directory_role(struct directory *d, int64_t user_id);
/* The display name, NUL-terminated; "" when there is none. */
void directory_display_name(struct directory *d, int64_t user_id, char out[DIRECTORY_NAME_BYTES]);
/* What an account is called, and the fold of that, both NUL-terminated. False: no account has this id. */
bool directory_account_name(struct directory *d, int64_t user_id, char name[NAME_BYTES], char fold[NAME_KEY_BYTES]);
/* Whether this is an admin or owner who lacks the second factor that the place requires of them. */
bool directory_lacks_totp(struct directory *d, int64_t user_id);
/* Whether a ban counts at this time; *until 0: for ever. */
bool directory_is_banned(struct directory *d, int64_t user_id, int64_t now_ms, int64_t *until);
/* Takes a token of the bucket that a user has for all connections and HTTP calls together, by the limit that belongs to
 * their role. As rate_take(); -1: nobody who is kept here. */
int64_t directory_take_token(struct directory *d, int64_t user_id, const struct rate_limit limits[ROLE_COUNT],
                             int64_t now_ns);
/* What has a limit a day, each user its own: rooms that they make, conversations that they open, rooms that others add
 * them to. Takes one of `limit`, which come back in the course of a day; false: there is none left. True for users who
 * are not kept here. */
enum daily { DAILY_ROOMS, DAILY_DIRECTS, DAILY_ADDED, DAILY_KINDS };
bool directory_take_daily(struct directory *d, int64_t user_id, enum daily what, int64_t limit, int64_t now_ns);
/* The ids of all users of at least this role, appended as int64. */
void directory_users_of_role(struct directory *d, enum role least, struct buf *ids);
/* Whom a user has blocked, appended as int64. */
void directory_blocks_of(struct directory *d, int64_t user_id, struct buf *ids);

/* A page of people, by id: those after `after_id` in whose name or display name the fold is found (empty: in all), at
 * most max, appended as int64. `without_banned_at` not 0: nobody who is banned at that time. `to_add_to` not 0: only
 * accounts that are not members of this room. True: there are more. */
bool directory_find_people(struct directory *d, struct span fold, int64_t after_id, int64_t without_banned_at,
                           int64_t to_add_to, size_t max, struct buf *ids);

/* ------------------------------------------------------------------ any thread: rooms and who belongs to them */

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
/* The ids of a room's members, in id order, appended as int64; without `but`, with `but` 0 all. */
void directory_members_of(struct directory *d, int64_t room_id, int64_t but, struct buf *ids);
size_t directory_member_count(struct directory *d, int64_t room_id);
bool directory_is_member(struct directory *d, int64_t room_id, int64_t user_id);
/* Whether people without an account know of this user: a guest, or a member of an open room. */
bool directory_is_in_open_room(struct directory *d, int64_t user_id);

/* With whom a user has direct conversations, without those of whom one has blocked the other: ids in no order, some
 * twice, appended as int64. */
void directory_partners(struct directory *d, int64_t user_id, struct buf *ids);

/* Whether one of two people has blocked the other. Then neither is told whether the other is online: whatever tells of
 * that asks here, or directory_partners(). */
bool directory_is_apart(struct directory *d, int64_t a, int64_t b);
struct directory_apart {
    int64_t user_id, other_id;
};
/* The same for all of n users at once (ids that ascend): who is kept apart from whom of them, each pair both ways round,
 * some twice; appended as struct directory_apart. Takes as long as there are users, and blocks by them. */
void directory_find_apart(struct directory *d, const int64_t *ids, size_t n, struct buf *pairs);

/* Whom a direct conversation is between, as ids; other rooms: nobody. */
void directory_direct_people(struct directory *d, int64_t room_id, struct buf *ids);

/* Pages, by id, as directory_find_people(): of the listed rooms (`with_closed`: and of closed ones, for those who manage
 * them), and of the members of one. True: there are more. */
bool directory_find_rooms(struct directory *d, struct span fold, int64_t after_id, bool with_closed, size_t max,
                          struct buf *ids);
bool directory_find_members(struct directory *d, int64_t room_id, int64_t after_id, size_t max, struct buf *ids);

/* ------------------------------------------------------------------ any thread: what waits for moderators */

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

/* ------------------------------------------------------------------ any thread: what is unread */

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
