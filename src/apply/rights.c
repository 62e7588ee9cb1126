#include "apply/rights.h"

#include "rules/ban.h"
#include "rules/caller.h"
#include "rules/room_access.h"

#include <string.h>

void rights_forget(struct apply *a)
{
    memset(a->known, 0, KNOWN_RIGHTS * sizeof *a->known);
}

static struct rights *slot_of(struct apply *a, int64_t room_id, int64_t user_id)
{
    uint64_t h = (uint64_t)user_id * 0x9e3779b97f4a7c15u + (uint64_t)room_id * 0xc2b2ae3d27d4eb4fu;
    return &a->known[(h >> 32) % KNOWN_RIGHTS];
}

static bool is_guest(enum user_kind kind)
{
    return kind == USER_VISITOR || kind == USER_GUEST;
}

static enum err look_up(struct store *s, int64_t user_id, const struct apply_room *r, struct rights *out)
{
    struct account_row account;
    struct membership_row membership;
    enum err e = accounts_by_id(s, user_id, &account);
    if (e)
        return e == ERR_NOT_FOUND ? ERR_UNAUTHORIZED : e;
    *out = (struct rights){.room_id = r ? r->id : 0,
                           .user_id = user_id,
                           .kind = account.kind,
                           .role = account.role,
                           .is_banned = account.is_banned,
                           .banned_until = account.banned_until};
    if (!r)
        return OK;
    e = memberships_get(s, r->id, user_id, &membership);
    if (!e) {
        out->is_member = true;
        out->room_role = membership.role;
        out->joined_seq = membership.joined_seq;
    } else if (e == ERR_NOT_FOUND && is_guest(account.kind) && r->kind == ROOM_OPEN) {
        out->room_role = ROOM_ROLE_MEMBER;
    } else if (e != ERR_NOT_FOUND) {
        return e;
    }
    return silences_get(s, r->id, user_id, &out->silenced_until);
}

enum err rights_of(struct apply *a, struct store *s, int64_t user_id, const struct apply_room *r, int64_t at_ms,
                   struct rights *out)
{
    if (!user_id) {
        *out = (struct rights){.room_id = r ? r->id : 0, .kind = USER_SYSTEM, .role = ROLE_SYSTEM};
        return OK;
    }
    struct rights *known = slot_of(a, r ? r->id : 0, user_id);
    if (known->user_id != user_id || known->room_id != (r ? r->id : 0)) {
        struct rights fresh;
        enum err e = look_up(s, user_id, r, &fresh);
        if (e)
            return e;
        *known = fresh;
    }
    *out = *known;
    out->is_banned = ban_is_in_force(known->is_banned, known->banned_until, at_ms);
    return OK;
}

bool rights_may_read(const struct rights *g, const struct apply_room *r)
{
    return g->is_member || room_is_public(r->kind, g->kind);
}

int64_t rights_floor(const struct rights *g, const struct apply_room *r)
{
    return room_floor(r->kind, r->history, g->joined_seq);
}

bool rights_may_see(const struct rights *g, const struct apply_room *r, int64_t seq)
{
    return rights_may_read(g, r) && seq > rights_floor(g, r);
}

bool rights_moderates(const struct rights *g)
{
    return g->room_role == ROOM_ROLE_MODERATOR || g->role >= ROLE_MODERATOR;
}

/* Who is not there yet has done nothing that could be held against them. */
static void rights_of_new_visitor(const struct apply_room *r, struct rights *out)
{
    *out = (struct rights){.room_id = r ? r->id : 0,
                           .kind = USER_VISITOR,
                           .role = ROLE_VISITOR,
                           .room_role = r && r->kind == ROOM_OPEN ? ROOM_ROLE_MEMBER : ROOM_ROLE_NONE};
}

/* ERR_NOT_FOUND: a visitor who has no row yet. */
static enum err find_visitor(struct apply *a, struct store *s, const struct command *c, const struct apply_room *r,
                             struct rights *out)
{
    struct user_row row;
    enum err e = users_by_key(s, c->actor_key, &row);
    return e ? e : rights_of(a, s, row.id, r, c->at_ms, out);
}

