/* Names, roles, bans and blocks. */
#include "place_rules.h"

#include <assert.h>

/* ------------------------------------------------------------------ names and profiles */

enum err rule_register(struct deed *d)
{
    if (rule_name_is_taken(d, d->c->fold, -1))
        return ERR_NAME_TAKEN;
    rule_new_user(d, USER_GUEST, ROLE_GUEST, d->c->actor_key, d->c->name, d->c->fold);
    return OK;
}

enum err rule_rename(struct deed *d)
{
    enum err e = rule_check(d, REQUEST_RENAME, NULL, NULL);
    if (e)
        return e;
    if (d->kind == USER_ACCOUNT && !rule_is_plain_name(d->c->name))
        return ERR_INVALID;
    if (rule_name_is_taken(d, d->c->fold, d->actor))
        return ERR_NAME_TAKEN;
    rule_rename_user(rule_me(d), d->c->name, d->c->fold);
    rule_audit_request(d, REQUEST_RENAME, d->actor, 0, 0);
    return OK;
}

enum err rule_set_profile(struct deed *d)
{
    const struct fields *f = &d->c->f;
    enum err e = rule_check(d, REQUEST_SET_PROFILE, NULL, NULL);
    struct place_user *u = rule_me(d);
    if (e)
        return e;
    if (fields_has_text(f, F_DISPLAY_NAME))
        rule_copy(u->display, sizeof u->display, f->t[F_DISPLAY_NAME]);
    if (fields_has_text(f, F_STATUS_TEXT))
        rule_copy(u->status_text, sizeof u->status_text, f->t[F_STATUS_TEXT]);
    if (fields_has_text(f, F_BIO))
        rule_copy(u->bio, sizeof u->bio, f->t[F_BIO]);
    return OK;
}

/* ------------------------------------------------------------------ roles, bans, blocks */

static bool is_last_owner(const struct deed *d, const struct place_user *u)
{
    size_t owners = 0;
    for (size_t i = 0; i < d->p->user_count; i++)
        owners += d->p->users[i].role == ROLE_OWNER;
    return u->role == ROLE_OWNER && owners == 1;
}

enum err rule_set_role(struct deed *d)
{
    int64_t user;
    enum role wanted = (enum role)d->c->f.n[F_ROLE];
    enum err e = rule_check(d, REQUEST_SET_ROLE, NULL, &user);
    if (e)
        return e;
    struct place_user *u = place_user(d->p, user);
    bool gives = wanted >= ROLE_MEMBER && wanted <= ROLE_OWNER && (d->role >= ROLE_OWNER || wanted < d->role);
    if (u->kind != USER_ACCOUNT || !gives || (user == d->actor && d->role < ROLE_OWNER))
        return ERR_FORBIDDEN;
    if (wanted == ROLE_OWNER && place_is_banned(d->p, user, d->c->at_ms))
        return ERR_FORBIDDEN;
    d->v->is_duplicate = u->role == wanted;
    if (d->v->is_duplicate)
        return OK;
    if (is_last_owner(d, u))
        return ERR_FORBIDDEN;
    u->role = wanted;
    u->was_moderator |= wanted >= ROLE_MODERATOR;
    u->was_admin |= wanted >= ROLE_ADMIN;
    rule_audit_request(d, REQUEST_SET_ROLE, user, 0, 0);
    return OK;
}

enum err rule_ban(struct deed *d)
{
    int64_t user;
    enum err e = rule_check(d, REQUEST_BAN, NULL, &user);
    if (e)
        return e;
    struct place_user *u = place_user(d->p, user);
    if (user == d->actor || u->kind == USER_SYSTEM || u->role == ROLE_OWNER)
        return ERR_FORBIDDEN;
    if (rule_is_past(d, F_UNTIL))
        return ERR_INVALID;
    u->is_banned = true;
    u->banned_until = d->c->f.n[F_UNTIL];
    u->banned_by = d->v->user;
    u->ban_hides = d->c->f.n[F_HIDE] != 0;
    u->was_hidden |= u->ban_hides;
    rule_end_things(d, THING_SESSION, user, 0);
    d->v->ending = (struct ending){ENDING_USER, user, 0};
    rule_audit_request(d, REQUEST_BAN, user, 0, 0);
    return OK;
}

enum err rule_unban(struct deed *d)
{
    int64_t user;
    enum err e = rule_check(d, REQUEST_UNBAN, NULL, &user);
    if (e)
        return e;
    struct place_user *u = place_user(d->p, user);
    if (!u->is_banned)
        return ERR_NOT_FOUND;
    u->is_banned = u->ban_hides = false;
    rule_audit_request(d, REQUEST_UNBAN, user, 0, 0);
    return OK;
}

enum err rule_block(struct deed *d)
{
    int64_t user;
    enum err e = rule_check(d, REQUEST_BLOCK, NULL, &user);
    if (e)
        return e;
    if (user == d->actor)
        return ERR_INVALID;
    d->v->is_duplicate = place_has_blocked(d->p, d->actor, user);
    if (d->v->is_duplicate)
        return OK;
    struct place_user *u = rule_me(d);
    assert(u->blocked_count < PLACE_BLOCKS_MAX);
    u->blocked[u->blocked_count++] = user;
    place_user(d->p, user)->was_blocked = true;
    return OK;
}

enum err rule_unblock(struct deed *d)
{
    int64_t user;
    enum err e = rule_check(d, REQUEST_UNBLOCK, NULL, &user);
    if (e)
        return e;
    d->v->is_duplicate = !place_has_blocked(d->p, d->actor, user);
    if (d->v->is_duplicate)
        return OK;
    struct place_user *u = rule_me(d);
    size_t i = 0;
    while (u->blocked[i] != user)
        i++;
    u->blocked[i] = u->blocked[--u->blocked_count];
    return OK;
}
