/* checker.h - a thread that reads every page of the database, to find those that a crash or the disk has damaged.
 *
 * PRAGMA quick_check would take 12 s for 5,000,000 messages, before anybody is served or beside the WAL that cannot
 * start over meanwhile. So this reads tables a thousand rows at a time, each in a read transaction of its own, and rests
 * as long as it has worked; what has no row ids (indices, tables WITHOUT ROWID) it counts in one piece, which only
 * visits the pages. SQLite looks at each page that it visits (PRAGMA cell_size_check). What it finds is reported as
 * event=database_damaged by the store, see store_options.metrics. */
#ifndef HUBBUB_STORE_CHECKER_H
#define HUBBUB_STORE_CHECKER_H

#include "store/store.h"

struct checker;

enum checker_state {
    CHECKER_RUNS,
    CHECKER_SOUND,   /* all pages could be read */
    CHECKER_DAMAGED, /* one is damaged */
    CHECKER_FAILED,  /* the disk or memory failed, which has been reported, or it was stopped */
};

/* Opens a read-only store of its own, and starts. On failure as store_open(), or ERR_MEMORY. */
enum err checker_start(const struct store_options *options, struct checker **out, struct store_error *why);

/* Any thread. */
enum checker_state checker_state(const struct checker *c);

/* Stops it, wherever it is, and frees it. NULL does nothing. */
void checker_stop(struct checker *c);

#endif
