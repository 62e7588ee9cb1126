/* What lets people in: invitations, tokens, sessions, passwords, and new accounts. */
#include "place_rules.h"

#include <assert.h>

/* ------------------------------------------------------------------ invitations, tokens, sessions */

enum err rule_create_invite(struct deed *d)
{
    const struct fields *f = &d->c->f;
    enum err e = rule_check(d, REQUEST_CREATE_INVITE, NULL, NULL);
    struct place_thing row = {.user = d->actor, .until = f->n[F_EXPIRES], .max_uses = f->n[F_MAX_USES]};
    for (size_t i = 0; !e && i < f->id_count; i++) {
        const struct place_room *r = place_room(d->p, f->ids[i]);
        const struct standing standing = {.role = d->role, .room_role = rule_room_role(d, r)};
        row.rooms[row.room_count++] = f->ids[i];
        e = !r || r->kind == ROOM_DIRECT ? ERR_NOT_FOUND
                                         : permission_check(permission_of(REQUEST_ADD_MEMBER), &standing);
    }
    if (!e && rule_is_past(d, F_EXPIRES))
        e = ERR_INVALID;
    if (e)
        return e;
    rule_copy(row.code, sizeof row.code, f->t[F_CODE]);
    rule_copy(row.label, sizeof row.label, f->t[F_LABEL]);
    rule_new_thing(d, THING_INVITE, row);
    rule_audit_request(d, REQUEST_CREATE_INVITE, 0, 0, 0);
    return OK;
}

enum err rule_edit_invite(struct deed *d)
{
    struct place_thing *t = place_thing(d->p, THING_INVITE, d->c->f.n[F_INVITE]);
    enum err e = rule_check(d, REQUEST_EDIT_INVITE, NULL, NULL);
    if (e)
        return e;
    if (!t)
        return ERR_NOT_FOUND;
    rule_copy(t->label, sizeof t->label, d->c->f.t[F_LABEL]);
    rule_audit_request(d, REQUEST_EDIT_INVITE, 0, 0, 0);
    return OK;
}

enum err rule_revoke_invite(struct deed *d)
{
    struct place_thing *t = place_thing(d->p, THING_INVITE, d->c->f.n[F_INVITE]);
    enum err e = rule_check(d, REQUEST_REVOKE_INVITE, NULL, NULL);
    if (e)
        return e;
    if (!t || t->is_over)
        return ERR_NOT_FOUND;
    t->is_over = true;
    rule_audit_request(d, REQUEST_REVOKE_INVITE, 0, 0, 0);
    return OK;
}

/* The session of what gives a way in. */
static enum err check_way_in(const struct deed *d)
{
    const struct place_thing *t = place_thing(d->p, THING_SESSION, d->c->f.n[F_SESSION]);
    const bool is_there = t && !t->is_over && t->user == d->actor;
    return fields_has(&d->c->f, F_SESSION) && !is_there ? ERR_SESSION_ENDED : OK;
}

enum err rule_create_token(struct deed *d)
{
    const struct fields *f = &d->c->f;
    enum err e = rule_check(d, REQUEST_CREATE_TOKEN, NULL, NULL);
    if (!e)
        e = check_way_in(d);
    if (!e && (rule_is_past(d, F_EXPIRES) || !f->t[F_NAME].len))
        e = ERR_INVALID;
    if (e)
        return e;
    rule_new_thing(
        d, THING_TOKEN,
        (struct place_thing){.user = d->actor, .scope = (enum scope)f->n[F_SCOPE], .until = f->n[F_EXPIRES]});
    rule_audit_request(d, REQUEST_CREATE_TOKEN, d->actor, 0, 0);
    return OK;
}

static enum err end_own(struct deed *d, enum request_type verb, enum thing t, int64_t id, enum ending_of ending)
{
    struct place_thing *thing = place_thing(d->p, t, id);
    enum err e = rule_check(d, verb, NULL, NULL);
    if (e)
        return e;
    if (!thing || thing->is_over || thing->user != d->actor)
        return ERR_NOT_FOUND;
    thing->is_over = true;
    d->v->ending = (struct ending){ending, id, 0};
    rule_audit_request(d, verb, d->actor, 0, 0);
    return OK;
}

enum err rule_revoke_token(struct deed *d)
{
    return end_own(d, REQUEST_REVOKE_TOKEN, THING_TOKEN, d->c->f.n[F_TOKEN], ENDING_TOKEN);
}

