#include "thought.h"

#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool think_one_in(struct thought *t, size_t n)
{
    return dice_one_in(&t->w->dice, n);
}

int64_t think_between(struct thought *t, int64_t low, int64_t high)
{
    return dice_between(&t->w->dice, low, high);
}

void think_add(struct thought *t, const char *name, int64_t value)
{
    cJSON_AddNumberToObject(t->json, name, (double)value);
}

void think_add_text(struct thought *t, const char *name, const char *value)
{
    cJSON_AddStringToObject(t->json, name, value);
}

void think_add_flag(struct thought *t, const char *name, bool value)
{
    cJSON_AddBoolToObject(t->json, name, value);
}

/* ------------------------------------------------------------------ what it is about */

int64_t think_any_of(struct thought *t, think_fits *fits)
{
    int64_t rooms[PLACE_ROOMS_MAX];
    size_t n = 0;
    for (int64_t id = 1; id < PLACE_ROOMS_MAX; id++)
        if (place_room(&t->w->place, id) && fits(t, id))
            rooms[n++] = id;
    return n ? rooms[dice_below(&t->w->dice, n)] : 0;
}

bool think_is_there(struct thought *t, int64_t room)
{
    (void)t;
    (void)room;
    return true;
}

bool think_is_ones_own(struct thought *t, int64_t room)
{
    return t->c && place_member(&t->w->place.rooms[room], t->c->who.user_id);
}

bool think_is_moderated(struct thought *t, int64_t room)
{
    const struct place_member *m = t->c ? place_member(&t->w->place.rooms[room], t->c->who.user_id) : NULL;
    return m && m->role == ROOM_ROLE_MODERATOR;
}

bool think_is_closed(struct thought *t, int64_t room)
{
    return t->w->place.rooms[room].kind == ROOM_CLOSED;
}

bool think_is_asked_for(struct thought *t, int64_t room)
{
    return t->w->place.rooms[room].request_count > 0;
}

/* Puts the room into the request, now and then by its name. */
bool think_name_room(struct thought *t, int64_t room)
{
    const struct place_room *r = place_room(&t->w->place, room);
    t->a->room = room;
    if (!r || !*r->name || t->a->user_by_name || !think_one_in(t, 8)) {
        think_add(t, "room", room);
        return room != 0;
    }
    t->a->room_by_name = true;
    snprintf(t->a->fold, sizeof t->a->fold, "%s", r->fold);
    think_add_text(t, "room", r->name);
    return true;
}

bool think_some_room(struct thought *t, think_fits *likely)
{
    int64_t room = think_one_in(t, 4) ? think_any_of(t, think_is_there) : think_any_of(t, likely);
    if (!room)
        room = think_any_of(t, think_is_there);
    return think_name_room(t, room);
}

int64_t think_any_user(struct thought *t)
{
    int64_t last = (int64_t)t->w->place.user_count - 1;
    for (int tries = 0; last > 0 && tries < 8; tries++) {
        int64_t id = think_between(t, 1, last);
        if (t->w->place.users[id].kind == USER_ACCOUNT || think_one_in(t, 12))
            return id;
    }
    return 0;
}

bool think_name_user(struct thought *t, int64_t user)
{
    if (user <= 0)
        return false;
    const struct place_user *u = place_user(&t->w->place, user);
    if (t->a->room_by_name || u->kind == USER_VISITOR || !think_one_in(t, 8)) {
        t->a->user = user;
        think_add(t, "user", user);
        return true;
    }
    t->a->user_by_name = true;
    snprintf(t->a->fold, sizeof t->a->fold, "%s", u->fold);
    think_add_text(t, "user", place_user_name(u));
    return true;
}

bool think_some_user(struct thought *t)
{
    return think_name_user(t, think_any_user(t));
}

/* A member of the room that has been chosen, mostly. */
bool think_some_member(struct thought *t)
{
    const struct place_room *r = place_room(&t->w->place, t->a->room);
    if (!r || !r->member_count || think_one_in(t, 4))
        return think_some_user(t);
    return think_name_user(t, r->members[dice_below(&t->w->dice, r->member_count)].user);
}

bool think_some_event(struct thought *t)
{
    int64_t last = t->w->model.last_seen[t->a->room];
    if (!last)
        return false;
    think_add(t, "seq", think_between(t, 1, last + think_one_in(t, 10)));
    return true;
}

int64_t think_soon_ms(struct thought *t)
{
    return t->w->env.wall_ms(t->w->env.ctx) + think_between(t, 50, 3000);
}

/* Now and then one that a room has already. */
void think_new_name(struct thought *t, const char *what)
{
    char name[32];
    int64_t taken = think_one_in(t, 4) ? think_between(t, 1, 8) : 0;
    if (place_room(&t->w->place, taken) && *t->w->place.rooms[taken].name) {
        think_add_text(t, "name", t->w->place.rooms[taken].name);
        return;
    }
    snprintf(name, sizeof name, "%s %d", what, ++t->w->admin.named);
    think_add_text(t, "name", name);
}
