#include "store/reader.h"

#include <pthread.h>
#include <stdlib.h>

struct lane {
    pthread_cond_t wake; /* the queue is no longer empty, or stopping */
    struct reader_job *head, **tail;
    int64_t queued;
};

struct reader_thread {
    struct reader *pool;
    struct lane *lane;
    struct store *store;
    pthread_t id;
    bool started;
};

struct reader {
    struct metrics *metrics;
    int64_t queue_jobs;

    pthread_mutex_t lock; /* over the next two; never held while a job runs */
    struct lane lanes[READER_LANES];
    bool stopping;

    int threads_count;
    struct reader_thread threads[];
};

enum err reader_open(const struct store_options *options, int threads, int64_t queue_jobs, struct metrics *metrics,
                     struct reader **out, struct store_error *why)
{
    struct store_options read_only = *options;
    read_only.read_only = true;
    const int all = threads + READER_ENTRY_THREADS;
    struct reader *r = calloc(1, sizeof *r + (size_t)all * sizeof r->threads[0]);
    if (!r) {
        *why = (struct store_error){"out of memory"};
        return ERR_MEMORY;
    }
    r->metrics = metrics;
    r->queue_jobs = queue_jobs;
    r->threads_count = all;
    pthread_mutex_init(&r->lock, NULL);
    for (int i = 0; i < READER_LANES; i++) {
        r->lanes[i].tail = &r->lanes[i].head;
        pthread_cond_init(&r->lanes[i].wake, NULL);
    }
    enum err e = OK;
    for (int i = 0; i < all && !e; i++) {
        r->threads[i].pool = r;
        r->threads[i].lane = &r->lanes[i < threads ? READER_PAGES : READER_ENTRY];
        e = store_open(&read_only, &r->threads[i].store, why);
    }
    if (e)
        reader_free(r);
    else
        *out = r;
    return e;
}

enum err reader_submit(struct reader *r, struct reader_job *job)
{
    struct lane *lane = &r->lanes[job->lane];
    enum err e = OK;
    job->next = NULL;
    pthread_mutex_lock(&r->lock);
    if (r->stopping) {
        e = ERR_SHUTTING_DOWN;
    } else if (lane->queued >= r->queue_jobs) {
        e = ERR_OVERLOADED;
        metric_add(&r->metrics->reader_queue_refused_total, 1);
    } else {
        *lane->tail = job;
        lane->tail = &job->next;
        lane->queued++;
        metric_add(&r->metrics->reader_queue, 1);
        pthread_cond_signal(&lane->wake);
    }
    pthread_mutex_unlock(&r->lock);
    return e;
}

/* Under the lock. NULL: the queue is empty. */
static struct reader_job *take(struct reader *r, struct lane *lane)
{
    struct reader_job *job = lane->head;
    if (!job)
        return NULL;
    lane->head = job->next;
    if (!lane->head)
        lane->tail = &lane->head;
    lane->queued--;
    metric_add(&r->metrics->reader_queue, -1);
    return job;
}

/* Under the lock: from any lane. */
static struct reader_job *take_any(struct reader *r)
{
    struct reader_job *job = take(r, &r->lanes[READER_ENTRY]);
    return job ? job : take(r, &r->lanes[READER_PAGES]);
}

/* In one transaction, so that all that a job reads is of one state: a session that a ban has ended is not found together
 * with the ban. When it cannot begin, neither can what the job reads. */
static void run_job(struct reader_job *job, struct store *s)
{
    (void)store_read_begin(s);
    job->run(job, s);
    store_read_end(s);
}

bool reader_step(struct reader *r)
{
    pthread_mutex_lock(&r->lock);
    struct reader_job *job = take_any(r);
    pthread_mutex_unlock(&r->lock);
    if (job)
        run_job(job, r->threads[0].store);
    return job != NULL;
}

static void *run(void *arg)
{
    struct reader_thread *t = arg;
    struct reader *r = t->pool;
    pthread_setname_np(pthread_self(), "reader");
    pthread_mutex_lock(&r->lock);
    while (!r->stopping) {
        struct reader_job *job = take(r, t->lane);
        if (!job) {
            pthread_cond_wait(&t->lane->wake, &r->lock);
            continue;
        }
        pthread_mutex_unlock(&r->lock);
        run_job(job, t->store);
        pthread_mutex_lock(&r->lock);
    }
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

enum err reader_start(struct reader *r)
{
    for (int i = 0; i < r->threads_count; i++) {
        if (pthread_create(&r->threads[i].id, NULL, run, &r->threads[i]) != 0)
            return ERR_MEMORY;
        r->threads[i].started = true;
    }
    return OK;
}

void reader_stop(struct reader *r)
{
    pthread_mutex_lock(&r->lock);
    r->stopping = true;
    for (int i = 0; i < READER_LANES; i++)
        pthread_cond_broadcast(&r->lanes[i].wake);
    pthread_mutex_unlock(&r->lock);
    for (int i = 0; i < r->threads_count; i++) {
        if (r->threads[i].started)
            pthread_join(r->threads[i].id, NULL);
        r->threads[i].started = false;
    }
    for (struct reader_job *job; (job = take_any(r));)
        job->run(job, NULL);
}

void reader_free(struct reader *r)
{
    if (!r)
        return;
    for (int i = 0; i < r->threads_count; i++)
        store_close(r->threads[i].store);
    for (int i = 0; i < READER_LANES; i++)
        pthread_cond_destroy(&r->lanes[i].wake);
    pthread_mutex_destroy(&r->lock);
    free(r);
}
