/* client.h - somebody who uses the chat, by the client protocol alone: what is sent, and each byte that comes back,
 * goes through a link, and what the program does inside is not looked at.
 *
 * client.c        coming, going, and what can be done next client_act.c    saying things, at random client_hear.c
 * frames and JSON, and what they may say client_answers.c  what they may say in answer to a request */
#ifndef HUBBUB_SIMULATION_CLIENT_H
#define HUBBUB_SIMULATION_CLIENT_H

#include "link.h"
#include "model.h"

#include <cjson/cJSON.h>

enum { CLIENT_ASKS_MAX = 512, CLIENT_SENDS_MAX = 512, CLIENT_RECENT = 8 };

enum client_state { CLIENT_AWAY, CLIENT_ENTERING, CLIENT_HERE };

/* A room as this client has it. */
struct follow {
    bool known; /* from a welcome or a room event */
    bool archived;
    char name[MODEL_NAME_BYTES];
    bool wanted;           /* to be joined again after a reconnect */
    bool open;             /* on this connection: joined, and the ack has come */
    bool must_reset;       /* it is too far behind: a reset comes before any event */
    int64_t last;          /* the last event seen; -1: none yet */
    int64_t count;         /* of people, as last told; -1: not told */
    int64_t last_at_entry; /* what anybody had seen of it when this connection was made */
    bool promised_at_entry;
};

enum ask_kind { ASK_JOIN, ASK_LEAVE, ASK_SEND, ASK_REUSE, ASK_HISTORY, ASK_TYPING, ASK_PRESENCE, ASK_PING, ASK_WRONG };

/* A request that has not been answered. */
struct ask {
    enum ask_kind kind;
    char id[MODEL_ID_BYTES];
    int64_t room;
    int64_t after, before, around, limit; /* -1: not given */
    int64_t known_last;                   /* the room's last event that anybody had seen when it was asked */
    size_t send;                          /* the send */
    bool by_name;                         /* the room was given by its name */
    const char *must_fail;                /* the code of the only answer that is right; NULL: it should work */
};

/* A message that has not been answered for good. */
struct open_send {
    size_t send;
    int in_flight;    /* asks on this connection */
    int64_t retry_us; /* after a refusal: when to try again */
};

struct client {
    int number;
    enum client_state state;
    bool is_guest;
    int64_t user_id; /* a guest's */
    size_t person;   /* in the model */
    char name[MODEL_NAME_BYTES], cookie[520];
    int names; /* tried so far */

    struct link *link;
    int64_t enter_us, act_us, stalled_until_us;
    bool busy; /* a worker is on its way for it */
    bool welcomed, stays_stalled;
    struct buf heard;   /* bytes of an incomplete frame */
    size_t heard_bytes; /* of the text that is being heard */
    struct follow rooms[MODEL_ROOMS_MAX];
    struct ask asks[CLIENT_ASKS_MAX];
    size_t asks_count;
    struct open_send sends[CLIENT_SENDS_MAX];
    size_t sends_count;
    size_t recent[CLIENT_RECENT]; /* sends that were acked, to send again */
    size_t recent_count;
    uint64_t ids; /* given to requests so far */
};

void client_init(struct client *c, struct world *w, int number);
void client_clear(struct client *c);
void client_offer(struct world *w, struct client *c);

/* The connection is no more. */
void client_lost(struct world *w, struct client *c, int64_t back_in_us);

/* client_act.c */
void client_act(struct world *w, struct client *c);
void client_join(struct world *w, struct client *c, int64_t room, int64_t after);
void client_send(struct world *w, struct client *c, struct open_send *o);
const char *client_label(const struct client *c);

/* client_hear.c: the next bytes of the connection */
void client_hear(struct world *w, struct client *c, const char *bytes, size_t len);
struct follow *client_follow(struct world *w, struct client *c,
                             int64_t room); /* fails the run when there is no such room */

/* client_answers.c */
void client_on_ack(struct world *w, struct client *c, const cJSON *json);
void client_on_error(struct world *w, struct client *c, const cJSON *json);
void client_on_history(struct world *w, struct client *c, const cJSON *json);

/* Finds the send among those that are open; NULL: it is not. */
struct open_send *client_open_send(struct client *c, size_t send);
void client_forget_send(struct client *c, struct open_send *o);

/* At rest: whether it has seen and been told everything. */
void client_check_rest(struct world *w, struct client *c);

#endif
