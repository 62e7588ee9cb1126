/* fault_vfs.h - an SQLite VFS over the system's whose calls fail when they are told to.
 *
 * A test registers it, gives its name to store_open(), and arms it: from then on the calls of the chosen kinds are
 * counted, and the n-th (or the n-th and all after it) fails with the chosen code. Not armed, it is the system's VFS,
 * without memory mapping. There is one plan for the whole process; calls may come from any thread, arming and disarming
 * from one at a time.
 *
 * It never really syncs: its tests are about the death of the process, which loses nothing that was written, and are
 * many.
 *
 * fault_vfs_from_text() arms it from a line of text, so that a build of the real program can take its plan from the
 * environment. */
#ifndef HUBBUB_TESTS_FAULT_VFS_H
#define HUBBUB_TESTS_FAULT_VFS_H

#include "base/err.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#define FAULT_VFS_NAME "fault"

/* Kinds of calls, to be combined. */
enum fault_op {
    FAULT_WRITE = 1,
    FAULT_SYNC = 2,
    FAULT_TRUNCATE = 4,
    FAULT_OPEN = 8,
    FAULT_READ = 16,
    FAULT_DELETE = 32,
    FAULT_SHM_MAP = 64, /* the growth of the wal-index, which takes room on the disk too */
    FAULT_ALL = 127,
};

/* What a failing write or truncation has done all the same before it says that it failed. */
enum fault_manner { FAULT_NOTHING_DONE, FAULT_HALF_DONE, FAULT_ALL_DONE };

struct fault_plan {
    unsigned ops;
    int64_t nth; /* the first call that fails, counted from 1 */
    bool for_good;
    int code; /* 0: the one that fits the call (SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC, ...) */
    enum fault_manner manner;
    /* Called in front of each counted call, unless NULL: what is in the files now is what a kill -9 at this point would
     * leave. */
    void (*before)(void *ctx, enum fault_op op, int64_t n);
    void *ctx;
};

/* Registers the VFS under FAULT_VFS_NAME; once per process is enough. An SQLite code. */
int fault_vfs_register(void);

void fault_vfs_arm(const struct fault_plan *plan);
void fault_vfs_disarm(void);

/* Since it was last armed: calls counted, and calls that failed. */
int64_t fault_vfs_calls(void);
int64_t fault_vfs_failed(void);

/* "write,sync nth=3 forgood code=13 manner=all": any order, nth=1 when left out. ERR_INVALID: not understood, nothing
 * is armed. */
enum err fault_vfs_from_text(const char *text);

#endif
