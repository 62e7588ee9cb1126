/* What those ask who look after the place. */
#include "store/moderation.h"

#include "base/utf8.h"
#include "chat/admit/room_by_name.h"
#include "chat/admit/standing.h"
#include "chat/query/query_internal.h"

enum { REPORTED_BYTES = 2000 /* of a reported message */ };

static void add_ban(void *ctx, const struct ban_row *row)
{
    struct query *x = ctx;
    if (!query_next(x))
        return;
    json_add_number(x->json, "{\"id\":", row->id);
    query_add_user(x, ",\"user\":", row->user_id, row->user_name);
    query_add_user(x, ",\"by\":", row->actor_id, row->actor_name);
    json_add_number(x->json, ",\"at\":", row->at);
    json_add_number(x->json, ",\"until_ms\":", row->until);
    json_add_text(x->json, ",\"reason\":", row->reason);
    json_add_flag(x->json, ",\"hide\":", row->hides);
    buf_add_char(x->json, '}');
}

/* The ban of the one who is asked for. */
static enum err add_ban_of_user(struct query *x)
{
    int64_t user_id;
    struct ban_row row;
    enum err e = standing_user(x->chat, &x->q->user, &user_id);
    if (!e)
        e = bans_get(x->store, user_id, &row);
    if (!e)
        add_ban(x, &row);
    return e == ERR_NOT_FOUND ? OK : e;
}

enum err query_bans(struct query *x)
{
    const bool of_user = x->q->user.id || x->q->user.name.len;
    query_begin(x, "bans");
    enum err e = of_user ? add_ban_of_user(x) : bans_each(x->store, x->q->f.n[F_BEFORE], query_rows(x), add_ban, x);
    query_end(x);
    return e;
}

/* A direct conversation has no name that is for people. */
static void add_room(struct query *x, int64_t room_id, struct span name)
{
    bool is_here = listing_room(&x->listing, x->chat->directory, room_id, 0);
    json_add_number(x->json, ",\"room\":", room_id);
    json_add_text(x->json, ",\"room_name\":", is_here ? x->listing.room.name : name);
}

/* ------------------------------------------------------------------ reports */

/* Moderators of the place handle all reports, those of a room its own. */
struct report_list {
    struct query *x;
    bool sees_all;
};

static bool moderates(const struct query *x, int64_t room_id)
{
    struct directory_room room;
    return directory_room(x->chat->directory, room_id, x->who->user_id, &room, NULL, NULL) &&
           room.role == ROOM_ROLE_MODERATOR;
}

static bool moderates_any(const struct query *x)
{
    struct buf ids = BUF_INIT;
    bool any = false;
    directory_rooms_of(x->chat->directory, x->who->user_id, USER_ACCOUNT, true, 0, SIZE_MAX, &ids);
    for (size_t i = 0; i < ids.len / sizeof(int64_t) && !any; i++)
        any = moderates(x, ((const int64_t *)ids.p)[i]);
    buf_release(&ids);
    return any;
}

static void add_report(void *ctx, const struct report_row *row)
{
    struct report_list *list = ctx;
    struct query *x = list->x;
    if ((!list->sees_all && !moderates(x, row->room_id)) || !query_next(x))
        return;
    json_add_number(x->json, "{\"id\":", row->id);
    add_room(x, row->room_id, row->room_name);
    json_add_number(x->json, ",\"seq\":", row->seq);
    query_add_user(x, ",\"author\":", row->author_id, row->author_name);
    json_add_text(x->json, ",\"body\":", utf8_cut(row->body, REPORTED_BYTES));
    query_add_user(x, ",\"by\":", row->reporter_id, row->reporter_name);
    json_add_text(x->json, ",\"reason\":", row->reason);
    json_add_number(x->json, ",\"at\":", row->at);
    if (row->handled_at) {
        json_add_number(x->json, ",\"handled_at\":", row->handled_at);
        query_add_user(x, ",\"handled_by\":", row->handled_by, row->handler_name);
        json_add_text(x->json, ",\"outcome\":", row->outcome);
    }
    buf_add_char(x->json, '}');
}

enum err query_reports(struct query *x)
{
    const char *unused;
    struct report_list list = {x, standing_check(x->chat, x->who, REQUEST_REPORTS, 0, 0, &unused) == OK};
    if (!list.sees_all && !moderates_any(x))
        return ERR_FORBIDDEN;
    int64_t rows = list.sees_all ? query_rows(x) : INT64_MAX; /* which of them are seen is not known before */
    const bool handled = x->q->f.n[F_HANDLED] != 0;
    query_begin(x, "reports");
    enum err e = reports_each(x->store, handled, x->q->f.n[handled ? F_BEFORE : F_AFTER], rows, add_report, &list);
    query_end(x);
    return e;
}

/* ------------------------------------------------------------------ audit */

static void add_entry(void *ctx, const struct audit_row *row)
{
    struct query *x = ctx;
    if (!query_next(x))
        return;
    json_add_number(x->json, "{\"id\":", row->id);
    json_add_number(x->json, ",\"at\":", row->at);
    query_add_user(x, ",\"by\":", row->actor_id, row->actor_name);
    json_add_text(x->json, ",\"verb\":", row->verb);
    if (row->user_id)
        query_add_user(x, ",\"user\":", row->user_id, row->user_name);
    if (row->room_id)
        add_room(x, row->room_id, row->room_name);
    if (row->seq)
        json_add_number(x->json, ",\"seq\":", row->seq);
    json_add_text(x->json, ",\"address\":", row->address);
    buf_add_str(x->json, ",\"detail\":");
    buf_add_span(x->json, row->detail.len ? row->detail : span_of("{}")); /* JSON, as it was written */
    buf_add_char(x->json, '}');
}

enum err query_audit(struct query *x)
{
    const struct fields *f = &x->q->f;
    struct audit_filter filter = {.before_id = f->n[F_BEFORE], .actor_id = f->n[F_ACTOR], .verb = f->t[F_VERB]};
    filter.by_system = fields_has(f, F_ACTOR) && !filter.actor_id;
    bool finds = true;
    enum err e = OK;
    if (x->q->user.id || x->q->user.name.len)
        finds = standing_user(x->chat, &x->q->user, &filter.user_id) == OK;
    if (x->q->room.id)
        filter.room_id = x->q->room.id;
    else if (x->q->room.name.len)
        e = rooms_reach(x->chat, x->who, REQUEST_ARCHIVE_ROOM, &x->q->room, &filter.room_id);
    if (e == ERR_AMBIGUOUS)
        return e;
    finds = finds && !e;
    query_begin(x, "audit");
    e = finds ? audit_each(x->store, &filter, query_rows(x), add_entry, x) : OK;
    query_end(x);
    return e;
}

/* ------------------------------------------------------------------ settings */

enum err query_settings(struct query *x)
{
    struct chat *c = x->chat;
    char name[DIRECTORY_NAME_BYTES];
    buf_add_str(x->json, ",\"settings\":");
    if (c->settings.write_settings)
        c->settings.write_settings(c->settings.settings_ctx, x->json);
    else
        buf_add_str(x->json, "[]");
    directory_place_name(c->directory, name);
    json_add_text(x->json, ",\"place\":{\"name\":", span_of(name[0] ? name : c->settings.server_name));
    json_add_flag(x->json, ",\"require_totp\":", directory_requires_totp(c->directory));
    buf_add_char(x->json, '}');
    return OK;
}
