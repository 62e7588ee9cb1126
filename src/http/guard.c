/* Cutting is shutdown(2) of a socket in another worker's hands: that worker's read or write ends at once, and closing
 * stays CivetWeb's. It happens under the lock, which guard_disconnected() takes before the socket is closed; so the
 * descriptor is still the one that was meant.
 *
 * What waits is what has nothing to read: a worker is found out to wait by looking at its socket. Bytes that came since
 * then are seen when it is about to be cut, and it is left alone. */
#include "http/guard.h"

#include "base/diag.h"
#include "http/for_tests.h"

#include <linux/sockios.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    KEPT_MS = 10,               /* for so long after an answer the next request may be on its way */
    WRITING_MS = GUARD_LOOK_MS, /* for so long without taking anything a client is slow, and not only far away */
    TELL_MS = 1000,             /* at most one line in the log */
};

enum state { FREE, KEPT, HEAD, WORKING, READING, WRITING };

struct guard_worker {
    enum state state;
    bool cut;
    int fd;
    struct address peer, block; /* block: of whom the state is */
    int64_t since_ms;
    char *peek; /* on its own thread */
};

struct guard {
    const struct env *env;
    pthread_mutex_t lock; /* the workers' places */
    struct guard_worker *workers;
    int worker_count, joined, share, limit;
    size_t max_head;
    bool stopped;
    int64_t told_ms, untold; /* cuts that the log does not know of */
    _Atomic int connections; /* in the workers' hands */
    _Atomic int64_t cuts;
};

struct guard *guard_new(const struct env *env, int workers, size_t max_head)
{
    struct guard *g = calloc(1, sizeof *g);
    if (!g)
        return NULL;
    g->env = env;
    g->worker_count = workers;
    g->share = workers >= 4 ? workers / 4 : 1;
    g->limit = workers > 1 ? workers - g->share : 1;
    g->max_head = max_head;
    g->told_ms = env_mono_ms(env) - TELL_MS;
    pthread_mutex_init(&g->lock, NULL);
    g->workers = calloc((size_t)workers, sizeof *g->workers);
    bool ok = g->workers != NULL;
    for (int i = 0; ok && i < workers; i++)
        ok = (g->workers[i].peek = malloc(max_head)) != NULL;
    if (ok)
        return g;
    guard_free(g);
    return NULL;
}

void guard_free(struct guard *g)
{
    if (!g)
        return;
    pthread_mutex_destroy(&g->lock);
    for (int i = 0; g->workers && i < g->worker_count; i++)
        free(g->workers[i].peek);
    free(g->workers);
    free(g);
}

struct guard_worker *guard_join(struct guard *g)
{
    pthread_mutex_lock(&g->lock);
    struct guard_worker *w = g->joined < g->worker_count ? &g->workers[g->joined++] : NULL;
    if (w)
        w->fd = -1;
    pthread_mutex_unlock(&g->lock);
    return w;
}

/* ------------------------------------------------------------------ looking at sockets */

static bool has_unread(int fd)
{
    int unread = 0;
    return ioctl(fd, SIOCINQ, &unread) == 0 && unread > 0;
}

/* What has come, when CivetWeb will find no reason to wait for more: the whole of a head, or more than it takes. Else
 * nothing. */
static struct span peek_head(const struct guard *g, int fd, char *peek)
{
    static const struct span nothing = {NULL, 0};
    /* recv(2), but by its number: the thread that accepts for CivetWeb has no lock in common with this one, from which
     * ThreadSanitizer could see that the descriptor is older; the kernel sees to that. */
    long n = syscall(SYS_recvfrom, fd, peek, g->max_head, MSG_PEEK | MSG_DONTWAIT, NULL, NULL);
    if (n <= 0)
        return nothing;
    const bool whole =
        memmem(peek, (size_t)n, "\r\n\r\n", 4) || memmem(peek, (size_t)n, "\n\n", 2) || (size_t)n == g->max_head;
    return whole ? (struct span){peek, (size_t)n} : nothing;
}

/* ------------------------------------------------------------------ under the lock */

static bool waits(const struct guard_worker *w)
{
    return !w->cut && w->fd >= 0 && w->state != FREE && w->state != WORKING;
}

/* Whether it may be cut now. `peek` is for the thread that asks. */
static bool may_be_cut(const struct guard *g, const struct guard_worker *w, char *peek, int64_t now_ms)
{
    switch (w->state) {
    case KEPT:
        return now_ms - w->since_ms >= KEPT_MS && !has_unread(w->fd);
    case HEAD:
        return peek_head(g, w->fd, peek).len == 0;
    case READING:
        return !has_unread(w->fd);
    default:
        return now_ms - w->since_ms >= WRITING_MS;
    }
}

static int count_waiting(const struct guard *g, const struct address *block)
{
    int n = 0;
    for (int i = 0; i < g->joined; i++) {
        const struct guard_worker *w = &g->workers[i];
        n += waits(w) && (!block || (w->state != KEPT && address_equal(&w->block, block)));
    }
    return n;
}

static void cut(struct guard *g, struct guard_worker *w)
{
    shutdown(w->fd, SHUT_RDWR);
    w->cut = true;
    g->untold++;
    atomic_fetch_add(&g->cuts, 1);
}

