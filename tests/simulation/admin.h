/* admin.h - the person at the command line: sets the place up, makes, renames and archives rooms through the verbs that
 * `hubbub room ...` calls, does what else the command line may do, and sometimes looks into the database with sqlite3,
 * which keeps the WAL from starting over for as long as the transaction is open. */
#ifndef HUBBUB_SIMULATION_ADMIN_H
#define HUBBUB_SIMULATION_ADMIN_H

#include "client.h"

#include <sqlite3.h>

struct world;

struct admin {
    int64_t act_us;
    int made, named; /* rooms, and names for them, so far */
    bool busy;
    struct client client; /* how requests are judged */
    struct ask *ask;      /* is being answered */
    sqlite3 *prompt;      /* in a transaction; NULL: closed */
};

void admin_init(struct world *w);
void admin_offer(struct world *w);

/* Ends the look into the database, if there is one: before the program stops or dies. */
void admin_leave_prompt(struct world *w);

#endif
