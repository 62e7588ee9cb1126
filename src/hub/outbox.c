#include "hub/outbox.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static struct frame **slots_of(struct outbox *o)
{
    return o->slots ? o->slots : o->inline_slots;
}

static struct frame *slot(const struct outbox *o, size_t i)
{
    size_t at = o->head + i;
    if (at >= o->cap)
        at -= o->cap;
    return o->slots ? o->slots[at] : o->inline_slots[at];
}

void outbox_init(struct outbox *o)
{
    *o = (struct outbox){.cap = OUTBOX_INLINE};
}

static void hold(struct frame *f, const struct outbox_limits *limits)
{
    if (frame_retain_queued(f))
        metric_add(limits->memory, (int64_t)frame_memory(f));
}

static void let_go(struct frame *f, const struct outbox_limits *limits)
{
    size_t bytes = frame_memory(f); /* it can be gone after this */
    if (frame_release_queued(f))
        metric_add(limits->memory, -(int64_t)bytes);
}

/* What the slots of a queue take that has its own. */
static int64_t slots_memory(size_t cap)
{
    return (int64_t)(cap * sizeof(struct frame *) + 2 * sizeof(size_t));
}

/* Moves what is queued into a larger circle, from its slot 0 on. */
static enum err grow(struct outbox *o, const struct outbox_limits *limits)
{
    size_t cap = (size_t)o->cap * 4;
    struct frame **slots = malloc(cap * sizeof(struct frame *));
    if (!slots)
        return ERR_MEMORY;
    for (size_t i = 0; i < o->len; i++)
        slots[i] = slot(o, i);
    metric_add(limits->memory, slots_memory(cap) - (o->slots ? slots_memory(o->cap) : 0));
    free(o->slots);
    o->slots = slots;
    o->cap = (uint16_t)cap;
    o->head = 0;
    return OK;
}

static enum err push(struct outbox *o, struct frame *f, const struct outbox_limits *limits)
{
    if (o->len == o->cap && grow(o, limits) != OK)
        return ERR_MEMORY;
    size_t at = (size_t)o->head + o->len;
    if (at >= o->cap)
        at -= o->cap;
    hold(f, limits);
    slots_of(o)[at] = f;
    o->len++;
    o->bytes += f->len;
    return OK;
}

enum err outbox_push(struct outbox *o, struct frame *f, const struct outbox_limits *limits)
{
    if (o->sealed)
        return OK;
    if (o->len && (o->len >= limits->frames || (uint64_t)o->bytes + f->len > limits->bytes))
        return ERR_TOO_SLOW;
    return push(o, f, limits);
}

enum err outbox_push_last(struct outbox *o, struct frame *f, const struct outbox_limits *limits)
{
    enum err e = o->sealed ? OK : push(o, f, limits);
    o->sealed = true;
    return e;
}

size_t outbox_gather(const struct outbox *o, struct iovec *iov, size_t max)
{
    size_t n = o->len < max ? o->len : max;
    for (size_t i = 0; i < n; i++) {
        struct frame *f = slot(o, i);
        size_t skip = i == 0 ? o->head_sent : 0;
        iov[i] = (struct iovec){.iov_base = f->bytes + skip, .iov_len = f->len - skip};
    }
    return n;
}

/* Back to the state that holds no memory of its own. */
static void rest(struct outbox *o, const struct outbox_limits *limits)
{
    assert(o->len == 0 && o->bytes == 0 && o->head_sent == 0);
    if (o->slots)
        metric_add(limits->memory, -slots_memory(o->cap));
    free(o->slots);
    o->slots = NULL;
    o->cap = OUTBOX_INLINE;
    o->head = 0;
}

void outbox_consume(struct outbox *o, size_t sent, const struct outbox_limits *limits)
{
    assert(sent <= o->bytes);
    o->bytes -= (uint32_t)sent;
    while (o->len) {
        struct frame *f = slot(o, 0);
        size_t left = f->len - o->head_sent;
        if (sent < left) {
            o->head_sent += (uint32_t)sent;
            return;
        }
        sent -= left;
        let_go(f, limits);
        o->head_sent = 0;
        o->head = (uint16_t)(o->head + 1 == o->cap ? 0 : o->head + 1);
        o->len--;
    }
    rest(o, limits);
}

void outbox_drop_unsent(struct outbox *o, const struct outbox_limits *limits)
{
    size_t keep = o->head_sent ? 1 : 0;
    for (size_t i = keep; i < o->len; i++) {
        struct frame *f = slot(o, i);
        o->bytes -= f->len;
        let_go(f, limits);
    }
    o->len = (uint16_t)(o->len < keep ? o->len : keep);
    if (!o->len)
        rest(o, limits);
}

void outbox_clear(struct outbox *o, const struct outbox_limits *limits)
{
    if (o->len && o->head_sent) { /* the connection is gone: what is half sent does not matter any more */
        o->bytes += o->head_sent;
        o->head_sent = 0;
    }
    outbox_drop_unsent(o, limits);
}

size_t outbox_memory(const struct outbox *o)
{
    size_t text_bytes = (size_t)o->bytes + o->head_sent;
    return text_bytes + o->len * frame_overhead() + (o->slots ? (size_t)slots_memory(o->cap) : 0);
}
