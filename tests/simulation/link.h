/* link.h - a connection between a client and the program, with both of its ends and what is on its way in between.
 *
 * Upwards whole texts are on their way, downwards bytes: so much as the kernel's buffers hold, the rest is in the
 * session's outbox. The program's end behaves as transport/ws.c does, without the parts that need a socket. */
#ifndef HUBBUB_SIMULATION_LINK_H
#define HUBBUB_SIMULATION_LINK_H

#include "base/buf.h"
#include "chat/session.h"

struct world;
struct client;

struct link_text {
    struct link_text *next;
    size_t len;
    char bytes[];
};

struct link {
    struct link *next;
    struct world *world;
    struct client *client; /* NULL: it has gone */
    int number, shard;

    struct link_text *up, **up_last;
    struct buf down;
    size_t down_read; /* of it the client has taken */

    struct session *session; /* NULL: not yet, or no longer */
    bool adopting;           /* a task is on its way to its shard */
    bool awake;              /* the outbox may have something to send */
    bool closing;            /* a Close is in the outbox, or the outbox has been given up */
    bool faulted;            /* the disk has failed during its time */
    bool over;               /* the program has closed its end: nothing comes any more */
    int64_t give_up_us;      /* closing: when the program stops waiting for the client to read */
    int64_t notice_us;       /* the client has gone: when the program notices */
};

/* A new connection of this client, not yet known to the program's core. */
struct link *link_open(struct world *w, struct client *c);

/* The worker hands it to its shard, with a reference to the person. */
void link_adopt(struct link *l, struct person *who);

/* What the program could do with it now. Looks as well whether its queue keeps its limits (I3). */
void link_offer(struct link *l);

/* The program's end is closed, by its death or because it stops. With `cut`, what is on its way to the client is
 * lost. */
void link_end(struct link *l, bool cut);

/* The client's end. */
void link_send(struct link *l, const char *text);
size_t link_unread(const struct link *l);
size_t link_read(struct link *l, char *out, size_t max);
void link_drop(
    struct link *l,
    bool cut); /* the client goes away; with `cut`, what is on its way is lost, and the program notices late */

/* Frees the links that both ends have left. */
void link_sweep(struct world *w);

#endif
