#include "http/newcomers.h"

#include "chat/rate.h"

#include <pthread.h>
#include <stdlib.h>

#define HASH_NONFATAL_OOM 1
#include "base/keyed_uthash.h"

struct entry {
    struct address block;
    _Atomic int64_t bucket;
    UT_hash_handle hh; /* uthash keeps the order of insertion: the one that was used last is the last */
};

struct newcomers {
    const struct env *env;
    struct metrics *metrics;
    int64_t interval_ns, burst; /* interval 0: no limit */
    pthread_mutex_t lock;
    struct entry *entries;
};

struct newcomers *newcomers_new(const struct env *env, struct metrics *metrics, int64_t per_min, int64_t burst)
{
    struct newcomers *n = calloc(1, sizeof *n);
    if (!n)
        return NULL;
    n->env = env;
    n->metrics = metrics;
    n->interval_ns = per_min ? INT64_C(60000000000) / per_min : 0;
    n->burst = burst;
    pthread_mutex_init(&n->lock, NULL);
    return n;
}

static void drop(struct newcomers *n, struct entry *e)
{
    HASH_DEL(n->entries, e);
    free(e);
}

void newcomers_free(struct newcomers *n)
{
    struct entry *e, *next;
    if (!n)
        return;
    HASH_ITER(hh, n->entries, e, next)
    {
        drop(n, e);
    }
    pthread_mutex_destroy(&n->lock);
    free(n);
}

/* Under the lock. */
static struct entry *find(struct newcomers *n, const struct address *block)
{
    struct entry *e;
    HASH_FIND(hh, n->entries, block->bytes, sizeof block->bytes, e);
    return e;
}

/* Finds or makes it, and puts it at the end of the order. NULL: no memory. Under the lock. */
static struct entry *use(struct newcomers *n, const struct address *block)
{
    struct entry *e = find(n, block);
    if (e) {
        HASH_DEL(n->entries, e);
    } else {
        if (HASH_COUNT(n->entries) >= NEWCOMERS_MAX)
            drop(n, n->entries);
        if (!(e = calloc(1, sizeof *e)))
            return NULL;
        e->block = *block;
    }
    HASH_ADD(hh, n->entries, block.bytes, sizeof e->block.bytes, e);
    if (!e->hh.tbl) { /* uthash's table could not be made */
        free(e);
        return NULL;
    }
    return e;
}

enum err newcomers_take(struct newcomers *n, const struct address *from, int64_t *retry_after_ms, const char **why)
{
    const struct address block = address_block(from);
    int64_t wait_ns = 0;
    enum err e = OK;
    if (!n->interval_ns)
        return OK;
    pthread_mutex_lock(&n->lock);
    struct entry *entry = use(n, &block);
    if (!entry)
        e = ERR_MEMORY;
    else if ((wait_ns = rate_take_every(&entry->bucket, n->interval_ns, n->burst, env_mono_ns(n->env))))
        e = ERR_RATE_LIMITED;
    pthread_mutex_unlock(&n->lock);
    if (e != ERR_RATE_LIMITED)
        return e;
    metric_add(&n->metrics->newcomers_rate_limited_total, 1);
    *retry_after_ms = wait_ns / 1000000 + 1;
    *why = "Too many new people have come from your address. Wait a moment before you try again.";
    return e;
}

void newcomers_give_back(struct newcomers *n, const struct address *from)
{
    const struct address block = address_block(from);
    pthread_mutex_lock(&n->lock);
    struct entry *e = find(n, &block); /* it may have been forgotten meanwhile */
    if (e)
        rate_give_back(&e->bucket, n->interval_ns);
    pthread_mutex_unlock(&n->lock);
}

size_t newcomers_entries(struct newcomers *n)
{
    pthread_mutex_lock(&n->lock);
    const size_t count = HASH_COUNT(n->entries);
    pthread_mutex_unlock(&n->lock);
    return count;
}
