/* model.h - what the outside world knows: everything that any client has seen or has been promised. The oracles hold
 * against it what is seen next, and what is in the database. It never looks into the program. */
#ifndef HUBBUB_SIMULATION_MODEL_H
#define HUBBUB_SIMULATION_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MODEL_ID_BYTES = 40, MODEL_ROOMS_MAX = 32, MODEL_NAMES_MAX = 8, MODEL_NAME_BYTES = 48 };

enum model_kind { MODEL_MESSAGE, MODEL_RENAMED, MODEL_ARCHIVED, MODEL_UNARCHIVED };

/* A durable event, as a client or the database has it. */
struct model_event {
    enum model_kind kind;
    int64_t room, seq, author, at, reply_to;
    const char *text; /* a message's body, or the new name; "" when there is none */
    const char *id;   /* of the send; "" when there is none */
};

struct model_room {
    struct model_event **seen; /* by seq; NULL: nobody has seen it */
    size_t cap;
    int64_t last_seen;                 /* the highest seq that anybody has seen or been told of */
    char first_name[MODEL_NAME_BYTES]; /* that it was made with; "": not known */
    bool promised;                     /* `hubbub room add` has returned, or somebody has been told of it */
    bool may_be_archived;              /* somebody has tried to */
};

/* Somebody who has been let in: a guest, or a visitor for one connection. */
struct model_person {
    bool is_guest;
    int64_t user_id; /* 0: not known yet */
    char names[MODEL_NAMES_MAX][MODEL_NAME_BYTES];
    int names_count;
};

/* A message that a client wants to be sent, with how it fares. */
struct model_send {
    char id[MODEL_ID_BYTES];
    size_t person;
    int64_t room, reply_to;
    char *body;            /* trimmed, as it is to be stored */
    const char *must_fail; /* the code that it must be refused with, in the end; NULL: it is a good one */
    int sent;              /* how often it was sent */
    int answered;          /* and answered */
    int acks;              /* answers that were acks */
    int64_t seq, at;       /* once acked */
    bool refused;          /* the last answer was a refusal */
    /* It was "storage_failed", and no commit has succeeded since: what the disk refused to sync may be there all the
     * same after a power loss, and if it refused to write as well after any death; see store/transaction.c. */
    bool doubtful;
    bool excused;  /* that may have happened */
    int64_t found; /* the last search through a database that has found it */
};

struct model {
    struct model_room rooms[MODEL_ROOMS_MAX]; /* by id */
    struct model_person *persons;
    size_t persons_count;
    struct model_send *sends;
    size_t sends_count;
    size_t doubtful;  /* how many sends are */
    int64_t events;   /* seen */
    int64_t searches; /* through databases */
};

struct world;

void model_clear(struct model *m);

struct model_room *model_room(struct world *w, int64_t id); /* fails the run when there cannot be such a room */

size_t model_person_add(struct model *m, bool is_guest, int64_t user_id, const char *name);
void model_person_name(struct model *m, size_t person, const char *name);
bool model_person_has_name(const struct model_person *p, const char *name);

/* Copies `body`. The index of the new send. */
size_t model_send_add(struct world *w, size_t person, int64_t room, const char *body, int64_t reply_to,
                      const char *must_fail);
/* NULL: nobody has sent anything with this id. */
struct model_send *model_send_find(struct model *m, const char *id);

/* Somebody (`who`, for the report) has this event before them. `author_name` NULL: not told. I1, I2, I4. */
void model_event(struct world *w, const char *who, const struct model_event *e, const char *author_name);

/* Somebody has been told that this is a room's last event. I1. */
void model_last_seq(struct world *w, int64_t room, int64_t last_seq);

/* A send has been acked. I1, I4. */
void model_ack(struct world *w, struct model_send *s, int64_t room, int64_t seq, int64_t at, bool duplicate);

/* A send has been refused. */
void model_refused(struct world *w, struct model_send *s, const char *code, bool final);

/* A commit has succeeded: what was refused before is certainly not there. */
void model_committed(struct model *m);

/* The program has died so that what is doubtful may be there. */
void model_excuse(struct model *m);

/* Whether the event is the one that everybody else has seen; fails the run when it is not. For the database's rows as
 * well. */
void model_compare(struct world *w, const char *who, const struct model_event *e);

#endif
