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
#include <stdint.h>

struct frame {
    _Atomic uint32_t refs;
    uint32_t len;                /* bytes on the wire */
    int64_t first_seq, last_seq; /* of the events inside; 0 and 0: not a durable event */
    uint8_t bytes[];
};

/* `head` then `text`, copied. The caller owns one reference. NULL: no memory. */
struct frame *frame_new(struct span head, struct span text, int64_t seq);

/* The n frames (n >= 1) one after another; their events must be consecutive. Borrows them; the caller owns one
 * reference to the result, which for n == 1 is the same frame. NULL: no memory. */
struct frame *frame_join(struct frame *const *frames, size_t n);

struct frame *frame_retain(struct frame *f);
void frame_release(struct frame *f); /* NULL does nothing */

#endif
