/* submission.h - one command on its way through the log and back to whoever asked.
 *
 * Made by submission_propose() (a session's, answered with an ack or an error on its shard), submission_wait() (the
 * caller's thread sleeps until it is done) or submission_forget() (nobody is told). It owns the command's bytes, and is
 * freed where its answer ends up. */
#ifndef HUBBUB_CHAT_SUBMISSION_H
#define HUBBUB_CHAT_SUBMISSION_H

#include "chat/apply.h"
#include "chat/session_internal.h"

struct submission {
    struct log_entry entry; /* first: the log gives it back */
    struct task task;       /* then it travels to its session's shard */
    struct chat *chat;
    struct session *from; /* NULL: somebody waits, or nobody */
    struct waiter *waiter;
    struct outcome outcome;
    enum request_type type; /* what was asked: how the answer looks */
    const char *code;       /* what the answer says once, behind the command's bytes; "": nothing */
    uint16_t id_len;
    char id[REQUEST_ID_MAX_BYTES];
    char bytes[];
};

/* Completes the command with the time and the session's person and proposes it. On the session's thread. The
 * command's texts are copied; its client_id is also the id of the answer. ERR_OVERLOADED, ERR_SHUTTING_DOWN,
 * ERR_MEMORY: nothing happened. */
enum err submission_propose(struct session *s, struct command *c);

/* The same for a verb of call.h: the answer's id, what was asked, and the code that the answer says once ("": none),
 * which is copied. */
enum err submission_propose_call(struct session *s, struct command *c, struct span id, enum request_type type,
                                 const char *code);

/* Proposes for nobody in particular and waits; not on a reactor or the writer. The outcome's result, or why it could
 * not be proposed: then *out is as it was. *out has no effects. */
enum err submission_wait(struct chat *chat, struct command *c, struct outcome *out);

/* Proposes what nobody waits for. Any thread. ERR_OVERLOADED, ERR_SHUTTING_DOWN, ERR_MEMORY: nothing happened. */
enum err submission_forget(struct chat *chat, struct command *c);

/* The log's consumer, which chat->publisher belongs to. */
struct log_consumer submission_consumer(struct chat *chat);

#endif
