/* The directory's memberships: who belongs to which room. */
#include "directory/memberships.h"

#include "base/mem.h"
#include "base/sorted.h"
#include "directory/directory_internal.h"
#include "directory/load.h"

#include <stdlib.h>

size_t directory_membership_place(const struct listed_room *r, int64_t user_id)
{
    return sorted_place(r->members, r->member_count, sizeof *r->members, user_id);
}

struct membership *directory_find_membership(const struct listed_room *r, int64_t user_id)
{
    size_t at = directory_membership_place(r, user_id);
    return at < r->member_count && r->members[at].user_id == user_id ? &r->members[at] : NULL;
}

/* ------------------------------------------------------------------ the writer's thread */

static void list_room(struct listed_user *u, struct listed_room *r)
{
    size_t at = u->room_count;
    while (at && u->rooms[at - 1]->id > r->id)
        at--;
    u->rooms = directory_make_gap(u->rooms, u->room_count, &u->room_cap, sizeof(struct listed_room *), at);
    u->rooms[at] = r;
    u->room_count++;
}

static void unlist_room(struct listed_user *u, const struct listed_room *r)
{
    size_t at = 0;
    while (at < u->room_count && u->rooms[at] != r)
        at++;
    if (at == u->room_count)
        return;
    u->room_count--;
    memmove(u->rooms + at, u->rooms + at + 1, (u->room_count - at) * sizeof(struct listed_room *));
}

static struct membership_extras *keep_extras(const struct membership_row *row)
{
    if (!row->muted_until && !row->position && !row->section.len)
        return NULL;
    struct membership_extras *extras = mem_must_calloc(1, sizeof *extras + row->section.len + 1);
    extras->muted_until = row->muted_until;
    extras->position = row->position;
    if (row->section.len)
        memcpy(extras->section, row->section.p, row->section.len);
    return extras;
}

static struct membership *add_membership(struct directory *d, struct listed_room *r, int64_t user_id)
{
    size_t at = directory_membership_place(r, user_id);
    r->members = directory_make_gap(r->members, r->member_count, &r->member_cap, sizeof *r->members, at);
    r->members[at] = (struct membership){.user_id = user_id};
    r->member_count++;
    list_room(directory_need_user(d, user_id), r);
    return &r->members[at];
}

bool directory_take_membership(struct directory *d, const struct membership_row *row)
{
    struct membership_extras *extras = keep_extras(row);
    pthread_mutex_lock(&d->lock);
    struct listed_room *r = directory_find_room(d, row->room_id);
    struct membership *m = r ? directory_find_membership(r, row->user_id) : NULL;
    if (r && !m)
        m = add_membership(d, r, row->user_id);
    if (m) {
        struct membership_extras *old = m->extras;
        /* The row may be ahead of the events that are known here: of those all has been read then. */
        bool has_read_all = row->read_seq >= r->last_seq;
        m->joined_seq = row->joined_seq;
        m->read_seq = has_read_all ? r->last_seq : row->read_seq;
        m->read_number = has_read_all ? r->messages : row->read_number;
        m->mentions = has_read_all ? 0 : (uint16_t)row->mentions;
        m->own_after = has_read_all ? 0 : (uint32_t)row->own_after;
        m->role = (uint8_t)row->role & 0xf;
        m->level = (uint8_t)row->level & 0x3;
        m->hidden = row->hidden;
        m->favourite = row->favourite;
        m->extras = extras;
        extras = old;
    }
    pthread_mutex_unlock(&d->lock);
    free(extras);
    return r != NULL;
}

void directory_drop_membership(struct directory *d, int64_t room_id, int64_t user_id)
{
    struct membership_extras *extras = NULL;
    pthread_mutex_lock(&d->lock);
    struct listed_room *r = directory_find_room(d, room_id);
    struct membership *m = r ? directory_find_membership(r, user_id) : NULL;
    if (m) {
        extras = m->extras;
        r->member_count--;
        memmove(m, m + 1, (size_t)(r->members + r->member_count - m) * sizeof *m);
        unlist_room(directory_need_user(d, user_id), r);
    }
    pthread_mutex_unlock(&d->lock);
    free(extras);
}

enum err directory_load_membership(struct directory *d, struct store *s, int64_t room_id, int64_t user_id)
{
    struct membership_row row;
    enum err e = memberships_get(s, room_id, user_id, &row);
    if (e == ERR_NOT_FOUND) {
        directory_drop_membership(d, room_id, user_id);
        return OK;
    }
    return !e && !directory_take_membership(d, &row) ? ERR_NOT_FOUND : e;
}

/* ------------------------------------------------------------------ any thread */

void directory_members_of(struct directory *d, int64_t room_id, int64_t but, struct buf *ids)
{
    pthread_mutex_lock(&d->lock);
    const struct listed_room *r = directory_find_room(d, room_id);
    for (size_t i = 0; r && i < r->member_count; i++)
        if (r->members[i].user_id != but)
            buf_add(ids, &r->members[i].user_id, sizeof(int64_t));
    pthread_mutex_unlock(&d->lock);
}

size_t directory_member_count(struct directory *d, int64_t room_id)
{
    pthread_mutex_lock(&d->lock);
    const struct listed_room *r = directory_find_room(d, room_id);
    size_t n = r ? r->member_count : 0;
    pthread_mutex_unlock(&d->lock);
    return n;
}

bool directory_is_member(struct directory *d, int64_t room_id, int64_t user_id)
{
    pthread_mutex_lock(&d->lock);
    const struct listed_room *r = directory_find_room(d, room_id);
    bool is_member = r && directory_find_membership(r, user_id);
    pthread_mutex_unlock(&d->lock);
    return is_member;
}

bool directory_is_in_open_room(struct directory *d, int64_t user_id)
{
    pthread_mutex_lock(&d->lock);
    const struct listed_user *u = directory_find_user(d, user_id);
    bool found = u && u->kind == USER_GUEST;
    for (size_t i = 0; u && i < u->room_count && !found; i++)
        found = u->rooms[i]->kind == ROOM_OPEN;
    pthread_mutex_unlock(&d->lock);
    return found;
}

bool directory_find_members(struct directory *d, int64_t room_id, int64_t after_id, size_t max, struct buf *ids)
{
    bool more = false;
    pthread_mutex_lock(&d->lock);
    const struct listed_room *r = directory_find_room(d, room_id);
    if (r) {
        size_t at = directory_membership_place(r, after_id + 1), end = at + max;
        more = end < r->member_count;
        for (; at < end && at < r->member_count; at++)
            buf_add(ids, &r->members[at].user_id, sizeof(int64_t));
    }
    pthread_mutex_unlock(&d->lock);
    return more;
}
