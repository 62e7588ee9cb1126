/* conn.h - one live socket, and what the reactor needs to know of whatever runs on it.
 *
 * A transport embeds struct conn first in its own struct and gives its operations. A conn belongs to one reactor
 * thread. The fields are the reactor's; a transport reads them and leaves them alone. */
#ifndef HUBBUB_NET_CONN_H
#define HUBBUB_NET_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

struct conn;
struct reactor;

struct transport {
    /* Bytes have come; the buffer is the reactor's and can be changed in place, until the call returns. Returns how
     * many it took: all of them, or fewer after conn_pause(). What it left comes first after conn_resume(), as the
     * transport left it. */
    size_t (*received)(struct conn *c, uint8_t *data, size_t len);
    /* What to send now, in up to max pieces, borrowed until sent(). 0: nothing. */
    size_t (*gather)(struct conn *c, struct iovec *iov, size_t max);
    /* The kernel has taken n of these bytes. */
    void (*sent)(struct conn *c, size_t n);
    /* Once every tick_ms, and each second from idle_ms on: how long nothing has been received. The transport pings,
     * or closes. */
    void (*tick)(struct conn *c, int64_t idle_ms);
    /* The peer has taken no byte for stall_ms although something waits. */
    void (*stalled)(struct conn *c);
    /* The socket is closed and out of the loop: free everything, the conn included. The last call. */
    void (*closed)(struct conn *c);
};

struct conn {
    struct reactor *reactor;
    const struct transport *transport;
    struct conn *dirty_next;
    uint32_t slot;     /* its place in the reactor's table */
    uint32_t stuck_ms; /* since when its socket has taken nothing although something waits, on the loop's clock, cut to
                          32 bits; 0: nothing waits */
    int fd;
    bool dirty : 1;     /* in the list of those to be sent to at the end of the turn */
    bool dead : 1;      /* among those to be closed at the end of the turn */
    bool want_out : 1;  /* the socket was full: waiting for EPOLLOUT */
    bool finishing : 1; /* conn_finish() was called */
    bool shut : 1;      /* finishing, all is sent and our side is shut down: waiting for the peer's end of file */
    bool paused : 1;    /* conn_pause() was called */
    bool deaf : 1;      /* not waiting for EPOLLIN: paused, or bytes of it are kept */
};

#endif
