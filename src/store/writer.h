/* writer.h - the one thread that writes, and group commit.
 *
 *     submit --> queue --> BEGIN; apply x up to commit_max_commands; before_commit; COMMIT (one fsync) --> committed
 *
 * The writer takes what is queued when it comes round, up to commit_max_commands or commit_max_bytes, and commits it
 * together; it never waits for more to come: while one commit waits for the disk, the next batch gathers (the group
 * commit of Gray and Reuter, with the disk as the timer).
 *
 * Senders take turns: each has a queue of its own. A sender that had nothing queued comes first, with a few jobs; then
 * it stands in line with the others who have many, and each turn takes many jobs at once, since a sender's answers are
 * cheap together. So what some queue, however much, does not delay one who says something now and then. Jobs of one
 * sender stay in order. The last eighth of the room is for those who have little queued. (After the flow queues of
 * RFC 8290.)
 *
 * A job is embedded in the submitter's own struct. From writer_submit() returning OK until its turn in committed() it
 * belongs to the writer; every job taken comes back through committed() exactly once, those of one sender in the order
 * in which they were submitted.
 *
 * A job that is refused by a rule fails alone: apply() sets job->result and leaves the database as it found it. When
 * the store itself fails (apply or before_commit returns ERR_STORAGE, or BEGIN or COMMIT fails), the whole batch is
 * rolled back, each of its jobs comes back with ERR_STORAGE, those too that a rule had refused, and the writer goes on
 * with the next batch. While commits fail and nothing is queued it tries once a second whether the disk works again, so
 * that metrics->storage_ok tells the truth without traffic. Every second, and after each failure, it looks whether the
 * files that it writes to still have their names (store_in_place()); when they do not, everything fails from then on.
 *
 * ERR_STORAGE means: not stored, and nobody will ever see it. There is one exception, which no program can rule out.
 * When a disk that fails in the middle of a commit then refuses every write, and the process dies before the next
 * successful commit, the commit record can still be in the file: then the batch is found stored, whole, at the next
 * start. Its commands are then stored under their client ids, so that sending them again is answered with the first
 * result. See transaction.c. */
#ifndef HUBBUB_STORE_WRITER_H
#define HUBBUB_STORE_WRITER_H

#include "base/env.h"
#include "base/metrics.h"
#include "store/store.h"

struct writer;

struct writer_job {
    struct writer_job *next; /* the writer's while queued; in committed() the list of the batch */
    struct span command;     /* borrowed until the job has come back; also what commit_max_bytes counts */
    uint64_t sender;         /* any number that stays the same for one sender; a few senders can share a queue */
    enum err result;         /* OK: durable; a refusal; ERR_STORAGE; ERR_SHUTTING_DOWN */
};

struct writer_hooks {
    /* Inside the transaction, on the writer's thread. Returns OK (job->result says whether it was refused) or
     * ERR_STORAGE. */
    enum err (*apply)(void *ctx, struct store *s, struct writer_job *job);
    /* Inside the transaction, after the last apply: what is written once per batch. OK or ERR_STORAGE. */
    enum err (*before_commit)(void *ctx, struct store *s);
    /* After COMMIT or rollback, with no transaction open: the jobs, handed back as a list linked by `next` (read next
     * before giving a job away). `stored` is whether the batch was committed. */
    void (*committed)(void *ctx, struct store *s, struct writer_job *first, bool stored);
    void *ctx;
};

struct writer_limits {
    int64_t queue_commands;      /* 65,536; and as many KiB */
    int64_t commit_max_commands; /* 1,024 */
    int64_t commit_max_bytes;    /* 256 KiB; a batch has at least one command */
};

/* `store` is borrowed and used by the writer alone from now on. NULL: no memory. */
struct writer *writer_new(struct store *store, const struct writer_hooks *hooks, const struct writer_limits *limits,
                          const struct env *env, struct metrics *metrics);

/* Any thread. ERR_OVERLOADED when there is no room, ERR_SHUTTING_DOWN after writer_close_queue(): the job stays the
 * caller's. */
enum err writer_submit(struct writer *w, struct writer_job *job);

/* Any thread: the same for a list linked by `next`, under one lock and with one wake-up, so that it can become one
 * commit. Takes from the front; returns the first job that was not taken, with *why, or NULL. */
struct writer_job *writer_submit_list(struct writer *w, struct writer_job *first, enum err *why);

/* One batch on the calling thread; the number of jobs handled, 0 when the queue is empty. For the simulation and the
 * command line, instead of writer_start(). */
size_t writer_step(struct writer *w);

/* Starts the thread. ERR_MEMORY. */
enum err writer_start(struct writer *w);

/* No more jobs are taken; what was taken is still committed. Any thread. */
void writer_close_queue(struct writer *w);

/* Closes the queue, waits until all taken jobs have come back, ends the thread. Not from the writer's own thread. */
void writer_stop(struct writer *w);

/* After writer_stop() (or without writer_start()). NULL does nothing. */
void writer_free(struct writer *w);

#endif
