/* How a worker knows its socket from the first moment on.
 *
 * CivetWeb calls init_connection when a worker has taken a connection and before it reads. At that moment the addresses
 * of both ends are in the request info, but mg_get_request_info() does not give it before there is a request. It is part
 * of the connection's struct, and all connections are of one kind; so its distance from the beginning is learned once,
 * from a connection that has ended, and is true of all. http_start() sees to it that there is one. With the ends the
 * descriptor is found as for a hand-over (takeover.h), and stays the worker's until it is closed.
 *
 * How much of a body is in CivetWeb's buffer already: the kernel knows how much has come on a connection (TCP_INFO) and
 * how much of that nobody has read; what is left over when all heads and bodies so far are taken off is there. With that
 * a worker knows whether it has to wait before it calls mg_read(), which would wait without a word, and begin its time
 * anew with each byte.
 *
 * A head that CivetWeb would misread (mend.h) is read here, if it is the connection's first and there when the
 * connection is: then CivetWeb finds the mended one at its descriptor, in a socket pair, and the socket is put back
 * before anything else is read or written. */
#include "http/worker.h"

#include "http/mend.h"
#include "http/server_internal.h"

#include <civetweb.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    CHUNK_BYTES = 4096,
    PORTION_BYTES = 16 * 1024, /* a socket that takes something takes so much, or nearly */
};

struct worker {
    struct http_server *server;
    struct guard_worker *place;
    int fd;
    int aside; /* the socket, while a mended head stands in its place; -1: it does not */
    bool refused;
    const char *buffer;   /* CivetWeb's, where a head begins: the lowest place where one was seen */
    const char *head_end; /* of this request */
    long long past;       /* bytes of the requests before */
    long long body_read;
};

struct worker *worker_new(struct http_server *h)
{
    struct worker *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->server = h;
    w->fd = w->aside = -1;
    w->place = guard_join(h->guard);
    if (w->place)
        return w;
    free(w);
    return NULL;
}

void worker_free(struct worker *w)
{
    free(w);
}

struct worker *worker_of(const struct mg_connection *conn)
{
    return mg_get_thread_pointer(conn);
}

/* ------------------------------------------------------------------ the socket */

void worker_learn(struct http_server *h, const struct mg_connection *conn)
{
    const struct mg_request_info *r = mg_get_request_info(conn);
    if (r && !atomic_load_explicit(&h->info_offset, memory_order_relaxed))
        atomic_store(&h->info_offset, (const char *)r - (const char *)conn);
}

/* Finds the socket of a connection whose request info this is. CivetWeb writes its own address only as part of a link to
 * what was asked for, and nothing may have been yet. */
static void find_socket(struct worker *w, const struct mg_connection *conn, struct mg_request_info *r,
                        struct takeover_ends *ends)
{
    const char *uri = r->request_uri, *local = r->local_uri;
    r->request_uri = r->local_uri = "";
    if (takeover_ends_of(conn, r, ends) == OK)
        w->fd = takeover_find(ends, &w->server->range);
    r->request_uri = uri;
    r->local_uri = local;
}

/* Reads the head and puts one end of a pair in the socket's place, from which CivetWeb reads the mended one. */
static bool swap(struct worker *w, size_t head_len, struct span mended)
{
    int pair[2] = {-1, -1};
    char unwanted[CHUNK_BYTES];
    const int aside = fcntl(w->fd, F_DUPFD_CLOEXEC, w->server->range.limit);
    bool ok = aside >= 0 && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0 &&
              send(pair[1], mended.p, mended.len, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)mended.len;
    size_t left = head_len;
    while (ok && left > 0) {
        ssize_t n = recv(w->fd, unwanted, left < sizeof unwanted ? left : sizeof unwanted, MSG_DONTWAIT);
        ok = n > 0;
        left -= ok ? (size_t)n : 0;
    }
    ok = ok && dup3(pair[0], w->fd, O_CLOEXEC) >= 0;
    if (ok)
        w->aside = aside;
    else if (aside >= 0)
        close(aside);
    if (!ok && head_len != left)
        shutdown(w->fd, SHUT_RDWR); /* nobody can go on in the middle of a head */
    for (int i = 0; i < 2; i++) {
        if (pair[i] >= 0)
            close(pair[i]);
    }
    return ok;
}

static void mend(struct worker *w, struct span come)
{
    struct buf mended = BUF_INIT;
    const char *end = memmem(come.p, come.len, "\r\n\r\n", 4);
    const size_t head_len = end ? (size_t)(end - come.p) + 4 : 0;
    if (head_len && mend_head((struct span){come.p, head_len}, &mended) && mended.len < w->server->max_head &&
        swap(w, head_len, buf_span(&mended)))
        w->past = (long long)head_len - (long long)mended.len;
    buf_release(&mended);
}

void worker_has_read(struct worker *w)
{
    if (!w || w->aside < 0)
        return;
    while (dup3(w->aside, w->fd, O_CLOEXEC) < 0 && errno == EINTR)
        ;
    close(w->aside);
    w->aside = -1;
}

void worker_connected(struct worker *w, struct mg_connection *conn)
{
    struct takeover_ends ends = {.local_port = 0};
    if (!w)
        return;
    ptrdiff_t offset = atomic_load(&w->server->info_offset);
    struct mg_request_info *r = offset ? (struct mg_request_info *)((char *)conn + offset) : NULL;
    w->fd = -1;
    if (r)
        find_socket(w, conn, r, &ends);
    w->past = 0;
    w->refused = false;
    struct span come;
    guard_connected(w->server->guard, w->place, w->fd, &ends.peer, &come);
    if (come.len)
        mend(w, come);
}

