#include "store/people.h"

#include "chat/admit/standing.h"
#include "chat/announce/presence.h"
#include "chat/query/query_internal.h"
#include "directory/memberships.h"

/* What is typed is compared with the folds of names, so case and look-alike letters do not matter. What can be no part
 * of a name is found in none. */
static bool fold_query(const struct query *x, char fold[NAME_KEY_BYTES])
{
    struct span typed = x->q->f.t[F_QUERY];
    fold[0] = 0;
    return !typed.len || name_fold(x->chat->names, typed, fold) == OK;
}

enum err query_people(struct query *x)
{
    struct directory *d = x->chat->directory;
    struct buf ids = BUF_INIT;
    char fold[NAME_KEY_BYTES];
    bool sees_banned = standing_role(x->chat, x->who) >= ROLE_MODERATOR, more = false;
    if (fold_query(x, fold))
        more = directory_find_people(d, span_of(fold), x->q->f.n[F_AFTER], sees_banned ? 0 : x->now_ms, x->room_id,
                                     x->limit, &ids);
    query_begin(x, "people");
    for (size_t i = 0; i < ids.len / sizeof(int64_t); i++)
        if (listing_person(&x->listing, d, ((const int64_t *)ids.p)[i], x->now_ms) && query_next(x))
            event_add_person(x->json, &x->listing.person);
    x->more |= more;
    query_end(x);
    x->json->failed |= ids.failed;
    buf_release(&ids);
    return OK;
}

static enum err add_person(struct query *x, int64_t user_id)
{
    struct account_row row;
    if (!listing_person(&x->listing, x->chat->directory, user_id, x->now_ms))
        return ERR_NOT_FOUND;
    buf_add_str(x->json, ",\"person\":");
    event_add_person(x->json, &x->listing.person);
    enum err e = accounts_by_id(x->store, user_id, &row);
    if (e)
        return e;
    query_reopen(x);
    if (row.bio.len)
        json_add_text(x->json, ",\"bio\":", row.bio);
    json_add_number(x->json, ",\"since\":", row.created_at);
    json_add_text(x->json, ",\"state\":", span_of(presence_state(x->chat, x->who->user_id, user_id)));
    buf_add_char(x->json, '}');
    return OK;
}

/* Both are members, so the asker sees it: and sees no room in which only the other one is. */
static void add_shared_rooms(struct query *x, int64_t user_id)
{
    struct directory *d = x->chat->directory;
    struct buf ids = BUF_INIT;
    directory_rooms_of(d, x->who->user_id, USER_ACCOUNT, true, x->q->f.n[F_AFTER], SIZE_MAX, &ids);
    query_begin(x, "rooms");
    for (size_t i = 0; i < ids.len / sizeof(int64_t) && !x->more; i++) {
        int64_t room_id = ((const int64_t *)ids.p)[i];
        if (directory_is_member(d, room_id, user_id) && listing_room(&x->listing, d, room_id, x->who->user_id) &&
            x->listing.room.is_member && query_next(x))
            event_add_room(x->json, &x->listing.room);
    }
    query_end(x);
    x->json->failed |= ids.failed;
    buf_release(&ids);
}

enum err query_person(struct query *x)
{
    int64_t user_id;
    enum err e = standing_user(x->chat, &x->q->user, &user_id);
    if (!e)
        e = add_person(x, user_id);
    if (!e)
        add_shared_rooms(x, user_id);
    return e;
}
