/* log.h - the ordered log of commands, which everything that is durable goes through.
 *
 * Proposers hand in commands from any thread; the log puts them into one order and gives each its position (epoch,
 * number); the consumer applies them in that order on the writer's thread, inside a transaction that also stores the
 * position and a running hash of all commands. Two nodes that apply the same log hold the same data.
 *
 *     propose --> order --> consumer.apply (in a transaction) --> COMMIT --> consumer.committed --> done
 *
 * The local log (log_local.c) is one process: its order is the writer's queue. A replicated log keeps the same face:
 * it orders elsewhere, and entries of other nodes reach the consumer without a proposer. That is why an end has four
 * kinds. */
#ifndef HUBBUB_LOG_LOG_H
#define HUBBUB_LOG_LOG_H

#include "base/env.h"
#include "store/writer.h"

struct log;

struct log_position {
    int64_t epoch, number; /* ordered by epoch, then number; the first command is (1, 1) */
};

enum log_end {
    LOG_COMMITTED, /* applied and durable at `at`; `result` is OK or the rule's refusal */
    LOG_DUPLICATE, /* the log has a command with this id already; the first one's result came or comes with it */
    LOG_UNKNOWN,   /* it may be in the log or not (the connection to the log broke): propose the same id again */
    LOG_BUSY,      /* it is not in the log: try again later */
};

/* One command on its way; embedded in the proposer's struct. The log's from log_propose() returning OK until done(). */
struct log_entry {
    struct writer_job job;  /* job.command: the bytes, borrowed until done; job.sender: see writer.h */
    uint8_t id[16];         /* the command's id: proposing it again is safe */
    struct log_position at; /* set before apply */
    enum log_end end;       /* set before committed */
    enum err result; /* set by apply: OK or a refusal; ERR_STORAGE when the batch failed (end is LOG_BUSY then) */
    bool foreign;    /* it came from another node: nobody waits for it */
};

struct log_consumer {
    /* On the writer's thread, inside the transaction: change the database, set entry->result. OK, or ERR_STORAGE to
     * fail the batch. Deterministic: nothing but the store and the command decides. */
    enum err (*apply)(void *ctx, struct store *s, struct log_entry *entry);
    /* The same, once per batch, at its end. */
    enum err (*before_commit)(void *ctx, struct store *s);
    /* On the writer's thread after the transaction, in order, linked by log_entry_next(): publish, then give each
     * entry back to its proposer. `stored` false: nothing of the batch was stored. */
    void (*committed)(void *ctx, struct store *s, struct log_entry *first, bool stored);
    void *ctx;
};

struct log_entry *log_entry_next(const struct log_entry *e);

/* A log in this process over a read-write store (borrowed). Reads the position. ERR_STORAGE, ERR_MEMORY. */
enum err log_open_local(struct store *store, const struct log_consumer *consumer, const struct writer_limits *limits,
                        const struct env *env, struct metrics *metrics, struct log **out);

/* Any thread. ERR_OVERLOADED, ERR_SHUTTING_DOWN: the entry stays the caller's and nothing was stored. */
enum err log_propose(struct log *l, struct log_entry *e);

/* Any thread: the same for entries linked by job.next, which then are likely to become one commit. Takes from the
 * front; returns the first that was not taken, with *why, or NULL. */
struct log_entry *log_propose_list(struct log *l, struct log_entry *first, enum err *why);

/* Any thread: the number of the last command that is committed. */
int64_t log_committed(const struct log *l);

enum err log_start(struct log *l);   /* starts the writer's thread */
size_t log_step(struct log *l);      /* or: one batch on this thread; how many entries */
void log_close_queue(struct log *l); /* takes no more; what was taken is still committed */
void log_stop(struct log *l);        /* and waits until that is done */
void log_free(struct log *l);        /* NULL does nothing */

#endif