int worker_fd(const struct worker *w)
{
    return w ? w->fd : -1;
}

/* ------------------------------------------------------------------ requests */

/* The first connections may be there before anything has been learned. */
static void find_late(struct worker *w, const struct mg_connection *conn)
{
    struct takeover_ends ends;
    worker_learn(w->server, conn);
    find_socket(w, conn, (struct mg_request_info *)mg_get_request_info(conn), &ends);
    if (w->fd >= 0)
        guard_found(w->server->guard, w->place, w->fd, &ends.peer);
}

void worker_request(struct worker *w, const struct mg_connection *conn, const char *head_end,
                    const struct address *client)
{
    if (!w)
        return;
    const struct mg_request_info *r = mg_get_request_info(conn);
    if (w->fd < 0)
        find_late(w, conn);
    if (r->request_method && (!w->buffer || r->request_method < w->buffer))
        w->buffer = r->request_method;
    w->head_end = head_end;
    w->body_read = 0;
    w->refused = w->refused || !head_end;
    guard_request(w->server->guard, w->place, client);
}

void worker_answered(struct worker *w, long long body_bytes)
{
    if (!w)
        return;
    if (w->head_end)
        w->past += w->head_end - w->buffer + body_bytes;
    w->head_end = NULL;
    guard_answered(w->server->guard, w->place);
}

void worker_disconnected(struct worker *w)
{
    if (!w)
        return;
    w->fd = -1;
    guard_disconnected(w->server->guard, w->place);
}

bool worker_has_refused(const struct worker *w)
{
    return w && w->refused;
}

/* ------------------------------------------------------------------ bytes */

static long long unread(int fd)
{
    int n = 0;
    return ioctl(fd, SIOCINQ, &n) == 0 ? n : 0;
}

/* What CivetWeb has read of this request so far, its head included. 0: the kernel does not tell. */
static long long taken(const struct worker *w)
{
    struct tcp_info info;
    socklen_t len = sizeof info;
    memset(&info, 0, sizeof info);
    if (w->fd < 0 || getsockopt(w->fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0)
        return 0;
    return (long long)info.tcpi_bytes_received - unread(w->fd) - w->past;
}

bool worker_head_is_full(const struct worker *w)
{
    return w && taken(w) >= (long long)w->server->max_head;
}

/* Waits until something can be read or written, or it cannot be. False: not in time. */
static bool wait_for(struct worker *w, enum guard_wait what, int64_t deadline_ms)
{
    struct guard *guard = w->server->guard;
    const struct env *env = w->server->env;
    struct pollfd p = {.fd = w->fd, .events = what == GUARD_READS ? POLLIN : POLLOUT};
    if (poll(&p, 1, 0) > 0)
        return true;
    guard_waits(guard, w->place, what);
    bool ready = false;
    for (int64_t now = env_mono_ms(env); !ready && now < deadline_ms; now = env_mono_ms(env)) {
        int64_t left = deadline_ms - now;
        ready = poll(&p, 1, (int)(left < GUARD_LOOK_MS ? left : GUARD_LOOK_MS)) > 0;
        if (!ready)
            guard_still_waits(guard, w->place);
    }
    guard_goes_on(guard, w->place);
    return ready;
}

/* Reads so many bytes, which are there. */
static bool take(struct worker *w, struct mg_connection *conn, long long n, long long *left, struct buf *out)
{
    char chunk[CHUNK_BYTES];
    while (n > 0 && *left > 0) {
        long long most = n < *left ? n : *left;
        int got = mg_read(conn, chunk, most < CHUNK_BYTES ? (size_t)most : CHUNK_BYTES);
        if (got <= 0)
            return false;
        if (out)
            buf_add(out, chunk, (size_t)got);
        explicit_bzero(chunk, (size_t)got); /* there may be a password in it */
        *left -= got;
        w->body_read += got;
        n -= got;
    }
    return true;
}

bool worker_read(struct worker *w, struct mg_connection *conn, long long *left, int64_t limit_ms, struct buf *out)
{
    if (!w || w->fd < 0 || !w->head_end)
        return *left == 0;
    const int64_t deadline_ms = env_mono_ms(w->server->env) + limit_ms;
    if (!take(w, conn, taken(w) - (w->head_end - w->buffer) - w->body_read, left, out))
        return false;
    while (*left > 0) {
        long long n = wait_for(w, GUARD_READS, deadline_ms) ? unread(w->fd) : 0;
        if (n == 0 || !take(w, conn, n, left, out))
            return false;
        if (env_mono_ms(w->server->env) > deadline_ms)
            return *left == 0;
    }
    return true;
}

bool worker_write(struct worker *w, struct mg_connection *conn, struct span bytes, int64_t limit_ms)
{
    while (bytes.len > 0) {
        const size_t n = bytes.len < PORTION_BYTES ? bytes.len : PORTION_BYTES;
        if (w && w->fd >= 0 && !wait_for(w, GUARD_WRITES, env_mono_ms(w->server->env) + limit_ms))
            return false;
        if (mg_write(conn, bytes.p, n) != (int)n)
            return false;
        bytes = (struct span){bytes.p + n, bytes.len - n};
    }
    return true;
}

void worker_linger(struct worker *w, int64_t limit_ms)
{
    char unwanted[CHUNK_BYTES];
    if (!w || w->fd < 0 || shutdown(w->fd, SHUT_WR) != 0)
        return;
    const int64_t deadline_ms = env_mono_ms(w->server->env) + limit_ms;
    while (wait_for(w, GUARD_READS, deadline_ms) && recv(w->fd, unwanted, sizeof unwanted, MSG_DONTWAIT) > 0)
        if (env_mono_ms(w->server->env) > deadline_ms)
            return;
}
