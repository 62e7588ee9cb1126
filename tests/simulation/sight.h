/* sight.h - who may see what of each room, from when to when: the oracle behind "nobody sees what they may not".
 *
 * For each room and viewer there is a list of spans. A span says that from one moment to another these events of the
 * room may be seen: those behind `floor` up to `top`, which is the room's last event of that time: the one that ended
 * it, or, as long as it goes on, whatever comes. So whoever is removed with event 9 may be told of 1 to 9 for ever
 * after, as long as it was asked for before, and of 10 never.
 *
 * Viewers are accounts, each with a slot of their own, and two strangers: those without an account, who all see the
 * same, and those with one who are no member. A second list says who was a member when. */
#ifndef HUBBUB_SIMULATION_SIGHT_H
#define HUBBUB_SIMULATION_SIGHT_H

#include "place.h"

struct world;

enum { SIGHT_NO_ACCOUNT = 0, SIGHT_ACCOUNT = 1 /* of no member */ };

struct sight_span {
    int64_t from, to; /* moments: it holds at from .. to - 1; INT64_MAX: still */
    int64_t floor, top;
};

struct sight_spans {
    struct sight_span *all;
    size_t count, cap;
};

/* All that somebody has said is hidden, by a ban. */
struct sight_hiding {
    int64_t user, from, to; /* moments, likewise */
};

struct sight {
    struct sight_hiding *hidings;
    size_t hiding_count;
    struct sight_spans reads[PLACE_ROOMS_MAX][PLACE_SLOTS_MAX];
    struct sight_spans member[PLACE_ROOMS_MAX][PLACE_SLOTS_MAX];
};

void sight_init(struct world *w);
void sight_clear(struct sight *s);

/* The place has changed: these rooms (a bit each). */
void sight_refresh(struct world *w, uint64_t rooms);

/* How somebody has come in, and who they are. */
struct viewer {
    enum user_kind kind;
    int64_t user; /* 0: a visitor without a row */
};

/* Which slot; PLACE_SLOTS_MAX is never returned. */
int sight_slot(const struct world *w, struct viewer v);

/* Whether all events first .. last were to be seen at one of the moments lo .. hi. */
bool sight_shows(const struct world *w, struct viewer v, int64_t room, int64_t first, int64_t last, int64_t lo,
                 int64_t hi);

/* Whether the room could be read at one of them; at all of them. */
bool sight_reads(const struct world *w, struct viewer v, int64_t room, int64_t lo, int64_t hi);
bool sight_always_reads(const struct world *w, struct viewer v, int64_t room, int64_t lo, int64_t hi);

/* Whether at all of those moments at which it could be read, its events began behind `floor`. */
bool sight_always_from(const struct world *w, struct viewer v, int64_t room, int64_t floor, int64_t lo, int64_t hi);
/* Whether it could be told then that the room goes up to event `last`. */
bool sight_knows(const struct world *w, struct viewer v, int64_t room, int64_t last, int64_t lo, int64_t hi);

/* The same for being a member. */
bool sight_was_member(const struct world *w, int64_t user, int64_t room, int64_t lo, int64_t hi);
bool sight_was_member_up_to(const struct world *w, int64_t user, int64_t room, int64_t last, int64_t lo, int64_t hi);
bool sight_always_member(const struct world *w, int64_t user, int64_t room, int64_t lo, int64_t hi);

/* The moments at which event `seq` was the room's last: from *lo to *hi. */
void sight_moments_of(const struct world *w, int64_t room, int64_t seq, int64_t *lo, int64_t *hi);

/* Somebody has been banned, or is no longer: whether what they have said is hidden now. */
void sight_hide(struct world *w, int64_t user, bool hides);
/* Whether a message could be hidden at one of the moments lo .. hi; whether it had to be at all of them. What is said
 * while a ban that has expired still hides what was said before is left open. */
bool sight_may_hide(const struct world *w, const struct place_event *e, int64_t lo, int64_t hi);
bool sight_must_hide(const struct world *w, const struct place_event *e, int64_t lo, int64_t hi);

#endif
