/* admin.h - the person at the command line: makes, renames and archives rooms through the verbs that `hubbub room
 * ...` calls, and sometimes looks into the database with sqlite3, which keeps the WAL from starting over for as long
 * as the transaction is open. */
#ifndef HUBBUB_SIMULATION_ADMIN_H
#define HUBBUB_SIMULATION_ADMIN_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

struct world;

struct admin {
    int64_t act_us;
    int made, named, renames; /* rooms, names for them, and attempts at renaming one, so far */
    bool busy;
    sqlite3 *prompt; /* in a transaction; NULL: closed */
};

void admin_offer(struct world *w);

/* Ends the look into the database, if there is one: before the program stops or dies. */
void admin_leave_prompt(struct world *w);

#endif
