/* The directory's requests to join: how many wait for each room, and who may answer them. */
#include "directory/directory_internal.h"
#include "directory/load.h"
#include "directory/rooms.h"
#include "rules/role.h"
#include "store/lists.h"

bool directory_take_requests(struct directory *d, int64_t room_id, int64_t waiting)
{
    pthread_mutex_lock(&d->lock);
    struct listed_room *r = directory_find_room(d, room_id);
    bool is_other = r && r->requests != waiting;
    if (r) {
        d->requests += waiting - r->requests;
        r->requests = waiting;
    }
    pthread_mutex_unlock(&d->lock);
    return is_other;
}

enum err directory_load_requests(struct directory *d, struct store *s, int64_t room_id, bool *is_other)
{
    int64_t waiting;
    enum err e = join_requests_count(s, room_id, &waiting);
    if (!e)
        *is_other = directory_take_requests(d, room_id, waiting);
    return e;
}

/* As the role table says; `m` NULL: from outside. */
static bool may_answer(struct directory *d, int64_t user_id, const struct membership *m)
{
    const struct listed_user *u = directory_find_user(d, user_id);
    const struct standing standing = {.role = u ? u->role : ROLE_VISITOR,
                                      .room_role = m ? (enum room_role)m->role : ROOM_ROLE_NONE};
    return permission_check(permission_of(REQUEST_ANSWER_REQUEST), &standing) == OK;
}

int64_t directory_requests_for(struct directory *d, const struct listed_room *r, int64_t user_id)
{
    bool is_told = r->requests && user_id && may_answer(d, user_id, directory_find_membership(r, user_id));
    return is_told ? r->requests : 0;
}

void directory_answerers_of(struct directory *d, int64_t room_id, struct buf *ids)
{
    pthread_mutex_lock(&d->lock);
    const struct listed_room *r = directory_find_room(d, room_id);
    for (size_t i = 0; r && i < r->member_count; i++)
        if (may_answer(d, r->members[i].user_id, &r->members[i]))
            buf_add(ids, &r->members[i].user_id, sizeof(int64_t));
    pthread_mutex_unlock(&d->lock);
}

/* Most of the time none wait anywhere. */
void directory_rooms_to_answer(struct directory *d, int64_t user_id, struct buf *ids)
{
    pthread_mutex_lock(&d->lock);
    const struct listed_user *u = d->requests ? directory_find_user(d, user_id) : NULL;
    for (size_t i = 0; u && i < u->room_count; i++)
        if (directory_requests_for(d, u->rooms[i], user_id))
            buf_add(ids, &u->rooms[i]->id, sizeof(int64_t));
    pthread_mutex_unlock(&d->lock);
}

int64_t directory_requests_waiting(struct directory *d, int64_t room_id)
{
    pthread_mutex_lock(&d->lock);
    const struct listed_room *r = directory_find_room(d, room_id);
    int64_t waiting = r ? r->requests : 0;
    pthread_mutex_unlock(&d->lock);
    return waiting;
}
