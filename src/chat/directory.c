/* The directory's life: opened from the database, closed. People and rooms are in files of their own. */
#include "base/mem.h"
#include "base/utf8.h"
#include "chat/directory_internal.h"
#include "store/lists.h"
#include "store/moderation.h"

#include <stdlib.h>

void directory_copy_text(char *out, size_t size, const char *text)
{
    struct span cut = utf8_cut(span_of(text), size - 1);
    memcpy(out, cut.p, cut.len);
    out[cut.len] = 0;
}

char *directory_keep_texts(size_t n, const struct span texts[], const char **const targets[])
{
    size_t total = n;
    for (size_t i = 0; i < n; i++)
        total += texts[i].len;
    char *all = mem_must_calloc(total, 1), *at = all;
    for (size_t i = 0; i < n; i++) {
        if (texts[i].len)
            memcpy(at, texts[i].p, texts[i].len);
        *targets[i] = at;
        at += texts[i].len + 1;
    }
    return all;
}

void *directory_make_gap(void *array, size_t count, size_t *cap, size_t size, size_t at)
{
    if (count == *cap) {
        *cap = *cap ? *cap + *cap / 2 + 1 : 2; /* most rooms and most people have few */
        array = mem_must_resize(array, *cap, size);
    }
    char *place = (char *)array + at * size;
    memmove(place + size, place, (count - at) * size);
    return array;
}

/* ------------------------------------------------------------------ the place */

static void take_place(struct directory *d, const struct place_row *row)
{
    char name[DIRECTORY_NAME_BYTES];
    struct span cut = utf8_cut(row->name, sizeof name - 1);
    pthread_mutex_lock(&d->lock);
    if (cut.len)
        memcpy(d->place_name, cut.p, cut.len);
    d->place_name[cut.len] = 0;
    d->set_up_at = row->set_up_at;
    d->requires_totp = row->require_totp;
    pthread_mutex_unlock(&d->lock);
}

enum err directory_load_place(struct directory *d, struct store *s)
{
    struct place_row row;
    enum err e = place_get(s, &row);
    if (!e)
        take_place(d, &row);
    return e;
}

bool directory_is_set_up(struct directory *d)
{
    pthread_mutex_lock(&d->lock);
    bool is_set_up = d->set_up_at != 0;
    pthread_mutex_unlock(&d->lock);
    return is_set_up;
}

bool directory_requires_totp(struct directory *d)
{
    pthread_mutex_lock(&d->lock);
    bool requires = d->requires_totp;
    pthread_mutex_unlock(&d->lock);
    return requires;
}

void directory_place_name(struct directory *d, char out[DIRECTORY_NAME_BYTES])
{
    pthread_mutex_lock(&d->lock);
    memcpy(out, d->place_name, sizeof d->place_name);
    pthread_mutex_unlock(&d->lock);
}

/* ------------------------------------------------------------------ life */

static void open_user(void *ctx, const struct account_row *row)
{
    directory_take_user(ctx, row);
}

static void open_room(void *ctx, const struct room_more_row *row)
{
    directory_take_room(ctx, row);
}

static void open_membership(void *ctx, const struct membership_row *row)
{
    directory_take_membership(ctx, row);
}

static void open_reports(void *ctx, int64_t room_id, int64_t waiting)
{
    directory_take_reports(ctx, room_id, waiting);
}

static void open_requests(void *ctx, int64_t room_id, int64_t waiting)
{
    directory_take_requests(ctx, room_id, waiting);
}

static void open_block(void *ctx, int64_t user_id, int64_t blocked_id)
{
    struct listed_user *u = directory_need_user(ctx, user_id);
    u->blocked = mem_must_resize(u->blocked, u->blocked_count + 1, sizeof *u->blocked);
    u->blocked[u->blocked_count++] = blocked_id;
}

static void open_gone(void *ctx, int64_t room_id, int64_t number)
{
    directory_take_gone(ctx, room_id, number);
}

static void open_hidden(void *ctx, int64_t user_id)
{
    buf_add(ctx, &user_id, sizeof user_id);
}

/* What those have said who are hidden or whom others have blocked. */
static enum err open_said(struct directory *d, struct store *s)
{
    struct buf ids = BUF_INIT;
    enum err e = bans_hiding(s, open_hidden, &ids);
    for (size_t i = 0; !e && i < ids.len / sizeof(int64_t); i++)
        e = directory_load_said(d, s, ((const int64_t *)ids.p)[i], false);
    for (size_t i = 0; !e && i < d->user_count; i++) /* there may be more of them on the way */
        for (size_t j = 0; !e && j < d->users[i]->blocked_count; j++)
            e = directory_load_said(d, s, d->users[i]->blocked[j], true);
    if (!e && ids.failed)
        e = ERR_MEMORY;
    buf_release(&ids);
    return e;
}

enum err directory_open(struct store *s, const struct name_rules *names, struct directory **out)
{
    struct directory *d = calloc(1, sizeof *d);
    if (!d)
        return ERR_MEMORY;
    pthread_mutex_init(&d->lock, NULL);
    d->names = names;
    enum err e = store_read_begin(s);
    if (!e) {
        if (!(e = directory_load_place(d, s)) && !(e = accounts_each(s, 0, INT64_MAX, open_user, d)) &&
            !(e = rooms_more_each(s, open_room, d)) && !(e = memberships_each(s, open_membership, d)) &&
            !(e = reports_count_each(s, open_reports, d)) && !(e = join_requests_count_each(s, open_requests, d)))
            if (!(e = blocks_all(s, open_block, d)) && !(e = messages_gone(s, open_gone, d)))
                e = open_said(d, s);
        store_read_end(s);
    }
    if (e)
        directory_close(d);
    else
        *out = d;
    return e;
}

static void free_user(struct listed_user *u)
{
    free(u->texts);
    free(u->rooms);
    free(u->blocked);
    free(u);
}

static void free_room(struct listed_room *r)
{
    for (size_t i = 0; i < r->member_count; i++)
        free(r->members[i].extras);
    free(r->members);
    directory_release_counts(r);
    free(r->people);
    free(r->texts);
    free(r);
}

void directory_close(struct directory *d)
{
    if (!d)
        return;
    HASH_CLEAR(hh_fold, d->users_by_fold);
    HASH_CLEAR(hh, d->users_by_id);
    HASH_CLEAR(hh, d->rooms_by_id);
    table_clear(&d->rooms_by_name);
    table_clear(&d->rooms_by_fold);
    for (size_t i = 0; i < d->user_count; i++)
        free_user(d->users[i]);
    for (size_t i = 0; i < d->room_count; i++)
        free_room(d->rooms[i]);
    free(d->users);
    free(d->rooms);
    pthread_mutex_destroy(&d->lock);
    free(d);
}
