/* client.h - somebody who uses the chat, by the client protocol alone: what is sent, and each byte that comes back,
 * goes through a link. What the client itself knows it has heard; what it may hear is judged by the ledger (judge.h,
 * sight.h).
 *
 * client.c          coming back, going, and what can be done next
 * client_enter.c    the ways in: visitors, guests, accounts by session, token or proxy
 * client_act.c      asking for things, at random
 * client_say.c      ... saying something
 * client_call.c     ... those that change rooms, people and memberships, and questions
 * client_http.c     the same over HTTP
 * client_hear.c     frames and JSON, and what they may say
 * client_sidebar.c  ... of rooms, memberships and what is unread
 * client_answers.c  ... in answer to a request
 * client_lists.c    ... in answer to a question */
#ifndef HUBBUB_SIMULATION_CLIENT_H
#define HUBBUB_SIMULATION_CLIENT_H

#include "link.h"
#include "model.h"
#include "rules/caller.h"
#include "sight.h"

#include <cjson/cJSON.h>

enum {
    CLIENT_ASKS_MAX = 512,
    CLIENT_ASKS_AT_MOST = 448,
    CLIENT_SENDS_MAX = 512,
    CLIENT_RECENT = 8,
    CLIENT_TOKENS = 4,
    CLIENT_TOKEN_BYTES = 64
};

enum client_state { CLIENT_AWAY, CLIENT_ENTERING, CLIENT_HERE };
enum client_kind { CLIENT_VISITOR, CLIENT_GUEST, CLIENT_ACCOUNT, CLIENT_ADMIN /* the command line */ };

/* A room as this client has it. */
struct follow {
    bool known; /* has been heard of, now or once */
    bool archived;
    enum room_kind kind;
    char name[MODEL_NAME_BYTES];
    bool wanted;     /* to be joined again after a reconnect */
    bool open;       /* on this connection: joined, and the ack has come */
    bool must_reset; /* it is too far behind: a reset comes before any event */
    bool may_reset;  /* it was ahead of what had been published: there may be a reset before the next event */
    bool is_vague;   /* where its events begin was changed just then: so the first may be a later one, or a reset */
    bool is_told;    /* of, on this connection: so it is as the place has it */
    int64_t last;    /* the last event seen; -1: none yet */
    int64_t count;   /* of people, as last told; -1: not told */
    int64_t lo;      /* what it is told of the room is from this moment or later: that of the join */
    /* its membership, as last told: */
    bool is_member, has_counts;
    int64_t read_seq, unread, mentions, requests;
};

enum ask_kind {
    ASK_JOIN,
    ASK_LEAVE,
    ASK_SEND,
    ASK_REUSE,
    ASK_HISTORY,
    ASK_TYPING,
    ASK_PRESENCE,
    ASK_PING,
    ASK_WRONG,
    ASK_CALL, /* what goes through the log besides */
    ASK_LIST, /* what is answered from the database */
};

/* A request that has not been answered. */
struct ask {
    enum ask_kind kind;
    enum request_type type;
    char id[MODEL_ID_BYTES];
    int64_t room, user;
    int64_t after, before, around, limit; /* -1: not given */
    size_t send;                          /* the send */
    bool room_by_name, user_by_name;      /* given by a name, whose fold is: */
    char fold[PLACE_FOLD_BYTES];
    bool is_open;          /* when it was sent, the room was open on this connection */
    bool foreign;          /* a join by numbers of another epoch, or of none that it names */
    const char *must_fail; /* of ASK_WRONG: the code of the only answer that is right */
    uint64_t text;         /* which of the link's texts it is */

    /* since the program has read it, see judge.h: */
    bool is_read, is_blurred;
    int64_t lo, loud, known_last, floor;
    uint64_t may_be;
};

/* A message that has not been answered for good. */
struct open_send {
    size_t send;
    int in_flight;    /* asks on this connection */
    int64_t retry_us; /* after a refusal: when to try again */
};

/* An account, which several clients may be signed in to. */
struct account {
    bool is_made;
    char name[MODEL_NAME_BYTES];
    int64_t user; /* 0: not known yet */
    size_t person;
    struct {
        char text[CLIENT_TOKEN_BYTES];
        int64_t id;
    } tokens[CLIENT_TOKENS]; /* for programs */
    size_t token_count;
};

struct client {
    int number;
    enum client_state state;
    enum client_kind kind;
    struct caller who; /* as the program has let it in */
    size_t person;     /* in the model */
    char name[MODEL_NAME_BYTES], cookie[520];
    int names;                        /* tried so far */
    struct account *account;          /* of CLIENT_ACCOUNT */
    char session[CLIENT_TOKEN_BYTES]; /* "": not signed in */
    int64_t session_id;
    int64_t looked;   /* the moment at which the program has looked up what lets it in */
    bool has_babbled; /* has asked without ids, on this connection */

