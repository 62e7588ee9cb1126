/* call.h - the verbs that go through the log besides sending and signing in: from a request to a command, whatever way
 * it came in by.
 *
 * The submit half here is one function for all: it finds the room and the user that are named (what the caller may not
 * see is not found), asks the role table so that a refusal need not wait for the disk, checks and folds names, and
 * fills the command. The apply half decides again. */
#ifndef HUBBUB_CHAT_SUBMIT_CALL_H
#define HUBBUB_CHAT_SUBMIT_CALL_H

#include "account/password.h"
#include "account/token.h"
#include "chat/core/core.h"
#include "proto/request.h"
#include "rules/caller.h"

/* Room for the texts that a command borrows, and for what the answer says once (a new token, a code). */
struct call {
    struct command command;
    char name[NAME_BYTES], fold[NAME_KEY_BYTES], actor_name[HUB_NAME_BYTES], actor_display[HUB_NAME_BYTES];
    uint8_t hash[32];
    char code[TOKEN_BYTES];           /* a token, an invitation's or a reset's code; "": none */
    char proven[PASSWORD_HASH_BYTES]; /* the password, as it is stored, that they have shown to know */
    struct buf scratch;               /* decoded bytes; call_release() */
};

/* Whether this type is carried out through the log by call_prepare(). */
bool call_is_command(enum request_type type);

/* Whether it takes a token of the rate at which one may send: all but `read`, which comes by itself. */
bool call_is_counted(enum request_type type);

/* Fills call->command from a request. Any thread; takes no lock for long and waits for nothing. ERR_INVALID with *why,
 * ERR_NOT_FOUND, ERR_FORBIDDEN, ERR_NOT_MEMBER, ERR_BANNED, ERR_UNAUTHORIZED (no account), ERR_MEMORY. The command
 * borrows from the request and the call. call_release() in every case. */
enum err call_prepare(struct chat *c, const struct caller *who, const struct request *q, struct call *call,
                      const char **why);
void call_release(struct call *call); /* overwrites the secrets */

/* Whether the caller has to show the password, which is a slow look: only call_wait() can take such a request. Who came
 * through a proxy's sign-in has none to show. */
bool call_needs_password(const struct caller *who, enum request_type type);

/* From HTTP and the command line: prepares, proposes, waits, and appends the whole answer, an `ack`, to `json`. Not on
 * a reactor or the writer. Also for REQUEST_SEND. *retry_after_ms as in an error's answer. Where the password is needed:
 * ERR_INVALID when it is missing, ERR_WRONG_PASSWORD, ERR_RATE_LIMITED after too many wrong ones. */
enum err call_wait(struct chat *c, const struct caller *who, const struct request *q, struct buf *json,
                   const char **why, int64_t *retry_after_ms);

#endif
