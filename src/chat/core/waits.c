#include "chat/core/waits.h"

#include <stdbool.h>
#include <time.h>

enum { KIND_BITS = 16 };

void waits_limit(struct waits *w, int threads)
{
    w->threads = threads;
}

static int count_of(uint32_t taken, enum wait_for what)
{
    return (int)(taken >> (what * KIND_BITS) & ((1U << KIND_BITS) - 1));
}

int waits_count(const struct waits *w, enum wait_for what)
{
    return count_of(atomic_load(&w->taken), what);
}

static bool has_place(const struct waits *w, uint32_t taken, enum wait_for what)
{
    if (!w->threads)
        return true;
    const int all = count_of(taken, WAIT_READER) + count_of(taken, WAIT_WRITER);
    const int most = w->threads - (w->threads + 7) / 8, most_writer = w->threads / 2;
    return (all < most || most < 1) &&
           (what != WAIT_WRITER || count_of(taken, WAIT_WRITER) < most_writer || most_writer < 1);
}

/* False: there is no place. */
static bool take(struct waits *w, const struct env *env, enum wait_for what)
{
    uint32_t taken = atomic_load(&w->taken);
    do {
        if (!has_place(w, taken, what))
            return false;
    } while (!atomic_compare_exchange_weak(&w->taken, &taken, taken + (1U << (what * KIND_BITS))));
    if (count_of(taken, what) == 0)
        atomic_store(&w->moved_ms[what], env_mono_ms(env));
    return true;
}

/* Sleeps until there may be a place, or so long. Under the lock. */
static void sleep_ms(struct waits *w, enum wait_for what, int64_t ms)
{
    /* the true clock, which the condition waits by, whatever `env` plays */
    const int64_t until_ns = env_mono_ns(env_system()) + ms * 1000000;
    const struct timespec until = {.tv_sec = until_ns / 1000000000, .tv_nsec = until_ns % 1000000000};
    w->asleep[what]++;
    pthread_cond_clockwait(&w->free[what], &w->lock, CLOCK_MONOTONIC, &until);
    w->asleep[what]--;
}

enum err waits_enter(struct waits *w, const struct env *env, enum wait_for what)
{
    enum err e = OK;
    if (take(w, env, what))
        return OK;
    pthread_mutex_lock(&w->lock);
    atomic_fetch_add(&w->places_wanted, 1); /* before the next look: who leaves after that look sees it */
    while (!e && !take(w, env, what)) {
        const int64_t left_ms = atomic_load(&w->moved_ms[what]) + WAITS_STUCK_MS - env_mono_ms(env);
        if (left_ms <= 0)
            e = ERR_OVERLOADED;
        else
            sleep_ms(w, what, left_ms);
    }
    atomic_fetch_sub(&w->places_wanted, 1);
    pthread_mutex_unlock(&w->lock);
    return e;
}

/* One of each kind that has a place now: more of them would wake for nothing. */
static void wake(struct waits *w)
{
    pthread_mutex_lock(&w->lock);
    const uint32_t taken = atomic_load(&w->taken);
    for (int k = 0; k < WAIT_KINDS; k++)
        if (w->asleep[k] && has_place(w, taken, (enum wait_for)k))
            pthread_cond_signal(&w->free[k]);
    pthread_mutex_unlock(&w->lock);
}

void waits_leave(struct waits *w, const struct env *env, enum wait_for what)
{
    atomic_store(&w->moved_ms[what], env_mono_ms(env));
    atomic_fetch_sub(&w->taken, 1U << (what * KIND_BITS));
    if (atomic_load(&w->places_wanted))
        wake(w);
}
