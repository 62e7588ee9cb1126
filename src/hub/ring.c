/* The ring of each room: its last events' frames. Appended to by publishing, filled from the database, and put right
 * when events look different than they did. */
#include "base/mem.h"
#include "hub/hub_internal.h"

#include <assert.h>
#include <stdlib.h>

void hub_ring_append(struct hub *h, struct room *r, struct frame *f)
{
    struct frame **place = &r->ring[f->first_seq % h->ring_events];
    if (f->first_seq - r->ring_first == h->ring_events) { /* it forgets its oldest event when it is full */
        frame_release(*place);
        r->ring_first++;
    }
    *place = frame_retain(f);
    r->last_seq = f->first_seq;
}

void hub_fill(struct hub *h, struct room *r, struct frame *const *frames, size_t n, enum err e)
{
    pthread_mutex_lock(&h->lock);
    if (r->stale)
        n = 0;
    while (n && r->last_seq + 1 - r->ring_first < h->ring_events && frames[n - 1]->first_seq == r->ring_first - 1) {
        n--;
        r->ring_first--;
        r->ring[r->ring_first % h->ring_events] = frame_retain(frames[n]);
    }
    r->filled = !e && !r->stale;
    r->filling = r->stale = false;
    pthread_mutex_unlock(&h->lock);
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
    assert(f->first_seq > 0 && f->first_seq == f->last_seq);
    pthread_mutex_lock(&h->lock);
    struct room *r = hub_find_room(h, id);
    assert(r && f->first_seq <= r->last_seq);
    if (f->first_seq >= r->ring_first)
        replace(&r->ring[f->first_seq % h->ring_events], f);
    else if (r->filling && f->first_seq > r->last_seq - h->ring_events)
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
        r->ring = empty;
        r->ring_first = last + 1;
        r->filled = false;
        r->stale = r->filling;
        r = r->hh_id.next;
        pthread_mutex_unlock(&h->lock);
        for (int64_t seq = first; seq <= last; seq++)
            frame_release(forgotten[seq % h->ring_events]);
        empty = forgotten;
        pthread_mutex_lock(&h->lock);
    }
    pthread_mutex_unlock(&h->lock);
    free(empty);
}
