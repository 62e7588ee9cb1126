#include "sight.h"

#include "base/mem.h"
#include "world.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ keeping it up to date */

static struct sight_span *open_span(struct sight_spans *s)
{
    struct sight_span *last = s->count ? &s->all[s->count - 1] : NULL;
    return last && last->to == INT64_MAX ? last : NULL;
}

static void set(struct sight_spans *s, bool holds, int64_t floor, int64_t moment, int64_t last_seq)
{
    struct sight_span *open = open_span(s);
    if (open && holds && open->floor == floor)
        return;
    if (open) {
        open->to = moment;
        open->top = last_seq;
    }
    if (!holds)
        return;
    if (s->count == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 4;
        s->all = mem_must_resize(s->all, s->cap, sizeof *s->all);
    }
    s->all[s->count++] = (struct sight_span){moment, INT64_MAX, floor, INT64_MAX};
}

static void refresh_slot(struct world *w, int64_t room, int slot, enum user_kind kind, int64_t user)
{
    const struct place_room *r = &w->place.rooms[room];
    int64_t floor = 0;
    bool reads = r->exists && place_may_read(r, kind, user, &floor);
    set(&w->sight.reads[room][slot], reads, floor, w->place.moment, r->last_seq);
    if (slot > SIGHT_ACCOUNT)
        set(&w->sight.member[room][slot], r->exists && place_member(r, user), 0, w->place.moment, r->last_seq);
}

void sight_refresh(struct world *w, uint64_t rooms)
{
    for (int64_t room = 1; room < PLACE_ROOMS_MAX; room++) {
        if (!(rooms >> room & 1))
            continue;
        refresh_slot(w, room, SIGHT_NO_ACCOUNT, USER_GUEST, 0);
        refresh_slot(w, room, SIGHT_ACCOUNT, USER_ACCOUNT, 0);
        for (size_t i = 0; i < w->place.user_count; i++)
            if (w->place.users[i].slot)
                refresh_slot(w, room, w->place.users[i].slot, USER_ACCOUNT, (int64_t)i);
    }
}

void sight_init(struct world *w)
{
    sight_refresh(w, UINT64_MAX);
}

void sight_clear(struct sight *s)
{
    free(s->hidings);
    for (int room = 0; room < PLACE_ROOMS_MAX; room++)
        for (int slot = 0; slot < PLACE_SLOTS_MAX; slot++) {
            free(s->reads[room][slot].all);
            free(s->member[room][slot].all);
        }
}

/* ------------------------------------------------------------------ asking */

int sight_slot(const struct world *w, struct viewer v)
{
    const struct place_user *u = v.kind == USER_ACCOUNT ? place_user(&w->place, v.user) : NULL;
    if (v.kind != USER_ACCOUNT)
        return SIGHT_NO_ACCOUNT;
    return u && u->slot ? u->slot : SIGHT_ACCOUNT;
}

static bool overlaps(const struct sight_span *s, int64_t lo, int64_t hi)
{
    return s->from <= hi && s->to > lo;
}

static bool any(const struct sight_spans *s, int64_t lo, int64_t hi)
{
    for (size_t i = s->count; i > 0; i--)
        if (overlaps(&s->all[i - 1], lo, hi))
            return true;
    return false;
}

/* One span after another, without a gap. */
static bool always(const struct sight_spans *s, int64_t lo, int64_t hi)
{
    int64_t need = lo;
    for (size_t i = 0; i < s->count && need <= hi; i++)
        if (s->all[i].from <= need && s->all[i].to > need)
            need = s->all[i].to;
    return need > hi;
}

static const struct sight_spans *spans_of(const struct world *w, struct viewer v, int64_t room)
{
    static const struct sight_spans none;
    return room > 0 && room < PLACE_ROOMS_MAX ? &w->sight.reads[room][sight_slot(w, v)] : &none;
}

bool sight_shows(const struct world *w, struct viewer v, int64_t room, int64_t first, int64_t last, int64_t lo,
                 int64_t hi)
{
    const struct sight_spans *s = spans_of(w, v, room);
    for (size_t i = s->count; i > 0; i--) {
        const struct sight_span *span = &s->all[i - 1];
        if (overlaps(span, lo, hi) && span->floor < first && last <= span->top)
            return true;
    }
    return false;
}

