#include "chat/admit/origin.h"

#include "base/table.h"
#include "chat/admit/for_tests.h"
#include "chat/core/core.h"
#include "rules/rate.h"

#include <pthread.h>
#include <stdlib.h>

enum {
    NAMES_FACTOR = 10,  /* so many names can be asked for until one is free */
    DRAWN_BURST_S = 32, /* so many seconds' worth of reading at once: a class that comes in together */
    BYTES_BURST_S = 32, /* and of writing */
    TYPING_BURST = 5,   /* for each person at an address: all of a class begin to type at once */
    EXPIRE_EACH = 2,    /* so many old origins are looked at for each that becomes old */
};

#define SECOND_NS INT64_C(1000000000)

struct limit {
    int64_t interval_ns, burst; /* a token comes each interval; 0: no limit */
};

struct origin {
    struct table_link by_block;
    struct origins *all;
    struct origin *older, *newer; /* among those that nobody holds */
    uint8_t block[ORIGIN_BLOCK_BYTES];
    size_t held;
    _Atomic int64_t buckets[ORIGIN_WHATS]; /* see rate.h */
};

struct origins {
    const struct env *env;
    struct metrics *metrics;
    struct limit limits[ORIGIN_WHATS];

    pthread_mutex_t lock; /* over the rest, and over `held` and the links of each origin */
    struct table table;   /* by the hash of the block */
    struct origin *oldest, *newest;
    size_t free_count; /* of those that nobody holds */
};

/* ------------------------------------------------------------------ limits */

static struct limit per_second(int64_t n, int64_t burst)
{
    return n > 0 ? (struct limit){SECOND_NS / n, burst} : (struct limit){0, 1};
}

static void set_limits(struct limit limits[ORIGIN_WHATS], const struct chat_settings *s, int64_t per_min, int64_t burst)
{
    const int64_t people = s->rate_messages_per_s ? s->rate_address_people : 0; /* 0: nothing is limited */
    const int64_t requests = s->rate_burst * SESSION_FLOOD_FACTOR;
    if (per_min) {
        limits[ORIGIN_NEWCOMERS] = (struct limit){60 * SECOND_NS / per_min, burst};
        limits[ORIGIN_NAMES] = (struct limit){60 * SECOND_NS / per_min / NAMES_FACTOR, burst * NAMES_FACTOR};
    }
    if (!people)
        return;
    limits[ORIGIN_REQUESTS] = per_second(people * s->rate_messages_per_s * SESSION_FLOOD_FACTOR,
                                         people * (requests > SESSION_FLOOD_BURST ? requests : SESSION_FLOOD_BURST));
    limits[ORIGIN_MESSAGES] = per_second(people * s->rate_guest_messages_per_s, people * s->rate_guest_burst);
    limits[ORIGIN_BYTES] = per_second(s->rate_address_bytes_per_s, s->rate_address_bytes_per_s * BYTES_BURST_S);
    limits[ORIGIN_TYPING] = (struct limit){SESSION_TYPING_EVERY_S * SECOND_NS / people, people * TYPING_BURST};
    limits[ORIGIN_READS] = per_second(people * s->rate_messages_per_s, people * s->rate_burst);
    limits[ORIGIN_DRAWN] = per_second(s->replay_bytes_per_s, s->replay_bytes_per_s * DRAWN_BURST_S);
}

static const char *const whys[ORIGIN_WHATS] = {
    [ORIGIN_NEWCOMERS] = "Too many sign-ups from your network. Wait a moment and try again.",
    [ORIGIN_NAMES] = "Too many names were tried from your network. Wait a moment and try again.",
    [ORIGIN_REQUESTS] = "Too many requests from your network. Wait a moment and try again.",
    [ORIGIN_MESSAGES] = "Too many messages from your network. Wait a moment and try again.",
    [ORIGIN_BYTES] = "Too much text from your network. Wait a moment and try again.",
    [ORIGIN_TYPING] = "Too many people are typing on your network.",
    [ORIGIN_READS] = "Too many requests from your network. Wait a moment and try again.",
    [ORIGIN_DRAWN] = "Too much was read from your network. Wait a moment and try again.",
};

enum err origin_take(struct origin *o, enum origin_what what, int64_t n, int64_t *retry_after_ms, const char **why)
{
    if (!o || !o->all->limits[what].interval_ns)
        return OK;
    const struct limit *limit = &o->all->limits[what];
    const int64_t wait_ns =
        rate_take_many(&o->buckets[what], limit->interval_ns, limit->burst, n, env_mono_ns(o->all->env));
    if (!wait_ns)
        return OK;
    struct metrics *m = o->all->metrics;
    metric_add(what == ORIGIN_NEWCOMERS ? &m->newcomers_rate_limited_total : &m->addresses_rate_limited_total, 1);
    *retry_after_ms = wait_ns / 1000000 + 1;
    *why = whys[what];
    return ERR_RATE_LIMITED;
}

void origin_give_back(struct origin *o, enum origin_what what, int64_t n)
{
    if (o)
        rate_give_back(&o->buckets[what], o->all->limits[what].interval_ns * n);
}

