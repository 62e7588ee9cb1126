/* model.h - what the outside world knows: what has been sent, and what of it has been seen. It never looks into the
 * program; what has been decided there is in the ledger (ledger.h), which all that is seen is held against. */
#ifndef HUBBUB_SIMULATION_MODEL_H
#define HUBBUB_SIMULATION_MODEL_H

#include "place.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MODEL_ID_BYTES = PLACE_ID_BYTES, MODEL_NAME_BYTES = PLACE_NAME_BYTES };

/* A message that a client wants to be sent, with how it fares. */
struct model_send {
    char id[MODEL_ID_BYTES];
    size_t person;
    int64_t room, reply_to;
    char *body;            /* trimmed, as it is to be stored */
    const char *must_fail; /* why it can never be stored: the code; NULL: it is a good one */
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
    int64_t last_seen[PLACE_ROOMS_MAX]; /* of each room, the highest seq that anybody has seen or been told of */
    int64_t *persons;                   /* everybody who has been let in: their user id; 0: not known yet */
    size_t persons_count;
    struct model_send *sends;
    size_t sends_count;
    size_t doubtful;  /* how many sends are */
    int64_t events;   /* seen */
    int64_t searches; /* through databases */
};

struct world;

void model_clear(struct model *m);

size_t model_person_add(struct model *m, int64_t user_id);

/* Copies `body`. The index of the new send. */
size_t model_send_add(struct world *w, size_t person, int64_t room, const char *body, int64_t reply_to,
                      const char *must_fail);
/* NULL: nobody has sent anything with this id. */
struct model_send *model_send_find(struct model *m, const char *id);

/* Somebody (`who`, for the report) has this event before them, as it was at moment lo or later. `author_name` NULL: not
 * told. I1, I2, I4. */
void model_event(struct world *w, const char *who, const struct place_event *e, const char *author_name, int64_t lo);

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

/* Whether the event is as it was decided; fails the run when it is not. For the database's rows as well. */
void model_compare(struct world *w, const char *who, const struct place_event *e);

#endif