/* The same; or whose row has been swept. */
static enum err find_actor(struct apply *a, struct store *s, const struct command *c, const struct apply_room *r,
                           struct rights *out)
{
    enum err e = ERR_UNAUTHORIZED;
    if (c->actor == COMMAND_ACTOR_SYSTEM || c->actor_id)
        e = rights_of(a, s, c->actor == COMMAND_ACTOR_SYSTEM ? 0 : c->actor_id, r, c->at_ms, out);
    if (e == ERR_UNAUTHORIZED && c->actor == COMMAND_ACTOR_VISITOR)
        e = find_visitor(a, s, c, r, out);
    return !e && out->kind != caller_user_kind(c->actor) ? ERR_UNAUTHORIZED : e;
}

enum err apply_actor(struct apply *a, struct store *s, const struct command *c, bool make, int64_t *id)
{
    struct rights g;
    enum err e = find_actor(a, s, c, NULL, &g);
    if (!e)
        *id = g.user_id;
    if (e != ERR_NOT_FOUND || !make)
        return e;
    struct user_row row = {.kind = USER_VISITOR, .name = c->actor_name, .fold = c->actor_fold, .created_at = c->at_ms};
    memcpy(row.key, c->actor_key, sizeof row.key);
    return users_insert(s, &row, id);
}

enum err rights_actor(struct apply *a, struct store *s, const struct command *c, const struct apply_room *r,
                      struct outcome *out, struct rights *actor)
{
    enum err e = find_actor(a, s, c, r, actor);
    if (e == ERR_NOT_FOUND) {
        rights_of_new_visitor(r, actor);
        e = OK;
    }
    if (e)
        return e == ERR_UNAUTHORIZED ? apply_refuse(out, e) : e;
    if (fields_has(&c->f, F_RANK) && (int64_t)actor->role > c->f.n[F_RANK])
        actor->role = (enum role)c->f.n[F_RANK];
    out->user_id = actor->user_id;
    return actor->is_banned ? apply_refuse(out, ERR_BANNED) : OK;
}

/* The texts of a row live until the next call on the store, those of a target until the next target. */
static enum err find_target(struct apply *a, struct store *s, int64_t id, struct account_row *out)
{
    enum err e = id ? accounts_by_id(s, id, out) : ERR_NOT_FOUND;
    if (e)
        return e;
    struct span *const texts[] = {&out->name,        &out->fold, &out->display_name, &out->bio, &out->status_emoji,
                                  &out->status_text, NULL};
    size_t total = 0;
    buf_clear(&a->texts);
    for (struct span *const *t = texts; *t; t++)
        total += (*t)->len;
    if (!buf_reserve(&a->texts, total))
        return ERR_STORAGE;
    for (struct span *const *t = texts; *t; t++) {
        const char *kept = a->texts.p + a->texts.len;
        buf_add_span(&a->texts, **t);
        (*t)->p = kept;
    }
    return OK;
}

/* Whether this verb reaches the room: what is not readable can be managed at most. */
static bool reaches(const struct rights *g, const struct apply_room *r, const struct permission *p)
{
    return rights_may_read(g, r) || (r->kind == ROOM_CLOSED && g->role >= ROLE_ADMIN && permission_manages(p));
}

enum err rights_check(struct apply *a, struct store *s, const struct command *c, enum request_type verb,
                      struct outcome *out, struct rights *actor, struct apply_room **room, struct account_row *target)
{
    const struct permission *p = permission_of(verb);
    struct apply_room *r = room ? apply_room(a, c->room_id) : NULL;
    enum err e = rights_actor(a, s, c, r, out, actor);
    if (e || out->result)
        return e;
    if (room && (!r || !reaches(actor, r, p)))
        return apply_refuse(out, ERR_NOT_FOUND);
    struct standing standing = {.role = actor->role, .room_role = actor->room_role};
    if (target) {
        if ((e = find_target(a, s, c->f.n[F_USER], target)))
            return e == ERR_NOT_FOUND ? apply_refuse(out, e) : e;
        standing.is_self = target->id == actor->user_id;
        standing.has_target = true;
        standing.target_role = target->role;
    }
    if ((e = permission_check(p, &standing)))
        return apply_refuse(out, e);
    if (room)
        *room = r;
    return OK;
}