void origin_spend(struct origin *o, enum origin_what what, int64_t n)
{
    if (o && o->all->limits[what].interval_ns)
        rate_spend(&o->buckets[what], o->all->limits[what].interval_ns * n, env_mono_ns(o->all->env));
}

/* ------------------------------------------------------------------ the table, under the lock */

static uint64_t key_of(const uint8_t block[ORIGIN_BLOCK_BYTES])
{
    return table_hash((struct span){(const char *)block, ORIGIN_BLOCK_BYTES});
}

static struct origin *find(struct origins *all, const uint8_t block[ORIGIN_BLOCK_BYTES])
{
    for (struct table_link *l = table_find(&all->table, key_of(block)); l; l = table_next(l)) {
        struct origin *o = table_owner(l, struct origin, by_block);
        if (memcmp(o->block, block, sizeof o->block) == 0)
            return o;
    }
    return NULL;
}

/* Full buckets say no more than none. */
static bool is_full(const struct origin *o, int64_t now_ns)
{
    for (int what = 0; what < ORIGIN_WHATS; what++)
        if (atomic_load_explicit(&o->buckets[what], memory_order_relaxed) > now_ns)
            return false;
    return true;
}

static void unlink_free(struct origin *o)
{
    struct origins *all = o->all;
    *(o->older ? &o->older->newer : &all->oldest) = o->newer;
    *(o->newer ? &o->newer->older : &all->newest) = o->older;
    o->older = o->newer = NULL;
    all->free_count--;
}

static void forget(struct origin *o)
{
    table_remove(&o->all->table, &o->by_block);
    free(o);
}

static void forget_oldest(struct origins *all)
{
    struct origin *o = all->oldest;
    unlink_free(o); /* NOLINT(clang-analyzer-unix.Malloc): the list holds none that is freed */
    forget(o);
}

/* Nobody holds it any more. */
static void keep_for_a_while(struct origin *o)
{
    struct origins *all = o->all;
    const int64_t now_ns = env_mono_ns(all->env);
    if (is_full(o, now_ns)) {
        forget(o);
        return;
    }
    o->older = all->newest;
    *(all->newest ? &all->newest->newer : &all->oldest) = o;
    all->newest = o;
    all->free_count++;
    for (int i = 0; i < EXPIRE_EACH && is_full(all->oldest, now_ns); i++) /* NOLINT(clang-analyzer-unix.Malloc) */
        forget_oldest(all);
    if (all->free_count > ORIGINS_MAX)
        forget_oldest(all);
}

/* ------------------------------------------------------------------ life */

struct origins *origins_new(const struct env *env, struct metrics *metrics, const struct chat_settings *settings,
                            int64_t newcomers_per_min, int64_t newcomers_burst)
{
    struct origins *all = calloc(1, sizeof *all);
    if (!all)
        return NULL;
    all->env = env;
    all->metrics = metrics;
    set_limits(all->limits, settings, newcomers_per_min, newcomers_burst);
    pthread_mutex_init(&all->lock, NULL);
    return all;
}

void origins_free(struct origins *all)
{
    if (!all)
        return;
    while (all->oldest)
        forget_oldest(all);
    table_clear(&all->table);
    pthread_mutex_destroy(&all->lock);
    free(all);
}

struct origin *origin_enter(struct origins *all, const uint8_t block[ORIGIN_BLOCK_BYTES])
{
    pthread_mutex_lock(&all->lock);
    struct origin *o = find(all, block);
    if (o && !o->held)
        unlink_free(o);
    if (!o && (o = calloc(1, sizeof *o))) {
        o->all = all;
        memcpy(o->block, block, sizeof o->block);
        table_add(&all->table, &o->by_block, key_of(block));
    }
    if (o)
        o->held++;
    pthread_mutex_unlock(&all->lock);
    return o;
}

void origin_leave(struct origin *o)
{
    if (!o)
        return;
    struct origins *all = o->all;
    pthread_mutex_lock(&all->lock);
    if (--o->held == 0)
        keep_for_a_while(o);
    pthread_mutex_unlock(&all->lock);
}

size_t origins_count(struct origins *all)
{
    pthread_mutex_lock(&all->lock);
    const size_t count = all->table.count;
    pthread_mutex_unlock(&all->lock);
    return count;
}

/* ------------------------------------------------------------------ for one call */

enum err origins_take(struct origins *all, const uint8_t block[ORIGIN_BLOCK_BYTES], enum origin_what what,
                      int64_t *retry_after_ms, const char **why)
{
    struct origin *o = origin_enter(all, block);
    const enum err e = o ? origin_take(o, what, 1, retry_after_ms, why) : ERR_MEMORY;
    origin_leave(o);
    return e;
}

void origins_give_back(struct origins *all, const uint8_t block[ORIGIN_BLOCK_BYTES], enum origin_what what)
{
    struct origin *o = origin_enter(all, block);
    origin_give_back(o, what, 1);
    origin_leave(o);
}
