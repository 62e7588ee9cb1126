/* reader.h - threads that read the database for others: history pages, resumes, look-ups.
 *
 * Each thread owns a read-only store. There are two lanes, each with a bounded queue and threads of its own, first come
 * first served: READER_PAGES for what people read, and READER_ENTRY for finding out who somebody is. So nobody waits for
 * other people's pages when they sign in or connect. A job is embedded in the submitter's struct and belongs to the pool
 * from reader_submit() returning OK until its run() is called, which can free it. */
#ifndef HUBBUB_STORE_READER_H
#define HUBBUB_STORE_READER_H

#include "base/metrics.h"
#include "store/store.h"

struct reader;

enum reader_lane {
    READER_PAGES, /* history, replays, lists: long, and as many as people ask for */
    READER_ENTRY, /* sign-ins, sessions, tokens, upgrades: a few rows each */
    READER_LANES
};

enum { READER_ENTRY_THREADS = 1 }; /* a look-up takes microseconds */

struct reader_job {
    struct reader_job *next;
    enum reader_lane lane;
    /* On a reader thread, once, in a read transaction: all that it reads is of one state. `s` is NULL when the pool is
     * stopping before the job's turn came. */
    void (*run)(struct reader_job *self, struct store *s);
};

/* Opens read-only stores: one for each of the `threads` that read pages, and for each READER_ENTRY thread. On failure as
 * store_open(). */
enum err reader_open(const struct store_options *options, int threads, int64_t queue_jobs, struct metrics *metrics,
                     struct reader **out, struct store_error *why);

/* Any thread. ERR_OVERLOADED when the lane's queue is full, ERR_SHUTTING_DOWN after reader_stop(): the job stays the
 * caller's. */
enum err reader_submit(struct reader *r, struct reader_job *job);

/* Runs one job on the calling thread, with the first store, READER_ENTRY first: true when there was one. For the simulation, instead of
 * reader_start(). */
bool reader_step(struct reader *r);

enum err reader_start(struct reader *r);
void reader_stop(
    struct reader *r); /* runs no further jobs with a store; those left are run with NULL; ends the threads */
void reader_free(struct reader *r); /* after reader_stop(); NULL does nothing */

#endif
