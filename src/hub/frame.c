#include "hub/frame.h"

#include <assert.h>
#include <stdlib.h>

#define FIRST_QUEUE (UINT64_C(1) << 32)
#define QUEUED      (FIRST_QUEUE + 1)

enum { ALLOCATION_BYTES = 16 }; /* what malloc adds, about */

static struct frame *frame_alloc(size_t len)
{
    struct frame *f = malloc(sizeof *f + len);
    if (!f)
        return NULL;
    atomic_init(&f->refs, 1);
    f->len = (uint32_t)len;
    f->first_seq = 0;
    f->more = 0;
    return f;
}

struct frame *frame_new(struct span head, struct span text, int64_t seq)
{
    struct frame *f = frame_alloc(head.len + text.len);
    if (!f)
        return NULL;
    if (head.len)
        memcpy(f->bytes, head.p, head.len);
    if (text.len)
        memcpy(f->bytes + head.len, text.p, text.len);
    f->first_seq = seq;
    return f;
}

struct frame *frame_join(struct frame *const *frames, size_t n)
{
    assert(n > 0);
    if (n == 1)
        return frame_retain(frames[0]);
    size_t len = 0;
    for (size_t i = 0; i < n; i++)
        len += frames[i]->len;
    struct frame *f = frame_alloc(len);
    if (!f)
        return NULL;
    uint8_t *to = f->bytes;
    for (size_t i = 0; i < n; i++) {
        memcpy(to, frames[i]->bytes, frames[i]->len);
        to += frames[i]->len;
    }
    f->first_seq = frames[0]->first_seq;
    f->more = (uint32_t)(frame_last_seq(frames[n - 1]) - f->first_seq);
    return f;
}

struct frame *frame_retain(struct frame *f)
{
    atomic_fetch_add_explicit(&f->refs, 1, memory_order_relaxed);
    return f;
}

/* Gives back references; how many there were before. Release, so that our reads of the bytes come before; acquire, so
 * that the one who frees sees everybody's. */
static uint64_t give_back(struct frame *f, uint64_t refs)
{
    uint64_t were = atomic_fetch_sub_explicit(&f->refs, refs, memory_order_acq_rel);
    if (were == refs)
        free(f);
    return were;
}

void frame_release(struct frame *f)
{
    if (f)
        give_back(f, 1);
}

bool frame_retain_queued(struct frame *f)
{
    return atomic_fetch_add_explicit(&f->refs, QUEUED, memory_order_relaxed) < FIRST_QUEUE;
}

bool frame_release_queued(struct frame *f)
{
    return give_back(f, QUEUED) < 2 * FIRST_QUEUE;
}

size_t frame_overhead(void)
{
    return sizeof(struct frame) + ALLOCATION_BYTES;
}

size_t frame_memory(const struct frame *f)
{
    return frame_overhead() + f->len;
}
