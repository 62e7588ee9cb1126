/* world.h - one simulated run: the program, its disk, the network and the people, on a virtual clock, all from one
 * seed.
 *
 * The oracles, by the invariants of the design:
 *   I1  what anybody has seen or was acked is in the database when it is seen (check_is_committed), after each death of
 *       the program, and after power losses that might have been (check_all, check_power_loss);
 *   I2  each client sees each room's events one after another, the same as everybody else (client_hear.c,
 *       client_answers.c, model.c);
 *   I3  no queue passes its limits, only a full one is closed as too slow (link.c), and in the end everybody who reads
 *       has seen all, whoever else does not read (client_check_rest);
 *   I4  a send makes one message at most, and its acks agree (model.c, check_db.c);
 *   I5  no mutex is held across I/O, and only those wait who may (faults.c, turns.c).
 * Besides: what had to be refused was, with the right code; what was refused is not there; at rest nothing is left
 * open; a clean stop leaves no WAL.
 *
 * A new verb of the protocol is added in three places: something to do in client_act.c, what may be answered in
 * client_answers.c, and what everybody then sees in client_hear.c, with a model_kind where it is durable. */
#ifndef HUBBUB_SIMULATION_WORLD_H
#define HUBBUB_SIMULATION_WORLD_H

#include "admin.h"
#include "check.h"
#include "client.h"
#include "faults.h"
#include "model.h"
#include "profile.h"
#include "server.h"
#include "tally.h"
#include "trace.h"
#include "turns.h"

#define WORLD_DATABASE    "hubbub.db"
#define WORLD_VFS         "simulated"
#define WORLD_WHAT_IF_VFS "what-if"

enum { WORLD_RECONNECT_SPREAD_MS = 1000 };

struct world {
    struct trace trace;
    struct profile profile;
    struct dice dice;      /* whose turn it is and what they do */
    struct dice disk_dice; /* what a power loss leaves */
    struct dice env_dice;  /* the core's random bytes, and SQLite's */
    struct env env;
    int64_t now_us, wall_offset_ms;

    struct turns turns;
    struct faults faults;
    struct disk *disk;
    struct vfs *vfs, *what_if;
    struct server server;
    struct model model;
    struct check check;
    struct client clients[PROFILE_CLIENTS_MAX];
    struct admin admin;
    struct tallies tallies;
    bool quiet; /* near the end: nothing goes wrong any more, and everybody only finishes what is begun */
};

struct world_options {
    int64_t turns; /* 0: as long as the seed says */
    bool print;
    const char *replay_options;
};

struct world_result {
    uint64_t hash;
    uint64_t turns;
    int64_t events, starts, sends, simulated_us;
    struct tallies tallies;
};

/* Runs a seed from beginning to end. Returns only when all oracles are content. *trace_of_run is set before anything
 * else happens, so that a signal handler can report it. */
void world_run(uint64_t seed, const struct world_options *options, struct world_result *result,
               const struct trace **trace_of_run);

/* Time passes. */
void world_pass_us(struct world *w, int64_t us);

/* Something that is counted has come to pass. */
#define world_count(w, what) ((w)->tallies.n[TALLY_##what]++)

/* A line of the trace. */
#define world_say(w, ...) trace_say(&(w)->trace, __VA_ARGS__)

#endif
