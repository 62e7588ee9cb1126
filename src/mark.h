/* mark.h - data_dir/hubbub.mark: what the next start has to know of this one, and whether the database is the
 * continuation of what the last start left behind.
 *
 * Clients resume from the numbers (seq) that they have seen. When a database is restored from a backup, those numbers
 * come again with other events, so the epoch (see `welcome` in the protocol) has to change; after a crash or a power cut
 * it has to stay. The database is the continuation when all of these hold:
 *
 *     run      its table lineage has the random run id that this file has: both get a new one at each start
 *     file     it is the same file, by inode and time of birth: a restored or copied one is another
 *     number   it has got at least as far as this file says. The file is kept up to date while the server runs, after
 *              the commit and without a sync, so it is never ahead: not even after a power cut
 *
 * Each finds what the others cannot: a backup of the same run that is copied over the file (number), one that goes
 * further because it is of another server (run), a copy of the whole directory (file). A snapshot of a whole disk that
 * is set back shows nothing; then a client that is ahead of the server notices (chat/verbs.c).
 *
 * Main thread, and the thread that opens the database before the main thread goes on. */
#ifndef HUBBUB_MARK_H
#define HUBBUB_MARK_H

#include "store/store.h"

enum { MARK_PATH_MAX = 640 };

struct mark {
    char path[MARK_PATH_MAX];
    int fd; /* -1: it cannot be written, which has been reported */
    char epoch[EPOCH_BYTES];
    char run[2 * RUN_BYTES + 1], previous[2 * RUN_BYTES + 1]; /* hexadecimal; previous "": none */
    uint64_t inode, born_ns;                                  /* born_ns 0: the file system does not tell */
    int64_t number;
    bool check_due; /* the pages are to be checked: the last stop was not clean, or a check did not end well */
};

/* Compares the database (open as `s`, which nobody else uses yet) with the file at `path`, decides on the epoch, and
 * writes both for the next start. `unclean`: this start found the last stop to be unclean. What cannot be written is
 * reported and no reason not to serve: the next start takes a new epoch then. ERR_STORAGE: the database cannot be read. */
enum err mark_open(struct mark *m, const char *path, const char *database, struct store *s, bool unclean);

/* How far the log has been committed by now. One write when that is news, without a sync. */
void mark_note(struct mark *m, int64_t number);

/* Whether the next start has to check the pages. Synced. */
void mark_set_check_due(struct mark *m, bool due);

/* Syncs it, and closes it. Does nothing when it is not open. */
void mark_close(struct mark *m);

#endif
