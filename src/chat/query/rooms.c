#include "chat/admit/standing.h"
#include "chat/query/query_internal.h"
#include "directory/memberships.h"
#include "store/membership.h"

static void add_description(struct query *x, int64_t room_id)
{
    struct room_more_row row;
    if (rooms_more_by_id(x->store, room_id, &row) == OK && row.description.len)
        json_add_text(x->json, ",\"description\":", row.description);
}

/* Whoever manages a closed room from outside sees that it is there and how it is set up, and nothing of what is said in
 * it: neither its texts nor how far it has come. */
static void veil(struct event_room *room)
{
    room->topic = (struct span){NULL, 0};
    room->last_seq = 0;
}

static void add_listed(struct query *x, int64_t id, bool manages)
{
    struct event_room *room = &x->listing.room;
    struct directory *d = x->chat->directory;
    if (!listing_room(&x->listing, d, id, x->who->user_id))
        return;
    bool is_listed = room->kind == ROOM_OPEN || room->kind == ROOM_ANNOUNCEMENT;
    bool is_managed = manages && room->kind == ROOM_CLOSED;
    bool sees = is_listed || room->is_member;
    if ((!is_listed && !is_managed) || !query_next(x)) /* it may have been closed since it was found */
        return;
    if (!sees)
        veil(room);
    event_add_room(x->json, room);
    query_reopen(x);
    json_add_number(x->json, ",\"members\":", (int64_t)directory_member_count(d, id));
    if (sees)
        add_description(x, id);
    buf_add_char(x->json, '}');
}

enum err query_rooms(struct query *x)
{
    struct buf ids = BUF_INIT;
    struct span typed = x->q->f.t[F_QUERY];
    char fold[NAME_KEY_BYTES] = "";
    bool more = false, manages = standing_role(x->chat, x->who) >= ROLE_ADMIN;
    if (!typed.len || name_fold(x->chat->names, typed, fold) == OK)
        more = directory_find_rooms(x->chat->directory, span_of(fold), x->q->f.n[F_AFTER], manages, x->limit, &ids);
    query_begin(x, "rooms");
    for (size_t i = 0; i < ids.len / sizeof(int64_t); i++)
        add_listed(x, ((const int64_t *)ids.p)[i], manages);
    x->more |= more;
    query_end(x);
    x->json->failed |= ids.failed;
    buf_release(&ids);
    return OK;
}

static enum err add_member(struct query *x, int64_t user_id)
{
    struct directory_room room;
    int64_t until;
    struct directory *d = x->chat->directory;
    if (!directory_room(d, x->room_id, user_id, &room, NULL, NULL) || !room.is_member ||
        !listing_person(&x->listing, d, user_id, x->now_ms))
        return OK; /* not any more */
    enum err e = silences_get(x->store, x->room_id, user_id, &until);
    if (e || !query_next(x))
        return e;
    event_add_person(x->json, &x->listing.person);
    query_reopen(x);
    json_add_text(x->json, ",\"room_role\":", span_of(words_name(&words_room_role, (int)room.role)));
    if (until > x->now_ms)
        json_add_number(x->json, ",\"muted_until\":", until);
    buf_add_char(x->json, '}');
    return OK;
}

enum err query_members(struct query *x)
{
    struct directory *d = x->chat->directory;
    struct buf ids = BUF_INIT;
    enum err e = OK;
    bool more = directory_find_members(d, x->room_id, x->q->f.n[F_AFTER], x->limit, &ids);
    query_begin(x, "members");
    for (size_t i = 0; i < ids.len / sizeof(int64_t) && !e; i++)
        e = add_member(x, ((const int64_t *)ids.p)[i]);
    x->more |= more;
    query_end(x);
    json_add_number(x->json, ",\"count\":", (int64_t)directory_member_count(d, x->room_id));
    add_description(x, x->room_id);
    x->json->failed |= ids.failed;
    buf_release(&ids);
    return e;
}

static void add_request(void *ctx, const struct join_request_row *row)
{
    struct query *x = ctx;
    if (!query_next(x))
        return;
    json_add_number(x->json, "{\"id\":", row->id);
    query_add_user(x, ",\"user\":", row->user_id, row->user_name);
    json_add_text(x->json, ",\"text\":", row->text);
    json_add_number(x->json, ",\"at\":", row->at);
    buf_add_char(x->json, '}');
}

enum err query_requests(struct query *x)
{
    query_begin(x, "requests");
    enum err e = join_requests_each(x->store, x->room_id, x->q->f.n[F_AFTER], query_rows(x), add_request, x);
    query_end(x);
    return e;
}
