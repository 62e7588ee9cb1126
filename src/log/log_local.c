/* The log of one process: the order is the writer's queue, a position is a count.
 *
 * The epoch is always 1. Position and running hash advance with each applied command and are written once per batch,
 * in the transaction that holds the batch's changes; when the batch is rolled back, both go back with it. */
#include "base/hash.h"
#include "log/log.h"

#include <stdatomic.h>
#include <stdlib.h>

struct log {
    struct log_consumer consumer;
    struct store *store;
    struct writer *writer;
    struct store_position at;         /* the writer's thread */
    struct store_position committed;  /* what `at` was after the last commit */
    _Atomic int64_t committed_number; /* the same, for any thread */
};

static struct log_entry *entry_of(struct writer_job *job)
{
    return (struct log_entry *)job; /* job is its first member */
}

struct log_entry *log_entry_next(const struct log_entry *e)
{
    return e->job.next ? entry_of(e->job.next) : NULL;
}

static enum err apply(void *ctx, struct store *s, struct writer_job *job)
{
    struct log *l = ctx;
    struct log_entry *e = entry_of(job);
    e->at = (struct log_position){.epoch = 1, .number = ++l->at.number};
    hash_chain(l->at.hash, job->command);
    enum err failed = l->consumer.apply(l->consumer.ctx, s, e);
    job->result = e->result;
    return failed;
}

static enum err before_commit(void *ctx, struct store *s)
{
    struct log *l = ctx;
    enum err e = l->consumer.before_commit(l->consumer.ctx, s);
    return e ? e : store_position_set(s, &l->at);
}

static void committed(void *ctx, struct store *s, struct writer_job *first, bool stored)
{
    struct log *l = ctx;
    if (stored) {
        l->committed = l->at;
        atomic_store_explicit(&l->committed_number, l->at.number, memory_order_relaxed);
    } else {
        l->at = l->committed;
    }
    for (struct writer_job *job = first; job; job = job->next) {
        struct log_entry *e = entry_of(job);
        e->end = stored ? LOG_COMMITTED : LOG_BUSY;
        e->result = job->result;
    }
    l->consumer.committed(l->consumer.ctx, s, entry_of(first), stored);
}

enum err log_open_local(struct store *store, const struct log_consumer *consumer, const struct writer_limits *limits,
                        const struct env *env, struct metrics *metrics, struct log **out)
{
    enum err e;
    struct log *l = calloc(1, sizeof *l);
    if (!l)
        return ERR_MEMORY;
    l->consumer = *consumer;
    l->store = store;
    if ((e = store_position_get(store, &l->at)))
        goto failed;
    l->at.epoch = 1;
    l->committed = l->at;
    atomic_init(&l->committed_number, l->at.number);
    struct writer_hooks hooks = {.apply = apply, .before_commit = before_commit, .committed = committed, .ctx = l};
    l->writer = writer_new(store, &hooks, limits, env, metrics);
    if (!l->writer) {
        e = ERR_MEMORY;
        goto failed;
    }
    *out = l;
    return OK;
failed:
    log_free(l);
    return e;
}

enum err log_propose(struct log *l, struct log_entry *e)
{
    e->foreign = false;
    return writer_submit(l->writer, &e->job);
}

struct log_entry *log_propose_list(struct log *l, struct log_entry *first, enum err *why)
{
    for (struct log_entry *e = first; e; e = log_entry_next(e))
        e->foreign = false;
    struct writer_job *left = writer_submit_list(l->writer, &first->job, why);
    return left ? entry_of(left) : NULL;
}

int64_t log_committed(const struct log *l)
{
    return atomic_load_explicit(&l->committed_number, memory_order_relaxed);
}

enum err log_start(struct log *l)
{
    return writer_start(l->writer);
}

size_t log_step(struct log *l)
{
    return writer_step(l->writer);
}

void log_close_queue(struct log *l)
{
    writer_close_queue(l->writer);
}

void log_stop(struct log *l)
{
    writer_stop(l->writer);
}

void log_free(struct log *l)
{
    if (!l)
        return;
    writer_free(l->writer);
    free(l);
}
