/* The ring of each room: its last events' frames. Appended to by publishing, filled from the database, put right when
 * events look different than they did, and bounded in bytes: all rings that hold something are in one list, from the
 * one that was used longest ago to the one that was used last. */
#include "base/mem.h"
#include "hub/hub_internal.h"

#include <assert.h>
#include <stdlib.h>

enum {
    SHRINK_FRAMES = 64, /* released at once, without the mutex */
};

static int64_t cost(const struct frame *f)
{
    return (int64_t)frame_memory(f);
}

static void list_remove(struct hub *h, struct room *r)
{
    *(r->less_recent ? &r->less_recent->more_recent : &h->least_recent) = r->more_recent;
    *(r->more_recent ? &r->more_recent->less_recent : &h->most_recent) = r->less_recent;
    r->less_recent = r->more_recent = NULL;
}

static void list_append(struct hub *h, struct room *r)
{
    r->less_recent = h->most_recent;
    *(r->less_recent ? &r->less_recent->more_recent : &h->least_recent) = r;
    h->most_recent = r;
}

void hub_ring_use(struct hub *h, struct room *r)
{
    r->used_ms = h->now_ms;
    if (!r->ring_bytes || h->most_recent == r)
        return;
    list_remove(h, r);
    list_append(h, r);
}

/* Under the mutex, like all that follows: the ring's bytes are that many more, or fewer. */
static void count_bytes(struct hub *h, struct room *r, int64_t more)
{
    bool was_empty = !r->ring_bytes;
    r->ring_bytes += more;
    h->ring_bytes += more;
    metric_set(&h->metrics->ring_bytes, h->ring_bytes);
    if (was_empty && r->ring_bytes)
        list_append(h, r);
    else if (!was_empty && !r->ring_bytes)
        list_remove(h, r);
}

static void put(struct hub *h, struct room *r, struct frame *f)
{
    r->ring[f->first_seq % h->ring_events] = frame_retain(f);
    count_bytes(h, r, cost(f));
}

/* The ring's oldest frame, whose reference the caller owns now. */
static struct frame *take_oldest(struct hub *h, struct room *r)
{
    assert(r->ring);
    struct frame *f = r->ring[r->ring_first++ % h->ring_events];
    count_bytes(h, r, -cost(f));
    return f;
}

/* As if nobody had ever used it. */
static void make_unused(struct room *r)
{
    r->ring_first = r->last_seq + 1;
    r->filled = false;
    r->stale = r->filling;
}

struct frame **hub_ring_close(struct room *r)
{
    struct frame **ring = r->ring;
    if (r->ring_bytes)
        return NULL;
    r->ring = NULL;
    make_unused(r);
    return ring;
}

bool hub_ring_append(struct hub *h, struct room *r, struct frame *f)
{
    bool is_full = f->first_seq - r->ring_first == h->ring_events;
    r->last_seq = f->first_seq;
    if (!r->member_count && !r->ring_bytes) {
        make_unused(r); /* the next one who opens the room has it from the database */
        return false;
    }
    if (is_full) /* it forgets its oldest event */
        frame_release(take_oldest(h, r));
    put(h, r, f);
    if (r->member_count)
        hub_ring_use(h, r);
    return h->ring_bytes > h->ring_bytes_max;
}

/* Under the mutex: frames that have to go, at most so many. Who asks for older events of a room that is open gets them
 * from the database; its ring isn't filled again, as another one would have to go for it. */
static size_t take_surplus(struct hub *h, struct frame **out, size_t max)
{
    size_t n = 0;
    while (n < max && h->ring_bytes > h->ring_bytes_max) {
        struct room *r = h->least_recent;
        out[n++] = take_oldest(h, r);
        r->filled = r->member_count > 0;
        if (!r->member_count)
            free(hub_ring_close(r));
    }
    return n;
}

void hub_shrink_rings(struct hub *h)
{
    struct frame *surplus[SHRINK_FRAMES];
    size_t n;
    do {
        pthread_mutex_lock(&h->lock);
        n = take_surplus(h, surplus, SHRINK_FRAMES);
        pthread_mutex_unlock(&h->lock);
        for (size_t i = 0; i < n; i++)
            frame_release(surplus[i]);
    } while (n == SHRINK_FRAMES);
}

