/* server.h - HTTP, through CivetWeb: the page, the small API, health, metrics, and the upgrade of /ws, whose sockets
 * are handed to the reactors.
 *
 * CivetWeb's worker threads run the handlers; nothing here touches a live WebSocket after the hand-off (see
 * takeover.h). */
#ifndef HUBBUB_HTTP_SERVER_H
#define HUBBUB_HTTP_SERVER_H

#include "chat/core/core.h"
#include "http/settings.h"
#include "transport/ws.h"

struct http_server;

/* Makes the server (its counters), before chat and transports are. NULL: no memory. The settings are copied; their
 * strings are borrowed for its life. */
struct http_server *http_new(const struct http_settings *settings, const struct env *env, struct metrics *metrics);

/* Starts listening. Until http_open() every request is answered 503, with what http_tell() said last. ERR_IN_USE: a
 * port is taken; ERR_INVALID, ERR_IO; all with *why. */
enum err http_start(struct http_server *h, struct http_error *why);

/* Any thread: what the server does before it opens, as a sentence for people. A constant. */
void http_tell(struct http_server *h, const char *what);

/* Once: from now on requests are carried out. `ws` has one transport per reactor; sockets are dealt out in turn.
 * ERR_MEMORY. */
enum err http_open(struct http_server *h, struct chat *chat, struct ws *const *ws, int ws_count);

/* The first address it listens on, as "127.0.0.1:8080" ("0.0.0.0:8080" for all). */
void http_address(const struct http_server *h, char *address, size_t size);

/* For ws_settings.on_closed, with the struct http_server as ctx: a live socket has gone. Any thread. */
void http_live_closed(void *ctx, void *tag);

/* Any thread: new upgrades and API calls get 503, /healthz says so. */
void http_drain(struct http_server *h);

void http_stop(struct http_server *h); /* ends all requests and threads */
void http_free(struct http_server *h); /* after http_stop(); NULL does nothing */

#endif
