#include "chat/waits.h"

#include <time.h>

void waits_limit(struct waits *w, int threads)
{
    w->threads = threads;
}

static bool has_place(const struct waits *w, enum wait_for what)
{
    if (!w->threads)
        return true;
    const int all = w->count[WAIT_READER] + w->count[WAIT_WRITER];
    const int most = w->threads - (w->threads + 3) / 4, most_writer = w->threads / 2;
    return (all < most || most < 1) && (what != WAIT_WRITER || w->count[what] < most_writer || most_writer < 1);
}

/* Sleeps until somebody leaves, or so long. Under the lock. */
static void sleep_ms(struct waits *w, int64_t ms)
{
    /* the true clock, which the condition waits by, whatever `env` plays */
    const int64_t until_ns = env_mono_ns(env_system()) + ms * 1000000;
    const struct timespec until = {.tv_sec = until_ns / 1000000000, .tv_nsec = until_ns % 1000000000};
    pthread_cond_clockwait(&w->left, &w->lock, CLOCK_MONOTONIC, &until);
}

enum err waits_enter(struct waits *w, const struct env *env, enum wait_for what)
{
    enum err e = OK;
    pthread_mutex_lock(&w->lock);
    while (!e && !has_place(w, what)) {
        const int64_t left_ms = w->moved_ms[what] + WAITS_STUCK_MS - env_mono_ms(env);
        if (left_ms <= 0)
            e = ERR_OVERLOADED;
        else
            sleep_ms(w, left_ms);
    }
    if (!e && w->count[what]++ == 0)
        w->moved_ms[what] = env_mono_ms(env);
    pthread_mutex_unlock(&w->lock);
    return e;
}

void waits_leave(struct waits *w, const struct env *env, enum wait_for what)
{
    pthread_mutex_lock(&w->lock);
    w->count[what]--;
    w->moved_ms[what] = env_mono_ms(env);
    pthread_cond_broadcast(&w->left);
    pthread_mutex_unlock(&w->lock);
}
