/* link.h - a connection between a client and the program, with both of its ends and what is on its way in between.
 *
 * Upwards whole texts are on their way, downwards bytes: so much as the kernel's buffers hold, the rest is in the
 * session's outbox. The program's end behaves as transport/ws.c does, without the parts that need a socket. */
#ifndef HUBBUB_SIMULATION_LINK_H
#define HUBBUB_SIMULATION_LINK_H

#include "base/buf.h"
#include "chat/session_life.h"
#include "place.h"

struct world;
struct client;

struct link_text {
    struct link_text *next;
    uint64_t number; /* the first one is 1 */
    size_t len;
    char bytes[];
};

struct link {
    struct link *next;
    struct world *world;
    struct client *client; /* NULL: it has gone */
    int number, shard;

    struct link_text *up, **up_last;
    uint64_t texts; /* sent by the client so far */
    struct buf down;
    size_t down_read;                 /* of it the client has taken */
    uint64_t bytes_sent, bytes_taken; /* in all: put into `down`, and taken out of it */

    struct session *session; /* NULL: not yet, or no longer */
    bool adopting;           /* a task is on its way to its shard */
    struct caller who;       /* who is at the other end; kind, user and session */
    int64_t ended;           /* the moment at which that was ended, by a ban or else; INT64_MAX: it was not */
    uint64_t end_due;        /* by this task of its shard it has to be closing; 0: that is not known yet */
    uint64_t last_byte;      /* closing as ended: nothing but the Close frame comes behind it; UINT64_MAX: it is not */
    int64_t made;            /* the moment; what was told before does not reach it */
    int64_t opened_lo, opened_hi; /* what is told at first is from one of these moments */
    struct buf welcome;           /* the rooms of that, if it is certain which; see client_expect_rooms() */
    bool awake;                   /* the outbox may have something to send */
    bool closing;                 /* a Close is in the outbox, or the outbox has been given up */
    bool faulted;                 /* the disk has failed during its time */
    bool over;                    /* the program has closed its end: nothing comes any more */
    int64_t give_up_us;           /* closing: when the program stops waiting for the client to read */
    int64_t notice_us;            /* the client has gone: when the program notices */
};

/* A new connection of this client, not yet known to the program's core. */
struct link *link_open(struct world *w, struct client *c);

/* The worker hands it to its shard, with a reference to the person. Who it is is in l->who. */
void link_adopt(struct link *l, struct person *who);

/* link_ended.c: the program ends it, so nothing comes behind what is on its way; and it has to have a reason. */
void link_note_last_byte(struct link *l);
void link_check_ended_why(struct link *l, enum err why);

/* Whether this end is for this link's session, token or user. */
bool link_is_meant(const struct link *l, const struct ending *e);

/* The writer has ended its turn: those whose session has ended have to be closed after what has been posted. */
void link_end_due(struct world *w);
/* A task of this shard has run. */
void link_check_ended(struct world *w, int shard);

/* What the program could do with it now. Looks as well whether its queue keeps its limits (I3). */
void link_offer(struct link *l);

/* The program's end is closed, by its death or because it stops. With `cut`, what is on its way to the client is
 * lost. */
void link_end(struct link *l, bool cut);

/* The client's end. link_send() gives the number of the text. */
uint64_t link_send(struct link *l, const char *text);
size_t link_unread(const struct link *l);
size_t link_read(struct link *l, char *out, size_t max);
void link_drop(
    struct link *l,
    bool cut); /* the client goes away; with `cut`, what is on its way is lost, and the program notices late */

/* Frees the links that both ends have left. */
void link_sweep(struct world *w);

#endif
