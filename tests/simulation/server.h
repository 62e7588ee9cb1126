/* server.h - the program: the real core (chat, hub, log, store), put together as app.c does it, with mailboxes in the
 * place of reactors; how it starts, stops, and dies. */
#ifndef HUBBUB_SIMULATION_SERVER_H
#define HUBBUB_SIMULATION_SERVER_H

#include "chat/chat.h"
#include "link.h"
#include "profile.h"

enum server_state { SERVER_DOWN, SERVER_UP, SERVER_DRAINING };

struct mail {
    struct world *world;
    int shard;
    struct task_list tasks;
    uint64_t posted, done; /* tasks in this life */
    uint64_t last_loud;    /* of them: the last one that did not come from what goes on for ever */
};

struct server {
    enum server_state state;
    struct store *store;
    struct reader *reader;
    struct chat *chat;
    struct metrics metrics;
    struct mail mail[PROFILE_SHARDS];
    struct task *held; /* what a reader thread is about to post: another may overtake it */
    int held_shard;
    struct link *links; /* of this and of earlier lives */
    int links_made, starts;
    int64_t start_us; /* while it is down: when it starts again */
    int64_t tick_us, sweep_us, probe_us;
    int64_t failures;   /* commits that have failed, as far as noticed */
    int64_t commits;    /* that have succeeded in this life */
    bool faulted;       /* the disk has failed in this life */
    bool writes_failed; /* and that not only in syncing */
};

/* What its threads could do now. */
void server_offer(struct world *w);

/* To be called when nothing of it is on the stack: */
void server_start(struct world *w);
void server_stop(struct world *w); /* SIGTERM; it may die on the way */
/* kill -9, or with it the whole machine; where faults.dead is set it has happened already, and this draws the
 * consequences. */
void server_die(struct world *w, bool power_loss);

#endif
