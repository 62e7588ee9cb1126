#include "account/glance.h"

#include "account/look_up.h"
#include "store/people.h"

/* ------------------------------------------------------------------ second factor */

struct totp_look {
    int64_t user_id;
    bool has;
};

static enum err read_totp(struct store *s, void *ctx)
{
    struct totp_look *look = ctx;
    struct account_row row;
    enum err e = accounts_by_id(s, look->user_id, &row);
    look->has = !e && row.has_totp;
    return e;
}

enum err glance_totp(struct chat *c, int64_t user_id, bool *has_totp)
{
    struct totp_look look = {.user_id = user_id};
    enum err e = look_up(c, read_totp, &look);
    if (!e)
        *has_totp = look.has;
    return e;
}

/* ------------------------------------------------------------------ picture */

struct avatar_look {
    int64_t user_id;
    struct buf *type, *bytes;
};

static enum err read_avatar(struct store *s, void *ctx)
{
    struct avatar_look *look = ctx;
    struct span type, bytes;
    enum err e = avatars_get(s, look->user_id, &type, &bytes);
    if (e)
        return e;
    buf_add_span(look->type, type);
    buf_add_span(look->bytes, bytes);
    return look->type->failed || look->bytes->failed ? ERR_MEMORY : OK;
}

enum err glance_avatar(struct chat *c, int64_t user_id, struct buf *type, struct buf *bytes)
{
    struct avatar_look look = {user_id, type, bytes};
    return look_up(c, read_avatar, &look);
}

/* ------------------------------------------------------------------ invitations */

struct invite_look {
    struct span code;
    int64_t now_ms, by;
    enum invite_state state;
    struct buf *room_ids;
};

static void add_room(void *ctx, int64_t room_id)
{
    buf_add(ctx, &room_id, sizeof room_id);
}

static enum err read_invite(struct store *s, void *ctx)
{
    struct invite_look *look = ctx;
    struct invite_row row;
    enum err e = invites_by_code(s, look->code, &row);
    if (e)
        return e;
    if ((look->state = invite_state(&row, look->now_ms)) != INVITE_VALID)
        return ERR_NOT_FOUND;
    look->by = row.created_by;
    e = invites_rooms(s, row.id, add_room, look->room_ids);
    return e ? e : look->room_ids->failed ? ERR_MEMORY : OK;
}

enum err glance_invite(struct chat *c, struct span code, enum invite_state *state, int64_t *by, struct buf *room_ids)
{
    struct invite_look look = {.code = code, .now_ms = env_wall_ms(c->env), .room_ids = room_ids};
    enum err e = look_up(c, read_invite, &look);
    *state = look.state;
    if (!e)
        *by = look.by;
    return e;
}

struct invites_look {
    int64_t before, limit;
    void (*row)(void *ctx, const struct invite_row *);
    void *ctx;
};

static enum err read_invites(struct store *s, void *ctx)
{
    const struct invites_look *look = ctx;
    return invites_each(s, look->before, look->limit, look->row, look->ctx);
}

enum err glance_invites(struct chat *c, int64_t before, int64_t limit,
                        void (*row)(void *ctx, const struct invite_row *), void *ctx)
{
    struct invites_look look = {before, limit, row, ctx};
    return look_up(c, read_invites, &look);
}
