/* submission.h - one command on its way through the log and back to whoever asked.
 *
 * Made by submission_propose() (a session's, answered with an ack or an error on its shard) or submission_wait() (the
 * caller's thread sleeps until it is done). It owns the command's bytes, and is freed where its answer ends up. */
#ifndef HUBBUB_CHAT_SUBMISSION_H
#define HUBBUB_CHAT_SUBMISSION_H

#include "chat/apply.h"
#include "chat/session_internal.h"

enum { SUBMISSION_IN_FLIGHT_MAX = 256 }; /* per session */

struct submission {
    struct log_entry entry; /* first: the log gives it back */
    struct task task;       /* then it travels to its session's shard */
    struct chat *chat;
    struct session *from; /* NULL: somebody waits */
    struct waiter *waiter;
    struct outcome outcome;
    struct command command; /* as read from the bytes, on the writer's thread */
    uint16_t id_len;
    char id[REQUEST_ID_MAX_BYTES];
    char bytes[];
};

/* Completes the command with the time and the session's person and proposes it. On the session's thread. The
 * command's texts are copied; its client_id is also the id of the answer. ERR_OVERLOADED, ERR_SHUTTING_DOWN,
 * ERR_MEMORY: nothing happened. */
enum err submission_propose(struct session *s, struct command *c);

/* Proposes for nobody in particular and waits; not on a reactor or the writer. The outcome's result, or why it could
 * not be proposed. *out has no event. */
enum err submission_wait(struct chat *chat, struct command *c, struct outcome *out);

/* The log's consumer. */
struct log_consumer submission_consumer(struct chat *chat);

#endif
