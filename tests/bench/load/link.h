/* link.h - one WebSocket connection as a client has it: non-blocking, on an epoll loop, owned by one thread.
 *
 * A link belongs to the thread whose link_io it is used with. What the socket does not take is queued and goes out when
 * it can. Pings are answered here. Payloads of data frames are handed over whole; the fragments of a fragmented message
 * come one by one. After the closed callback the link may be connected again. */
#ifndef LINK_H
#define LINK_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    LINK_FRAME_MAX = 1 << 20, /* a longer frame from the server is an error */
    LINK_QUEUE_MAX = 64 << 20 /* what may wait for the socket; beyond that a frame is not sent, and said so */
};

enum link_state { LINK_NEW, LINK_CONNECTING, LINK_HANDSHAKE, LINK_OPEN, LINK_CLOSED };

struct link_bytes {
    uint8_t *data;
    size_t start, end, capacity; /* data[start..end) is waiting */
};

struct link { /* a zeroed one is LINK_NEW */
    int fd;   /* meaningful from LINK_CONNECTING to the closed callback */
    enum link_state state;
    bool paused;             /* does not read: see link_pause */
    bool wants_write;        /* epoll is asked for EPOLLOUT */
    struct link_bytes input; /* an incomplete frame or answer */
    struct link_bytes output;
};

/* What a program does with its links. ctx is link_io's. None of these may close a link. */
struct link_handler {
    size_t (*request)(void *ctx, struct link *, char *out,
                      size_t capacity); /* writes the HTTP request; its length, or 0 */
    void (*opened)(void *ctx, struct link *, uint64_t now_ns);
    void (*payload)(void *ctx, struct link *, const uint8_t *bytes, size_t count, uint64_t now_ns); /* borrowed */
    void (*closed)(void *ctx, struct link *, enum link_state was, unsigned code); /* code: of the Close frame, or 0 */
};

/* What the links of one thread share. */
struct link_io {
    const struct link_handler *handler;
    void *ctx;
    int epoll;
    uint64_t random;         /* state of the generator of masking keys */
    uint8_t *input, *output; /* scratch for one read, and for one frame being built */
    size_t output_capacity;
    uint64_t bytes_read, reads, frames, pings, blocked_sends;
};

void link_io_init(struct link_io *, const struct link_handler *, void *ctx,
                  size_t payload_max); /* longest to be sent */
void link_io_clear(struct link_io *);
int link_io_wait(struct link_io *, uint64_t timeout_ns); /* handles what epoll reports; the number of events */

/* Starts to connect; from and rcvbuf may be NULL and 0. A failure is told by the closed callback, maybe at once. */
void link_connect(struct link *, struct link_io *, const struct sockaddr_in *to, const struct sockaddr_in *from,
                  int rcvbuf);
void link_pause(struct link *, struct link_io *, bool paused); /* while paused only the end of the connection is seen */
void link_close(struct link *, struct link_io *);              /* without a Close frame; calls closed */
void link_clear(struct link *);                                /* closes silently, frees what it holds */

uint8_t *link_payload(struct link_io *);                                  /* where to build the next payload */
void link_send(struct link *, struct link_io *, unsigned opcode, size_t); /* sends what was built there */
void link_send_text(struct link *, struct link_io *, const char *text);

#endif
