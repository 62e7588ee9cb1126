/* Publishing: from a commit to the shards. The rest of hub.h is in rooms.c, members.c, people.c and delivery.c. */
#include "base/mem.h"
#include "hub/hub_internal.h"

#include <assert.h>
#include <stdlib.h>

struct hub *hub_new(const struct hub_options *options, struct metrics *metrics)
{
    struct hub *h = calloc(1, sizeof *h);
    if (!h)
        return NULL;
    h->shards = calloc((size_t)options->shards, sizeof *h->shards);
    if (!h->shards) {
        free(h);
        return NULL;
    }
    pthread_mutex_init(&h->lock, NULL);
    h->callbacks = options->callbacks;
    h->metrics = metrics;
    h->ring_events = options->ring_events > 0 ? options->ring_events : 1;
    h->shard_count = options->shards;
    for (int i = 0; i < options->shards; i++) {
        h->shards[i].hub = h;
        h->shards[i].index = i;
    }
    return h;
}

static void room_free(struct hub *h, struct room *r)
{
    for (int i = 0; i < h->shard_count; i++) {
        assert(r->shards[i].len == 0);
        free(r->shards[i].members);
    }
    for (int64_t seq = r->ring_first; seq <= r->last_seq; seq++)
        frame_release(r->ring[seq % h->ring_events]);
    for (size_t i = 0; i < r->staged_len; i++)
        frame_release(r->staged[i]);
    free(r->ring);
    free(r->staged);
    free(r->shards);
    free(r->name);
    free(r->fold);
    free(r);
}

void hub_free(struct hub *h)
{
    if (!h)
        return;
    struct room *r, *next;
    HASH_CLEAR(hh_fold, h->rooms_by_fold);
    HASH_CLEAR(hh_name, h->rooms_by_name);
    HASH_ITER(hh_id, h->rooms_by_id, r, next)
    {
        HASH_DELETE(hh_id, h->rooms_by_id, r);
        room_free(h, r);
    }
    assert(!h->people_by_id && !h->people_by_fold);
    pthread_mutex_destroy(&h->lock);
    free(h->shards);
    free(h);
}

struct shard *hub_shard(struct hub *h, int i)
{
    return &h->shards[i];
}

void shard_attach(struct shard *s, const struct mailbox *mailbox, void *user)
{
    s->mailbox = *mailbox;
    s->user = user;
}

const struct mailbox *shard_mailbox(const struct shard *s)
{
    return &s->mailbox;
}

void *shard_user(const struct shard *s)
{
    return s->user;
}

/* Under the mutex: the ring forgets its oldest event when it is full. */
static void ring_append(struct hub *h, struct room *r, struct frame *f)
{
    struct frame **place = &r->ring[f->first_seq % h->ring_events];
    if (f->first_seq - r->ring_first == h->ring_events) {
        frame_release(*place);
        r->ring_first++;
    }
    *place = frame_retain(f);
    r->last_seq = f->first_seq;
}

void hub_publish(struct hub *h, int64_t id, struct frame *f)
{
    struct room *r;
    pthread_mutex_lock(&h->lock);
    HASH_FIND(hh_id, h->rooms_by_id, &id, sizeof id, r);
    assert(r && f->first_seq == r->last_seq + 1 && f->first_seq == f->last_seq);
    ring_append(h, r, f);
    pthread_mutex_unlock(&h->lock);

    if (!r->staged_len) {
        r->staged_next = h->staged;
        h->staged = r;
    }
    if (r->staged_len == r->staged_cap) {
        r->staged_cap = r->staged_cap ? r->staged_cap * 2 : 4;
        r->staged = mem_must_resize(r->staged, r->staged_cap, sizeof(struct frame *));
    }
    r->staged[r->staged_len++] = frame_retain(f);
}

/* How many of the frames are joined next: as many as fit, at least one. */
static size_t piece(struct frame *const *frames, size_t n)
{
    size_t take = 1, bytes = frames[0]->len;
    while (take < n && bytes + frames[take]->len <= HUB_JOINED_MAX_BYTES)
        bytes += frames[take++]->len;
    return take;
}

static bool has_members(const struct hub *h, const struct room *r)
{
    for (int i = 0; i < h->shard_count; i++)
        if (atomic_load_explicit(&r->shards[i].count, memory_order_relaxed))
            return true;
    return false;
}

/* A member that joined before the publish was counted under the mutex before it, so it is seen here; one that joined
 * after it took the event from the ring. So the counts need no lock. */
static void flush_room(struct hub *h, struct room *r, struct delivery **out)
{
    bool wanted = has_members(h, r);
    for (size_t at = 0, take; wanted && at < r->staged_len; at += take) {
        take = piece(r->staged + at, r->staged_len - at);
        struct frame *joined = frame_join(r->staged + at, take);
        if (!joined) {
            take = 1;
            joined = frame_retain(r->staged[at]);
        }
        for (int i = 0; i < h->shard_count; i++)
            if (atomic_load_explicit(&r->shards[i].count, memory_order_relaxed))
                hub_delivery_add(&out[i], &r->shards[i], &h->shards[i], joined, NULL);
        frame_release(joined);
    }
    for (size_t i = 0; i < r->staged_len; i++)
        frame_release(r->staged[i]);
    r->staged_len = 0;
}

void hub_flush(struct hub *h)
{
    if (!h->staged)
        return;
    struct delivery **out = mem_must_calloc((size_t)h->shard_count, sizeof(struct delivery *));
    for (struct room *r = h->staged; r; r = r->staged_next)
        flush_room(h, r, out);
    h->staged = NULL;
    for (int i = 0; i < h->shard_count; i++)
        hub_delivery_post(out[i]);
    free(out);
}

void hub_publish_ephemeral(struct hub *h, struct room *r, struct frame *f, const struct member *except)
{
    for (int i = 0; i < h->shard_count; i++) {
        struct delivery *d = NULL;
        if (!atomic_load_explicit(&r->shards[i].count, memory_order_relaxed))
            continue;
        hub_delivery_add(&d, &r->shards[i], &h->shards[i], f, except);
        hub_delivery_post(d);
    }
}

void hub_broadcast(struct hub *h, struct frame *f)
{
    for (int i = 0; i < h->shard_count; i++) {
        struct delivery *d = NULL;
        hub_delivery_add(&d, NULL, &h->shards[i], f, NULL);
        hub_delivery_post(d);
    }
}
