/* How the guard sees what CivetWeb does not tell.
 *
 * The workers say through the callbacks when they take a connection, when they have a whole request, and when they
 * are done. What a connection that is not there yet is waiting for, its socket tells: CivetWeb's sockets are the
 * connected ones with low numbers and one of our ports (see takeover.c). Four times a second the guard asks whether
 * all workers are taken; when they were so the last time too, it goes through the descriptors:
 *
 *   bytes unread, with the end of a head among them     waits for a worker: stays
 *   bytes unread, but no end of a head                  unfinished
 *   nothing unread, a worker answers it                 stays for 10 s
 *   nothing unread, no worker answers it                unfinished, or idle between two requests
 *
 * What is unfinished, was so at the look before, and has been there for a second is shut down, by shutdown(2), which
 * makes the worker's read end; closing is CivetWeb's. Between looking and shutting, the descriptor may have been closed
 * and given anew, within microseconds: then a connection that has just come is cut, and its client tries again. Nothing
 * else can be hit that shutdown(2) harms: the listening sockets keep their numbers, and live sockets have high ones. */
#include "http/guard.h"

#include "base/diag.h"

#include <limits.h>
#include <linux/sockios.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    UNFINISHED_MS = 1000,
    ANSWERING_MS = 10000,
    PORTS_MAX = 32,
    PEEK_BYTES = 16 * 1024, /* of a head: no more is allowed to one */
};

struct guard_worker {
    struct address peer;
    int peer_port;
    bool answering;
    int64_t since_ms;
};

/* What was at a descriptor when it was last looked at. */
struct sight {
    struct address peer;
    int peer_port; /* 0: no connection */
    int64_t first_ms;
    bool unfinished;
};

struct guard {
    const struct env *env;
    pthread_mutex_t lock; /* the workers' places */
    struct guard_worker *workers;
    int worker_count, joined;
    _Atomic int connections; /* in the workers' hands */
    _Atomic int64_t cuts;

    /* the thread that looks */
    int ports[PORTS_MAX], port_count;
    int64_t looked_ms;
    bool was_full;        /* at that time */
    struct sight *sights; /* by descriptor */
    int low_limit;
    char *peek;
};

struct guard *guard_new(const struct env *env, int workers, int low_limit)
{
    struct guard *g = calloc(1, sizeof *g);
    if (!g)
        return NULL;
    g->env = env;
    g->worker_count = workers;
    g->low_limit = low_limit;
    g->workers = calloc((size_t)workers, sizeof *g->workers);
    g->sights = calloc((size_t)low_limit, sizeof *g->sights);
    g->peek = malloc(PEEK_BYTES);
    pthread_mutex_init(&g->lock, NULL);
    if (g->workers && g->sights && g->peek)
        return g;
    guard_free(g);
    return NULL;
}

void guard_free(struct guard *g)
{
    if (!g)
        return;
    pthread_mutex_destroy(&g->lock);
    free(g->workers);
    free(g->sights);
    free(g->peek);
    free(g);
}

/* ------------------------------------------------------------------ what the workers say */

struct guard_worker *guard_join(struct guard *g)
{
    pthread_mutex_lock(&g->lock);
    struct guard_worker *w = g->joined < g->worker_count ? &g->workers[g->joined++] : NULL;
    pthread_mutex_unlock(&g->lock);
    return w;
}

void guard_connected(struct guard *g, struct guard_worker *w)
{
    if (w)
        atomic_fetch_add(&g->connections, 1);
}

void guard_request(struct guard *g, struct guard_worker *w, const struct address *peer, int peer_port)
{
    if (!w)
        return;
    pthread_mutex_lock(&g->lock);
    *w = (struct guard_worker){*peer, peer_port, true, env_mono_ms(g->env)};
    pthread_mutex_unlock(&g->lock);
}

void guard_answered(struct guard *g, struct guard_worker *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&g->lock);
    w->answering = false;
    pthread_mutex_unlock(&g->lock);
}

void guard_disconnected(struct guard *g, struct guard_worker *w)
{
    if (w)
        atomic_fetch_sub(&g->connections, 1);
    guard_answered(g, w);
}

bool guard_is_crowded(const struct guard *g)
{
    return 2 * atomic_load(&g->connections) > g->worker_count;
}

int64_t guard_cuts(const struct guard *g)
{
    return atomic_load(&g->cuts);
}

/* ------------------------------------------------------------------ looking */

