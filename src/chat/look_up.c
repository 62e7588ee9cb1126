#include "chat/look_up.h"

#include <errno.h>
#include <semaphore.h>

struct look {
    struct reader_job job; /* first: the pool gives it back */
    sem_t done;            /* one wake-up, and no lock that the waiter would meet */
    look_fn *read;
    void *ctx;
    enum err result;
};

static void run(struct reader_job *job, struct store *s)
{
    struct look *l = (struct look *)job;
    l->result = s ? l->read(s, l->ctx) : ERR_SHUTTING_DOWN;
    sem_post(&l->done); /* the waiter owns the memory and may be gone right after: sem_post(3) allows that */
}

static enum err wait_for(struct chat *c, enum reader_lane lane, look_fn *read, void *ctx)
{
    struct look l = {.job = {.run = run, .lane = lane}, .read = read, .ctx = ctx};
    sem_init(&l.done, 0, 0);
    enum err e = waits_enter(&c->waits, c->env, WAIT_READER);
    if (e)
        return e;
    e = reader_submit(c->reader, &l.job);
    while (!e && sem_wait(&l.done) != 0 && errno == EINTR) {}
    waits_leave(&c->waits, c->env, WAIT_READER);
    sem_destroy(&l.done);
    return e ? e : l.result;
}

enum err look_up(struct chat *c, look_fn *read, void *ctx)
{
    return wait_for(c, READER_ENTRY, read, ctx);
}

enum err look_up_page(struct chat *c, look_fn *read, void *ctx)
{
    return wait_for(c, READER_PAGES, read, ctx);
}
