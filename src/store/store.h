/* store.h - one connection to the database file, and its prepared statements.
 *
 * The writer owns the only read-write store; each reader owns a read-only one. A store is used by one thread at a time
 * and has no lock. SQLite is seen nowhere above this layer. The file is WAL with synchronous=FULL: when store_commit()
 * returns OK, what was written survives kill -9 and power loss (https://www.sqlite.org/wal.html,
 * pragma.html#pragma_synchronous).
 *
 * Results: from store_begin() on, every function may return ERR_STORAGE besides what it names: the disk, SQLite or
 * memory failed (or the row would break a rule of the schema, which no caller may ask for). That has been reported as
 * event=storage_failed with SQLite's code and message; an open transaction must be rolled back; afterwards everything
 * works again as soon as the cause has gone. A failed sync is no result: it ends the process (docs/durability.md).
 *
 * Text that a callback receives is borrowed until the callback returns. A callback must not call the function that
 * called it. When the result is not OK, callbacks may have been called all the same: forget what they were given. */
#ifndef HUBBUB_STORE_STORE_H
#define HUBBUB_STORE_STORE_H

#include "base/err.h"
#include "base/event_kind.h"
#include "base/metrics.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

struct store_options {
    const char *path; /* the database file */
    const char *vfs;  /* an SQLite VFS by name; NULL is the system's. The simulation and fault tests bring their own */
    bool read_only;
    /* Where it is kept that a damaged page was found: by any store that has these, which then all refuse to write
     * (ERR_STORAGE) and only read. NULL: nobody keeps it. */
    struct metrics *metrics;
    bool must_exist;         /* a missing or empty one is refused, instead of made: ERR_NOT_FOUND */
    int64_t wal_limit_bytes; /* the WAL is kept below this (see checkpoint.c); 0 is 64 MiB */
    /* A sync of `file` has failed, with errno `error` (0: not known); on the thread that uses the store. NULL: says
     * event=sync_failed and ends the process at once. Tests bring their own; when it returns, nothing is written any
     * more, and the store can only be closed. */
    void (*sync_failed)(void *ctx, const char *file, int error);
    void *ctx;
};

/* Why a store could not be opened, for people: one line that says what, where and what to do. */
struct store_error {
    char text[512];
};

/* Opens the file. Read-write: creates it when it is missing, brings the schema up to date (see migrate.h). When the last
 * stop was not clean (store_was_unclean() says so) it sees to it that what the WAL has is on the disk (recovery.c); a full
 * disk is no obstacle. The pages are not checked: see checker.h. ERR_NEWER, ERR_CORRUPT, ERR_IO, ERR_IN_USE, ERR_MEMORY
 * with *why;
 * nothing has changed then. Read-only: the schema must be up to date. The first call should come before other threads
 * exist (it sets up SQLite). */
enum err store_open(const struct store_options *options, struct store **out, struct store_error *why);

/* Whether the last stop was not clean, so that the pages are to be checked. */
bool store_was_unclean(const struct store *s);

/* Closes it; a read-write store checkpoints first, so that a clean stop leaves no WAL behind (an empty one when
 * read-only stores are still open, so close those first). NULL does nothing. */
void store_close(struct store *s);

/* Transactions. store_begin is BEGIN IMMEDIATE: it waits up to five seconds for a foreign writer, such as a person at a
 * sqlite3 prompt. Anything but OK from commit means that nothing was stored (writer.h says how sure that is) and the
 * transaction is over. */
enum err store_begin(struct store *s);
enum err store_commit(struct store *s);
void store_rollback(struct store *s);

/* A read transaction, so that several reads see one state. */
enum err store_read_begin(struct store *s);
void store_read_end(struct store *s);

/* Whether database, WAL and shared memory are still the files that are open: somebody may have removed or replaced them.
 * When not, that has been reported as event=database_gone, and store_begin() fails from then on. Called by the writer
 * every second and after each failure. */
bool store_in_place(struct store *s);

/* Puts the sizes of database and WAL, and what is free on their disk, into the metrics. Called by the writer every
 * second. */
void store_measure(struct store *s);

/* Any thread: whether store_in_place() has found that they are not. */
bool store_is_gone(const struct store *s);

/* Called by the writer between commits: checkpoints when the WAL has grown past its share of wal_limit_bytes. */
void store_checkpoint_if_due(struct store *s);

/* ------------------------------------------------------------------ where the log stands */

struct store_position {
    int64_t epoch, number; /* of the last command applied; 0, 0 in a new database */
    uint8_t hash[32];      /* running SHA-256 over all commands applied, see applied_advance in chat */
};

enum err store_position_get(struct store *s, struct store_position *out);
enum err store_position_set(struct store *s, const struct store_position *p); /* inside a transaction */

/* ------------------------------------------------------------------ which numbering this is */

enum { EPOCH_BYTES = 17, RUN_BYTES = 16 };

struct lineage_row {
    char epoch[EPOCH_BYTES]; /* 16 hexadecimal digits and NUL; a new database has a random one */
    uint8_t run[RUN_BYTES];  /* of the last start; with has_run */
    bool has_run;
};

enum err lineage_get(struct store *s, struct lineage_row *out);
enum err lineage_set(struct store *s, const struct lineage_row *row); /* inside a transaction; run is stored */

/* ------------------------------------------------------------------ the rules that made the folds of names */

enum { NAME_RULES_VERSION_BYTES = 32 };

