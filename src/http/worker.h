/* worker.h - one of CivetWeb's worker threads and the connection that it has: the socket, which CivetWeb does not show,
 * and how much CivetWeb has read of it, which it does not tell.
 *
 * The one place where a worker waits for its client: for a body, for room for the answer, for the end. The guard knows
 * meanwhile that it does. Only that thread touches the struct. */
#ifndef HUBBUB_HTTP_WORKER_H
#define HUBBUB_HTTP_WORKER_H

#include "base/buf.h"
#include "http/address.h"
#include "http/settings.h"

struct mg_connection;
struct http_server;
struct worker;

/* At the thread's start and end. NULL: no memory, or more workers than the guard knows of. */
struct worker *worker_new(struct http_server *h);
void worker_free(struct worker *w); /* NULL does nothing */

/* The worker of a connection, on its own thread. NULL: see worker_new(). The functions below take NULL. */
struct worker *worker_of(const struct mg_connection *conn);

/* It has taken a connection; has a whole head of it, which ends before head_end (NULL: it is malformed), of `client`;
 * has answered it; is about to close. */
void worker_connected(struct worker *w, struct mg_connection *conn);
void worker_request(struct worker *w, const struct mg_connection *conn, const char *head_end,
                    const struct address *client);
void worker_answered(struct worker *w, long long body_bytes);
void worker_disconnected(struct worker *w);

/* CivetWeb has read a head, or gives up: to be called before worker_request() and worker_disconnected(), and before
 * anything is written. */
void worker_has_read(struct worker *w);

/* Whether a request of this connection was found malformed. */
bool worker_has_refused(const struct worker *w);

/* Whether CivetWeb has read as much of this head as it takes. */
bool worker_head_is_full(const struct worker *w);

/* The socket; -1: not known. */
int worker_fd(const struct worker *w);

/* Reads *left bytes of the body into `out` (NULL: away), and counts *left down. False: they did not come in limit_ms, or
 * the connection broke off. */
bool worker_read(struct worker *w, struct mg_connection *conn, long long *left, int64_t limit_ms, struct buf *out);

/* Sends all of it, as long as some of it goes within limit_ms. False: it did not. */
bool worker_write(struct worker *w, struct mg_connection *conn, struct span bytes, int64_t limit_ms);

/* Ends the sending side, and reads what comes away until the client closes too, at most limit_ms. */
void worker_linger(struct worker *w, int64_t limit_ms);

/* Learns where CivetWeb keeps what it knows of a connection: from any that is answered or closed. */
void worker_learn(struct http_server *h, const struct mg_connection *conn);

#endif
