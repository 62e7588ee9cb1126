/* Messages, what becomes of them, and how far they have been read. */
#include "place_rules.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ sending */

static struct place_event *find_sent(const struct place *p, int64_t author, struct span id)
{
    for (int64_t room = 1; room < PLACE_ROOMS_MAX; room++)
        for (int64_t seq = p->rooms[room].last_seq; seq > 0; seq--) {
            struct place_event *e = p->rooms[room].events[seq];
            if (e->kind == EVENT_MESSAGE && e->author == author && !e->swept_moment && span_equal(span_of(e->id), id))
                return e;
        }
    return NULL;
}

/* What was stored before is answered from that, whatever has changed since. */
static enum err send_again(struct deed *d, const struct place_event *first)
{
    const struct command *c = d->c;
    if (first->room != c->room_id || first->reply_to != c->reply_to ||
        (!first->deleted_moment && !span_equal(span_of(first->text), c->body)))
        return ERR_ID_REUSED;
    d->v->is_duplicate = true;
    d->v->room = first->room;
    d->v->seq = first->seq;
    return OK;
}

static int64_t silenced_until(const struct place_room *r, int64_t user)
{
    for (size_t i = 0; i < r->silence_count; i++)
        if (r->silences[i].user == user)
            return r->silences[i].until;
    return 0;
}

/* A message in the future counts as sent at the time of the first look. */
static enum err check_pace(const struct deed *d, const struct place_room *r)
{
    if (!r->slow_s || !d->actor || rule_moderates(d, r))
        return OK;
    for (int64_t seq = r->last_seq; seq > r->slow_from; seq--) {
        struct place_event *e = r->events[seq];
        if (e->kind != EVENT_MESSAGE || e->author != d->actor)
            continue;
        int64_t at = e->paced_at ? e->paced_at : e->at;
        if (at > d->c->at_ms)
            e->paced_at = at = d->c->at_ms;
        return at && at + r->slow_s * 1000 > d->c->at_ms ? ERR_RATE_LIMITED : OK;
    }
    return OK;
}

static enum err check_send(struct deed *d, struct place_room **out)
{
    const struct command *c = d->c;
    struct place_room *r;
    enum err e = rule_check(d, REQUEST_SEND, &r, NULL);
    if (e)
        return e;
    *out = r;
    if (r->archived)
        return ERR_ARCHIVED;
    if ((r->locked || r->kind == ROOM_ANNOUNCEMENT) && !rule_moderates(d, r))
        return ERR_LOCKED;
    if (d->actor && silenced_until(r, d->actor) > c->at_ms)
        return ERR_MUTED;
    if (r->people_count == 2) {
        int64_t other = r->people[0] == d->actor ? r->people[1] : r->people[0];
        if (place_has_blocked(d->p, other, d->actor))
            return ERR_FORBIDDEN;
    }
    if (c->reply_to) {
        const struct place_event *to = place_event(r, c->reply_to);
        if (!to || to->kind != EVENT_MESSAGE || !rule_sees(d, r, c->reply_to))
            return ERR_NOT_FOUND;
    }
    return check_pace(d, r);
}

static void add_mentioned(struct place_event *e, int64_t user)
{
    for (size_t i = 0; i < e->mentioned_count; i++)
        if (e->mentioned[i] == user)
            return;
    if (e->mentioned_count == sizeof e->mentioned / sizeof e->mentioned[0])
        abort();
    e->mentioned[e->mentioned_count++] = user;
}

/* Members only, not the author, and nobody who has blocked the author; and everybody, if the author has an account. */
static void add_mentions(const struct deed *d, const struct place_room *r, struct place_event *e)
{
    struct span rest = d->c->f.t[F_FOLDS];
    while (rest.len) {
        size_t len = strnlen(rest.p, rest.len);
        int64_t user = len ? place_user_by_fold(d->p, rest.p) : 0;
        if (!len && (d->kind == USER_ACCOUNT || d->kind == USER_SYSTEM))
            add_mentioned(e, 0);
        else if (user > 0 && user != e->author && place_member(r, user) && !place_has_blocked(d->p, user, e->author))
            add_mentioned(e, user);
        len += len < rest.len;
        rest.p += len;
        rest.len -= len;
    }
}

static void be_sent(struct deed *d, struct place_room *r)
{
    const struct command *c = d->c;
    char body[32768], id[PLACE_ID_BYTES];
    rule_copy(body, sizeof body, c->body);
    rule_copy(id, sizeof id, c->client_id);
    if (!d->actor)
        rule_new_user(d, USER_VISITOR, ROLE_VISITOR, c->actor_key, c->actor_name, c->actor_fold);
    struct place_event *e =
        rule_event(d, r, (struct place_event){.kind = EVENT_MESSAGE, .text = body, .id = id, .reply_to = c->reply_to});
    add_mentions(d, r, e);
    struct place_member *m = place_member(r, d->actor);
    int64_t unread = 0, mentions;
    if (m)
        place_unread(d->p, r, d->actor, m->read_seq, r->last_seq, &unread, &mentions);
    if (m && !unread && !c->f.n[F_BY_TOKEN])
        rule_set_read(m, e->seq);
    for (size_t i = 0; r->kind == ROOM_DIRECT && i < r->member_count; i++)
        r->members[i].hidden &= place_has_blocked(d->p, r->members[i].user, e->author);
}