static void release_frames(const struct hub *h, struct frame **ring, int64_t first, int64_t last)
{
    for (int64_t seq = first; seq <= last; seq++)
        frame_release(ring[seq % h->ring_events]);
}

/* Under the mutex: the room that was used longest ago, when that is so long ago that its ring can go. A room that is open
 * is in use. NULL: none. */
static struct room *idle_room(struct hub *h)
{
    struct room *r;
    while ((r = h->least_recent) && h->now_ms - r->used_ms >= HUB_RING_IDLE_MS) {
        if (!r->member_count)
            return r;
        hub_ring_use(h, r);
    }
    return NULL;
}

void hub_drop_idle_rings(struct hub *h, int64_t now_ms)
{
    struct room *r;
    pthread_mutex_lock(&h->lock);
    h->now_ms = now_ms;
    while ((r = idle_room(h))) {
        struct frame **ring = r->ring;
        int64_t first = r->ring_first, last = r->last_seq;
        count_bytes(h, r, -r->ring_bytes);
        r->ring = NULL;
        make_unused(r);
        pthread_mutex_unlock(&h->lock);
        release_frames(h, ring, first, last);
        free(ring);
        pthread_mutex_lock(&h->lock);
    }
    pthread_mutex_unlock(&h->lock);
}

void hub_fill(struct hub *h, struct room *r, struct frame *const *frames, size_t n, enum err e)
{
    pthread_mutex_lock(&h->lock);
    if (r->stale || !r->ring)
        n = 0;
    while (n && r->last_seq + 1 - r->ring_first < h->ring_events && frames[n - 1]->first_seq == r->ring_first - 1) {
        r->ring_first--;
        put(h, r, frames[--n]);
    }
    hub_ring_use(h, r);
    r->filled = !e && !r->stale && r->ring != NULL;
    r->filling = r->stale = false;
    pthread_mutex_unlock(&h->lock);
    hub_shrink_rings(h);
    for (int i = 0; i < h->shard_count; i++)
        hub_post_resume(&r->shards[i], e);
}

static void replace(struct frame **place, struct frame *f)
{
    frame_release(*place);
    *place = frame_retain(f);
}

void hub_replace(struct hub *h, int64_t id, struct frame *f)
{
    assert(f->first_seq > 0 && !f->more);
    pthread_mutex_lock(&h->lock);
    struct room *r = hub_find_room(h, id);
    assert(r && f->first_seq <= r->last_seq);
    if (f->first_seq >= r->ring_first) {
        struct frame **place = &r->ring[f->first_seq % h->ring_events];
        count_bytes(h, r, cost(f) - cost(*place));
        replace(place, f);
    } else if (r->filling && f->first_seq > r->last_seq - h->ring_events)
        r->stale = true; /* it would come back with what is being read */
    pthread_mutex_unlock(&h->lock);

    if (r->staged_len && f->first_seq >= r->staged[0]->first_seq) /* they are consecutive, up to last_seq */
        replace(&r->staged[f->first_seq - r->staged[0]->first_seq], f);
}

/* Each room by itself, and freeing without the mutex: a ring may hold the last reference to all of its frames. Rooms
 * are never removed, so a position in the list stays valid. */
void hub_forget_rings(struct hub *h)
{
    struct frame **empty = mem_must_calloc((size_t)h->ring_events, sizeof(struct frame *));
    pthread_mutex_lock(&h->lock);
    struct room *r = h->rooms_by_id;
    while (r) {
        struct frame **forgotten = r->ring;
        int64_t first = r->ring_first, last = r->last_seq;
        count_bytes(h, r, -r->ring_bytes);
        make_unused(r);
        if (forgotten)
            r->ring = empty;
        r = r->hh_id.next;
        if (!forgotten)
            continue;
        pthread_mutex_unlock(&h->lock);
        release_frames(h, forgotten, first, last);
        empty = forgotten;
        pthread_mutex_lock(&h->lock);
    }
    pthread_mutex_unlock(&h->lock);
    free(empty);
}
