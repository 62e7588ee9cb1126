/* turns.h - whose turn it is: the threads of the program, and the people outside, take turns on the one thread there
 * is.
 *
 * Each thread of the real program plays a *part*. What a part could do now it offers; one offer is drawn and carried
 * out. So all orders come up in which the real threads could do whole pieces of work. Finer ones come from
 * interruptions: wherever the core gives up a mutex, and at each read, write and sync of a file, the part may be
 * interrupted: it stays on the stack while others have their turns, as if the scheduler of the operating system had
 * put it aside there. Only a thread that waits (for its command, in an HTTP worker) lets others go on until it is
 * served.
 *
 * The core's mutexes and waits reach this through the linker: --wrap=pthread_mutex_lock and its kind. */
#ifndef HUBBUB_SIMULATION_TURNS_H
#define HUBBUB_SIMULATION_TURNS_H

#include "dice.h"
#include "profile.h"

enum part {
    PART_WRITER,
    PART_READER,
    PART_SHARD, /* and one for each further shard */
    PART_SHARD_LAST = PART_SHARD + PROFILE_SHARDS - 1,
    PART_WORKER,  /* CivetWeb's threads and the control socket's: those who may wait */
    PART_OUTSIDE, /* clients, and the network */
    PART_NOBODY,  /* things that happen by themselves */
    PARTS
};

enum { TURNS_DEPTH_MAX = 4 };

struct world;
typedef void turn_fn(struct world *w, void *arg);

struct offer {
    enum part part;
    bool routine;
    turn_fn *run;
    void *arg;
};

struct turns {
    struct world *world;
    void (*collect)(struct world *w); /* calls turns_offer() for whatever could be done */
    struct offer offers[512];
    size_t offered;
    int64_t next_us;   /* when the next thing can be done that cannot be done now; INT64_MAX: never */
    int64_t active_us; /* when something was last done that was not mere routine */
    enum part stack[TURNS_DEPTH_MAX + 4];
    int depth, workers;
    bool routine;       /* what runs now is */
    unsigned busy;      /* a bit per part: it is on the stack */
    int locks;          /* mutexes that are held */
    bool uninterrupted; /* while the program starts and stops there is one thread */
    uint64_t taken;
};

/* Starts, or with NULL ends, a simulated world: the threads of this process become its parts. */
void turns_init(struct turns *t, struct world *w, void (*collect)(struct world *w));
void turns_clear(void);

/* During collect(): this could be done, from at_us on. */
void turns_offer(struct turns *t, enum part part, int64_t at_us, turn_fn *run, void *arg);
/* The same for what goes on for ever, such as the tick of each second. */
void turns_offer_routine(struct turns *t, enum part part, int64_t at_us, turn_fn *run, void *arg);

/* One turn. When nobody can do anything now, time passes instead until somebody can. False: nobody ever will. */
bool turns_take(struct turns *t);

/* Here the part that runs may be interrupted. */
void turns_interrupt(struct turns *t);

/* Which part runs now; PART_NOBODY: none. */
enum part turns_part(const struct turns *t);

#endif
