/* thought.h - a request while it is being thought of: what it is about is chosen at random, mostly such that it could be
 * carried out, and goes into the request and into the ask that stands for it. */
#ifndef HUBBUB_SIMULATION_THOUGHT_H
#define HUBBUB_SIMULATION_THOUGHT_H

#include "client.h"

struct thought {
    struct world *w;
    const struct client *c; /* NULL: the command line */
    struct ask *a;
    cJSON *json;
};

bool think_one_in(struct thought *t, size_t n);
int64_t think_between(struct thought *t, int64_t low, int64_t high);
int64_t think_soon_ms(struct thought *t);

void think_add(struct thought *t, const char *name, int64_t value);
void think_add_text(struct thought *t, const char *name, const char *value);
void think_add_flag(struct thought *t, const char *name, bool value);
void think_new_name(struct thought *t, const char *what); /* now and then one that a room has already */

/* Which rooms are likely: */
typedef bool think_fits(struct thought *t, int64_t room);
think_fits think_is_there, think_is_ones_own, think_is_moderated, think_is_closed, think_is_asked_for;

int64_t think_any_of(struct thought *t, think_fits *fits); /* 0: there is none */
int64_t think_any_user(struct thought *t);                 /* 0: likewise */

/* Put a room, a user, an event of the room into the request: by id, now and then by name. False: there is none. */
bool think_name_room(struct thought *t, int64_t room);
bool think_some_room(struct thought *t, think_fits *likely);
bool think_name_user(struct thought *t, int64_t user);
bool think_some_user(struct thought *t);
bool think_some_member(struct thought *t); /* of the room that has been chosen, mostly */
bool think_some_event(struct thought *t);

#endif
