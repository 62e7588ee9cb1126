/* The directory's rooms by name. Closed rooms may share theirs with any other, so that nobody learns from a name that is
 * taken that there is one; and rooms are looked for among those that the seeker sees. */
#include "directory/directory_internal.h"
#include "directory/rooms.h"

void directory_index_names(struct directory *d, struct listed_room *r)
{
    table_add(&d->rooms_by_name, &r->by_name, table_hash(span_of(r->name)));
    table_add(&d->rooms_by_fold, &r->by_fold, table_hash(span_of(r->fold)));
}

void directory_forget_names(struct directory *d, struct listed_room *r)
{
    table_remove(&d->rooms_by_name, &r->by_name);
    table_remove(&d->rooms_by_fold, &r->by_fold);
}

static bool sees(const struct directory_seeker *who, const struct listed_room *r)
{
    int64_t floor_seq;
    return (who->manages && r->kind == ROOM_CLOSED) ||
           directory_check_read(r, who->user_id, who->kind, &floor_seq) == OK;
}

static bool may_ask(const struct directory_seeker *who, const struct listed_room *r)
{
    return r->kind == ROOM_CLOSED && !r->archived_at && !directory_find_membership(r, who->user_id);
}

/* Adds an id to the least ones, which are kept in order; how many there are. */
static size_t keep(int64_t *ids, size_t n, size_t max, int64_t id)
{
    size_t at = n;
    if (n == max && ids[--at] < id)
        return n;
    for (; at && ids[at - 1] > id; at--)
        ids[at] = ids[at - 1];
    ids[at] = id;
    return n < max ? n + 1 : n;
}

typedef bool fits_fn(const struct directory_seeker *who, const struct listed_room *r);

static size_t collect(const struct directory *d, const struct directory_seeker *who, struct span fold, fits_fn *fits,
                      int64_t *ids, size_t max)
{
    size_t n = 0;
    for (struct table_link *l = table_find(&d->rooms_by_fold, table_hash(fold)); l; l = table_next(l)) {
        const struct listed_room *r = table_owner(l, struct listed_room, by_fold);
        if (fits(who, r) && span_equal(span_of(r->fold), fold))
            n = keep(ids, n, max, r->id);
    }
    return n;
}

size_t directory_rooms_by_fold(struct directory *d, const struct directory_seeker *who, struct span fold, int64_t *ids,
                               size_t max)
{
    pthread_mutex_lock(&d->lock);
    size_t n = collect(d, who, fold, sees, ids, max);
    pthread_mutex_unlock(&d->lock);
    return n;
}

size_t directory_rooms_by_name(struct directory *d, const struct directory_seeker *who, struct span name, int64_t *ids,
                               size_t max)
{
    size_t n = 0;
    pthread_mutex_lock(&d->lock);
    for (struct table_link *l = table_find(&d->rooms_by_name, table_hash(name)); l && !n; l = table_next(l)) {
        const struct listed_room *r = table_owner(l, struct listed_room, by_name);
        if (sees(who, r) && span_equal(span_of(r->name), name))
            n = collect(d, who, span_of(r->fold), sees, ids, max);
    }
    pthread_mutex_unlock(&d->lock);
    return n;
}

size_t directory_rooms_to_ask(struct directory *d, int64_t user_id, struct span fold, int64_t *ids, size_t max)
{
    const struct directory_seeker who = {.user_id = user_id, .kind = USER_ACCOUNT};
    pthread_mutex_lock(&d->lock);
    size_t n = collect(d, &who, fold, may_ask, ids, max);
    pthread_mutex_unlock(&d->lock);
    return n;
}
