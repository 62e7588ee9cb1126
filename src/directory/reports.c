/* The directory's reports: how many wait, and for whom. */
#include "directory/directory_internal.h"
#include "directory/load.h"
#include "directory/rooms.h"
#include "store/lists.h"

void directory_take_reports(struct directory *d, int64_t room_id, int64_t waiting)
{
    pthread_mutex_lock(&d->lock);
    struct listed_room *r = directory_find_room(d, room_id);
    if (r) {
        d->reports += waiting - r->reports;
        r->reports = waiting;
    }
    pthread_mutex_unlock(&d->lock);
}

enum err directory_load_reports(struct directory *d, struct store *s, int64_t room_id)
{
    int64_t waiting;
    enum err e = reports_count_waiting(s, room_id, &waiting);
    if (!e)
        directory_take_reports(d, room_id, waiting);
    return e;
}

static bool moderates(const struct listed_room *r, int64_t user_id)
{
    const struct membership *m = directory_find_membership(r, user_id);
    return m && m->role == ROOM_ROLE_MODERATOR;
}

/* Most of the time none wait anywhere, and in most rooms none ever do. */
int64_t directory_reports_waiting(struct directory *d, int64_t user_id)
{
    int64_t waiting = 0;
    pthread_mutex_lock(&d->lock);
    const struct listed_user *u = d->reports ? directory_find_user(d, user_id) : NULL;
    if (u && u->role >= ROLE_MODERATOR)
        waiting = d->reports;
    else
        for (size_t i = 0; u && i < u->room_count; i++)
            if (u->rooms[i]->reports && moderates(u->rooms[i], user_id))
                waiting += u->rooms[i]->reports;
    pthread_mutex_unlock(&d->lock);
    return waiting;
}

void directory_moderators_of(struct directory *d, int64_t room_id, struct buf *ids)
{
    pthread_mutex_lock(&d->lock);
    const struct listed_room *r = directory_find_room(d, room_id);
    for (size_t i = 0; r && i < r->member_count; i++)
        if (r->members[i].role == ROOM_ROLE_MODERATOR)
            buf_add(ids, &r->members[i].user_id, sizeof(int64_t));
    pthread_mutex_unlock(&d->lock);
}