static enum err check_account(struct deed *d)
{
    enum err e = rule_actor(d);
    return !e && d->kind != USER_ACCOUNT ? ERR_UNAUTHORIZED : e;
}

enum err rule_start_session(struct deed *d)
{
    enum err e = check_account(d);
    if (!e && d->c->f.n[F_EXPIRES] <= d->c->at_ms)
        e = ERR_INVALID;
    if (!e)
        rule_new_thing(d, THING_SESSION, (struct place_thing){.user = d->actor, .until = d->c->f.n[F_EXPIRES]});
    return e;
}

enum err rule_touch_session(struct deed *d)
{
    const struct place_thing *t = place_thing(d->p, THING_SESSION, d->c->f.n[F_SESSION]);
    enum err e = check_account(d);
    return !e && (!t || t->is_over || t->user != d->actor) ? ERR_NOT_FOUND : e;
}

enum err rule_end_session(struct deed *d)
{
    if (!fields_has(&d->c->f, F_KEEP))
        return end_own(d, REQUEST_END_SESSION, THING_SESSION, d->c->f.n[F_SESSION], ENDING_SESSION);
    enum err e = rule_check(d, REQUEST_END_OTHER_SESSIONS, NULL, NULL);
    if (e)
        return e;
    rule_end_things(d, THING_SESSION, d->actor, d->c->f.n[F_KEEP]);
    d->v->ending = (struct ending){ENDING_USER, d->actor, d->c->f.n[F_KEEP]};
    rule_audit_request(d, REQUEST_END_OTHER_SESSIONS, d->actor, 0, 0);
    return OK;
}

enum err rule_create_reset(struct deed *d)
{
    int64_t user;
    enum err e = rule_check(d, REQUEST_CREATE_RESET, NULL, &user);
    if (!e)
        e = check_way_in(d);
    struct place_user *u = e ? NULL : place_user(d->p, user);
    if (!e && u->kind != USER_ACCOUNT)
        e = ERR_FORBIDDEN;
    if (e)
        return e;
    memcpy(u->reset, d->c->f.t[F_HASH].p, sizeof u->reset);
    u->reset_until = d->c->f.n[F_EXPIRES];
    rule_audit_request(d, REQUEST_CREATE_RESET, user, 0, 0);
    return OK;
}

/* A new password ends what was signed in with the old one, and the ways to yet another one. */
static void change_password(struct deed *d, int64_t user, int64_t keep, const char *verb)
{
    struct place_user *u = place_user(d->p, user);
    d->v->user = user;
    u->has_password = true;
    memset(u->reset, 0, sizeof u->reset);
    rule_end_things(d, THING_SESSION, user, keep);
    d->v->ending = (struct ending){ENDING_USER, user, keep};
    rule_audit(d, verb, user, 0, 0);
}

enum err rule_use_reset(struct deed *d)
{
    struct span hash = d->c->f.t[F_HASH];
    for (size_t i = 1; i < d->p->user_count; i++) {
        const struct place_user *u = &d->p->users[i];
        if (hash.len != sizeof u->reset || memcmp(u->reset, hash.p, hash.len) != 0)
            continue;
        if (u->reset_until <= d->c->at_ms)
            return ERR_NOT_FOUND;
        if (place_is_banned(d->p, (int64_t)i, d->c->at_ms))
            return ERR_BANNED;
        change_password(d, (int64_t)i, 0, "use_reset");
        rule_end_things(d, THING_TOKEN, (int64_t)i, 0);
        return OK;
    }
    return ERR_NOT_FOUND;
}

enum err rule_set_password(struct deed *d)
{
    enum err e = check_account(d);
    if (!e)
        change_password(d, d->actor, d->c->f.n[F_KEEP], "set_password");
    return e;
}

/* ------------------------------------------------------------------ the place itself */

enum err rule_set_place(struct deed *d)
{
    enum err e = rule_check(d, REQUEST_SET_PLACE, NULL, NULL);
    if (e)
        return e;
    if (fields_has_text(&d->c->f, F_NAME))
        rule_copy(d->p->name, sizeof d->p->name, d->c->f.t[F_NAME]);
    if (fields_has(&d->c->f, F_REQUIRE_TOTP))
        d->p->requires_totp = d->c->f.n[F_REQUIRE_TOTP] != 0;
    rule_audit_request(d, REQUEST_SET_PLACE, 0, 0, 0);
    return OK;
}

