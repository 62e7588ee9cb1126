#include "account/password.h"

#include "account/attempts.h"
#include "account/common_passwords.h"
#include "base/env.h"
#include "base/opaque.h"
#include "base/secret.h"
#include "base/utf8.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

static_assert((int)PASSWORD_MAX_BYTES == (int)OPAQUE_MAX_BYTES, "one limit");
static_assert((int)PASSWORD_HASH_BYTES == (int)SECRET_PASSWORD_BYTES, "the same texts");

/* ------------------------------------------------------------------ the rules */

enum { COMMON_MAX_BYTES = 64 /* longer than any in the table, as its making would show */ };

static void release_secret(struct buf *b)
{
    if (b->p)
        secret_wipe(b->p, b->len);
    buf_release(b);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool equal_but_case(struct span a, struct span b)
{
    for (size_t i = 0; a.len == b.len && i < a.len; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return a.len == b.len;
}

/* How a password, in lower case, compares with an entry of the table. */
static int compare(struct span password, const char *entry)
{
    const size_t len = strlen(entry);
    for (size_t i = 0; i < password.len && i < len; i++) {
        const unsigned char mine = (unsigned char)lower(password.p[i]), theirs = (unsigned char)entry[i];
        if (mine != theirs)
            return mine < theirs ? -1 : 1;
    }
    return (password.len > len) - (password.len < len);
}

static bool is_common(struct span password)
{
    size_t from = 0, to = common_passwords_count;
    while (from < to) {
        const size_t middle = from + (to - from) / 2;
        const int way = compare(password, common_passwords[middle]);
        if (way == 0)
            return true;
        if (way < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return false;
}

/* Of a password in its one form. */
static const char *fault_of(struct span password, struct span user_name)
{
    if (!utf8_is_plain(password, false))
        return "Passwords can't contain control characters.";
    if (utf8_count(password) < PASSWORD_MIN)
        return "A password needs at least 10 characters.";
    if (equal_but_case(password, user_name))
        return "Your password can't be the same as your username.";
    if (is_common(password))
        return "That password is too common. Choose another.";
    return NULL;
}

enum err password_check(struct span password, struct span user_name, const char **why)
{
    struct buf form = BUF_INIT;
    const char *fault = NULL;
    if (password.len > PASSWORD_MAX_BYTES)
        fault = "That password is too long.";
    else if (!utf8_check(password))
        fault = "That is not valid UTF-8.";
    enum err e = fault ? ERR_INVALID : opaque_prepare(password, &form);
    if (!e)
        fault = fault_of(buf_span(&form), user_name);
    release_secret(&form);
    if (!fault)
        return e;
    *why = fault;
    return ERR_INVALID;
}

/* ------------------------------------------------------------------ the pool */

/* What one caller waits for; on its stack, which it does not leave before `done`. */
struct job {
    struct span address, password; /* the caller's */
    const char *hash;              /* to compare with; NULL: to make */
    char *out;
    enum err result;
    bool taken, done; /* by a thread */
};

enum { JOBS_MAX = PASSWORD_WAITING_MAX + 2 * PASSWORD_THREADS_MAX };

struct password_pool {
    struct metrics *metrics;
    pthread_mutex_t lock;
    pthread_cond_t come, done;  /* a job has come, or `stopping`; some job is done */
    struct job *jobs[JOBS_MAX]; /* in the order in which they came; those that are done are out */
    int count;
    int waiting; /* jobs that no thread has taken yet */
    int idle;    /* threads that wait for one */
    bool stopping;
    char nobodys[PASSWORD_HASH_BYTES]; /* the hash of a password that nobody knows */
    int thread_count;
    pthread_t threads[PASSWORD_THREADS_MAX];
};

static enum err work(const struct job *j)
{
    return j->hash ? secret_check_password(j->hash, j->password) : secret_hash_password(j->password, j->out);
}

static bool same_address(const struct job *a, const struct job *b)
{
    return a == b || (a->address.len && attempts_same_address(a->address, b->address));
}

/* How many jobs are of the address of `j`; only those at work, or all. */
static int count_like(const struct password_pool *p, const struct job *j, bool at_work)
{
    int n = 0;
    for (int i = 0; i < p->count; i++)
        n += same_address(p->jobs[i], j) && (p->jobs[i]->taken || !at_work);
    return n;
}

static void remove_job(struct password_pool *p, const struct job *j)
{
    int i = 0;
    while (p->jobs[i] != j)
        i++;
    p->count--;
    memmove(&p->jobs[i], &p->jobs[i + 1], (size_t)(p->count - i) * sizeof(struct job *));
}

/* The oldest one of the address that has the fewest at work. */
static struct job *take(struct password_pool *p)
{
    struct job *best = NULL;
    int least = 0;
    for (int i = 0; i < p->count; i++) {
        struct job *j = p->jobs[i];
        const int n = j->taken ? 0 : count_like(p, j, true);
        if (!j->taken && (!best || n < least)) {
            best = j;
            least = n;
        }
    }
    assert(best); /* p->waiting counts those that are not taken */
    best->taken = true;
    p->waiting--;
    return best;
}

static void finish(struct password_pool *p, struct job *j, enum err result)
{
    remove_job(p, j);
    j->result = result;
    j->done = true;
    pthread_cond_broadcast(&p->done);
}

static void *run(void *arg)
{
    struct password_pool *p = arg;
    pthread_setname_np(pthread_self(), "password");
    /* Linux keeps this by thread: whoever chats goes before whoever signs in. If it cannot be had, all are equal. */
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), 10);
    pthread_mutex_lock(&p->lock);
    for (;;) {
        p->idle++;
        while (!p->waiting && !p->stopping)
            pthread_cond_wait(&p->come, &p->lock);
        p->idle--;
        if (!p->waiting)
            break;
        struct job *j = take(p);
        pthread_mutex_unlock(&p->lock);
        const int64_t began = env_mono_ns(env_system()); /* what it cost, not when: not for tests to move */
        const enum err e = work(j);
        metric_add(&p->metrics->password_hashes_total, 1);
        metrics_observe(&p->metrics->password_us, (env_mono_ns(env_system()) - began) / 1000);
        pthread_mutex_lock(&p->lock);
        finish(p, j, e);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

enum err password_pool_start(int threads, struct metrics *metrics, struct password_pool **out)
{
    uint8_t random[32];
    assert(threads >= 1 && threads <= PASSWORD_THREADS_MAX);
    struct password_pool *p = calloc(1, sizeof *p);
    if (!p)
        return ERR_MEMORY;
    p->metrics = metrics;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->come, NULL);
    pthread_cond_init(&p->done, NULL);
    env_random(env_system(), random, sizeof random); /* nothing comes of these that could be repeated */
    enum err e = secret_hash_password((struct span){(const char *)random, sizeof random}, p->nobodys);
    secret_wipe(random, sizeof random);
    while (!e && p->thread_count < threads) {
        if (pthread_create(&p->threads[p->thread_count], NULL, run, p))
            e = ERR_MEMORY;
        else
            p->thread_count++;
    }
    if (e)
        password_pool_stop(p);
    else
        *out = p;
    return e;
}

void password_pool_stop(struct password_pool *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->stopping = true;
    pthread_cond_broadcast(&p->come);
    pthread_mutex_unlock(&p->lock);
    for (int i = 0; i < p->thread_count; i++)
        pthread_join(p->threads[i], NULL);
    pthread_cond_destroy(&p->come);
    pthread_cond_destroy(&p->done);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

/* The newest waiting job of the address with the most, when that has more than `j` would leave it; else NULL. */
static struct job *one_too_many(const struct password_pool *p, const struct job *j)
{
    struct job *found = NULL;
    int most = count_like(p, j, false) + 1;
    for (int i = 0; i < p->count; i++) {
        const int n = p->jobs[i]->taken ? 0 : count_like(p, p->jobs[i], false);
        if (n > most || (found && n == most)) {
            most = n;
            found = p->jobs[i];
        }
    }
    return found;
}

/* Whether there is a place, or one can be made. An idle thread has one as good as taken. */
static bool has_place(struct password_pool *p, const struct job *j)
{
    if (j->address.len && count_like(p, j, false) >= PASSWORD_PER_ADDRESS)
        return false;
    if (p->waiting < PASSWORD_WAITING_MAX + p->idle)
        return true;
    struct job *other = one_too_many(p, j);
    if (!other)
        return false;
    p->waiting--;
    finish(p, other, ERR_OVERLOADED);
    return true;
}

static enum err wait_for(struct password_pool *p, struct job *j)
{
    enum err e = OK;
    pthread_mutex_lock(&p->lock);
    if (p->stopping)
        e = ERR_SHUTTING_DOWN;
    else if (!has_place(p, j))
        e = ERR_OVERLOADED;
    if (!e) {
        p->jobs[p->count++] = j;
        p->waiting++;
        pthread_cond_signal(&p->come);
        while (!j->done)
            pthread_cond_wait(&p->done, &p->lock);
        e = j->result;
    }
    pthread_mutex_unlock(&p->lock);
    return e;
}

enum err password_hash(struct password_pool *p, struct span address, struct span password,
                       char out[PASSWORD_HASH_BYTES]) /* NOLINT(readability-non-const-parameter): a job writes it */
{
    struct buf form = BUF_INIT;
    enum err e = opaque_prepare(password, &form);
    struct job j = {.address = address, .password = buf_span(&form), .out = out};
    if (!e)
        e = wait_for(p, &j);
    release_secret(&form);
    return e;
}

/* What is not in its one form takes two looks, whoever's it is. */
static enum err compare_both(struct password_pool *p, struct span address, struct span typed, struct span form,
                             const char *hash, bool *is_old)
{
    struct job j = {.address = address, .password = form, .hash = hash};
    enum err e = wait_for(p, &j);
    if (e != ERR_WRONG_PASSWORD || span_equal(typed, form))
        return e;
    j = (struct job){.address = address, .password = typed, .hash = hash};
    e = wait_for(p, &j);
    *is_old = !e;
    return e;
}

enum err password_verify(struct password_pool *p, struct span address, struct span password, struct span hash,
                         bool *is_old)
{
    char text[PASSWORD_HASH_BYTES];
    struct buf form = BUF_INIT;
    bool unused;
    const bool is_hash = hash.len && hash.len < sizeof text;
    if (is_hash) {
        memcpy(text, hash.p, hash.len);
        text[hash.len] = 0;
    }
    is_old = is_old ? is_old : &unused;
    *is_old = false;
    enum err e = opaque_prepare(password, &form);
    if (e == ERR_INVALID)
        e = ERR_WRONG_PASSWORD;
    else if (!e)
        e = compare_both(p, address, password, buf_span(&form), is_hash ? text : p->nobodys, is_old);
    release_secret(&form);
    return e || is_hash ? e : ERR_WRONG_PASSWORD;
}
