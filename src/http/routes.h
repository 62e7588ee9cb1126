/* routes.h - which address does what. */
#ifndef HUBBUB_HTTP_ROUTES_H
#define HUBBUB_HTTP_ROUTES_H

#include "http/exchange.h"

/* Answers a request, on its worker's thread, and returns the status; or returns 0 for a handshake that CivetWeb shall
 * answer. */
int routes_handle(struct exchange *x);

/* Answers what CivetWeb refuses by itself: a head that is too large, malformed or too slow. */
int routes_reject(struct exchange *x, int status);

#endif
