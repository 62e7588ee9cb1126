/* call_internal.h - what call.h needs of each verb beside its row in proto/verbs.def. */
#ifndef HUBBUB_CHAT_SUBMIT_CALL_INTERNAL_H
#define HUBBUB_CHAT_SUBMIT_CALL_INTERNAL_H

#include "chat/submit/call.h"

/* Adds to a command what its fields do not say as it is: checks and folds names, makes codes and their hashes. As
 * call_prepare(). */
typedef enum err call_fill_fn(struct chat *c, const struct caller *who, const struct request *q, struct call *call,
                              const char **why);

/* How a request names the user that it is about. */
enum about { NOBODY, SOMEBODY, ONESELF_OR_SOMEBODY };

struct call_verb {
    enum command_kind kind; /* 0: not one of these */
    enum about about;
    call_fill_fn *fill;
};

/* By type of request. (call_verbs.c) */
extern const struct call_verb call_verbs[REQUEST_TYPES];

#endif
