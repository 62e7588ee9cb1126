/* upgrade.h - the way of a connection from a handshake to a reactor.
 *
 * request ─ upgrade_begin ─► checks, a place, a person ─► CivetWeb answers 101 ─ ready ─► takeover ─ data ─► ws_adopt
 *
 * What it holds meanwhile (a place at the gate, a reference to the person, the live socket) hangs from the
 * connection's user data and is given away once, or given back once, whichever way it ends. All of it runs on the
 * connection's worker thread. */
#ifndef HUBBUB_HTTP_UPGRADE_H
#define HUBBUB_HTTP_UPGRADE_H

#include "http/exchange.h"

struct mg_context;

/* Registers what CivetWeb calls for /ws. Before it answers requests. */
void upgrade_install(struct mg_context *ctx, struct http_server *server);

/* For a request to /ws. 0: it is a handshake, and CivetWeb shall answer it; else it has been answered with this
 * status. */
int upgrade_begin(struct exchange *x);

/* The connection is being closed: gives back what an upgrade that came to nothing still holds. */
void upgrade_abandon(const struct mg_connection *conn);

#endif
