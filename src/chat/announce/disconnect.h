/* disconnect.h - ending the live connections of those whose way in has ended: a sign-out, a ban, a token that was revoked or
 * whose time is over. Any thread; it is posted to the shards, behind what the hub has posted before. */
#ifndef HUBBUB_CHAT_ANNOUNCE_DISCONNECT_H
#define HUBBUB_CHAT_ANNOUNCE_DISCONNECT_H

#include "chat/core/core.h"

/* Ends live connections, with ERR_SESSION_ENDED (1008) or ERR_BANNED: those of one session; of one token; or all of a
 * user but those of session `keep_id` (0: all, those of guests and visitors and of tokens too). `reason` is constant.
 * Who is still on the way in is refused by ended.h, which is to be told first. */
void disconnect_session(struct chat *c, int64_t session_id);
void disconnect_token(struct chat *c, int64_t token_id);
void disconnect_user(struct chat *c, int64_t user_id, int64_t keep_id, enum err why, const char *reason);
/* Of a guest who has become an account: what a guest came in by is worth nothing any more. */
void disconnect_guest(struct chat *c, int64_t user_id);

/* About once a second, on one thread: ends the connections of tokens whose time is over, and renews the sessions that
 * have been connected for a day, which are not to end after a month without any other request. */
void disconnect_tick(struct chat *c);

#endif