/* name_key_version() of the program that made them, NUL-terminated; "" in a new database. */
enum err name_rules_get(struct store *s, char version[NAME_RULES_VERSION_BYTES]);
enum err name_rules_set(struct store *s, const char *version); /* inside a transaction */
/* All users but visitors; all rooms but direct conversations, which are named by ids and keep their folds. In id
 * order. */
typedef void named_fn(void *ctx, int64_t id, struct span name, struct span fold);
enum err users_named(struct store *s, named_fn *row, void *ctx);
enum err rooms_named(struct store *s, named_fn *row, void *ctx);

/* ------------------------------------------------------------------ rooms */

struct room_row {
    int64_t id;
    struct span name, fold;
    int64_t last_seq, created_at, archived_at; /* archived_at 0: not archived */
};

enum err rooms_each(struct store *s, void (*row)(void *ctx, const struct room_row *), void *ctx); /* in id order */
/* An open room. ERR_NAME_TAKEN when another one that is not closed, archived or not, has this fold; the transaction goes
 * on. Ids are never given again. */
enum err rooms_insert(struct store *s, struct span name, struct span fold, int64_t at, int64_t *id);
/* ERR_NOT_FOUND; rooms_set_name also ERR_NAME_TAKEN. */
enum err rooms_set_last_seq(struct store *s, int64_t id, int64_t last_seq);
enum err rooms_set_name(struct store *s, int64_t id, struct span name, struct span fold);
enum err rooms_set_archived_at(struct store *s, int64_t id, int64_t at); /* 0: unarchive */

/* ------------------------------------------------------------------ users */

enum user_kind { USER_SYSTEM, USER_VISITOR, USER_GUEST, USER_ACCOUNT }; /* stored as text: 'system', ... */
enum { USER_KEY_BYTES = 16 };

struct user_row {
    int64_t id;
    enum user_kind kind;
    struct span name, fold;
    /* Random, made where the user first appears: what makes two commands the same new user's. */
    uint8_t key[USER_KEY_BYTES];
    int64_t created_at;
};

/* The row is borrowed until the next call on this store. ERR_NOT_FOUND. */
enum err users_by_key(struct store *s, const uint8_t key[USER_KEY_BYTES], struct user_row *out);
enum err users_by_id(struct store *s, int64_t id, struct user_row *out);
/* Finds an account, a guest or the system user, never a visitor: visitors' names are free again when they leave. */
enum err users_by_fold(struct store *s, struct span fold, struct user_row *out);
/* row->id is not looked at; the role is the one that goes with the kind, ROLE_MEMBER for an account. ERR_NAME_TAKEN
 * when somebody who is no visitor has this fold (not for visitors); ERR_ID_REUSED when the key is there already. The
 * transaction goes on. Ids are never given again. */
enum err users_insert(struct store *s, const struct user_row *row, int64_t *id);
/* ERR_NAME_TAKEN, ERR_NOT_FOUND. */
enum err users_set_name(struct store *s, int64_t id, struct span name, struct span fold);

/* ------------------------------------------------------------------ messages and other events */

struct message_row {
    int64_t room_id, seq, author_id, at, reply_to; /* reply_to 0: none */
    int64_t number;                                /* how many messages the room has had up to this one */
    struct span body, client_id;
};

/* ERR_ID_REUSED when (author_id, client_id) is there already; nothing was inserted then, and the
 * transaction goes on. */
enum err messages_insert(struct store *s, const struct message_row *m);
/* What an earlier send with this id made; the row is borrowed until the next call on this store. ERR_NOT_FOUND. */
enum err messages_by_client_id(struct store *s, int64_t author_id, struct span client_id, struct message_row *out);
enum err messages_exists(struct store *s, int64_t room_id, int64_t seq); /* ERR_NOT_FOUND */

/* Any event but a message. */
struct change_row {
    int64_t room_id, seq, target_seq, actor_id, at; /* target_seq 0: none */
    enum event_kind kind;                           /* not EVENT_MESSAGE; stored as its word */
    struct span data;                               /* JSON object: see enum event_extra */
};

enum err changes_insert(struct store *s, const struct change_row *c);

/* One durable event of a room, read back: a message or a change. */
struct event_row {
    int64_t room_id, seq, at;
    int64_t author_id;                       /* of a change: the actor */
    struct span author_name, author_display; /* the names they have now; author_display empty: none chosen */
    enum event_kind kind;                    /* EVENT_MESSAGE; the others are changes */
    int64_t target_seq;                      /* of a change; 0: none */
    int64_t reply_to;                        /* of a message */
    struct span body, client_id; /* of a message; client_id empty: none. The body is empty when the message is: */
    bool is_deleted;             /* ... deleted, */
    bool is_hidden;              /* ... or its author is banned, with all messages hidden */
    struct span data;            /* of a change */
};

/* False: no more rows are wanted. What is not wanted is not read. */
typedef bool event_row_fn(void *ctx, const struct event_row *row);

/* Events of one room in seq order. `after` and `before` are exclusive; `before` INT64_MAX is no upper bound.
 * events_after gives the first `limit` events of the range, events_before its last `limit` (still in ascending order),
 * events_down the same from the last one down. An unknown room has no events. */
enum err events_after(struct store *s, int64_t room_id, int64_t after, int64_t before, int64_t limit, event_row_fn *row,
                      void *ctx);
enum err events_before(struct store *s, int64_t room_id, int64_t after, int64_t before, int64_t limit,
                       event_row_fn *row, void *ctx);
enum err events_down(struct store *s, int64_t room_id, int64_t after, int64_t before, int64_t limit, event_row_fn *row,
                     void *ctx);

#endif
