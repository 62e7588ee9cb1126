/* guard.h - keeps slow clients from holding all of CivetWeb's workers.
 *
 * A worker is held while its client takes its time: with a request's head, with its body, with reading the answer, or
 * with nothing at all on a connection that is kept. All of these are the same here: the worker *waits*. Two limits hold
 * at every moment:
 *
 *     one address block (IPv4 address, IPv6 /64)   a quarter of the workers
 *     all clients together                         three quarters
 *
 * When one more has to wait, another one is cut: of the block that is over its share the one that has waited longest;
 * for the second limit a kept connection, or else the longest waiting one of the block with the most. So a request that
 * comes whole always finds a worker, however many slow clients there are; and a client that is merely slow is left
 * alone until its own block takes more than its share.
 *
 * Behind a trusted proxy, a request counts for the client that the proxy names, from the moment its head is there.
 *
 * A worker is also held by a client that keeps its connection. While most workers are taken, connections are not kept:
 * see guard_is_crowded(). */
#ifndef HUBBUB_HTTP_GUARD_H
#define HUBBUB_HTTP_GUARD_H

#include "base/env.h"
#include "http/address.h"

struct guard;
struct guard_worker; /* one per worker thread */

/* `workers` threads serve at once. A head longer than max_head bytes is never waited for. NULL: no memory. */
struct guard *guard_new(const struct env *env, int workers, size_t max_head);
void guard_free(struct guard *g); /* NULL does nothing */

/* On a worker's thread, once: its own place here. NULL: there are more of them than was said. The functions below take
 * NULL and do nothing then. */
struct guard_worker *guard_join(struct guard *g);

/* On that thread: it has taken a connection from `peer`, whose descriptor is fd (-1: unknown; then nothing of it is
 * cut) until guard_disconnected() has returned. What has come of a head when the whole of it is there is *head, which is
 * valid until the next call; else that is empty. */
void guard_connected(struct guard *g, struct guard_worker *w, int fd, const struct address *peer, struct span *head);

/* On that thread, when the descriptor was unknown: it is found. */
void guard_found(struct guard *g, struct guard_worker *w, int fd, const struct address *peer);

/* On that thread: it has the whole head of a request of `client`. */
void guard_request(struct guard *g, struct guard_worker *w, const struct address *client);

/* On that thread, in the middle of a request: its client has to send something, or to take something of the answer.
 * guard_goes_on(): it has. */
enum { GUARD_LOOK_MS = 100 };
enum guard_wait { GUARD_READS, GUARD_WRITES };
void guard_waits(struct guard *g, struct guard_worker *w, enum guard_wait what);
void guard_still_waits(struct guard *g, struct guard_worker *w); /* every GUARD_LOOK_MS meanwhile */
void guard_goes_on(struct guard *g, struct guard_worker *w);

/* On that thread: it has answered, and waits for another request of the peer; it is about to close the connection. */
void guard_answered(struct guard *g, struct guard_worker *w);
void guard_disconnected(struct guard *g, struct guard_worker *w);

/* Any thread, for the end: cuts all that wait now, and all that begin to wait from now on. */
void guard_stop(struct guard *g);

/* Whether more than half of the workers are taken. Any thread. */
bool guard_is_crowded(const struct guard *g);

#endif
