/* allowance.h - how fast somebody may send: a token bucket each, the size of which goes with the role. Of accounts and
 * guests it is the same for all their connections and calls; a visitor's lasts as long as the connection. Any
 * thread. */
#ifndef HUBBUB_CHAT_ALLOWANCE_H
#define HUBBUB_CHAT_ALLOWANCE_H

#include "chat/caller.h"
#include "chat/chat.h"

/* Takes a token. `visitor`: the person whose bucket it is when the caller is nobody who is kept; NULL: there is none,
 * and nothing is counted. The command line has no limit. ERR_RATE_LIMITED with *retry_after_ms, counted. */
enum err allowance_take(struct chat *c, const struct caller *who, struct person *visitor, int64_t *retry_after_ms);

#endif
