/* reader.h - threads that read the database for others: history pages, resumes, look-ups.
 *
 * Each thread owns a read-only store; jobs are taken from one bounded queue, first come first served. A job is embedded
 * in the submitter's struct and belongs to the pool from reader_submit() returning OK until its run() is called, which
 * may free it. */
#ifndef HUBBUB_STORE_READER_H
#define HUBBUB_STORE_READER_H

#include "base/metrics.h"
#include "store/store.h"

struct reader;

struct reader_job {
    struct reader_job *next;
    /* On a reader thread, once. `s` is NULL when the pool is stopping before the job's turn came. */
    void (*run)(struct reader_job *self, struct store *s);
};

/* Opens `threads` read-only stores. On failure as store_open(). */
enum err reader_open(const struct store_options *options, int threads, int64_t queue_jobs, struct metrics *metrics,
                     struct reader **out, struct store_error *why);

/* Any thread. ERR_OVERLOADED when the queue is full, ERR_SHUTTING_DOWN after reader_stop(): the job stays the
 * caller's. */
enum err reader_submit(struct reader *r, struct reader_job *job);

/* Runs one job on the calling thread, with the first store: true when there was one. For the simulation, instead of
 * reader_start(). */
bool reader_step(struct reader *r);

enum err reader_start(struct reader *r);
void reader_stop(
    struct reader *r); /* runs no further jobs with a store; those left are run with NULL; ends the threads */
void reader_free(struct reader *r); /* after reader_stop(); NULL does nothing */

#endif
