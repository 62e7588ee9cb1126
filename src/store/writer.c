#include "store/writer.h"

#include "base/diag.h"
#include "store/connection.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum {
    LOOK_EVERY_S = 1,
    LANE_BITS = 8,
    LANES = 1 << LANE_BITS,
    FRESH_TURN = 16, /* jobs: of a sender that had nothing queued */
    TURN = 256,
    KIB = 1024,
};

/* The queue of one sender, or of a few. */
struct lane {
    struct writer_job *head, **tail;
    int64_t queued;
    int64_t turn_left; /* jobs that its turn can still take */
    struct lane *next; /* whose turn comes after its */
};

struct line { /* of lanes that are not empty; it's the first one's turn */
    struct lane *first, **last;
};

struct writer {
    struct store *store;
    struct writer_hooks hooks;
    struct writer_limits limits;
    const struct env *env;
    struct metrics *metrics;

    pthread_mutex_t lock; /* over the next six; never held while SQLite or a hook runs */
    pthread_cond_t wake;  /* something is queued again, or the queue is closed */
    struct lane lanes[LANES];
    struct line fresh; /* lanes that were empty, until they have had a turn */
    struct line long_ones;
    int64_t queued, queued_bytes;
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
    w->fresh.last = &w->fresh.first;
    w->long_ones.last = &w->long_ones.first;
    for (int i = 0; i < LANES; i++)
        w->lanes[i].tail = &w->lanes[i].head;
    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&w->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    metric_set(&metrics->storage_ok, !store->failure_code); /* opening may have met a disk that refuses to write */
    return w;
}

static struct lane *lane_of(struct writer *w, const struct writer_job *job)
{
    return &w->lanes[job->sender * UINT64_C(0x9e3779b97f4a7c15) >> (64 - LANE_BITS)]; /* 2^64 over the golden ratio */
}

/* Under the lock. What is left to the last eighth is for lanes that are short. */
static bool has_room(const struct writer *w, const struct lane *l)
{
    const int64_t most = w->limits.queue_commands, most_bytes = most * KIB;
    bool is_short = l->queued <= most / 64;
    return w->queued < most - (is_short ? 0 : most / 8) &&
           w->queued_bytes < most_bytes - (is_short ? 0 : most_bytes / 8);
}

/* Under the lock: its turn comes after all others of the line. */
static void line_up(struct line *line, struct lane *l, int64_t turn)
{
    l->turn_left = turn;
    l->next = NULL;
    *line->last = l;
    line->last = &l->next;
}

static void step_out(struct line *line)
{
    line->first = line->first->next;
    if (!line->first)
        line->last = &line->first;
}

/* Under the lock. */
static enum err accept(struct writer *w, struct writer_job *job)
{
    struct lane *l = lane_of(w, job);
    if (w->closed)
        return ERR_SHUTTING_DOWN;
    if (!has_room(w, l))
        return ERR_OVERLOADED;
    if (!l->head)
        line_up(&w->fresh, l, FRESH_TURN);
    job->next = NULL;
    *l->tail = job;
    l->tail = &job->next;
    l->queued++;
    w->queued++;
    w->queued_bytes += (int64_t)job->command.len;
    return OK;
}

struct writer_job *writer_submit_list(struct writer *w, struct writer_job *first, enum err *why)
{
    enum err e = OK;
    pthread_mutex_lock(&w->lock);
    bool was_empty = !w->queued;
    while (first && !e) {
        struct writer_job *next = first->next; /* accept() cuts it off */
        e = accept(w, first);
        if (!e)
            first = next;
    }
    if (was_empty && w->queued)
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

/* Under the lock: the first job of the lane whose turn it is. */
static struct writer_job *take_one(struct writer *w, struct line *line)
{
    struct lane *l = line->first;
    struct writer_job *job = l->head;
    l->head = job->next;
    l->turn_left--;
    if (!l->head) {
        l->tail = &l->head;
        step_out(line);
    } else if (!l->turn_left) {
        step_out(line);
        line_up(&w->long_ones, l, TURN);
    }
    l->queued--;
    w->queued--;
    w->queued_bytes -= (int64_t)job->command.len;
    job->next = NULL;
    return job;
}

/* Under the lock: as much of what is queued as one commit may hold, and how many jobs that is. A quarter of it is for
 * the long ones, however many are fresh. */
static struct writer_job *take(struct writer *w, size_t *count)
{
    struct writer_job *first = NULL, **last = &first;
    const int64_t most = w->limits.commit_max_commands;
    int64_t jobs = 0, bytes = 0;
    while (w->queued && jobs < most) {
        bool is_fresh = w->fresh.first && (jobs < most - most / 4 || !w->long_ones.first);
        struct line *line = is_fresh ? &w->fresh : &w->long_ones;
        assert(line->first);
        bytes += (int64_t)line->first->head->command.len;
        if (jobs && bytes > w->limits.commit_max_bytes)
            break;
        *last = take_one(w, line);
        last = &(*last)->next;
        jobs++;
    }
    metric_set(&w->metrics->command_queue, w->queued);
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
        diag_debug("committed", "commands=%zu us=%lld", count, (long long)(env_mono_ns(w->env) - begun_ns) / 1000);
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
    store_measure(w->store);
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
    while (!w->queued && !w->closed && !waited)
        waited = pthread_cond_timedwait(&w->wake, &w->lock, &at);
    bool over = !w->queued && w->closed;
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
