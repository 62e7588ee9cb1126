/* routes.h - which address does what. */
#ifndef HUBBUB_HTTP_ROUTES_H
#define HUBBUB_HTTP_ROUTES_H

#include "http/exchange.h"

/* Answers a request, on its worker's thread, and returns the status; or returns 0 for a handshake that CivetWeb shall
 * answer. */
int routes_handle(struct exchange *x);

/* Refuses a request whose head cannot be trusted: where it ends, nobody can say. */
int routes_refuse(struct exchange *x, const struct refusal *why);

/* Answers a request that is not for an address here: OPTIONS * asks what the server can do; all else is lost. */
int routes_answer_lost(struct exchange *x);

/* Answers what CivetWeb refuses by itself: a head that is too large, malformed or too slow. */
int routes_reject(struct exchange *x, int status);

#endif
