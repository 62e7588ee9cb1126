/* missing.h - what a request names that is not there, or that there is more than one of, in words: There is no room
 * "kitchen". */
#ifndef HUBBUB_CHAT_ADMIT_MISSING_H
#define HUBBUB_CHAT_ADMIT_MISSING_H

#include "chat/core/core.h"
#include "proto/request.h"
#include "rules/caller.h"

enum { MISSING_BYTES = NAME_BYTES + 256 };

/* The sentence about a request that ended with e. ERR_NOT_FOUND: what it names, as it was named, that the caller cannot
 * see, whether it exists or not; ERR_AMBIGUOUS: which of the rooms that they see have the name. `words` holds the sentence.
 * NULL: all that it names is there once; or it is another error. Any thread; the request's texts must still be there. */
const char *missing_words(struct chat *c, const struct caller *who, const struct request *q, enum err e,
                          char words[MISSING_BYTES]);

#endif