static void become_account(struct deed *d, int64_t user, enum role role)
{
    struct place_user *u = place_user(d->p, user);
    assert(d->p->slot_count < PLACE_SLOTS_MAX);
    u->guest_until = u->kind == USER_GUEST ? d->p->moment : -1;
    u->kind = USER_ACCOUNT;
    u->role = role;
    u->was_moderator = role >= ROLE_MODERATOR;
    u->was_admin = role >= ROLE_ADMIN;
    u->slot = d->p->slot_count++;
    u->has_password = d->c->f.t[F_PASSWORD].len > 0;
    rule_copy(u->display, sizeof u->display, d->c->f.t[F_DISPLAY_NAME]);
    d->v->touched = UINT64_MAX; /* there is somebody new who may see or not see rooms */
}

enum err rule_set_up(struct deed *d)
{
    struct place_room *lobby = &d->p->rooms[LOBBY];
    if (d->p->is_set_up)
        return ERR_FORBIDDEN;
    if (!rule_is_plain_name(d->c->name) || !d->c->f.t[F_PASSWORD].len)
        return ERR_INVALID;
    if (rule_name_is_taken(d, d->c->fold, -1))
        return ERR_NAME_TAKEN;
    rule_new_user(d, USER_ACCOUNT, ROLE_OWNER, d->c->actor_key, d->c->name, d->c->fold);
    become_account(d, d->v->user, ROLE_OWNER);
    d->p->is_set_up = true;
    rule_copy(d->p->name, sizeof d->p->name, d->c->f.t[F_NAME]);
    /* Nobody is there yet to whom an event would say anything. */
    lobby->members[lobby->member_count++] = (struct place_member){
        .user = d->v->user, .role = ROOM_ROLE_MODERATOR, .joined_seq = lobby->last_seq, .read_seq = lobby->last_seq};
    rule_note_role(d, lobby, &lobby->members[lobby->member_count - 1]);
    rule_audit(d, "setup", d->v->user, 0, 0);
    return OK;
}

/* All that makes an invitation invalid looks the same from outside. */
static enum err find_invite(const struct deed *d, struct place_thing **out)
{
    const struct place_things *list = &d->p->things[THING_INVITE];
    *out = NULL;
    if (!fields_has_text(&d->c->f, F_CODE))
        return OK;
    for (size_t i = 0; i < list->count; i++)
        if (span_equal(span_of(list->all[i].code), d->c->f.t[F_CODE]))
            *out = &list->all[i];
    const struct place_thing *t = *out;
    bool counts = t && !t->is_over && (!t->until || t->until > d->c->at_ms) && (!t->max_uses || t->uses < t->max_uses);
    return counts ? OK : ERR_NOT_FOUND;
}

/* What is archived takes nobody any more. */
static void join_at_once(struct deed *d, int64_t room)
{
    struct place_room *r = place_room(d->p, room);
    if (r && !r->archived && r->kind != ROOM_DIRECT)
        rule_join(d, r, d->v->user, ROOM_ROLE_MEMBER);
}

enum err rule_sign_up(struct deed *d)
{
    struct place_thing *invite;
    enum err e;
    if (!d->p->is_set_up)
        return ERR_NOT_SET_UP;
    if (d->c->actor_id && (e = rule_actor(d)))
        return e;
    if ((e = find_invite(d, &invite)))
        return e;
    if (!rule_is_plain_name(d->c->name))
        return ERR_INVALID;
    if (rule_name_is_taken(d, d->c->fold, d->c->actor_id ? d->c->actor_id : -1))
        return ERR_NAME_TAKEN;
    if (d->c->actor_id) {
        rule_rename_user(rule_me(d), d->c->name, d->c->fold);
        d->v->ending = (struct ending){ENDING_GUEST, d->actor, 0};
    } else {
        rule_new_user(d, USER_ACCOUNT, ROLE_MEMBER, d->c->actor_key, d->c->name, d->c->fold);
    }
    become_account(d, d->v->user, ROLE_MEMBER);
    join_at_once(d, LOBBY);
    if (invite) {
        invite->uses++;
        for (size_t i = 0; i < invite->room_count; i++)
            join_at_once(d, invite->rooms[i]);
    }
    rule_audit(d, "sign_up", d->v->user, 0, 0);
    return OK;
}
