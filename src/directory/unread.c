/* The directory's counts: what each member of a room has not read yet. */
#include "base/mem.h"
#include "base/sorted.h"
#include "directory/directory_internal.h"
#include "directory/load.h"
#include "directory/memberships.h"
#include "store/lists.h"
#include "store/moderation.h"

#include <stdlib.h>

/* Under the lock, all of these but where it is said. */

/* Where the author is, or belongs, among the room's shunned ones. */
static size_t place_of(const struct listed_room *r, int64_t author_id)
{
    return sorted_place(r->shunned, r->shunned_count, sizeof *r->shunned, author_id);
}

static struct numbers *find_shunned(const struct listed_room *r, int64_t author_id)
{
    const size_t at = place_of(r, author_id);
    return at < r->shunned_count && r->shunned[at].author_id == author_id ? &r->shunned[at].said : NULL;
}

static struct numbers *need_shunned(struct listed_room *r, int64_t author_id)
{
    const size_t at = place_of(r, author_id);
    if (at == r->shunned_count || r->shunned[at].author_id != author_id) {
        r->shunned = directory_make_gap(r->shunned, r->shunned_count, &r->shunned_cap, sizeof *r->shunned, at);
        r->shunned[at] = (struct shunned){.author_id = author_id};
        r->shunned_count++;
    }
    return &r->shunned[at].said;
}

int64_t directory_count_unread(struct directory *d, const struct listed_room *r, const struct membership *m)
{
    int64_t unread = r->messages - m->read_number - numbers_above(&r->gone, m->read_number);
    const bool has_more = unread && (r->shunned_count || m->own_after);
    const struct listed_user *u = has_more ? directory_find_any_user(d, m->user_id) : NULL;
    if (has_more && !(u && u->is_hidden)) /* else they are among the gone ones */
        unread -= m->own_after;
    for (size_t i = 0; u && r->shunned_count && i < u->blocked_count; i++) {
        const struct numbers *said = find_shunned(r, u->blocked[i]);
        if (said)
            unread -= numbers_above(said, m->read_number);
    }
    return unread > 0 ? unread : 0; /* within a batch, a membership may be ahead of the messages */
}

void directory_release_counts(struct listed_room *r)
{
    for (size_t i = 0; i < r->shunned_count; i++)
        numbers_release(&r->shunned[i].said);
    free(r->shunned);
    numbers_release(&r->gone);
}

static void mark_active(struct directory *d, struct listed_room *r)
{
    if (r->is_active)
        return;
    r->is_active = true;
    r->next_active = d->active;
    d->active = r;
}

/* ------------------------------------------------------------------ the writer's thread: events */

/* One message more or less mentions the member. At the limit the number is not known any more: it stays until it is
 * read anew. */
static void count_mention(struct directory *d, const struct listed_user *author, struct membership *m, int by)
{
    if (author && author->is_shunned && directory_has_blocked(directory_find_any_user(d, m->user_id), author->id))
        return;
    if (m->mentions < MEMBERSHIP_MENTIONS_MAX && m->mentions + by >= 0)
        m->mentions = (uint16_t)(m->mentions + by);
}

/* A message that mentions everybody, or somebody twice over, counts once for each who has not read up to `seq` and is not
 * its author. */
static void count_mentions(struct directory *d, struct listed_room *r, int64_t seq, const struct listed_user *author,
                           const int64_t *mentioned, size_t n, int by)
{
    const int64_t author_id = author ? author->id : 0;
    for (size_t i = 0; i < n; i++)
        if (mentioned[i] == 0) {
            for (size_t j = 0; j < r->member_count; j++)
                if (r->members[j].read_seq < seq && r->members[j].user_id != author_id)
                    count_mention(d, author, &r->members[j], by);
            return;
        }
    for (size_t i = 0; i < n; i++) {
        size_t first = 0;
        while (mentioned[first] != mentioned[i])
            first++;
        struct membership *m = first == i ? directory_find_membership(r, mentioned[i]) : NULL;
        if (m && m->read_seq < seq)
            count_mention(d, author, m, by);
    }
}

