/* ended.h - which sessions and tokens have ended lately: what closes the gap between looking a caller up and having a
 * live connection that can be ended.
 *
 *     HTTP worker:    known_ms; looks the session up          hands the socket to a reactor
 *     writer:                               its row is deleted; noted here; "end it" is posted to the reactors
 *     reactor:                                              ...and either finds the live session, or, when the socket
 *                                                           comes behind "end it", session_open() finds the note
 *
 * A note bears the time at which it was made, which is after the commit. Whoever was looked up before that may have
 * seen the row as it was, and is refused; whoever was looked up later has seen the commit, and is another session of
 * the same user at most. So no new session is refused because old ones have ended, and no old one slips through. A
 * note is kept for ENDED_KEPT_MS; a caller who was looked up longer ago than that is refused as well, so nothing is
 * ever asked that has been forgotten. Each note stands for a durable command, which bounds how many there are.
 *
 * A lock of its own, which nothing else is taken under. Any thread. */
#ifndef HUBBUB_DIRECTORY_ENDED_H
#define HUBBUB_DIRECTORY_ENDED_H

#include "base/env.h"
#include "base/err.h"
#include "rules/caller.h"

enum { ENDED_KEPT_MS = 10 * 60 * 1000 };

struct ended;

/* NULL: no memory. */
struct ended *ended_new(const struct env *env);
void ended_free(struct ended *e); /* NULL does nothing */

/* Before the live connections are told. */
void ended_session(struct ended *e, int64_t session_id);
void ended_token(struct ended *e, int64_t token_id);
/* All sessions of a user but keep_id; with keep_id 0 all tokens' connections too. */
void ended_user(struct ended *e, int64_t user_id, int64_t keep_id);

/* OK; ERR_SESSION_ENDED: what let this account in has ended since it was looked up. */
enum err ended_check(struct ended *e, const struct caller *who);

#endif