bool sight_reads(const struct world *w, struct viewer v, int64_t room, int64_t lo, int64_t hi)
{
    return any(spans_of(w, v, room), lo, hi);
}

bool sight_always_reads(const struct world *w, struct viewer v, int64_t room, int64_t lo, int64_t hi)
{
    return always(spans_of(w, v, room), lo, hi);
}

bool sight_always_from(const struct world *w, struct viewer v, int64_t room, int64_t floor, int64_t lo, int64_t hi)
{
    const struct sight_spans *s = spans_of(w, v, room);
    for (size_t i = s->count; i > 0; i--)
        if (overlaps(&s->all[i - 1], lo, hi) && s->all[i - 1].floor != floor)
            return false;
    return true;
}

static bool any_up_to(const struct sight_spans *s, int64_t last, int64_t lo, int64_t hi)
{
    for (size_t i = s->count; i > 0; i--)
        if (overlaps(&s->all[i - 1], lo, hi) && last <= s->all[i - 1].top)
            return true;
    return false;
}

bool sight_knows(const struct world *w, struct viewer v, int64_t room, int64_t last, int64_t lo, int64_t hi)
{
    return any_up_to(spans_of(w, v, room), last, lo, hi);
}

static const struct sight_spans *memberships_of(const struct world *w, int64_t user, int64_t room)
{
    static const struct sight_spans none;
    const struct place_user *u = place_user(&w->place, user);
    return u && u->slot && room > 0 && room < PLACE_ROOMS_MAX ? &w->sight.member[room][u->slot] : &none;
}

bool sight_was_member(const struct world *w, int64_t user, int64_t room, int64_t lo, int64_t hi)
{
    return any(memberships_of(w, user, room), lo, hi);
}

bool sight_was_member_up_to(const struct world *w, int64_t user, int64_t room, int64_t last, int64_t lo, int64_t hi)
{
    return any_up_to(memberships_of(w, user, room), last, lo, hi);
}

bool sight_always_member(const struct world *w, int64_t user, int64_t room, int64_t lo, int64_t hi)
{
    return always(memberships_of(w, user, room), lo, hi);
}

void sight_moments_of(const struct world *w, int64_t room, int64_t seq, int64_t *lo, int64_t *hi)
{
    const struct place_room *r = &w->place.rooms[room];
    *lo = seq ? r->events[seq]->moment : 0;
    *hi = seq < r->last_seq ? r->events[seq + 1]->moment - 1 : w->place.moment;
}

/* ------------------------------------------------------------------ what is hidden */

void sight_hide(struct world *w, int64_t user, bool hides)
{
    struct sight *s = &w->sight;
    struct sight_hiding *open = NULL;
    for (size_t i = 0; i < s->hiding_count; i++)
        if (s->hidings[i].user == user && s->hidings[i].to == INT64_MAX)
            open = &s->hidings[i];
    if ((open != NULL) == hides)
        return;
    if (open) {
        open->to = w->place.moment;
        return;
    }
    s->hidings = mem_must_resize(s->hidings, s->hiding_count + 1, sizeof *s->hidings);
    s->hidings[s->hiding_count++] = (struct sight_hiding){user, w->place.moment, INT64_MAX};
}

bool sight_may_hide(const struct world *w, const struct place_event *e, int64_t lo, int64_t hi)
{
    for (size_t i = 0; i < w->sight.hiding_count; i++) {
        const struct sight_hiding *h = &w->sight.hidings[i];
        if (h->user == e->author && h->from <= hi && h->to > lo)
            return true;
    }
    return false;
}

bool sight_must_hide(const struct world *w, const struct place_event *e, int64_t lo, int64_t hi)
{
    for (size_t i = 0; i < w->sight.hiding_count; i++) {
        const struct sight_hiding *h = &w->sight.hidings[i];
        if (h->user == e->author && h->from <= lo && h->to > hi && e->moment <= h->from)
            return true;
    }
    return false;
}
