/* What is one's own: sessions, tokens, blocks; and what lets others in. Of one's own nobody has more than a thousand
 * rows, so they are all read, and the page is found among them. */
#include "chat/query/query_internal.h"
#include "store/moderation.h"
#include "store/people.h"

static void add_session(void *ctx, const struct session_row *row)
{
    struct query *x = ctx;
    if (row->expires_at <= x->now_ms || row->id <= x->q->f.n[F_AFTER] || !query_next(x))
        return;
    json_add_number(x->json, "{\"id\":", row->id);
    json_add_text(x->json, ",\"device\":", row->device);
    json_add_text(x->json, ",\"address\":", row->address);
    json_add_number(x->json, ",\"since\":", row->created_at);
    json_add_number(x->json, ",\"seen\":", row->seen_at);
    json_add_flag(x->json, ",\"current\":", row->id == x->who->session_id);
    buf_add_char(x->json, '}');
}

enum err query_sessions(struct query *x)
{
    query_begin(x, "sessions");
    enum err e = sessions_each(x->store, x->who->user_id, add_session, x);
    query_end(x);
    return e;
}

static void add_token(void *ctx, const struct token_row *row)
{
    struct query *x = ctx;
    if (row->id <= x->q->f.n[F_AFTER] || !query_next(x))
        return;
    json_add_number(x->json, "{\"id\":", row->id);
    json_add_text(x->json, ",\"name\":", row->name);
    json_add_text(x->json, ",\"scope\":", span_of(words_name(&words_scope, (int)row->scope)));
    json_add_number(x->json, ",\"since\":", row->created_at);
    json_add_number(x->json, ",\"expires_ms\":", row->expires_at);
    buf_add_char(x->json, '}');
}

enum err query_tokens(struct query *x)
{
    query_begin(x, "tokens");
    enum err e = tokens_each(x->store, x->who->user_id, add_token, x);
    query_end(x);
    return e;
}

static void add_block(void *ctx, int64_t blocked_id, struct span name)
{
    struct query *x = ctx;
    if (blocked_id > x->q->f.n[F_AFTER] && query_next(x))
        query_add_user(x, "", blocked_id, name);
}

enum err query_blocks(struct query *x)
{
    query_begin(x, "blocks");
    enum err e = blocks_each(x->store, x->who->user_id, add_block, x);
    query_end(x);
    return e;
}

/* ------------------------------------------------------------------ invitations */

static void add_invite_room(void *ctx, int64_t room_id)
{
    struct query *x = ctx;
    if (!listing_room(&x->listing, x->chat->directory, room_id, 0))
        return;
    bool first = x->json->len && x->json->p[x->json->len - 1] == '[';
    json_add_number(x->json, first ? "{\"id\":" : ",{\"id\":", room_id);
    json_add_text(x->json, ",\"name\":", x->listing.room.name);
    buf_add_char(x->json, '}');
}

static void add_invite(void *ctx, const struct invite_row *row)
{
    struct query *x = ctx;
    if (!query_next(x))
        return;
    json_add_number(x->json, "{\"id\":", row->id);
    json_add_text(x->json, ",\"code\":", row->code);
    json_add_text(x->json, ",\"label\":", row->label);
    query_add_user(x, ",\"by\":", row->created_by, row->created_by_name);
    json_add_number(x->json, ",\"at\":", row->created_at);
    json_add_number(x->json, ",\"expires_ms\":", row->expires_at);
    json_add_number(x->json, ",\"max_uses\":", row->max_uses);
    json_add_number(x->json, ",\"uses\":", row->uses);
    json_add_flag(x->json, ",\"revoked\":", row->revoked_at != 0);
    buf_add_str(x->json, ",\"rooms\":[");
    enum err e = invites_rooms(x->store, row->id, add_invite_room, x);
    if (e)
        x->failed = e;
    buf_add_str(x->json, "]}");
}

/* The list is of all invitations, so nobody but admins asks for it. */
enum err query_invites(struct query *x)
{
    query_begin(x, "invites");
    enum err e = invites_each(x->store, x->q->f.n[F_BEFORE], query_rows(x), add_invite, x);
    query_end(x);
    return e ? e : x->failed;
}
