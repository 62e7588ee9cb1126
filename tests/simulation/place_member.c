/* Who belongs to a room, who would like to, and how each has it in their own list. */
#include "place_rules.h"

#include <assert.h>

/* ------------------------------------------------------------------ members */

struct place_member *rule_put_member(struct place_room *r, int64_t user, enum room_role role)
{
    size_t at = 0;
    assert(r->member_count < PLACE_MEMBERS_MAX);
    while (at < r->member_count && r->members[at].user < user)
        at++;
    memmove(r->members + at + 1, r->members + at, (r->member_count - at) * sizeof *r->members);
    r->members[at] = (struct place_member){.user = user, .role = role};
    r->member_count++;
    return &r->members[at];
}

/* True: there was one. */
static bool drop_request(struct place_room *r, int64_t user)
{
    for (size_t i = 0; i < r->request_count; i++)
        if (r->requests[i] == user) {
            r->requests[i] = r->requests[--r->request_count];
            return true;
        }
    return false;
}

void rule_note_role(const struct deed *d, struct place_room *r, const struct place_member *m)
{
    struct place_user *u = place_user(d->p, m->user);
    if (m->role != ROOM_ROLE_MODERATOR)
        return;
    u->was_moderator = true;
    r->were_moderators |= UINT32_C(1) << u->slot;
}

void rule_join(struct deed *d, struct place_room *r, int64_t user, enum room_role role)
{
    if (place_member(r, user))
        return;
    drop_request(r, user);
    bool is_self = user == d->v->user;
    struct place_event *e = rule_change(d, r, is_self ? EVENT_JOINED : EVENT_ADDED, "");
    e->user = is_self ? 0 : user;
    struct place_member *m = rule_put_member(r, user, role);
    m->joined_seq = m->read_seq = e->seq;
    rule_note_role(d, r, m);
}

bool rule_may_belong(const struct deed *d, int64_t user)
{
    const struct place_user *u = place_user(d->p, user);
    return u && u->kind == USER_ACCOUNT && !place_is_banned(d->p, user, d->c->at_ms);
}

static enum err check_member(struct deed *d, enum request_type verb, struct place_room **r, int64_t *user)
{
    enum err e = rule_check(d, verb, r, user);
    bool leaves = verb == REQUEST_REMOVE_MEMBER && *user == d->actor;
    return !e && (*r)->kind == ROOM_DIRECT && !leaves ? ERR_FORBIDDEN : e;
}

enum err rule_add_member(struct deed *d)
{
    struct place_room *r;
    int64_t user, floor;
    enum err e = check_member(d, REQUEST_ADD_MEMBER, &r, &user);
    if (e)
        return e;
    if (!rule_may_belong(d, user))
        return ERR_FORBIDDEN;
    if (r->archived)
        return ERR_ARCHIVED;
    if (user != d->actor && place_has_blocked(d->p, user, d->actor))
        return ERR_FORBIDDEN;
    d->v->is_duplicate = place_member(r, user) != NULL;
    if (d->v->is_duplicate)
        return OK;
    bool takes_power = user != d->actor || !place_may_read(r, USER_ACCOUNT, user, &floor);
    rule_join(d, r, user, ROOM_ROLE_MEMBER);
    if (takes_power)
        rule_audit_request(d, REQUEST_ADD_MEMBER, user, d->v->room, d->v->seq);
    return OK;
}

enum err rule_remove_member(struct deed *d)
{
    struct place_room *r;
    int64_t user;
    enum err e = check_member(d, REQUEST_REMOVE_MEMBER, &r, &user);
    if (e)
        return e;
    struct place_member *m = place_member(r, user);
    d->v->is_duplicate = !m;
    if (!m)
        return OK;
    if (r->kind == ROOM_DIRECT) {
        d->v->is_duplicate = m->hidden;
        m->hidden = true;
        if (!d->v->is_duplicate)
            rule_touch(d, r);
        return OK;
    }
    size_t behind = (size_t)(r->members + r->member_count-- - m - 1);
    memmove(m, m + 1, behind * sizeof *m);
    bool leaves = user == d->actor;
    struct place_event *event = rule_change(d, r, leaves ? EVENT_LEFT : EVENT_REMOVED, "");
    event->user = leaves ? 0 : user;
    if (!leaves)
        rule_audit_request(d, REQUEST_REMOVE_MEMBER, user, d->v->room, d->v->seq);
    return OK;
}

