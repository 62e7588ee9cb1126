/* apply_internal.h - what the apply halves share; each verb's own is in the file of its noun. */
#ifndef HUBBUB_CHAT_APPLY_INTERNAL_H
#define HUBBUB_CHAT_APPLY_INTERNAL_H

#include "base/buf.h"
#include "chat/apply.h"

/* uthash's macros convert between signed and unsigned freely. */
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wconversion"
#include <uthash.h>

struct apply_room {
    int64_t id, last_seq, archived_at, created_at;
    char *name, *fold;
    bool dirty; /* last_seq is ahead of the database */
    UT_hash_handle hh;
};

enum { KNOWN_USERS = 4096 };

struct apply {
    struct apply_room *rooms;
    bool stale;                       /* a batch was rolled back: read the rooms again */
    int64_t known_users[KNOWN_USERS]; /* ids that have a row, at id % KNOWN_USERS: saves a look-up per message */
    struct buf json;
};

struct apply_room *apply_room(struct apply *a, int64_t id); /* NULL: none */
struct apply_room *apply_room_insert(struct apply *a, const struct room_row *row);

/* The actor's user id; for a visitor's first durable act, makes the row when `make` is set (else ERR_NOT_FOUND).
 * ERR_UNAUTHORIZED: no such user. ERR_STORAGE. */
enum err apply_actor(struct apply *a, struct store *s, const struct command *c, bool make, int64_t *id);

/* Writes a change as the room's next event, and makes its frame. ERR_STORAGE. */
enum err apply_change(struct apply *a, struct store *s, const struct command *c, struct apply_room *r,
                      enum change_kind kind, struct outcome *out);

/* ERR_STORAGE when the frame could not be made: an event that nobody would see must not be stored. */
enum err apply_frame(struct apply *a, int64_t seq, struct outcome *out);

/* The verbs. */
enum err message_apply_send(struct apply *a, struct store *s, const struct command *c, struct outcome *out);
enum err guest_apply_register(struct apply *a, struct store *s, const struct command *c, struct outcome *out);
enum err guest_apply_rename(struct apply *a, struct store *s, const struct command *c, struct outcome *out);
enum err rooms_apply_add(struct apply *a, struct store *s, const struct command *c, struct outcome *out);
enum err rooms_apply_rename(struct apply *a, struct store *s, const struct command *c, struct outcome *out);
enum err rooms_apply_archive(struct apply *a, struct store *s, const struct command *c, struct outcome *out);

#endif
