/* How a live socket leaves CivetWeb.
 *
 * CivetWeb keeps a thread for each WebSocket and reads it with a reader that we do not want (see design.md). It has
 * no call to give a socket away, and does not even tell its descriptor. So, on the worker's thread, in the ready
 * handler, when the 101 has been sent:
 *
 *   before                          after
 *   worker ── fd 17 ── TCP          worker ── fd 17 ── dead end: one marked frame, then end of file
 *                                   reactor ─ fd 612 ── TCP
 *
 * 1. Find fd 17 (when the worker takes the connection, see worker.c): the one descriptor whose two ends are those of
 *    the connection. The peer's end is in CivetWeb's request info; ours is in the link that it makes of a request.
 *    CivetWeb's sockets have low numbers, as accept() takes the lowest free one and every live socket is moved up; so
 *    there are a few dozen to look at. When many come at once, there are hundreds: then where one is has most often
 *    been noted while another one was looked for, and only has to be confirmed.
 * 2. Duplicate it above the low range, make a socketpair, write the marked frame into its other end, close that.
 * 3. dup3() the dead end over 17. The kernel does this in one step: at no moment is 17 free for another thread's
 *    accept() or open().
 * 4. The worker goes on reading 17. It gets the marked frame, hands it to our data handler, which lets the live socket
 *    go to a reactor; or the end of file. It runs its close path on the dead end (shutdown, linger, close), and is
 *    free for the next request.
 *
 * Why no other thread can be harmed, or do harm:
 * - 17 is the worker's own. It alone reads, writes and closes it, and it is in our handler all the while: so 17
 *   neither vanishes nor changes under us. Nobody else has the number: CivetWeb's master thread forgets a socket when
 *   it has queued it.
 * - Other descriptors come and go while we look at them. getpeername() on a number that has just been closed or given
 *   anew answers for whatever is there now, and changes nothing. It cannot look like ours: while our connection is
 *   open no other socket has the same two ends, and a socket that had them before has lost its peer (ENOTCONN).
 * - The duplicate shares the open file with 17 until dup3(), and is alone afterwards. What CivetWeb does to the
 *   number 17 from then on (it makes it blocking, for one) happens to the dead end.
 *
 * Why the mark: RFC 6455 (4.1) wants a client to wait for the 101 before it sends frames. The bytes of one that does
 * not are in CivetWeb's buffer already, from where nothing can be taken, so the live socket would go on in the middle
 * of something. There is no call that says how many they are. But CivetWeb reads its buffer first and the socket
 * next: with nothing in between, the first frame that our data handler sees is the marked one, exactly. Anything
 * early, be it one byte, makes something else of it: another frame comes first, or the mark is taken for the rest of
 * a frame, or the end of file comes too soon. The mark is random, made at each start, and its header's first byte is
 * not zero, so that it cannot serve as the length of something short; a client can neither send it nor bring it
 * about. */
#include "http/takeover.h"

#include <civetweb.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

enum { MARK_FIRST_BYTE = 0x82, MARK_FRAME_BYTES = 2 + TAKEOVER_MARK_BYTES }; /* FIN and binary; not masked */

/* The host of "ws://HOST:PORT/..." or "ws://[HOST]/...". */
static struct span host_of_link(const char *link)
{
    const char *host = strstr(link, "://");
    if (!host)
        return (struct span){link, 0};
    host += 3;
    size_t len = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/");
    return (struct span){host, len};
}

enum err takeover_ends_of(const struct mg_connection *conn, const struct mg_request_info *r, struct takeover_ends *out)
{
    char link[256]; /* there is no path in it */
    struct takeover_ends ends;
    if (mg_get_request_link(conn, link, sizeof link) < 0)
        return ERR_INVALID;
    if (!address_parse(host_of_link(link), &ends.local) || !address_parse(span_of(r->remote_addr), &ends.peer))
        return ERR_INVALID;
    ends.local_port = r->server_port;
    ends.peer_port = r->remote_port;
    *out = ends;
    return OK;
}

