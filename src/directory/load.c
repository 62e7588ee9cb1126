/* The directory is read, whole, from the database. */
#include "directory/load.h"

#include "base/mem.h"
#include "directory/directory_internal.h"
#include "store/lists.h"
#include "store/moderation.h"

#include <stdlib.h>

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
