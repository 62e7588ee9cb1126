/* connection.h - what is inside a store, for the files of this layer. */
#ifndef HUBBUB_STORE_CONNECTION_H
#define HUBBUB_STORE_CONNECTION_H

#include "base/buf.h"
#include "base/err.h"
#include "base/metrics.h"
#include "store/statements.h"
#include "store/wal_vfs.h"

#include <stdatomic.h>
#include <sys/types.h>

/* The database, its WAL and the shared memory. */
enum { STORE_FILES = 3 };

struct store_file {
    dev_t dev;
    ino_t ino;
};

struct store {
    sqlite3 *db;
    char *path;
    struct wal_vfs wal_vfs;                    /* of the read-write store */
    sqlite3_stmt *statements[STATEMENT_COUNT]; /* NULL until used */
    struct buf row;                            /* texts of the row that a look-up handed out */
    struct metrics *metrics;                   /* see store_options; NULL: nobody is told of damage */
    bool read_only;
    bool unclean;     /* it was found so when it was opened for writing */
    bool open;        /* failures are reported; while it is being opened they become a store_error instead */
    bool watched;     /* whether somebody removes its files: not with a VFS of the tests */
    atomic_bool gone; /* somebody has */
    struct store_file files[STORE_FILES]; /* those that were opened */
    int failure_code;                     /* SQLite's extended code of the last failure, 0: none */
    char failure[160];                    /* and its words */

    int64_t wal_limit_bytes;  /* 0 until checkpoint_init(): the default */
    int64_t wal_frames;       /* in use at the last commit; the file may be longer */
    int64_t checkpoint_bytes; /* the next checkpoint is due when as much is in use */
};

/* The words for enum user_kind; in users.c. */
extern const struct words user_kinds;

/* How long a lock is waited for: longer than any statement of a person at a sqlite3 prompt should hold one. */
enum { BUSY_TIMEOUT_MS = 5000 };

/* Keeps what SQLite says about the call that has just failed and reports it as event=storage_failed; `during` is a
 * constant word. */
void store_failed(struct store *s, const char *during);

/* Whether any store with these metrics has met a damaged page. */
bool store_is_damaged(const struct store *s);

/* Reports as event=storage_failed what SQLite does not know of, such as that a row holds what it should not;
 * ERR_STORAGE. */
enum err store_contradiction(const char *during, const char *reason);

/* Commits the smallest possible transaction: shows whether the disk works again, and voids what a failed COMMIT
 * left in the WAL (see transaction.c). */
enum err store_probe(struct store *s);

/* After an unclean stop, before anything else is written: sees to it that what the WAL has is on the disk, and copies
 * it into the database. OK also when there is no room for the copy: then s->failure_code says so. ERR_STORAGE. */
enum err store_recover(struct store *s);

/* Remembers which files are open, of the operating system's; before the first store_in_place(). */
void in_place_init(struct store *s);

/* After the close of a store that is gone. */
void in_place_leave(const struct store *s);

/* Has sqlite3_wal_hook() call this layer, and so turns off SQLite's own checkpoints. */
void checkpoint_init(struct store *s);

/* Copies all of the WAL and empties it if nobody reads from it. False: that has failed, which has been reported; it has
 * not failed when others were in its way. */
bool checkpoint_all(struct store *s);

#endif
