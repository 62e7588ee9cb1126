#include "account/look_up.h"

#include <pthread.h>

struct look {
    struct reader_job job; /* first: the pool gives it back */
    pthread_mutex_t lock;
    pthread_cond_t done_cond;
    bool done;
    look_fn *read;
    void *ctx;
    enum err result;
};

static void run(struct reader_job *job, struct store *s)
{
    struct look *l = (struct look *)job;
    enum err e = s ? l->read(s, l->ctx) : ERR_SHUTTING_DOWN;
    pthread_mutex_lock(&l->lock);
    l->result = e;
    l->done = true;
    pthread_cond_signal(&l->done_cond); /* under the lock: the waiter owns the memory and may be gone right after */
    pthread_mutex_unlock(&l->lock);
}

static enum err wait_for(struct chat *c, enum reader_lane lane, look_fn *read, void *ctx)
{
    struct look l = {.job = {.run = run, .lane = lane},
                     .lock = PTHREAD_MUTEX_INITIALIZER,
                     .done_cond = PTHREAD_COND_INITIALIZER,
                     .read = read,
                     .ctx = ctx};
    enum err e = waits_enter(&c->waits, c->env, WAIT_READER);
    if (e)
        return e;
    e = reader_submit(c->reader, &l.job);
    pthread_mutex_lock(&l.lock);
    while (!e && !l.done)
        pthread_cond_wait(&l.done_cond, &l.lock);
    pthread_mutex_unlock(&l.lock);
    waits_leave(&c->waits, c->env, WAIT_READER);
    if (e)
        return e;
    pthread_cond_destroy(&l.done_cond);
    pthread_mutex_destroy(&l.lock);
    return l.result;
}

enum err look_up(struct chat *c, look_fn *read, void *ctx)
{
    return wait_for(c, READER_ENTRY, read, ctx);
}

enum err look_up_page(struct chat *c, look_fn *read, void *ctx)
{
    return wait_for(c, READER_PAGES, read, ctx);
}
