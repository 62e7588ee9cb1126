#include "store/writer.h"

#include "store/connection.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { LOOK_EVERY_S = 1 };

struct writer {
    struct store *store;
    struct writer_hooks hooks;
    struct writer_limits limits;
    const struct env *env;
    struct metrics *metrics;

    pthread_mutex_t lock; /* over the next four; never held while SQLite or a hook runs */
    pthread_cond_t wake;  /* the queue is no longer empty, or closed */
    struct writer_job *head, **tail;
    int64_t queued;
    bool closed;

    int64_t looked_ns; /* the writer's thread */
    pthread_t thread;
    bool started;
};

struct writer *writer_new(struct store *store, const struct writer_hooks *hooks, const struct writer_limits *limits,
                          const struct env *env, struct metrics *metrics)
{
    struct writer *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->store = store;
    w->hooks = *hooks;
    w->limits = *limits;
    w->env = env;
    w->metrics = metrics;
    w->tail = &w->head;
    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&w->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    metric_set(&metrics->storage_ok, !store->failure_code); /* opening may have met a disk that refuses to write */
    return w;
}

/* Under the lock. */
static enum err accept(struct writer *w, struct writer_job *job)
{
    if (w->closed)
        return ERR_SHUTTING_DOWN;
    if (w->queued >= w->limits.queue_commands)
        return ERR_OVERLOADED;
    job->next = NULL;
    *w->tail = job;
    w->tail = &job->next;
    w->queued++;
    return OK;
}

struct writer_job *writer_submit_list(struct writer *w, struct writer_job *first, enum err *why)
{
    enum err e = OK;
    pthread_mutex_lock(&w->lock);
    bool was_empty = !w->head;
    while (first && !e) {
        struct writer_job *next = first->next; /* accept() cuts it off */
        e = accept(w, first);
        if (!e)
            first = next;
    }
    if (was_empty && w->head)
        pthread_cond_signal(&w->wake);
    metric_set(&w->metrics->command_queue, w->queued);
    pthread_mutex_unlock(&w->lock);
    for (struct writer_job *job = first; job && e == ERR_OVERLOADED; job = job->next)
        metric_add(&w->metrics->command_queue_refused_total, 1);
    if (e)
        *why = e;
    return first;
}

enum err writer_submit(struct writer *w, struct writer_job *job)
{
    enum err e = OK;
    job->next = NULL;
    writer_submit_list(w, job, &e);
    return e;
}

/* Under the lock: the head of the queue, as much of it as one commit may hold, and how many jobs that is. */
static struct writer_job *take(struct writer *w, size_t *count)
{
    struct writer_job *first = w->head, *last = NULL;
    int64_t jobs = 0, bytes = 0;
    for (struct writer_job *job = first; job && jobs < w->limits.commit_max_commands; job = job->next) {
        bytes += (int64_t)job->command.len;
        if (last && bytes > w->limits.commit_max_bytes)
            break;
        last = job;
        jobs++;
    }
    if (last) {
        w->head = last->next;
        if (!w->head)
            w->tail = &w->head;
        last->next = NULL;
        w->queued -= jobs;
        metric_set(&w->metrics->command_queue, w->queued);
    }
    *count = (size_t)jobs;
    return first;
}

static enum err apply_all(struct writer *w, struct writer_job *first)
{
    enum err e = store_begin(w->store);
    if (e)
        return e;
    for (struct writer_job *job = first; job && !e; job = job->next) {
        job->result = OK;
        e = w->hooks.apply(w->hooks.ctx, w->store, job);
    }
    if (!e)
        e = w->hooks.before_commit(w->hooks.ctx, w->store);
    if (e)
        store_rollback(w->store);
    else
        e = store_commit(w->store);
    return e;
}

static void run_batch(struct writer *w, struct writer_job *first, size_t count)
{
    int64_t begun_ns = env_mono_ns(w->env);
    enum err e = apply_all(w, first);
    if (!e) {
        metrics_observe(&w->metrics->commit_us, (env_mono_ns(w->env) - begun_ns) / 1000);
        metrics_observe(&w->metrics->commit_batch, (int64_t)count);
        metric_add(&w->metrics->commits_total, 1);
    } else {
        metric_add(&w->metrics->commit_failures_total, 1);
        for (struct writer_job *job = first; job; job = job->next)
            job->result = ERR_STORAGE;
        (void)store_in_place(w->store);
    }
    metric_set(&w->metrics->storage_ok, !e);
    w->hooks.committed(w->hooks.ctx, w->store, first, !e);
    store_checkpoint_if_due(w->store);
}

size_t writer_step(struct writer *w)
{
    size_t count;
    pthread_mutex_lock(&w->lock);
    struct writer_job *first = take(w, &count);
    pthread_mutex_unlock(&w->lock);
    if (first)
        run_batch(w, first, count);
    return count;
}

/* Every second. The files may be gone. After a failure nobody may send any more (the front proxy asks /healthz and
 * hears no), so the writer finds out by itself when the disk works again. */
static void look(struct writer *w)
{
    w->looked_ns = env_mono_ns(w->env);
    if (!store_in_place(w->store))
        metric_set(&w->metrics->storage_ok, 0);
    else if (!metric_get(&w->metrics->storage_ok) && !store_probe(w->store))
        metric_set(&w->metrics->storage_ok, 1);
}

/* Waits until there is something to do. False: nothing will come any more. */
static bool wait_for_jobs(struct writer *w)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += LOOK_EVERY_S;

    pthread_mutex_lock(&w->lock);
    int waited = 0;
    while (!w->head && !w->closed && !waited)
        waited = pthread_cond_timedwait(&w->wake, &w->lock, &at);
    bool over = !w->head && w->closed;
    pthread_mutex_unlock(&w->lock);
    if (waited)
        look(w);
    return !over;
}

static void *run(void *arg)
{
    struct writer *w = arg;
    pthread_setname_np(pthread_self(), "writer");
    while (wait_for_jobs(w))
        while (writer_step(w))
            if (env_mono_ns(w->env) - w->looked_ns >= LOOK_EVERY_S * INT64_C(1000000000))
                look(w);
    return NULL;
}

enum err writer_start(struct writer *w)
{
    if (pthread_create(&w->thread, NULL, run, w) != 0)
        return ERR_MEMORY;
    w->started = true;
    return OK;
}

void writer_close_queue(struct writer *w)
{
    pthread_mutex_lock(&w->lock);
    w->closed = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
}

void writer_stop(struct writer *w)
{
    writer_close_queue(w);
    if (w->started)
        pthread_join(w->thread, NULL);
    w->started = false;
    while (writer_step(w)) /* without a thread: what was taken is still committed */
        ;
}

void writer_free(struct writer *w)
{
    if (!w)
        return;
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->lock);
    free(w);
}
