/* world.h - one simulated run: the program, its disk, the network and the people, on a virtual clock, all from one
 * seed.
 *
 * The oracles, by the invariants of the design:
 *   I1  what anybody has seen or was acked is in the database when it is seen (check_is_committed), after each death of
 *       the program, and after power losses that might have been (check_all, check_power_loss);
 *   I2  each client sees each room's events one after another, each as it was decided (client_hear.c,
 *       client_answers.c, model.c);
 *   I3  no queue passes its limits, only a full one is closed as too slow (link.c), and in the end everybody who reads
 *       has seen all, whoever else does not read (client_check_rest);
 *   I4  a send makes one message at most, and its acks agree (model.c, check_db.c);
 *   I5  no mutex is held across I/O, and only those wait who may (faults.c, turns.c).
 * Besides, by the rules of the protocol:
 *   rules  every command comes to what the rules say, and leaves in the database what they say (ledger.h, place.h,
 *          check_place.c); every request is answered as it has to be (judge.h); what is listed, and what is said to be
 *          unread, is so (client_lists.c, client_sidebar.c); whose session has ended is out (link.c);
 *   sight  nobody sees what they may not: events, pages, presence, names of rooms, activity, what is deleted or hidden
 *          (sight.h).
 * What was refused is not there; at rest nothing is left open; a clean stop leaves no WAL.
 *
 * A new verb of the protocol is added in these places: its rule in place_*.c, the command in judge.c, something to do in
 * client_act.c or client_call.c, what may be answered in judge.c, and what everybody then sees in client_hear.c. */
#ifndef HUBBUB_SIMULATION_WORLD_H
#define HUBBUB_SIMULATION_WORLD_H

#include "admin.h"
#include "check.h"
#include "client.h"
#include "faults.h"
#include "judge.h"
#include "ledger.h"
#include "model.h"
#include "profile.h"
#include "server.h"
#include "sight.h"
#include "tally.h"
#include "trace.h"
#include "turns.h"

#define WORLD_DATABASE    "hubbub.db"
#define WORLD_VFS         "simulated"
#define WORLD_WHAT_IF_VFS "what-if"

#define WORLD_SERVER_NAME "Simulation" /* until the place has a name */
enum { WORLD_RECONNECT_SPREAD_MS = 1000, WORLD_ACCOUNTS_MAX = 8 };

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
    struct place place;
    struct ledger ledger;
    struct sight sight;
    struct model model;
    struct check check;
    struct account accounts[WORLD_ACCOUNTS_MAX]; /* the first is the owner's */
    int converts;                                /* guests who have wanted to become one of them */
    struct client clients[PROFILE_CLIENTS_MAX];
    char epoch[EPOCH_BYTES];             /* as the first welcome had it, and all others */
    char reset_code[CLIENT_TOKEN_BYTES]; /* of the newest one-time link; "": none yet */
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
