/* check.h - the simulation's own look into the database, through a connection of its own: whether what has been seen
 * is there, and whether what is there makes sense. */
#ifndef HUBBUB_SIMULATION_CHECK_H
#define HUBBUB_SIMULATION_CHECK_H

#include "model.h"

#include <sqlite3.h>

struct check {
    sqlite3 *db; /* NULL: closed */
    sqlite3_stmt *find;
};

struct world;

/* Beside the program's connections, while those are open. It sees what any other program would see: what has been
 * committed. */
void check_open(struct world *w);
void check_close(struct world *w); /* closed already is fine */
bool check_is_open(const struct check *c);

/* The event as it is in the database; its texts are borrowed until the next call. False: there is none. */
bool check_find(struct world *w, int64_t room, int64_t seq, struct place_event *out);

/* I1: what somebody sees has been committed. */
void check_is_committed(struct world *w, const char *who, const struct place_event *e);

/* The whole database against the model, and against itself. */
void check_all(struct world *w);

/* The same for the database as it would come back if the power failed now. */
void check_power_loss(struct world *w, bool keep_some);

/* How many commands the database says that it holds, and the running hash over them. */
int64_t check_applied(struct world *w, uint8_t hash[32]);

/* A room's last event as it is in the database, or 0. */
int64_t check_last_seq(struct world *w, int64_t room);

/* ------------------------------------------------------------------ between check.c, check_db.c and check_place.c */

/* Everything of one database; `who` says which in the report. */
void check_db(struct world *w, const char *who, sqlite3 *db);

sqlite3_stmt *check_prepare(struct world *w, sqlite3 *db, const char *sql); /* for sqlite3_finalize() */
bool check_row(struct world *w, sqlite3_stmt *st);                          /* one step: whether there is a row */
void check_read_event(struct world *w, sqlite3_stmt *st, struct place_event *out); /* of a row of: */
extern const char check_all_events_sql[];
int64_t check_read_applied(struct world *w, sqlite3 *db, uint8_t hash[32]);

/* All tables but those of events against the place; see check_place.c. */
void check_place(struct world *w, const char *who, sqlite3 *db);

#endif