/* Cuts the one that has waited longest: of a block, or (NULL) of the kept connections. False: none may be cut. */
static bool cut_oldest(struct guard *g, const struct guard_worker *but, const struct address *block, int64_t now_ms)
{
    struct guard_worker *oldest = NULL;
    for (int i = 0; i < g->joined; i++) {
        struct guard_worker *w = &g->workers[i];
        if (w == but || !waits(w) || (w->state == KEPT) != !block || (block && !address_equal(&w->block, block)))
            continue;
        if ((!oldest || w->since_ms < oldest->since_ms) && may_be_cut(g, w, but->peek, now_ms))
            oldest = w;
    }
    if (oldest)
        cut(g, oldest);
    return oldest != NULL;
}

/* The block that has the most waiting, apart from kept connections. */
static const struct address *largest_block(const struct guard *g)
{
    const struct address *largest = NULL;
    int most = 0;
    for (int i = 0; i < g->joined; i++) {
        const struct guard_worker *w = &g->workers[i];
        int n = waits(w) && w->state != KEPT ? count_waiting(g, &w->block) : 0;
        if (n > most) {
            most = n;
            largest = &w->block;
        }
    }
    return largest;
}

/* `w` has begun to wait: others make room. */
static void make_room(struct guard *g, const struct guard_worker *w, int64_t now_ms)
{
    while (count_waiting(g, &w->block) > g->share && cut_oldest(g, w, &w->block, now_ms))
        ;
    while (count_waiting(g, NULL) > g->limit) {
        if (cut_oldest(g, w, NULL, now_ms))
            continue;
        const struct address *block = largest_block(g);
        if (!block || !cut_oldest(g, w, block, now_ms))
            return;
    }
}

/* How many cuts the log is to be told of now. */
static int64_t take_untold(struct guard *g, int64_t now_ms)
{
    int64_t n = g->untold;
    if (!n || g->stopped || now_ms - g->told_ms < TELL_MS)
        return 0;
    g->told_ms = now_ms;
    g->untold = 0;
    return n;
}

/* ------------------------------------------------------------------ what the workers say */

/* Under the lock, which it gives back. */
static void see_to_room(struct guard *g, struct guard_worker *w, int64_t now_ms)
{
    if (waits(w) && g->stopped)
        cut(g, w);
    else if (waits(w) && w->state != KEPT)
        make_room(g, w, now_ms);
    const int64_t told = take_untold(g, now_ms);
    pthread_mutex_unlock(&g->lock);
    if (told)
        diag_warn("http_busy", "cut=%lld reason=\"slow clients held more than their share of workers\"",
                  (long long)told);
}

static void enter(struct guard *g, struct guard_worker *w, enum state state, const struct address *of)
{
    const int64_t now_ms = env_mono_ms(g->env);
    pthread_mutex_lock(&g->lock);
    w->state = state;
    w->since_ms = now_ms;
    if (of)
        w->block = address_block(of);
    see_to_room(g, w, now_ms);
}

void guard_connected(struct guard *g, struct guard_worker *w, int fd, const struct address *peer, struct span *head)
{
    *head = (struct span){NULL, 0};
    if (!w)
        return;
    atomic_fetch_add(&g->connections, 1);
    if (fd >= 0)
        *head = peek_head(g, fd, w->peek);
    pthread_mutex_lock(&g->lock);
    w->fd = fd;
    w->peer = *peer;
    w->cut = false;
    pthread_mutex_unlock(&g->lock);
    enter(g, w, fd < 0 || head->len ? WORKING : HEAD, peer);
}

void guard_found(struct guard *g, struct guard_worker *w, int fd, const struct address *peer)
{
    if (!w)
        return;
    pthread_mutex_lock(&g->lock);
    w->fd = fd;
    w->peer = *peer;
    pthread_mutex_unlock(&g->lock);
}

void guard_request(struct guard *g, struct guard_worker *w, const struct address *client)
{
    if (w)
        enter(g, w, WORKING, client);
}

void guard_waits(struct guard *g, struct guard_worker *w, enum guard_wait what)
{
    if (w)
        enter(g, w, what == GUARD_READS ? READING : WRITING, NULL);
}

void guard_still_waits(struct guard *g, struct guard_worker *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&g->lock);
    see_to_room(g, w, env_mono_ms(g->env));
}

void guard_goes_on(struct guard *g, struct guard_worker *w)
{
    if (w)
        enter(g, w, WORKING, NULL);
}

void guard_answered(struct guard *g, struct guard_worker *w)
{
    if (w)
        enter(g, w, KEPT, &w->peer);
}

void guard_disconnected(struct guard *g, struct guard_worker *w)
{
    if (!w)
        return;
    atomic_fetch_sub(&g->connections, 1);
    pthread_mutex_lock(&g->lock);
    w->state = FREE;
    w->fd = -1;
    pthread_mutex_unlock(&g->lock);
}

void guard_stop(struct guard *g)
{
    pthread_mutex_lock(&g->lock);
    g->stopped = true;
    for (int i = 0; i < g->joined; i++) {
        if (waits(&g->workers[i]))
            cut(g, &g->workers[i]);
    }
    pthread_mutex_unlock(&g->lock);
}

bool guard_is_crowded(const struct guard *g)
{
    return 2 * atomic_load(&g->connections) > g->worker_count;
}

int64_t guard_cuts(const struct guard *g)
{
    return atomic_load(&g->cuts);
}
