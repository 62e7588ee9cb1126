/* profile.h - what kind of run a seed is: how large everything is, how often things go wrong, who is fast and who is
 * slow. */
#ifndef HUBBUB_SIMULATION_PROFILE_H
#define HUBBUB_SIMULATION_PROFILE_H

#include "dice.h"

enum {
    PROFILE_SHARDS = 2, /* enough for an order between shards to be wrong */
    PROFILE_CLIENTS_MAX = 8,
    PROFILE_ROOMS_MAX = 12,      /* that the command line makes */
    PROFILE_ROOMS_MAX_RATED = 5, /* with a rate limit: so that joining all of them is no flood */
};

struct profile {
    /* settings of the server */
    int64_t history_on_join, message_max_bytes, rate_messages_per_s, rate_burst;
    int64_t outbox_frames, outbox_bytes, ring_memory_bytes;
    int64_t outbox_memory_bytes; /* of all connections */
    int64_t visitor_kept_ms;     /* before they can be swept */
    bool gathers;                /* see proposals_gather() */
    int64_t command_queue, commit_max_commands, commit_max_bytes, reader_queue, wal_limit_bytes;

    /* the people */
    int clients;
    int account_clients, guests; /* of them; the others are visitors */
    int accounts;                /* of those, at first: several clients may be the same person */
    size_t calls;                /* how much they change rooms and people, beside 40 of saying something */
    int rooms;                   /* that are made at the start, beside the lobby */
    bool turbulent;              /* memberships change all the time, while messages are on their way */
    bool tidy;                   /* much of what is said is deleted, so that visitors leave nothing behind */
    bool wordy;                  /* long messages */
    bool talks_a_lot;            /* so many messages that some have to reset */
    int64_t act_every_us;        /* a client does something so often, on average */
    size_t kernel_bytes;         /* what the network holds between the two ends of a connection */

    /* the machine */
    int64_t turn_us;         /* time that passes between two turns, on average */
    size_t weights[8];       /* by enum part: how often its turn comes */
    size_t interrupt_one_in; /* at so many of the places where a thread can be interrupted it is; 0: never */

    /* what goes wrong, once in so many turns; 0: never */
    size_t kill_one_in, power_loss_one_in, dies_in_io_one_in, stop_one_in, fault_one_in, look_one_in, clock_jump_one_in;
    int64_t turns; /* how long it goes on */
};

/* turns 0: the usual length. */
void profile_choose(struct profile *p, struct dice *d, int64_t turns);

#endif
