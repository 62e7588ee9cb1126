/* The registry of rooms, and of the ring of each. */
#include "base/mem.h"
#include "hub/hub_internal.h"

#include <stdlib.h>
#include <string.h>

struct room *hub_find_room(struct hub *h, int64_t id)
{
    struct room *r;
    HASH_FIND(hh_id, h->rooms_by_id, &id, sizeof id, r);
    return r;
}

void hub_room_add(struct hub *h, int64_t id, struct span name, int64_t last_seq, bool archived)
{
    struct room *r = mem_must_calloc(1, sizeof *r);
    r->id = id;
    r->name = mem_must_copy(name);
    r->last_seq = last_seq;
    r->ring_first = last_seq + 1;
    r->archived = archived;
    r->shards = mem_must_calloc((size_t)h->shard_count, sizeof *r->shards);
    for (int i = 0; i < h->shard_count; i++) {
        r->shards[i].room = r;
        r->shards[i].shard = &h->shards[i];
    }
    pthread_mutex_lock(&h->lock);
    HASH_ADD(hh_id, h->rooms_by_id, id, sizeof r->id, r);
    pthread_mutex_unlock(&h->lock);
    metric_add(&h->metrics->rooms, 1);
}

void hub_room_rename(struct hub *h, int64_t id, struct span name)
{
    char *new_name = mem_must_copy(name);
    pthread_mutex_lock(&h->lock);
    struct room *r = hub_find_room(h, id);
    if (r) {
        char *old_name = r->name;
        r->name = new_name;
        new_name = old_name;
    }
    pthread_mutex_unlock(&h->lock);
    free(new_name);
}

void hub_room_set_archived(struct hub *h, int64_t id, bool archived)
{
    pthread_mutex_lock(&h->lock);
    struct room *r = hub_find_room(h, id);
    if (r)
        r->archived = archived;
    pthread_mutex_unlock(&h->lock);
}

struct room *hub_room_by_id(struct hub *h, int64_t id)
{
    pthread_mutex_lock(&h->lock);
    struct room *r = hub_find_room(h, id);
    pthread_mutex_unlock(&h->lock);
    return r;
}

int64_t room_id(const struct room *r)
{
    return r->id;
}

static void copy_info(const struct room *r, struct room_info *out)
{
    out->id = r->id;
    out->last_seq = r->last_seq;
    out->archived = r->archived;
    hub_clip_name(r->name, out->name);
}

void hub_room_info(struct hub *h, struct room *r, struct room_info *out)
{
    pthread_mutex_lock(&h->lock);
    copy_info(r, out);
    pthread_mutex_unlock(&h->lock);
}

/* Rooms are never removed and are added in id order, at the end of uthash's list: so a position in it stays valid
 * without the mutex. */
void hub_rooms_each(struct hub *h, void (*each)(void *ctx, const struct room_info *), void *ctx)
{
    struct room_info info;
    pthread_mutex_lock(&h->lock);
    struct room *r = h->rooms_by_id;
    while (r) {
        copy_info(r, &info);
        pthread_mutex_unlock(&h->lock);
        each(ctx, &info);
        pthread_mutex_lock(&h->lock);
        r = r->hh_id.next;
    }
    pthread_mutex_unlock(&h->lock);
}
