/* worker.h - one thread of chatload: an epoll loop over its share of the clients.
 *
 * Client i belongs to worker i % threads. The main thread moves the run from phase to phase; workers follow within 50 ms.
 * Between phases they exchange nothing but the atomics below; what else a worker counted is read after it was joined. */
#ifndef WORKER_H
#define WORKER_H

#include "client.h"
#include "histogram.h"
#include "link.h"
#include "options.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

enum phase { PHASE_CONNECT, PHASE_SEND, PHASE_DRAIN, PHASE_STOP };

struct run { /* owned by the main thread, shared by all workers */
    const struct options *options;
    struct client *clients;
    _Atomic int phase;
    _Atomic int open, failed, connected_workers; /* connections that have joined, could not; workers that are through */
    _Atomic uint64_t last_joined_ns;
    _Atomic uint32_t *members; /* by group: joined connections that get messages */

    /* Written before the phase becomes PHASE_SEND, constant from then on. */
    uint64_t start_ns, measure_ns, end_ns;
    uint32_t *receivers; /* by group: the members at the start */
};

struct worker_counts {
    uint64_t sent, sent_measured;                              /* messages */
    uint64_t measured;                                         /* deliveries inside the measured window */
    uint64_t again, late, misrouted, stale;                    /* markers: doubled, reordered, of another group, old */
    uint64_t stalls, late_max_ns;                              /* windows started anew; sending behind schedule */
    uint64_t cut_off, slow_cut_off, slow_cut_early, slow_read; /* connections ended; what the slow ones read at last */
    uint64_t bystander_frames, bystander_bytes;                /* what bystanders got inside the measured window */
};

struct worker {
    struct run *run;
    int id;
    pthread_t thread;
    struct link_io io;
    struct worker_counts counts;
    struct histogram latency;
    _Atomic uint64_t expected, received; /* deliveries from the start of the run on */

    int next_connect, connecting; /* index of the client to connect next; connections under way */
    int turn;                     /* open loop: which of its senders is next */
    uint64_t cycle;               /* and how often all have had their turn */
    bool window_filled, slow_reading;
};

void worker_start(struct worker *, struct run *, int id);
void worker_join(struct worker *);

#endif
