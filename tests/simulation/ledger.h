/* ledger.h - all commands in the order of the log, as the program's writer applies them, and what the place must be
 * after them.
 *
 * The ledger stands between the log and its consumer (log.h). A batch that is committed is carried out in the place (place.h) as well, before anybody can see any of it, and each
 * command has to have come to what the rules say. A batch whose commit has failed is kept as doubtful: after a crash it
 * may be there all the same; the position and the running hash in the database tell which.
 *
 * Whoever looks at something that the program has said needs to know at which moments it may have been true. Between two
 * turns of the writer the program knows exactly what the ledger does; during one it may know anything from the moment
 * before to the newest. */
#ifndef HUBBUB_SIMULATION_LEDGER_H
#define HUBBUB_SIMULATION_LEDGER_H

#include "chat/chat.h"
#include "place.h"

struct world;
struct ledger_batch;

/* A session, a token, or all of somebody's has been ended. */
struct ledger_ended {
    int64_t moment, at_ms; /* at_ms: on the clock that only goes forward */
    struct ending ending;
};

struct ledger {
    struct log_consumer program;   /* what it stands in front of */
    uint8_t hash[32];              /* over the first place.moment commands */
    int64_t settled;               /* the last moment that the whole program knows of */
    int64_t loud;                  /* how many commands have changed more than messages and how far they are read */
    struct ledger_batch *current;  /* is being applied; NULL: none */
    struct ledger_batch *doubtful; /* have failed since the last commit */
    struct ledger_ended *ended;
    size_t ended_count;
    bool is_stale;                /* the program could not read back what it has stored, see chat/announce/publish.h */
    int64_t stale_from, stale_to; /* the moments at which that was so last */
};

void ledger_init(struct world *w);
void ledger_clear(struct world *w);

/* Puts itself between the chat and its log, which is opened anew. ERR_STORAGE, ERR_MEMORY. */
enum err ledger_attach(struct world *w, struct chat *chat, struct store *store, const struct writer_limits *limits);

/* The program has started: what its database holds. */
void ledger_start(struct world *w, int64_t number, const uint8_t hash[32]);

/* The writer has ended its turn. */
void ledger_settle(struct world *w);

/* Whether nobody is in the middle of a change, so that what the program says now is what the ledger says. */
bool ledger_is_settled(const struct world *w);

/* Whether a database that stands there can be: the newest, or one with a doubtful batch more. */
enum ledger_state { LEDGER_NEWEST, LEDGER_DOUBTFUL, LEDGER_NEVER };
enum ledger_state ledger_state(const struct world *w, int64_t number, const uint8_t hash[32]);

/* Whether the program may not have known all that it has stored at some of these moments. */
bool ledger_was_stale(const struct world *w, int64_t from, int64_t to);

#endif
