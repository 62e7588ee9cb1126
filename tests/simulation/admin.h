/* admin.h - the person at the command line: makes, renames and archives rooms through the verbs that `hubbub room ...` calls. */
#ifndef HUBBUB_SIMULATION_ADMIN_H
#define HUBBUB_SIMULATION_ADMIN_H

#include <stdbool.h>
#include <stdint.h>

struct world;

struct admin {
    int64_t act_us;
    int made, named, renames; /* rooms, names for them, and attempts at renaming one, so far */
    bool busy;
};

void admin_offer(struct world *w);

#endif
