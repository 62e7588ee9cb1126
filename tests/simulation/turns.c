#include "turns.h"

#include "world.h"

#include <pthread.h>

/* The functions of the C library that wrap the core's calls get no context, so they find it here. */
static struct turns *current;

void turns_init(struct turns *t, struct world *w, void (*collect)(struct world *w))
{
    *t = (struct turns){.world = w, .collect = collect};
    current = t;
}

void turns_clear(void)
{
    current = NULL;
}

enum part turns_part(const struct turns *t)
{
    return t->depth ? t->stack[t->depth - 1] : PART_NOBODY;
}

/* Two of those who wait can be there at once; those who wait need the writer and the readers to go on. */
static bool is_free(const struct turns *t, enum part part)
{
    if (part == PART_WORKER)
        return t->workers < 2 && !(t->busy & (1u << PART_WRITER | 1u << PART_READER));
    return part == PART_NOBODY || !(t->busy & 1u << part);
}

static void take_offer(struct turns *t, int64_t at_us, const struct offer *o)
{
    if (!is_free(t, o->part))
        return;
    if (at_us > t->world->now_us) {
        t->next_us = at_us < t->next_us ? at_us : t->next_us;
        return;
    }
    if (t->offered == sizeof t->offers / sizeof t->offers[0])
        trace_fail(&t->world->trace, "simulation", "more offers than there is room for");
    t->offers[t->offered++] = *o;
}

void turns_offer(struct turns *t, enum part part, int64_t at_us, turn_fn *run, void *arg)
{
    take_offer(t, at_us, &(struct offer){part, false, run, arg});
}

void turns_offer_routine(struct turns *t, enum part part, int64_t at_us, turn_fn *run, void *arg)
{
    take_offer(t, at_us, &(struct offer){part, true, run, arg});
}

static size_t weight(const struct turns *t, const struct offer *o)
{
    return t->world->profile.weights[o->part];
}

static struct offer draw(struct turns *t)
{
    size_t sum = 0, at = 0;
    for (size_t i = 0; i < t->offered; i++)
        sum += weight(t, &t->offers[i]);
    size_t drawn = dice_below(&t->world->dice, sum);
    while (drawn >= weight(t, &t->offers[at]))
        drawn -= weight(t, &t->offers[at++]);
    return t->offers[at];
}

static void carry_out(struct turns *t, const struct offer *o)
{
    unsigned was_busy = t->busy;
    bool was_routine = t->routine;
    t->stack[t->depth++] = o->part;
    t->busy |= 1u << o->part;
    t->workers += o->part == PART_WORKER;
    t->world->trace.depth = t->depth - 1;
    t->routine = o->routine;
    o->run(t->world, o->arg);
    t->routine = was_routine;
    t->workers -= o->part == PART_WORKER;
    t->busy = was_busy;
    t->depth--;
    t->world->trace.depth = t->depth - 1;
    t->taken++;
    if (!o->routine)
        t->active_us = t->world->now_us;
    world_pass_us(t->world, dice_between(&t->world->dice, 1, 2 * t->world->profile.turn_us));
}

static bool collect(struct turns *t)
{
    t->offered = 0;
    t->next_us = INT64_MAX;
    t->collect(t->world);
    return t->offered > 0;
}

bool turns_take(struct turns *t)
{
    if (collect(t)) {
        struct offer o = draw(t);
        carry_out(t, &o);
        return true;
    }
    if (t->next_us == INT64_MAX)
        return false;
    world_pass_us(t->world, t->next_us - t->world->now_us);
    return true;
}

void turns_interrupt(struct turns *t)
{
    struct world *w = t->world;
    if (t->uninterrupted || t->locks || t->depth == 0 || t->depth >= TURNS_DEPTH_MAX || w->faults.dead)
        return;
    if (turns_part(t) >= PART_OUTSIDE || !dice_one_in(&w->dice, w->profile.interrupt_one_in))
        return;
    do {
        world_count(w, interruptions);
        if (!collect(t))
            return;
        struct offer o = draw(t);
        carry_out(t, &o);
    } while (!w->faults.dead && dice_one_in(&w->dice, 2));
}

/* ------------------------------------------------------------------ what the core calls */

int __real_pthread_mutex_lock(pthread_mutex_t *m);
int __real_pthread_mutex_unlock(pthread_mutex_t *m);
int __real_pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m);
int __wrap_pthread_mutex_lock(pthread_mutex_t *m);
int __wrap_pthread_mutex_unlock(pthread_mutex_t *m);
int __wrap_pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m);

int __wrap_pthread_mutex_lock(pthread_mutex_t *m)
{
    if (!current)
        return __real_pthread_mutex_lock(m);
    /* Nobody is put aside while holding a lock, so one that is taken will never be given back. */
    if (pthread_mutex_trylock(m) != 0)
        trace_fail(&current->world->trace, "I5", "a thread waits for a mutex that it holds itself");
    current->locks++;
    return 0;
}

int __wrap_pthread_mutex_unlock(pthread_mutex_t *m)
{
    int result = __real_pthread_mutex_unlock(m);
    if (current) {
        current->locks--;
        turns_interrupt(current);
    }
    return result;
}

/* Spurious wake-ups are allowed, so it is one turn of somebody else at a time. */
int __wrap_pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m)
{
    if (!current)
        return __real_pthread_cond_wait(c, m);
    world_count(current->world, waits);
    __real_pthread_mutex_unlock(m);
    current->locks--;
    if (current->locks || turns_part(current) != PART_WORKER)
        trace_fail(&current->world->trace, "I5", "a thread that must not wait does");
    if (!turns_take(current))
        trace_fail(&current->world->trace, "liveness", "a thread waits for what nobody will do");
    pthread_mutex_trylock(m);
    current->locks++;
    return 0;
}
