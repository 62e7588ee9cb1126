/* identity.h - who a request is from: the one place where that is found out, for calls and for upgrades.
 *
 * What counts, first to last: a program's access token; a session's cookie; the header in which a trusted proxy names
 * whom it has signed in; a guest's cookie. What is there and not valid is an error, and not nobody: so one does not
 * become somebody else unawares; a proxy's name and a valid session of another account are an error too. Only a stale
 * session's cookie does not stand in a proxy's way. On a worker's thread;
 * waits for the database. */
#ifndef HUBBUB_HTTP_IDENTITY_H
#define HUBBUB_HTTP_IDENTITY_H

#include "account/guest.h"
#include "http/exchange.h"
#include "rules/caller.h"

struct identity {
    struct caller who;  /* COMMAND_ACTOR_ACCOUNT; COMMAND_ACTOR_GUEST; nobody: COMMAND_ACTOR_VISITOR with user id 0 */
    struct guest guest; /* of a guest */
    struct span cookie; /* the value of the session's cookie, borrowed from the request; empty: it was not that */
};

/* ERR_UNAUTHORIZED: a token or cookie that is not valid here; ERR_BANNED; with *why unless that is NULL. While the
 * place takes no guests, the cookie of one is not looked at. */
enum err identity_of(const struct exchange *x, struct identity *out, const char **why);

/* Whether a browser tells us who it is whatever page makes it ask: by a cookie of ours (good or not), or by a proxy's
 * header; and not by a token, which only a program sends. */
bool identity_comes_along(const struct exchange *x);

/* By the session's cookie alone, whose value is *cookie. ERR_NOT_FOUND: there is none. */
enum err identity_of_session(const struct exchange *x, struct caller *out, struct span *cookie);

/* By the guest's cookie alone, whether the place takes guests now or not; a guest who has become an account is none any
 * more. ERR_NOT_FOUND: there is none. */
enum err identity_of_guest(const struct exchange *x, struct guest *out);

#endif