typedef int end_fn(int fd, struct sockaddr *, socklen_t *); /* getpeername() or getsockname() */

static bool end_of(int fd, end_fn *name, struct address *address, int *port)
{
    struct sockaddr_storage there;
    socklen_t len = sizeof there;
    return name(fd, (struct sockaddr *)&there, &len) == 0 && address_of_socket(&there, address, port);
}

static bool has_local_end(int fd, const struct takeover_ends *ends)
{
    struct address local;
    int port;
    return end_of(fd, getsockname, &local, &port) && port == ends->local_port && address_equal(&local, &ends->local);
}

static bool is_peer(const struct takeover_ends *ends, const struct address *peer, int port)
{
    return port == ends->peer_port && address_equal(peer, &ends->peer);
}

static _Atomic int *note_for(struct takeover_range *range, const struct address *peer, int port)
{
    unsigned hash = (unsigned)port; /* most often all that differs */
    for (size_t i = 12; i < sizeof peer->bytes; i++)
        hash = hash * 31 + peer->bytes[i];
    return &range->notes[hash % TAKEOVER_NOTES];
}

/* Looks at one descriptor, and notes what it is when it is another connection. */
static bool is_it(int fd, const struct takeover_ends *ends, struct takeover_range *range)
{
    struct address peer;
    int port;
    if (!end_of(fd, getpeername, &peer, &port))
        return false;
    if (is_peer(ends, &peer, port) && has_local_end(fd, ends))
        return true;
    atomic_store_explicit(note_for(range, &peer, port), fd, memory_order_relaxed);
    return false;
}

int takeover_find(const struct takeover_ends *ends, struct takeover_range *range)
{
    int noted = atomic_load_explicit(note_for(range, &ends->peer, ends->peer_port), memory_order_relaxed);
    if (noted > STDERR_FILENO && noted < range->limit && is_it(noted, ends, range))
        return noted;
    int first = atomic_load_explicit(&range->first, memory_order_relaxed);
    for (int fd = first; fd < range->limit; fd++) {
        if (is_it(fd, ends, range))
            return fd;
    }
    for (int fd = STDERR_FILENO + 1; fd < first; fd++) {
        if (is_it(fd, ends, range))
            return fd;
    }
    return -1;
}

static bool send_mark(int fd, const uint8_t mark[TAKEOVER_MARK_BYTES])
{
    uint8_t frame[MARK_FRAME_BYTES] = {MARK_FIRST_BYTE, TAKEOVER_MARK_BYTES};
    memcpy(frame + 2, mark, TAKEOVER_MARK_BYTES);
    return send(fd, frame, sizeof frame, MSG_NOSIGNAL) == (ssize_t)sizeof frame;
}

enum err takeover_replace(int fd, int limit, const uint8_t mark[TAKEOVER_MARK_BYTES], int *live)
{
    enum err e = ERR_IO;
    int pair[2] = {-1, -1};
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, limit);
    if (copy < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0 || !send_mark(pair[1], mark))
        goto done;
    int put;
    do
        put = dup3(pair[0], fd, O_CLOEXEC);
    while (put < 0 && errno == EINTR);
    if (put < 0)
        goto done;
    *live = copy;
    copy = -1;
    e = OK;
done:;
    int saved = errno;
    if (copy >= 0)
        close(copy);
    if (pair[0] >= 0)
        close(pair[0]);
    if (pair[1] >= 0)
        close(pair[1]);
    errno = saved;
    return e;
}

bool takeover_is_mark(const uint8_t mark[TAKEOVER_MARK_BYTES], int bits, const void *data, size_t len)
{
    return bits == MARK_FIRST_BYTE && len == TAKEOVER_MARK_BYTES && memcmp(data, mark, TAKEOVER_MARK_BYTES) == 0;
}