static bool is_ours(const struct guard *g, int fd)
{
    struct sockaddr_storage here;
    struct address ignored;
    int port;
    socklen_t len = sizeof here;
    if (getsockname(fd, (struct sockaddr *)&here, &len) != 0 || !address_of_socket(&here, &ignored, &port))
        return false;
    for (int i = 0; i < g->port_count; i++) {
        if (g->ports[i] == port)
            return true;
    }
    return false;
}

/* Notes which connection is there. False: none, or another one than last time. */
static bool seen_before(struct guard *g, int fd, int64_t now_ms)
{
    struct sockaddr_storage there;
    struct sight *sight = &g->sights[fd], now = {.first_ms = now_ms};
    socklen_t len = sizeof there;
    if (getpeername(fd, (struct sockaddr *)&there, &len) != 0 ||
        !address_of_socket(&there, &now.peer, &now.peer_port) || !is_ours(g, fd)) {
        sight->peer_port = 0;
        return false;
    }
    if (sight->peer_port == now.peer_port && address_equal(&sight->peer, &now.peer))
        return true;
    *sight = now;
    return false;
}

/* Since when a worker has been answering it; INT64_MAX: none is. */
static int64_t answering_since(struct guard *g, const struct sight *sight)
{
    int64_t since = INT64_MAX;
    pthread_mutex_lock(&g->lock);
    for (int i = 0; i < g->worker_count; i++) {
        const struct guard_worker *w = &g->workers[i];
        if (w->answering && w->peer_port == sight->peer_port && address_equal(&w->peer, &sight->peer))
            since = w->since_ms;
    }
    pthread_mutex_unlock(&g->lock);
    return since;
}

static bool has_whole_head(struct guard *g, int fd)
{
    /* recv(2), but by its number: the thread that accepts for CivetWeb has no lock in common with this one, from which
     * ThreadSanitizer could see that the descriptor is older; the kernel sees to that. */
    long n = syscall(SYS_recvfrom, fd, g->peek, (size_t)PEEK_BYTES, MSG_PEEK | MSG_DONTWAIT, NULL, NULL);
    if (n <= 0)
        return false;
    return memmem(g->peek, (size_t)n, "\r\n\r\n", 4) || memmem(g->peek, (size_t)n, "\n\n", 2) || n == PEEK_BYTES;
}

static bool is_stuck(struct guard *g, int fd, int64_t now_ms)
{
    struct sight *sight = &g->sights[fd];
    int unread = 0;
    bool was_unfinished = sight->unfinished;
    sight->unfinished = ioctl(fd, SIOCINQ, &unread) == 0 && (unread == 0 || !has_whole_head(g, fd));
    /* Twice: a worker that has just read the whole of it has not said so yet. */
    bool unfinished = sight->unfinished && was_unfinished && now_ms - sight->first_ms >= UNFINISHED_MS;
    int64_t answering_ms = answering_since(g, sight); /* asked last: a worker may just have got the whole of it */
    return answering_ms == INT64_MAX ? unfinished : now_ms - answering_ms > ANSWERING_MS;
}

static void cut_stuck(struct guard *g, int64_t now_ms)
{
    int cut = 0;
    for (int fd = STDERR_FILENO + 1; fd < g->low_limit; fd++) {
        if (seen_before(g, fd, now_ms) && is_stuck(g, fd, now_ms)) {
            atomic_fetch_add(&g->cuts, 1);
            shutdown(fd, SHUT_RDWR);
            cut++;
        }
    }
    if (cut)
        diag_warn("http_busy", "cut=%d reason=\"all workers taken by unfinished requests\"", cut);
}

void guard_look(struct guard *g)
{
    int64_t now_ms = env_mono_ms(g->env);
    if (now_ms - g->looked_ms < GUARD_LOOK_MS)
        return;
    g->looked_ms = now_ms;
    bool full = atomic_load(&g->connections) >= g->worker_count;
    if (full && g->was_full)
        cut_stuck(g, now_ms);
    else if (g->was_full) /* what was seen then is no measure of how long it will have been there next time */
        memset(g->sights, 0, (size_t)g->low_limit * sizeof *g->sights);
    g->was_full = full;
}

void guard_set_ports(struct guard *g, const int *ports, int port_count)
{
    g->port_count = port_count < PORTS_MAX ? port_count : PORTS_MAX;
    memcpy(g->ports, ports, (size_t)g->port_count * sizeof ports[0]);
}
