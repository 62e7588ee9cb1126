/* submission.h - one command on its way through the log and back to whoever asked.
 *
 * Made by submission_wait() (the caller's thread sleeps until it is done), submission_forget() (nobody is told) or
 * proposal_make() (a session's; see proposal.h). It owns the command's bytes, and is freed where its answer ends up. */
#ifndef HUBBUB_CHAT_CORE_SUBMISSION_H
#define HUBBUB_CHAT_CORE_SUBMISSION_H

#include "apply/apply.h"
#include "chat/core/core.h"
#include "proto/request.h"

struct submission {
    struct log_entry entry; /* first: the log gives it back */
    struct task task;       /* of whoever is told: to travel to their thread */
    struct chat *chat;
    void (*done)(struct submission *); /* see submission_done(); NULL: nobody is told */
    void *from;                        /* what `done` tells */
    struct outcome outcome;
    enum request_type type; /* what was asked: how the answer looks */
    const char *code;       /* what the answer says once, behind the command's bytes; "": nothing */
    uint16_t id_len;
    char id[REQUEST_ID_MAX_BYTES];
    char bytes[];
};

/* Proposes for nobody in particular and waits; not on a reactor or the writer. The outcome's result, or why it could
 * not be proposed: then *out is as it was. *out has no effects. */
enum err submission_wait(struct chat *chat, struct command *c, struct outcome *out);

/* Proposes what nobody waits for. Any thread. ERR_OVERLOADED, ERR_SHUTTING_DOWN, ERR_MEMORY: nothing happened. */
enum err submission_forget(struct chat *chat, struct command *c);

/* Gives the command its time and puts its bytes, and a copy of the code, into a new submission, which the caller owns
 * until it is proposed. `scratch` is emptied first. NULL: no memory. */
struct submission *submission_new(struct chat *chat, struct buf *scratch, struct command *c, const char *code);

/* Hands it to the log. ERR_OVERLOADED, ERR_SHUTTING_DOWN: it stays the caller's. */
enum err submission_propose(struct submission *sub);

/* The writer's thread, once: the outcome is known. Calls done(), which takes the submission over; or frees it. */
void submission_done(struct submission *sub);

#endif
