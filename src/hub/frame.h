/* frame.h - what is sent to clients, encoded once and shared by all who receive it.
 *
 * A frame is immutable and counted by reference: a thousand outboxes and the room's ring hold the same bytes. Its
 * bytes are ready for the wire (complete RFC 6455 text frames, made by whoever calls frame_new); nothing in this
 * layer looks into them. Several consecutive events of one room can be joined into one frame, so that a member costs
 * one queue slot and one iovec for all that a commit brought. Any thread may retain and release. */
#ifndef HUBBUB_HUB_FRAME_H
#define HUBBUB_HUB_FRAME_H

#include "base/span.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct frame {
    _Atomic uint64_t refs; /* all references; above bit 32 those of outbound queues, once more */
    int64_t first_seq;     /* of the events inside; 0: not a durable event */
    uint32_t more;         /* events behind the first one */
    uint32_t len;          /* bytes on the wire */
    uint8_t bytes[];
};

/* `head` then `text`, copied. The caller owns one reference. NULL: no memory. */
struct frame *frame_new(struct span head, struct span text, int64_t seq);

/* The n frames (n >= 1) one after another; their events must be consecutive. Borrows them; the caller owns one
 * reference to the result, which for n == 1 is the same frame. NULL: no memory. */
struct frame *frame_join(struct frame *const *frames, size_t n);

static inline int64_t frame_last_seq(const struct frame *f)
{
    return f->first_seq + f->more;
}

struct frame *frame_retain(struct frame *f);

/* The same for an outbound queue, which says how much it holds: true when this is the first queue with this frame, and
 * when it was the last. */
bool frame_retain_queued(struct frame *f);
bool frame_release_queued(struct frame *f);

/* What it takes of memory; and what of that is not its text. */
size_t frame_memory(const struct frame *f);
size_t frame_overhead(void);

void frame_release(struct frame *f); /* NULL does nothing */

#endif