enum err rule_send(struct deed *d)
{
    struct place_room *r = NULL;
    enum err e = check_send(d, &r);
    const struct place_event *first = d->v->user ? find_sent(d->p, d->v->user, d->c->client_id) : NULL;
    if (first)
        return send_again(d, first);
    if (!e)
        be_sent(d, r);
    return e;
}

/* ------------------------------------------------------------------ deleting, reporting */

enum err rule_delete(struct deed *d)
{
    struct place_room *r;
    int64_t seq = d->c->f.n[F_SEQ];
    enum err e = rule_check(d, REQUEST_DELETE, &r, NULL);
    if (e)
        return e;
    struct place_event *m = place_event(r, seq);
    bool sees = !place_member(r, d->actor) || rule_sees(d, r, seq);
    if (!sees || !m || m->kind != EVENT_MESSAGE)
        return ERR_NOT_FOUND;
    if (!rule_moderates(d, r)) {
        if (m->author != d->actor)
            return ERR_FORBIDDEN;
        if (r->archived)
            return ERR_ARCHIVED;
    }
    d->v->is_duplicate = m->deleted_moment != 0;
    if (d->v->is_duplicate)
        return OK;
    m->deleted_moment = d->p->moment + 1;
    struct place_event *deleted = rule_change(d, r, EVENT_DELETED, "");
    deleted->target = seq;
    if (m->author != d->v->user)
        rule_audit_request(d, REQUEST_DELETE, m->author, rule_room_id(d, r), seq);
    return OK;
}

enum err rule_report(struct deed *d)
{
    struct place_room *r;
    int64_t seq = d->c->f.n[F_SEQ];
    const struct place_things *reports = &d->p->things[THING_REPORT];
    enum err e = rule_check(d, REQUEST_REPORT, &r, NULL);
    if (e)
        return e;
    const struct place_event *m = place_event(r, seq);
    if (!m || m->kind != EVENT_MESSAGE || m->deleted_moment || !rule_sees(d, r, seq))
        return ERR_NOT_FOUND;
    for (size_t i = 0; i < reports->count; i++)
        d->v->is_duplicate |=
            reports->all[i].room == d->c->room_id && reports->all[i].seq == seq && reports->all[i].user == d->actor;
    if (!d->v->is_duplicate)
        rule_new_thing(d, THING_REPORT, (struct place_thing){.user = d->actor, .room = d->c->room_id, .seq = seq});
    return OK;
}

enum err rule_handle_report(struct deed *d)
{
    struct place_thing *t = place_thing(d->p, THING_REPORT, d->c->f.n[F_REPORT]);
    const struct place_room *r = t ? place_room(d->p, t->room) : NULL;
    enum err e = rule_actor(d);
    if (e)
        return e;
    const struct standing standing = {.role = d->role, .room_role = rule_room_role(d, r)};
    if ((e = permission_check(permission_of(REQUEST_HANDLE_REPORT), &standing)))
        return e;
    if (!t)
        return ERR_NOT_FOUND;
    d->v->is_duplicate = t->is_over;
    if (t->is_over)
        return OK;
    t->is_over = true;
    d->v->id = d->c->f.n[F_REPORT];
    d->v->room = t->room;
    rule_audit_request(d, REQUEST_HANDLE_REPORT, 0, t->room, 0);
    return OK;
}

/* ------------------------------------------------------------------ reading */

static enum err move(struct deed *d, enum request_type verb)
{
    struct place_room *r;
    bool back = verb == REQUEST_MARK_UNREAD;
    int64_t seq = d->c->f.n[F_SEQ] - back;
    enum err e = rule_check(d, verb, &r, NULL);
    if (e)
        return e;
    struct place_member *m = place_member(r, d->actor);
    int64_t floor;
    place_may_read(r, USER_ACCOUNT, d->actor, &floor);
    seq = seq > r->last_seq ? r->last_seq : seq < floor ? floor : seq;
    d->v->is_duplicate = seq == m->read_seq || (seq < m->read_seq && !back);
    if (!d->v->is_duplicate) {
        rule_set_read(m, seq);
        d->v->touched |= UINT64_C(1) << d->c->room_id;
    }
    return OK;
}

enum err rule_read(struct deed *d)
{
    return move(d, REQUEST_READ);
}

enum err rule_mark_unread(struct deed *d)
{
    return move(d, REQUEST_MARK_UNREAD);
}