enum err rule_set_room_role(struct deed *d)
{
    struct place_room *r;
    int64_t user;
    enum room_role role = (enum room_role)d->c->f.n[F_ROOM_ROLE];
    enum err e = check_member(d, REQUEST_SET_ROOM_ROLE, &r, &user);
    if (e)
        return e;
    struct place_member *m = place_member(r, user);
    if (!m)
        return ERR_NOT_FOUND;
    d->v->is_duplicate = m->role == role;
    if (d->v->is_duplicate)
        return OK;
    m->role = role;
    rule_note_role(d, r, m);
    rule_touch(d, r);
    rule_audit_request(d, REQUEST_SET_ROOM_ROLE, user, d->c->room_id, 0);
    return OK;
}

enum err rule_mute(struct deed *d)
{
    struct place_room *r;
    int64_t user, until = d->c->f.n[F_UNTIL];
    size_t i = 0;
    enum err e = check_member(d, REQUEST_MUTE, &r, &user);
    if (e)
        return e;
    until = until <= d->c->at_ms ? 0 : until;
    while (i < r->silence_count && r->silences[i].user != user)
        i++;
    int64_t before = i < r->silence_count ? r->silences[i].until : 0;
    d->v->is_duplicate = before == until;
    if (d->v->is_duplicate)
        return OK;
    assert(i < PLACE_SILENCES_MAX);
    if (!until)
        r->silences[i] = r->silences[--r->silence_count];
    else
        r->silences[i] = (struct place_silence){user, until};
    r->silence_count += until && i == r->silence_count;
    rule_audit_request(d, REQUEST_MUTE, user, d->c->room_id, 0);
    return OK;
}

/* ------------------------------------------------------------------ asking to come in */

static void ask(struct deed *d, struct place_room *r)
{
    if (!r || r->kind != ROOM_CLOSED || r->archived || place_member(r, d->actor))
        return;
    drop_request(r, d->actor);
    assert(r->request_count < PLACE_MEMBERS_MAX);
    r->requests[r->request_count++] = d->actor;
}

/* The answer is the same whether there is such a room or not. */
enum err rule_request_join(struct deed *d)
{
    enum err e = rule_check(d, REQUEST_REQUEST_JOIN, NULL, NULL);
    if (e || !d->actor)
        return e ? e : ERR_FORBIDDEN;
    for (size_t i = 0; i < d->c->f.id_count; i++)
        ask(d, place_room(d->p, d->c->f.ids[i]));
    return OK;
}

enum err rule_answer_request(struct deed *d)
{
    struct place_room *r;
    int64_t user;
    bool accept = d->c->f.n[F_ACCEPT] != 0;
    bool asked = false;
    enum err e = rule_check(d, REQUEST_ANSWER_REQUEST, &r, &user);
    if (e)
        return e;
    if (accept && !rule_may_belong(d, user))
        return ERR_FORBIDDEN;
    if (accept && r->archived)
        return ERR_ARCHIVED;
    for (size_t i = 0; i < r->request_count; i++)
        asked |= r->requests[i] == user;
    if (!asked)
        return ERR_NOT_FOUND;
    drop_request(r, user);
    if (accept)
        rule_join(d, r, user, ROOM_ROLE_MEMBER);
    rule_audit_request(d, REQUEST_ANSWER_REQUEST, user, d->c->room_id, d->v->seq);
    return OK;
}

/* ------------------------------------------------------------------ one's own view of a room */

enum err rule_set_membership(struct deed *d)
{
    struct place_room *r;
    const struct fields *f = &d->c->f;
    enum err e = rule_check(d, REQUEST_SET_MEMBERSHIP, &r, NULL);
    if (e)
        return e;
    if (f->n[F_HIDDEN] && r->kind != ROOM_DIRECT)
        return ERR_INVALID;
    struct place_member *m = place_member(r, d->actor), old = *m, now = old;
    now.level = fields_has(f, F_LEVEL) ? (enum level)f->n[F_LEVEL] : now.level;
    now.muted_until = fields_has(f, F_MUTED_UNTIL) ? f->n[F_MUTED_UNTIL] : now.muted_until;
    now.hidden = fields_has(f, F_HIDDEN) ? f->n[F_HIDDEN] != 0 : now.hidden;
    now.favourite = fields_has(f, F_FAVOURITE) ? f->n[F_FAVOURITE] != 0 : now.favourite;
    now.position = fields_has(f, F_POSITION) ? f->n[F_POSITION] : now.position;
    if (fields_has_text(f, F_SECTION))
        rule_copy(now.section, sizeof now.section, f->t[F_SECTION]);
    d->v->is_duplicate = now.level == old.level && now.muted_until == old.muted_until && now.hidden == old.hidden &&
                         now.favourite == old.favourite && now.position == old.position &&
                         strcmp(now.section, old.section) == 0;
    if (!d->v->is_duplicate) {
        *m = now;
        rule_touch(d, r);
    }
    return OK;
}
