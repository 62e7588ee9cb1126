/* The directory's rooms: what they are, and what each may see of them. Memberships have a file of their own. */
#include "directory/rooms.h"

#include "base/mem.h"
#include "base/sorted.h"
#include "directory/directory_internal.h"
#include "directory/load.h"
#include "rules/room_access.h"

#include <stdlib.h>

struct listed_room *directory_find_room(struct directory *d, int64_t id)
{
    struct listed_room *r;
    HASH_FIND(hh, d->rooms_by_id, &id, sizeof id, r);
    return r;
}

enum { ROOMS_PER_LOOK = 1024 }; /* looked at while the lock is held, at most */

static size_t place_of(const struct directory *d, int64_t id)
{
    return sorted_place_of_pointer(d->rooms, d->room_count, id);
}

static bool is_listed(const struct listed_room *r)
{
    return r->kind == ROOM_OPEN || r->kind == ROOM_ANNOUNCEMENT;
}

/* ------------------------------------------------------------------ the writer's thread */

/* The ids in a key such as "3,7"; how many. `ids` NULL: only counted. */
static size_t read_key(struct span key, int64_t *ids)
{
    size_t n = 0;
    int64_t id = 0;
    for (size_t i = 0; i <= key.len && key.len; i++) {
        if (i < key.len && key.p[i] >= '0' && key.p[i] <= '9') {
            id = id * 10 + (key.p[i] - '0');
            continue;
        }
        if (ids)
            ids[n] = id;
        n++;
        id = 0;
    }
    return n;
}

static struct listed_room *add_room(struct directory *d, const struct room_more_row *row)
{
    struct listed_room *r = mem_must_calloc(1, sizeof *r);
    r->id = row->id;
    r->last_seq = row->last_seq;
    r->messages = row->messages;
    r->active_at = row->last_message_at ? row->last_message_at : row->created_at;
    r->people_count = read_key(row->direct_key, NULL);
    if (r->people_count) {
        r->people = mem_must_calloc(r->people_count, sizeof *r->people);
        read_key(row->direct_key, r->people);
    }
    size_t at = place_of(d, r->id);
    d->rooms = directory_make_gap(d->rooms, d->room_count, &d->room_cap, sizeof(struct listed_room *), at);
    d->rooms[at] = r;
    d->room_count++;
    HASH_ADD(hh, d->rooms_by_id, id, sizeof r->id, r);
    return r;
}

void directory_take_room(struct directory *d, const struct room_more_row *row)
{
    const struct span texts[] = {row->name, row->fold, row->topic};
    pthread_mutex_lock(&d->lock);
    struct listed_room *r = directory_find_room(d, row->id);
    if (r)
        directory_forget_names(d, r);
    else
        r = add_room(d, row);
    char *old = r->texts;
    const char **const targets[] = {&r->name, &r->fold, &r->topic};
    r->texts = directory_keep_texts(sizeof texts / sizeof *texts, texts, targets);
    directory_index_names(d, r);
    r->archived_at = row->archived_at;
    r->locked_at = row->locked_at;
    r->slow_s = row->slow_s;
    r->kind = row->kind;
    r->history = row->history;
    pthread_mutex_unlock(&d->lock);
    free(old);
}

enum err directory_load_room(struct directory *d, struct store *s, int64_t room_id)
{
    struct room_more_row row;
    enum err e = rooms_more_by_id(s, room_id, &row);
    if (!e)
        directory_take_room(d, &row);
    return e;
}

enum err directory_load_access(struct directory *d, struct store *s, int64_t room_id)
{
    struct room_more_row row;
    enum err e = rooms_more_by_id(s, room_id, &row);
    if (e)
        return e;
    pthread_mutex_lock(&d->lock);
    struct listed_room *r = directory_find_room(d, room_id);
    if (r) {
        r->kind = row.kind;
        r->history = row.history;
    }
    pthread_mutex_unlock(&d->lock);
    return r ? OK : ERR_NOT_FOUND;
}

/* ------------------------------------------------------------------ any thread */

static void copy_membership(struct directory *d, const struct listed_room *r, const struct membership *m,
                            struct directory_room *out)
{
    out->is_member = true;
    out->role = (enum room_role)m->role;
    out->level = (enum level)m->level;
    out->joined_seq = m->joined_seq;
    out->read_seq = m->read_seq;
    out->unread = directory_count_unread(d, r, m);
    out->mentions = m->mentions;
    out->hidden = m->hidden;
    out->favourite = m->favourite;
    if (!m->extras)
        return;
    out->muted_until = m->extras->muted_until;
    out->position = m->extras->position;
    directory_copy_text(out->section, sizeof out->section, m->extras->section);
}

