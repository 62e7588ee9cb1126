/* The directory's blocks: whom people have blocked, and who is kept apart by that. */
#include "base/mem.h"
#include "base/sorted.h"
#include "directory/directory_internal.h"
#include "directory/load.h"
#include "directory/people.h"
#include "store/moderation.h"

#include <stdlib.h>

bool directory_has_blocked(const struct listed_user *u, int64_t other_id)
{
    return u && sorted_has(u->blocked, u->blocked_count, other_id);
}

/* The one rule for who is not told whether somebody is online; each may be NULL. */
static bool are_apart(const struct listed_user *a, const struct listed_user *b)
{
    return a && b && (directory_has_blocked(a, b->id) || directory_has_blocked(b, a->id));
}

/* ------------------------------------------------------------------ the writer's thread */

static void add_blocked(void *ctx, int64_t blocked_id, struct span name)
{
    (void)name;
    buf_add(ctx, &blocked_id, sizeof blocked_id);
}

enum err directory_load_blocks(struct directory *d, struct store *s, int64_t user_id)
{
    struct buf ids = BUF_INIT;
    enum err e = blocks_each(s, user_id, add_blocked, &ids);
    if (!e && ids.failed)
        e = ERR_MEMORY;
    if (!e) {
        pthread_mutex_lock(&d->lock);
        struct listed_user *u = directory_need_user(d, user_id);
        int64_t *old = u->blocked;
        u->blocked = (int64_t *)ids.p;
        u->blocked_count = ids.len / sizeof *u->blocked;
        ids.p = (char *)old;
        pthread_mutex_unlock(&d->lock);
    }
    free(ids.p);
    return e;
}

/* ------------------------------------------------------------------ any thread */

void directory_blocks_of(struct directory *d, int64_t user_id, struct buf *ids)
{
    pthread_mutex_lock(&d->lock);
    const struct listed_user *u = directory_find_user(d, user_id);
    if (u)
        buf_add(ids, u->blocked, u->blocked_count * sizeof *u->blocked);
    pthread_mutex_unlock(&d->lock);
}

void directory_partners(struct directory *d, int64_t user_id, struct buf *ids)
{
    pthread_mutex_lock(&d->lock);
    const struct listed_user *u = directory_find_user(d, user_id);
    for (size_t i = 0; u && i < u->room_count; i++) {
        const struct listed_room *r = u->rooms[i];
        for (size_t j = 0; r->kind == ROOM_DIRECT && j < r->member_count; j++) {
            int64_t id = r->members[j].user_id;
            if (id != user_id && !are_apart(u, directory_find_user(d, id)))
                buf_add(ids, &id, sizeof id);
        }
    }
    pthread_mutex_unlock(&d->lock);
}

bool directory_is_apart(struct directory *d, int64_t a, int64_t b)
{
    pthread_mutex_lock(&d->lock);
    const bool is_apart = are_apart(directory_find_any_user(d, a), directory_find_any_user(d, b));
    pthread_mutex_unlock(&d->lock);
    return is_apart;
}

void directory_find_apart(struct directory *d, const int64_t *ids, size_t n, struct buf *pairs)
{
    pthread_mutex_lock(&d->lock);
    for (size_t i = 0; i < n; i++) {
        const struct listed_user *u = directory_find_any_user(d, ids[i]);
        for (size_t j = 0; u && j < u->blocked_count; j++)
            if (sorted_has(ids, n, u->blocked[j])) {
                const struct directory_apart both[] = {{ids[i], u->blocked[j]}, {u->blocked[j], ids[i]}};
                buf_add(pairs, both, sizeof both);
            }
    }
    pthread_mutex_unlock(&d->lock);
}
