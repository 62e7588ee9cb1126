/* guard.h - keeps unfinished requests from taking all of CivetWeb's workers.
 *
 * A worker is held for as long as a request dribbles in: up to request_timeout_ms for a head, and that is right while
 * there are workers enough. When all of them are taken, patience gets short: connections whose request has not come
 * whole within a second are cut, those that wait for a worker and those that have one, and so are answers that have
 * been going out for ten. A client that is merely slow tries again; one that holds two hundred half requests has lost
 * them a second later.
 *
 * A worker is held, too, by a client that keeps its connection, until it asks again or that has taken too long. So
 * while most workers are taken, connections are not kept: a crowd of browsers would hold them all, and leave them
 * idle. */
#ifndef HUBBUB_HTTP_GUARD_H
#define HUBBUB_HTTP_GUARD_H

#include "base/env.h"
#include "base/err.h"
#include "http/address.h"

enum { GUARD_LOOK_MS = 250 };

struct guard;
struct guard_worker; /* one per worker thread */

/* `workers` threads serve at once; their sockets are below low_limit. NULL: no memory. */
struct guard *guard_new(const struct env *env, int workers, int low_limit);
void guard_free(struct guard *g); /* NULL does nothing */

/* Before the first guard_look(): the ports that are listened on. Copied. */
void guard_set_ports(struct guard *g, const int *ports, int port_count);

/* One thread, again and again while requests are served: GUARD_LOOK_MS apart is often enough, and what comes sooner
 * does nothing. */
void guard_look(struct guard *g);

/* On a worker's thread, once: its own place here. NULL: there are more of them than was said. */
struct guard_worker *guard_join(struct guard *g);

/* On that thread: it has taken a connection; has a whole request of it; has answered that; is done with the
 * connection. `w` may be NULL. */
void guard_connected(struct guard *g, struct guard_worker *w);
void guard_request(struct guard *g, struct guard_worker *w, const struct address *peer, int peer_port);
void guard_answered(struct guard *g, struct guard_worker *w);
void guard_disconnected(struct guard *g, struct guard_worker *w);

/* Whether more than half of the workers are taken. Any thread. */
bool guard_is_crowded(const struct guard *g);

/* How many connections were cut. Any thread. */
int64_t guard_cuts(const struct guard *g);

#endif
