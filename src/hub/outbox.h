/* outbox.h - what one connection has still to be sent.
 *
 * A bounded queue of frames that belongs to one reactor thread: only that thread pushes, gathers and consumes. While
 * it is empty it holds no memory of its own. A push that would pass a limit is refused, and the owner then closes the
 * connection (it comes back with its last seq): a slow reader harms only itself. */
#ifndef HUBBUB_HUB_OUTBOX_H
#define HUBBUB_HUB_OUTBOX_H

#include "base/err.h"
#include "base/metrics.h"
#include "hub/frame.h"

#include <stdbool.h>
#include <sys/uio.h>

enum { OUTBOX_INLINE = 2 }; /* most turns bring a connection one joined frame and perhaps an answer */

struct outbox {
    struct frame *inline_slots[OUTBOX_INLINE];
    struct frame **slots; /* NULL: the inline ones; else a circle of cap slots */
    uint32_t bytes;       /* still to be sent */
    uint32_t head_sent;   /* bytes of the first frame that are sent already */
    uint16_t cap, head, len;
    bool sealed; /* the last frame is in: a Close */
};

/* Of one queue: outbound_queue_frames and outbound_queue_bytes. Of all together: outbound_memory_bytes.
 *
 * *memory is what all queues that are given the same counter hold: each frame once, however many queues wait to send
 * it, with its header and what malloc adds; and the slots of each queue. It does not count what a room's ring holds,
 * unless a queue holds it as well, and not what the kernel holds. A push never fails for it: who pushes then makes
 * room, see chat/session/shed.h. */
struct outbox_limits {
    uint32_t frames, bytes;
    int64_t memory_bytes;
    metric *memory;
};

void outbox_init(struct outbox *o);

/* Takes a reference of its own. ERR_TOO_SLOW: a limit would be passed, nothing was queued. ERR_MEMORY. An empty queue
 * takes any frame: a client that keeps up is never closed because of what it is told. After outbox_push_last() it
 * queues nothing and says OK: there is nobody left to tell. */
enum err outbox_push(struct outbox *o, struct frame *f, const struct outbox_limits *limits);

/* The same for the last frame that is ever sent, whatever the limits. OK, ERR_MEMORY. */
enum err outbox_push_last(struct outbox *o, struct frame *f, const struct outbox_limits *limits);

/* The first bytes to send, in up to max pieces; returns how many. Borrowed until outbox_consume(). */
size_t outbox_gather(const struct outbox *o, struct iovec *iov, size_t max);

/* These many bytes have been sent. */
void outbox_consume(struct outbox *o, size_t sent, const struct outbox_limits *limits);

/* Forgets all frames but one whose beginning is on the wire already: what may follow is a Close frame. */
void outbox_drop_unsent(struct outbox *o, const struct outbox_limits *limits);

void outbox_clear(struct outbox *o, const struct outbox_limits *limits); /* releases all frames */

/* What it holds of memory, each of its frames counted whole: also those that others share, and what is sent of the
 * first. */
size_t outbox_memory(const struct outbox *o);

static inline bool outbox_is_empty(const struct outbox *o)
{
    return o->len == 0;
}

#endif
