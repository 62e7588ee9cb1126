/* membership.h - rows about who belongs to which room, and what each has read. As in store.h and people.h: one thread
 * at a time per store, ERR_STORAGE from any function, borrowed text, writing inside a transaction by apply only. */
#ifndef HUBBUB_STORE_MEMBERSHIP_H
#define HUBBUB_STORE_MEMBERSHIP_H

#include "base/words.h"
#include "store/store.h"

/* ------------------------------------------------------------------ a room's further columns */

struct room_more_row {
    int64_t id;
    struct span name, fold;
    int64_t last_seq, created_at, archived_at;
    enum room_kind kind;
    enum room_history history;
    struct span topic, description, direct_key;
    int64_t slow_s, locked_at, created_by;
    int64_t messages;        /* the number of the newest one */
    int64_t last_message_at; /* 0: none */
};

enum err rooms_more_by_id(struct store *s, int64_t id, struct room_more_row *out); /* ERR_NOT_FOUND */
/* In id order. */
enum err rooms_more_each(struct store *s, void (*row)(void *ctx, const struct room_more_row *), void *ctx);
enum err rooms_by_direct_key(struct store *s, struct span key, int64_t *id); /* ERR_NOT_FOUND */
/* Of the row: name, fold, created_at, kind, history, topic, description, direct_key, created_by. ERR_NAME_TAKEN: the
 * room is not closed, and another one that is not has this fold; or there is a direct conversation with this key. */
enum err rooms_more_insert(struct store *s, const struct room_more_row *row, int64_t *id);
/* Sets kind, history, topic, description, slow_s and locked_at. ERR_NOT_FOUND; ERR_NAME_TAKEN: closed no
 * longer, while another one that is not closed has the fold. */
enum err rooms_more_set(struct store *s, const struct room_more_row *row);

/* ------------------------------------------------------------------ memberships */

struct membership_row {
    int64_t room_id, user_id;
    enum room_role role;
    enum level level;
    int64_t joined_at, joined_seq, read_seq, muted_until;
    bool hidden, favourite;
    struct span section;
    int64_t position;
    int64_t own_after; /* messages of one's own after read_seq that are not deleted */
    /* Told by the reading functions, derived: */
    int64_t read_number; /* the number of the newest message up to read_seq */
    int64_t mentions;    /* messages after read_seq that mention this member or all, without one's own, those of hidden
                            authors and of those whom the member has blocked; at most MEMBERSHIP_MENTIONS_MAX */
};
enum { MEMBERSHIP_MENTIONS_MAX = 1000 };

enum err memberships_get(struct store *s, int64_t room_id, int64_t user_id, struct membership_row *out); /* NOT_FOUND */
enum err memberships_insert(struct store *s, const struct membership_row *row); /* ERR_ID_REUSED: there is one */
/* Sets all but joined_*, read_seq and own_after. ERR_NOT_FOUND. */
enum err memberships_set(struct store *s, const struct membership_row *row);
/* How far a member has read, as in the row. ERR_NOT_FOUND. */
struct read_position {
    int64_t seq, number, own_after;
};
enum err memberships_read_position(struct store *s, int64_t room_id, int64_t user_id, struct read_position *out);
enum err memberships_set_read(struct store *s, int64_t room_id, int64_t user_id, int64_t read_seq,
                              int64_t own_after); /* ERR_NOT_FOUND */
/* A message of the member was deleted: it counts in own_after no more, if it did. No row is fine. */
enum err memberships_own_deleted(struct store *s, int64_t room_id, int64_t user_id, int64_t seq);
enum err memberships_delete(struct store *s, int64_t room_id, int64_t user_id); /* ERR_NOT_FOUND */
/* All, ordered by room and user; with read_number and mentions. Once at start: a million of them take some seconds. */
enum err memberships_each(struct store *s, void (*row)(void *ctx, const struct membership_row *), void *ctx);
enum err memberships_count_role(struct store *s, int64_t room_id, enum room_role role, int64_t *n);

/* Until when somebody is silenced in a room; 0: not at all, or no longer kept. */
enum err silences_get(struct store *s, int64_t room_id, int64_t user_id, int64_t *until);
enum err silences_set(struct store *s, int64_t room_id, int64_t user_id, int64_t until); /* 0: ends it */

/* When somebody last wrote in a room that is in slow mode, since it is; 0: not yet. Kept for such rooms only, so that
 * messages elsewhere pay nothing for it. */
enum err paces_get(struct store *s, int64_t room_id, int64_t user_id, int64_t *at);
enum err paces_set(struct store *s, int64_t room_id, int64_t user_id, int64_t at);
enum err paces_clear(struct store *s, int64_t room_id); /* of all; none is fine */

struct join_request_row {
    int64_t id; /* in its room: a later one has a higher id */
    int64_t room_id, user_id, at;
    struct span text, user_name;
};
/* Takes the place of an earlier one, as a later one. The id and the name of the row are not looked at. */
enum err join_requests_set(struct store *s, const struct join_request_row *row);
enum err join_requests_delete(struct store *s, int64_t room_id, int64_t user_id); /* ERR_NOT_FOUND */
/* Oldest first, with id > after_id. */
enum err join_requests_each(struct store *s, int64_t room_id, int64_t after_id, int64_t limit,
                            void (*row)(void *ctx, const struct join_request_row *), void *ctx);

/* ------------------------------------------------------------------ messages: what they need besides store.h */

/* Inserts the mention of n users (0: everybody) by one message. A double one is fine. */
enum err mentions_insert(struct store *s, int64_t room_id, int64_t seq, const int64_t *users, size_t n);

/* The ids of those whom a message mentions, as given. */
enum err mentions_of(struct store *s, int64_t room_id, int64_t seq, void (*row)(void *ctx, int64_t user_id), void *ctx);
enum err mentions_delete(struct store *s, int64_t room_id, int64_t seq); /* none is fine */

struct message_head {
    int64_t author_id, at, deleted_at; /* 0: not */
    int64_t number;
};
enum err messages_head(struct store *s, int64_t room_id, int64_t seq, struct message_head *out); /* ERR_NOT_FOUND */
/* OK: after this event, somebody else has said something that the user can read: neither deleted, nor hidden with a ban,
 * nor by a person whom they have blocked. ERR_NOT_FOUND: nobody has. Takes as long as there are messages after it. */
enum err messages_any_to_read(struct store *s, int64_t room_id, int64_t user_id, int64_t after_seq);
/* How many messages of an author, which are not deleted, are among the events after `after_seq` up to `to_seq`. Takes as
 * long as there are messages between them. */
enum err messages_count_own(struct store *s, int64_t room_id, int64_t author_id, int64_t after_seq, int64_t to_seq,
                            int64_t *n);
/* Empties the body and marks it. ERR_NOT_FOUND: no such message, or deleted before. */
enum err messages_delete(struct store *s, int64_t room_id, int64_t seq, int64_t at);

#endif
