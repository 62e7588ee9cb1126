/* Visitors who have left nothing behind: their rows go, and what is left of their messages is by nobody in particular. */
#include "place_rules.h"

static bool is_by(const struct place_event *e, int64_t user)
{
    return e->author == user && !e->swept_moment;
}

static bool is_reported(const struct place *p, const struct place_event *e)
{
    const struct place_things *reports = &p->things[THING_REPORT];
    for (size_t i = 0; i < reports->count; i++)
        if (reports->all[i].room == e->room && reports->all[i].seq == e->seq)
            return true;
    return false;
}

static bool has_said_something(const struct place *p, int64_t user)
{
    for (int64_t room = 1; room < PLACE_ROOMS_MAX; room++)
        for (int64_t seq = 1; seq <= p->rooms[room].last_seq; seq++) {
            const struct place_event *e = p->rooms[room].events[seq];
            if (is_by(e, user) && e->kind == EVENT_MESSAGE && (!e->deleted_moment || is_reported(p, e)))
                return true;
        }
    return false;
}

static bool is_blocked(const struct place *p, int64_t user)
{
    for (size_t i = 0; i < p->user_count; i++)
        if (place_has_blocked(p, (int64_t)i, user))
            return true;
    return false;
}

static bool is_muted(const struct place *p, int64_t user, int64_t at_ms)
{
    for (int64_t room = 1; room < PLACE_ROOMS_MAX; room++)
        for (size_t i = 0; i < p->rooms[room].silence_count; i++)
            if (p->rooms[room].silences[i].user == user && p->rooms[room].silences[i].until > at_ms)
                return true;
    return false;
}

static bool has_acted(const struct place *p, int64_t user)
{
    for (size_t i = 0; i < p->audit_count; i++)
        if (p->audit[i].actor == user)
            return true;
    return false;
}

static void sweep(struct deed *d, int64_t user)
{
    struct place *p = d->p;
    for (int64_t room = 1; room < PLACE_ROOMS_MAX; room++) {
        struct place_room *r = &p->rooms[room];
        for (int64_t seq = 1; seq <= r->last_seq; seq++)
            if (is_by(r->events[seq], user))
                r->events[seq]->swept_moment = p->moment + 1;
        for (size_t i = r->silence_count; i > 0; i--)
            if (r->silences[i - 1].user == user)
                r->silences[i - 1] = r->silences[--r->silence_count];
    }
    place_user(p, user)->is_swept = true;
    d->v->is_quiet = false;
}

enum err rule_sweep(struct deed *d)
{
    const struct command *c = d->c;
    if (c->actor != COMMAND_ACTOR_SYSTEM)
        return ERR_FORBIDDEN;
    d->v->is_quiet = true;
    for (size_t i = 0; i < c->f.id_count; i++) {
        const int64_t id = c->f.ids[i];
        const struct place_user *u = id > 0 ? place_user(d->p, id) : NULL;
        if (u && u->kind == USER_VISITOR && !u->is_swept && u->made_at < c->f.n[F_UNTIL] && !u->is_banned &&
            !has_said_something(d->p, id) && !is_blocked(d->p, id) && !is_muted(d->p, id, c->at_ms) &&
            !has_acted(d->p, id))
            sweep(d, id);
    }
    return OK;
}
