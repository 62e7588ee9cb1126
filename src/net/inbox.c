#include "net/inbox.h"

#include <assert.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

static void wake(struct inbox *in)
{
    uint64_t one = 1;
    ssize_t ignored = write(in->wake_fd, &one, sizeof one);
    (void)ignored; /* only a full counter can fail, and then it is readable */
}

static void post(void *ctx, struct task *t)
{
    struct inbox *in = ctx;
    pthread_mutex_lock(&in->lock);
    bool was_empty = in->tasks.len == 0;
    task_list_push(&in->tasks, t);
    pthread_mutex_unlock(&in->lock);
    if (was_empty)
        wake(in);
}

void inbox_init(struct inbox *in)
{
    *in = (struct inbox){.mailbox = {post, in}, .wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    pthread_mutex_init(&in->lock, NULL);
    task_list_init(&in->tasks);
}

void inbox_clear(struct inbox *in)
{
    assert(in->tasks.len == 0);
    if (in->wake_fd >= 0)
        close(in->wake_fd);
    pthread_mutex_destroy(&in->lock);
}

void inbox_stop(struct inbox *in)
{
    pthread_mutex_lock(&in->lock);
    in->stopping = true;
    pthread_mutex_unlock(&in->lock);
    wake(in);
}

void inbox_acknowledge(struct inbox *in)
{
    uint64_t count;
    ssize_t ignored = read(in->wake_fd, &count, sizeof count);
    (void)ignored;
}

bool inbox_run(struct inbox *in, bool *ran)
{
    struct task_list now;
    task_list_init(&now);
    pthread_mutex_lock(&in->lock);
    task_list_move(&now, &in->tasks);
    bool stopping = in->stopping;
    pthread_mutex_unlock(&in->lock);
    *ran = now.len > 0;
    for (struct task *t; (t = task_list_pop(&now));)
        t->run(t);
    return stopping;
}