static void count_message(struct directory *d, struct listed_room *r, const struct directory_message *m, int64_t seq)
{
    const struct listed_user *author = directory_find_any_user(d, m->author_id);
    if (m->number > r->messages) {
        r->messages = m->number;
        r->active_at = m->at;
    }
    if (author && author->is_hidden)
        numbers_add(&r->gone, m->number);
    else
        count_mentions(d, r, seq, author, m->mentioned, m->mentioned_count, 1);
    if (author && author->is_shunned && !author->is_hidden)
        numbers_add(need_shunned(r, m->author_id), m->number);
    struct membership *own = directory_find_membership(r, m->author_id);
    if (own && m->has_read) {
        own->read_seq = seq;
        own->read_number = m->number;
        own->own_after = own->mentions = 0;
    } else if (own) {
        own->own_after++;
    }
    mark_active(d, r);
}

void directory_event(struct directory *d, int64_t room_id, int64_t seq, const struct directory_message *m)
{
    pthread_mutex_lock(&d->lock);
    struct listed_room *r = directory_find_room(d, room_id);
    if (r && seq > r->last_seq)
        r->last_seq = seq;
    if (r && m->number)
        count_message(d, r, m, seq);
    pthread_mutex_unlock(&d->lock);
}

void directory_gone(struct directory *d, int64_t room_id, int64_t seq, const struct directory_message *m)
{
    pthread_mutex_lock(&d->lock);
    struct listed_room *r = directory_find_room(d, room_id);
    struct membership *own = r ? directory_find_membership(r, m->author_id) : NULL;
    if (own && own->read_seq < seq && own->own_after)
        own->own_after--;
    if (r && numbers_add(&r->gone, m->number)) {
        struct numbers *said = find_shunned(r, m->author_id);
        if (said)
            numbers_remove(said, m->number);
        count_mentions(d, r, seq, directory_find_any_user(d, m->author_id), m->mentioned, m->mentioned_count, -1);
        mark_active(d, r);
    }
    pthread_mutex_unlock(&d->lock);
}

void directory_take_gone(struct directory *d, int64_t room_id, int64_t number)
{
    pthread_mutex_lock(&d->lock);
    struct listed_room *r = directory_find_room(d, room_id);
    if (r)
        numbers_add(&r->gone, number);
    pthread_mutex_unlock(&d->lock);
}

/* ------------------------------------------------------------------ the writer's thread: hidden and blocked authors */

struct said {
    int64_t room_id, number;
};

static int compare_said(const void *a, const void *b)
{
    const struct said *x = a, *y = b;
    return x->room_id != y->room_id ? (x->room_id > y->room_id) - (x->room_id < y->room_id)
                                    : (x->number > y->number) - (x->number < y->number);
}

static void add_said(void *ctx, int64_t room_id, int64_t number)
{
    buf_add(ctx, &(struct said){room_id, number}, sizeof(struct said));
}

/* What the author has said in one room changes sides; takes the lock. */
static void sort_said(struct directory *d, const struct listed_user *author, int64_t room_id, const int64_t *numbers,
                      size_t n)
{
    pthread_mutex_lock(&d->lock);
    struct listed_room *r = directory_find_room(d, room_id);
    if (r) {
        struct numbers *said = author->is_shunned ? need_shunned(r, author->id) : NULL;
        (author->is_hidden ? numbers_add_all : numbers_remove_all)(&r->gone, numbers, n);
        if (said)
            (author->is_hidden ? numbers_remove_all : numbers_add_all)(said, numbers, n);
        mark_active(d, r);
    }
    pthread_mutex_unlock(&d->lock);
}

static void sort_all_said(struct directory *d, const struct listed_user *author, struct buf *rows)
{
    struct said *said = (struct said *)rows->p;
    const size_t n = rows->len / sizeof *said;
    int64_t *numbers = mem_must_calloc(n + 1, sizeof *numbers);
    if (n)
        qsort(said, n, sizeof *said, compare_said);
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from; to < n && said[to].room_id == said[from].room_id; to++)
            numbers[to - from] = said[to].number;
        sort_said(d, author, said[from].room_id, numbers, to - from);
    }
    free(numbers);
}

