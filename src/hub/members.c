/* Members: cursors that follow a room. */
#include "base/mem.h"
#include "hub/hub_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct room *member_room(const struct member *m)
{
    return m->at->room;
}

static bool person_is_in(const struct person *p, const struct room *r)
{
    for (const struct member *m = p->members; m; m = m->person_next)
        if (m->at->room == r)
            return true;
    return false;
}

static void person_unlink(struct person *p, struct member *gone)
{
    struct member **at = &p->members;
    while (*at != gone)
        at = &(*at)->person_next;
    *at = gone->person_next;
}

/* Room for one more in the shard's list, which is copied without the mutex. */
static void shard_grow(struct hub *h, struct shard_room *sr)
{
    uint32_t cap = sr->cap ? sr->cap * 2 : 8;
    struct member **old = sr->members, **grown = mem_must_resize(NULL, cap, sizeof(struct member *));
    if (sr->len)
        memcpy(grown, old, sr->len * sizeof(struct member *));
    pthread_mutex_lock(&h->lock);
    sr->members = grown;
    sr->cap = cap;
    pthread_mutex_unlock(&h->lock);
    free(old);
}

/* Takes the mutex and sees to it that the room has a ring, which is allocated without the mutex. The caller frees what
 * is returned (NULL, mostly) when it has left the mutex. */
static struct frame **lock_with_ring(struct hub *h, struct room *r)
{
    struct frame **ring = NULL;
    pthread_mutex_lock(&h->lock);
    if (r->ring)
        return NULL;
    pthread_mutex_unlock(&h->lock);
    ring = mem_must_calloc((size_t)h->ring_events, sizeof(struct frame *));
    pthread_mutex_lock(&h->lock);
    if (r->ring)
        return ring;
    r->ring = ring;
    return NULL;
}

/* Under the mutex, like the next. */
static void shard_add(struct shard_room *sr, struct member *m)
{
    m->index = sr->len;
    sr->members[sr->len++] = m;
    atomic_store_explicit(&sr->count, sr->len, memory_order_relaxed);
}

static void shard_remove(struct shard_room *sr, struct member *m)
{
    struct member *last = sr->members[--sr->len];
    sr->members[m->index] = last;
    last->index = m->index;
    atomic_store_explicit(&sr->count, sr->len, memory_order_relaxed);
}

void hub_join(struct hub *h, struct shard *s, struct room *r, struct member *m, int64_t after, int64_t *last_seq)
{
    struct shard_room *sr = &r->shards[s->index];
    m->at = sr;
    m->live = m->waiting = false;
    atomic_init(&m->end_seq, INT64_MAX);
    if (sr->len == sr->cap)
        shard_grow(h, sr);

    struct frame **spare = lock_with_ring(h, r);
    shard_add(sr, m);
    m->serial = ++h->serials;
    if (after < 0)
        after = r->last_seq > h->ring_events ? r->last_seq - h->ring_events : 0;
    m->next_seq = (after < r->last_seq ? after : r->last_seq) + 1;
    if (!person_is_in(m->person, r)) {
        r->people_count++;
        hub_room_presence_changed(h, r);
    }
    m->person_next = m->person->members;
    m->person->members = m;
    r->member_count++;
    *last_seq = r->last_seq;
    pthread_mutex_unlock(&h->lock);
    free(spare);
}

void hub_leave(struct hub *h, struct member *m)
{
    struct shard_room *sr = m->at;
    struct room *r = sr->room;
    struct frame **unused = NULL;

    pthread_mutex_lock(&h->lock);
    shard_remove(sr, m);
    person_unlink(m->person, m);
    if (--r->member_count == 0) {
        hub_ring_use(h, r);
        unused = hub_ring_close(r);
    }
    if (!person_is_in(m->person, r)) {
        r->people_count--;
        hub_room_presence_changed(h, r);
    }
    pthread_mutex_unlock(&h->lock);
    free(unused);
    m->at = NULL;
}

static int64_t min(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Under the mutex: whether older events than the ring has may fit into it and have not been looked for. */
static bool ring_wants_fill(const struct hub *h, const struct room *r)
{
    return !r->filled && r->ring_first > 1 && r->last_seq + 1 - r->ring_first < h->ring_events;
}

enum hub_catch_up hub_catch_up(struct hub *h, struct member *m, struct frame **frames, size_t max, size_t *n,
                               int64_t *ring_first)
{
    enum hub_catch_up result;
    struct room *r = m->at->room;
    *n = 0;
    pthread_mutex_lock(&h->lock);
    int64_t end_seq = atomic_load_explicit(&m->end_seq, memory_order_relaxed);
    int64_t last_seq = min(r->last_seq, end_seq);
    *ring_first = r->ring_first;
    if (m->next_seq < r->ring_first && m->next_seq <= last_seq) {
        if (!ring_wants_fill(h, r)) {
            result = HUB_TOO_OLD;
            *ring_first = min(r->ring_first - 1, end_seq) + 1;
        } else {
            result = r->filling ? HUB_WAIT : HUB_LOAD;
            r->filling = true;
            m->waiting = true;
        }
    } else {
        hub_ring_use(h, r);
        while (*n < max && m->next_seq <= last_seq)
            frames[(*n)++] = frame_retain(r->ring[m->next_seq++ % h->ring_events]);
        m->live = m->next_seq > r->last_seq && end_seq == INT64_MAX;
        result = m->live ? HUB_LIVE : m->next_seq > end_seq ? HUB_ENDED : HUB_MORE;
    }
    pthread_mutex_unlock(&h->lock);
    return result;
}

void hub_seek(struct hub *h, struct member *m, int64_t next_seq)
{
    (void)h;
    assert(!m->live);
    m->next_seq = next_seq;
}

void hub_skip_to_head(struct hub *h, struct member *m, int64_t *last_seq)
{
    pthread_mutex_lock(&h->lock);
    int64_t end_seq = atomic_load_explicit(&m->end_seq, memory_order_relaxed);
    *last_seq = min(m->at->room->last_seq, end_seq);
    m->next_seq = *last_seq + 1;
    m->live = end_seq == INT64_MAX;
    pthread_mutex_unlock(&h->lock);
}
