/* Publishing: from a commit to the shards. The rest of hub.h is in rooms.c, ring.c, members.c, expel.c, people.c and
 * delivery.c. */
#include "base/mem.h"
#include "hub/hub_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

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
    h->ring_bytes_max = options->ring_bytes_max > 0 ? options->ring_bytes_max : INT64_MAX;
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
    free(r->expulsions);
    free(r->shards);
    free(r->name);
    free(r);
}

void hub_free(struct hub *h)
{
    if (!h)
        return;
    struct room *r, *next;
    HASH_ITER(hh_id, h->rooms_by_id, r, next)
    {
        HASH_DELETE(hh_id, h->rooms_by_id, r);
        room_free(h, r);
    }
    assert(!h->people_by_id.count && !h->people_by_fold.count);
    table_clear(&h->people_by_id);
    table_clear(&h->people_by_fold);
    pthread_mutex_destroy(&h->lock);
    free(h->changed_people);
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

void hub_stage(struct hub *h, struct room *r)
{
    if (r->staged_len || r->expulsions_len)
        return;
    r->staged_next = h->staged;
    h->staged = r;
}

void hub_publish(struct hub *h, int64_t id, struct frame *f)
{
    pthread_mutex_lock(&h->lock);
    struct room *r = hub_find_room(h, id);
    assert(r && f->first_seq == r->last_seq + 1 && !f->more);
    bool too_large = hub_ring_append(h, r, f);
    pthread_mutex_unlock(&h->lock);
    if (too_large)
        hub_shrink_rings(h);

    hub_stage(h, r);
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

/* To each shard that has members of the room. A member that joined before the publish was counted under the mutex
 * before it, so it is seen here; one that joined after it took the event from the ring. So the counts need no lock. */
static void add_for_members(struct hub *h, struct room *r, struct delivery **out, struct delivery_item item)
{
    for (int i = 0; i < h->shard_count; i++) {
        if (!atomic_load_explicit(&r->shards[i].count, memory_order_relaxed))
            continue;
        item.to = &r->shards[i];
        hub_delivery_add(&out[i], &h->shards[i], &item);
    }
}

static void flush_frames(struct hub *h, struct room *r, size_t from, size_t to, struct delivery **out)
{
    for (size_t take; from < to; from += take) {
        take = piece(r->staged + from, to - from);
        struct frame *joined = frame_join(r->staged + from, take);
        if (!joined) {
            take = 1;
            joined = frame_retain(r->staged[from]);
        }
        add_for_members(h, r, out, (struct delivery_item){.frame = joined});
        frame_release(joined);
    }
}

static void flush_room(struct hub *h, struct room *r, struct delivery **out)
{
    if (has_members(h, r)) {
        size_t from = 0;
        for (size_t i = 0; i < r->expulsions_len; i++) {
            flush_frames(h, r, from, r->expulsions[i].after, out);
            add_for_members(h, r, out, (struct delivery_item){.end_seq = r->expulsions[i].end_seq});
            from = r->expulsions[i].after;
        }
        flush_frames(h, r, from, r->staged_len, out);
    }
    for (size_t i = 0; i < r->staged_len; i++)
        frame_release(r->staged[i]);
    free(r->expulsions);
    r->expulsions = NULL;
    r->staged_len = r->expulsions_len = 0;
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

static bool is_open_on(const struct shard_room *sr)
{
    return atomic_load_explicit(&sr->count, memory_order_relaxed) != 0;
}

static void post_one(struct hub *h, int shard, const struct delivery_item *item)
{
    struct delivery *d = NULL;
    hub_delivery_add(&d, &h->shards[shard], item);
    hub_delivery_post(d);
}

void hub_publish_ephemeral(struct hub *h, struct room *r, struct frame *f, const struct member *except)
{
    for (int i = 0; i < h->shard_count; i++) {
        const struct delivery_item item = {
            .to = &r->shards[i], .frame = f, .except_serial = except ? except->serial : 0};
        if (is_open_on(item.to))
            post_one(h, i, &item);
    }
}

void hub_publish_to(struct hub *h, struct room *r, struct frame *f, bool is_only, const int64_t *users, size_t n)
{
    for (int i = 0; i < h->shard_count; i++) {
        struct delivery_item item = {.to = &r->shards[i], .frame = f};
        if (!is_open_on(item.to))
            continue;
        item.audience = mem_must_calloc(1, sizeof *item.audience + n * sizeof *users);
        *item.audience = (struct audience){.is_only = is_only, .count = n};
        memcpy(item.audience->users, users, n * sizeof *users);
        post_one(h, i, &item);
    }
}

void hub_broadcast(struct hub *h, struct frame *f)
{
    for (int i = 0; i < h->shard_count; i++) {
        post_one(h, i, &(struct delivery_item){.frame = f});
    }
}