enum err directory_load_said(struct directory *d, struct store *s, int64_t author_id, bool is_blocked)
{
    struct buf rows = BUF_INIT;
    struct ban_row ban;
    enum err e = bans_get(s, author_id, &ban);
    if (e && e != ERR_NOT_FOUND)
        return e;
    const bool hides = !e && ban.hides;
    pthread_mutex_lock(&d->lock);
    struct listed_user *author = directory_need_user(d, author_id);
    pthread_mutex_unlock(&d->lock);
    if (author->is_hidden == hides && (author->is_shunned || !is_blocked))
        return OK;
    e = messages_by_author(s, author_id, add_said, &rows);
    if (!e && rows.failed)
        e = ERR_MEMORY;
    if (!e) {
        pthread_mutex_lock(&d->lock);
        author->is_hidden = hides;
        author->is_shunned |= is_blocked;
        pthread_mutex_unlock(&d->lock);
        sort_all_said(d, author, &rows);
    }
    buf_release(&rows);
    return e;
}

static void add_mentioned(void *ctx, int64_t room_id, int64_t user_id)
{
    buf_add(ctx, &(struct said){room_id, user_id}, sizeof(struct said));
}

static enum err load_memberships(struct directory *d, struct store *s, int64_t room_id, int64_t user_id)
{
    struct buf ids = BUF_INIT;
    enum err e = OK;
    if (user_id)
        return directory_load_membership(d, s, room_id, user_id);
    directory_members_of(d, room_id, 0, &ids);
    for (size_t i = 0; !e && i < ids.len / sizeof(int64_t); i++)
        e = directory_load_membership(d, s, room_id, ((const int64_t *)ids.p)[i]);
    buf_release(&ids);
    return e;
}

enum err directory_load_mentioned_by(struct directory *d, struct store *s, int64_t author_id)
{
    struct buf rows = BUF_INIT;
    enum err e = mentions_by_author(s, author_id, add_mentioned, &rows);
    const size_t n = rows.len / sizeof(struct said);
    struct said *all = (struct said *)rows.p;
    if (!e && rows.failed)
        e = ERR_MEMORY;
    if (!e && n)
        qsort(all, n, sizeof *all, compare_said);
    for (size_t i = 0; !e && i < n; i++)
        if (!i || compare_said(&all[i - 1], &all[i]) != 0)
            e = load_memberships(d, s, all[i].room_id, all[i].number);
    buf_release(&rows);
    return e == ERR_NOT_FOUND ? OK : e;
}

/* ------------------------------------------------------------------ any thread */

void directory_rooms_unread_from(struct directory *d, int64_t user_id, int64_t author_id, struct buf *ids)
{
    pthread_mutex_lock(&d->lock);
    const struct listed_user *u = directory_find_user(d, user_id);
    for (size_t i = 0; u && i < u->room_count; i++) {
        const struct listed_room *r = u->rooms[i];
        const struct numbers *said = find_shunned(r, author_id);
        const struct membership *m = said ? directory_find_membership(r, user_id) : NULL;
        if (m && numbers_above(said, m->read_number))
            buf_add(ids, &r->id, sizeof r->id);
    }
    pthread_mutex_unlock(&d->lock);
}

void directory_take_active(struct directory *d, struct buf *ids)
{
    pthread_mutex_lock(&d->lock);
    for (struct listed_room *r = d->active; r; r = r->next_active) {
        buf_add(ids, &r->id, sizeof r->id);
        r->is_active = false;
    }
    d->active = NULL;
    pthread_mutex_unlock(&d->lock);
}

int64_t directory_unread(struct directory *d, int64_t room_id, int64_t after_id, size_t max, struct buf *rows,
                         bool *more)
{
    pthread_mutex_lock(&d->lock);
    const struct listed_room *r = directory_find_room(d, room_id);
    int64_t last_seq = r ? r->last_seq : 0;
    size_t at = r ? directory_membership_place(r, after_id + 1) : 0, left = r ? r->member_count - at : 0;
    *more = left > max;
    if (*more)
        left = max;
    if (buf_reserve(rows, left * sizeof(struct directory_unread)))
        for (const size_t end = at + left; at < end; at++) {
            const struct membership *m = &r->members[at];
            struct directory_unread row = {m->user_id, directory_count_unread(d, r, m), m->mentions, m->hidden};
            buf_add(rows, &row, sizeof row);
        }
    pthread_mutex_unlock(&d->lock);
    return last_seq;
}