bool directory_room(struct directory *d, int64_t room_id, int64_t user_id, struct directory_room *out, struct buf *name,
                    struct buf *topic)
{
    pthread_mutex_lock(&d->lock);
    const struct listed_room *r = directory_find_room(d, room_id);
    if (r) {
        *out = (struct directory_room){.id = r->id,
                                       .last_seq = r->last_seq,
                                       .archived_at = r->archived_at,
                                       .locked_at = r->locked_at,
                                       .slow_s = r->slow_s,
                                       .messages = r->messages,
                                       .active_at = r->active_at,
                                       .requests = directory_requests_for(d, r, user_id),
                                       .kind = r->kind,
                                       .history = r->history};
        const struct membership *m = user_id ? directory_find_membership(r, user_id) : NULL;
        if (m)
            copy_membership(d, r, m, out);
        if (name)
            buf_add_str(name, r->name);
        if (topic)
            buf_add_str(topic, r->topic);
    }
    pthread_mutex_unlock(&d->lock);
    return r != NULL;
}

enum err directory_check_read(const struct listed_room *r, int64_t user_id, enum user_kind kind, int64_t *floor_seq)
{
    *floor_seq = 0;
    if (kind == USER_SYSTEM || room_is_public(r->kind, kind))
        return OK;
    const struct membership *m = kind == USER_ACCOUNT ? directory_find_membership(r, user_id) : NULL;
    if (!m)
        return ERR_NOT_FOUND;
    *floor_seq = room_floor(r->kind, r->history, m->joined_seq);
    return OK;
}

enum err directory_may_read(struct directory *d, int64_t room_id, int64_t user_id, enum user_kind kind,
                            int64_t *floor_seq)
{
    pthread_mutex_lock(&d->lock);
    const struct listed_room *r = directory_find_room(d, room_id);
    enum err e = r ? directory_check_read(r, user_id, kind, floor_seq) : ERR_NOT_FOUND;
    pthread_mutex_unlock(&d->lock);
    return e;
}

/* What a page of rooms is chosen from: an array by id. */
struct candidates {
    struct listed_room **rooms;
    size_t count;
};

static struct candidates candidates_of(struct directory *d, const struct listed_user *u, enum user_kind kind)
{
    if (kind != USER_ACCOUNT)
        return (struct candidates){d->rooms, d->room_count};
    return u ? (struct candidates){u->rooms, u->room_count} : (struct candidates){NULL, 0};
}

static bool is_for_list(const struct listed_room *r, int64_t user_id, enum user_kind kind, bool with_hidden)
{
    if (kind != USER_ACCOUNT)
        return r->kind == ROOM_OPEN;
    const struct membership *m = with_hidden ? NULL : directory_find_membership(r, user_id);
    return !m || !m->hidden;
}

bool directory_rooms_of(struct directory *d, int64_t user_id, enum user_kind kind, bool with_hidden, int64_t after_id,
                        size_t max, struct buf *ids)
{
    size_t found = 0;
    bool more = false, left = true;
    while (left && !more) {
        pthread_mutex_lock(&d->lock);
        const struct candidates c =
            candidates_of(d, kind == USER_ACCOUNT ? directory_find_user(d, user_id) : NULL, kind);
        size_t i = sorted_place_of_pointer(c.rooms, c.count, after_id + 1), end = i + ROOMS_PER_LOOK;
        for (; i < end && i < c.count && !more; i++) {
            after_id = c.rooms[i]->id;
            if (!is_for_list(c.rooms[i], user_id, kind, with_hidden))
                continue;
            more = found == max;
            if (!more) {
                buf_add(ids, &c.rooms[i]->id, sizeof(int64_t));
                found++;
            }
        }
        left = i < c.count;
        pthread_mutex_unlock(&d->lock);
    }
    return more;
}

void directory_direct_people(struct directory *d, int64_t room_id, struct buf *ids)
{
    pthread_mutex_lock(&d->lock);
    const struct listed_room *r = directory_find_room(d, room_id);
    if (r && r->kind == ROOM_DIRECT)
        buf_add(ids, r->people, r->people_count * sizeof *r->people);
    pthread_mutex_unlock(&d->lock);
}

bool directory_find_rooms(struct directory *d, struct span fold, int64_t after_id, bool with_closed, size_t max,
                          struct buf *ids)
{
    char wanted[NAME_KEY_BYTES];
    size_t found = 0;
    bool more = false;
    if (fold.len >= sizeof wanted)
        return false;
    if (fold.len)
        memcpy(wanted, fold.p, fold.len);
    wanted[fold.len] = 0;
    pthread_mutex_lock(&d->lock);
    for (size_t i = place_of(d, after_id + 1); i < d->room_count && !more; i++) {
        const struct listed_room *r = d->rooms[i];
        bool is_meant = is_listed(r) || (with_closed && r->kind == ROOM_CLOSED);
        if (!is_meant || !strstr(r->fold, wanted))
            continue;
        more = found == max;
        if (!more) {
            buf_add(ids, &r->id, sizeof r->id);
            found++;
        }
    }
    pthread_mutex_unlock(&d->lock);
    return more;
}