    struct link *link;
    int64_t enter_us, act_us, stalled_until_us;
    bool busy; /* a worker is on its way for it */
    bool welcomed, stays_stalled;
    bool has_more_rooms;               /* of the welcome: they are still to come */
    struct buf heard;                  /* bytes of an incomplete frame */
    size_t heard_bytes;                /* of the text that is being heard */
    char place_name[PLACE_NAME_BYTES]; /* as last told */
    int64_t reports;                   /* that wait for it, likewise */
    int64_t blocked[PLACE_BLOCKS_MAX];
    size_t blocked_count;
    struct follow rooms[PLACE_ROOMS_MAX];
    struct ask asks[CLIENT_ASKS_MAX];
    size_t asks_count;
    struct ask *http; /* what a worker of the program is answering for it */
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

const char *client_label(const struct client *c);
struct viewer client_viewer(const struct client *c);

/* client_enter.c: a turn of a worker */
void client_enter(struct world *w, struct client *c);
void client_rename(struct world *w, struct client *c);
/* Whether there is no way in, now and later: banned for good. */
bool client_is_kept_out(const struct world *w, const struct client *c);

/* client_act.c */
void client_act(struct world *w, struct client *c);
void client_join(struct world *w, struct client *c, int64_t room, int64_t after);
void client_become_member(struct world *w, struct client *c, int64_t room);
struct ask *client_ask(struct world *w, struct client *c, enum ask_kind kind, enum request_type type);
void client_say(struct world *w, struct client *c, struct ask *a, cJSON *json); /* takes the JSON */
cJSON *client_request(const struct ask *a);                                     /* with what all of them have */
int64_t client_any_room(struct world *w, const struct client *c, bool open);    /* 0: none */
int64_t client_room_to_try(struct world *w, const struct client *c); /* likewise; perhaps one that it does not know */
bool client_is_asked(const struct client *c, enum ask_kind kind, int64_t room);

/* client_say.c */
void client_say_something(struct world *w, struct client *c);
void client_say_in(struct world *w, struct client *c, int64_t room);
void client_say_it_again(struct world *w, struct client *c);
void client_send(struct world *w, struct client *c, struct open_send *o);

/* client_call.c: fills the ask and writes the request. `c` NULL: for the command line. NULL: nothing comes to mind. */
cJSON *client_choose_call(struct world *w, const struct client *c, struct ask *a);
cJSON *client_choose_list(struct world *w, const struct client *c, struct ask *a);

/* client_http.c: a turn of a worker. Asks now, and says what came of it; takes the request. */
void client_over_http(struct world *w, struct client *c);
enum err client_ask_over_http(struct world *w, struct client *c, const struct caller *who, struct ask *a,
                              cJSON *request);

/* client_hear.c: the next bytes of the connection */
void client_hear(struct world *w, struct client *c, const char *bytes, size_t len);
/* Fails the run when there is no such room. */
struct follow *client_follow(struct world *w, struct client *c, int64_t room);

/* client_sidebar.c */
void client_on_welcome(struct world *w, struct client *c, const cJSON *json);
void client_on_welcome_rooms(struct world *w, struct client *c, const cJSON *json);
void client_on_room(struct world *w, struct client *c, const cJSON *json);
void client_on_membership(struct world *w, struct client *c, const cJSON *json);
void client_on_activity(struct world *w, struct client *c, const cJSON *json);
void client_on_read(struct world *w, struct client *c, const cJSON *json);
/* A room of a list, as it was at one of the moments lo .. hi. */
void client_check_room(struct world *w, struct client *c, const cJSON *json, int64_t lo, int64_t hi);
/* What a viewer has to be welcomed with now, a line for each room, terminated. */
void client_expect_rooms(struct world *w, struct viewer v, struct buf *b);

/* client_place.c: what is not about what is said in rooms; the same of the welcome, and at rest */
void client_on_place(struct world *w, struct client *c, const cJSON *json);
void client_on_reports(struct world *w, struct client *c, const cJSON *json);
void client_on_requests(struct world *w, struct client *c, const cJSON *json);
void client_on_block(struct world *w, struct client *c, const cJSON *json);
/* What the entry of a room in any list says of requests to join it; fails the run when they are not for the client. */
int64_t client_told_requests(struct world *w, struct client *c, const cJSON *room);
void client_place_welcome(struct world *w, struct client *c, const cJSON *json);
void client_place_rest(struct world *w, const struct client *c);

/* client_answers.c */
void client_on_ack(struct world *w, struct client *c, const cJSON *json);
void client_on_error(struct world *w, struct client *c, const cJSON *json);
void client_on_history(struct world *w, struct client *c, const cJSON *json);
struct ask client_take_ask(struct world *w, struct client *c, const char *id);
/* Whether the program may refuse anything with this code, having trouble of its own. */
bool client_is_trouble(const struct world *w, const struct client *c, const struct ask *a, const char *code);
/* What the ack of a call brings. */
void client_take_ack(struct world *w, struct client *c, const struct ask *a, const cJSON *json);

/* client_lists.c */
void client_on_list(struct world *w, struct client *c, const cJSON *json);
void client_check_list(struct world *w, struct client *c, const struct ask *a, const cJSON *json);

/* Finds the send among those that are open; NULL: it is not. */
struct open_send *client_open_send(struct client *c, size_t send);
void client_forget_send(struct client *c, struct open_send *o);

/* At rest: whether it has seen and been told everything. */
void client_check_rest(struct world *w, struct client *c);

#endif
