/* Expelling: from the moment on at which somebody may not read a room any more, its members who are that person get
 * nothing new.
 *
 *     writer       publish 4, 5 | expel: end_seq = 5 | publish 6 |  flush:  [4 5] [expulsion] [6]  --> shard's mailbox
 *
 * A member that is live gets 4 and 5, is then told, leaves, and is not there when 6 comes. One that is behind takes up
 * to 5 from the ring, whenever it does so, and passes by what arrives. So nothing is asked per frame. */
#include "base/mem.h"
#include "hub/for_tests.h"
#include "hub/hub_internal.h"

#include <assert.h>
#include <stdlib.h>

/* Under the mutex. Who has an end already keeps it: word of it is on its way. */
static bool set_end(const struct room *r, struct member *m)
{
    if (atomic_load_explicit(&m->end_seq, memory_order_relaxed) != INT64_MAX)
        return false;
    atomic_store_explicit(&m->end_seq, r->last_seq, memory_order_relaxed);
    return true;
}

static void stage_expulsion(struct hub *h, struct room *r, int64_t end_seq)
{
    hub_stage(h, r);
    r->expulsions = mem_must_resize(r->expulsions, r->expulsions_len + 1, sizeof *r->expulsions);
    r->expulsions[r->expulsions_len++] = (struct expulsion){end_seq, r->staged_len};
}

void hub_expel(struct hub *h, int64_t id, int64_t user_id)
{
    bool any = false;
    if (!user_id)
        return;
    pthread_mutex_lock(&h->lock);
    struct room *r = hub_find_room(h, id);
    struct person_index *x = hub_find_person(h, user_id);
    assert(r);
    for (struct member *m = x ? x->person->members : NULL; m; m = m->person_next)
        if (m->at->room == r && set_end(r, m))
            any = true;
    int64_t end_seq = r->last_seq;
    pthread_mutex_unlock(&h->lock);
    if (any)
        stage_expulsion(h, r, end_seq);
}

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Under the mutex; true: there was somebody to be expelled. */
static bool expel_shard(const struct shard_room *sr, const int64_t *stay, size_t n)
{
    bool any = false;
    for (uint32_t i = 0; i < sr->len; i++) {
        struct member *m = sr->members[i];
        int64_t user_id = atomic_load_explicit(&m->person->user_id, memory_order_relaxed);
        if (!(n && bsearch(&user_id, stay, n, sizeof *stay, by_id)) && set_end(sr->room, m))
            any = true;
    }
    return any;
}

void hub_expel_others(struct hub *h, int64_t id, const int64_t *stay, size_t n)
{
    bool any = false;
    pthread_mutex_lock(&h->lock);
    struct room *r = hub_find_room(h, id);
    assert(r);
    for (int i = 0; i < h->shard_count; i++)
        any |= expel_shard(&r->shards[i], stay, n);
    int64_t end_seq = r->last_seq;
    pthread_mutex_unlock(&h->lock);
    if (any)
        stage_expulsion(h, r, end_seq);
}

int64_t hub_member_end(struct hub *h, const struct member *m)
{
    pthread_mutex_lock(&h->lock);
    int64_t end_seq = atomic_load_explicit(&m->end_seq, memory_order_relaxed);
    pthread_mutex_unlock(&h->lock);
    return end_seq;
}

/* The ends that this is about were set before it was posted. Who has joined since has none yet, or one that is later or
 * the same: then nothing lies between the two. Those who are told leave the list, so it is not walked while they do. */
void hub_run_expulsion(struct shard_room *to, int64_t end_seq)
{
    struct member **meant = NULL;
    size_t n = 0, cap = 0;
    for (uint32_t i = 0; i < to->len; i++) {
        if (atomic_load_explicit(&to->members[i]->end_seq, memory_order_relaxed) > end_seq)
            continue;
        if (n == cap) {
            cap = cap ? cap * 2 : 4;
            meant = mem_must_resize(meant, cap, sizeof *meant);
        }
        meant[n++] = to->members[i];
    }
    for (size_t i = 0; i < n; i++)
        to->shard->hub->callbacks.expelled(meant[i]);
    free(meant);
}
