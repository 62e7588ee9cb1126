/* ws.h - the WebSocket transport: RFC 6455 frames to session messages and back.
 *
 * Encodings and close codes, no rules. It reads with proto/ws_frame and writes frames that were encoded once by
 * whoever published them. The handshake has been answered before a socket comes here. */
#ifndef HUBBUB_TRANSPORT_WS_H
#define HUBBUB_TRANSPORT_WS_H

#include "chat/session_life.h"
#include "net/reactor.h"

struct ws_settings {
    int64_t frame_limit_bytes; /* message_max_bytes + 4 KiB: beyond it 1009, before anything is buffered */
    int64_t idle_timeout_ms;   /* 75,000; also how long a message can take to come */
    /* Called once for each adopted socket, on the reactor's thread, when it has closed (to count connections). */
    void (*on_closed)(void *ctx, void *tag);
    void *ctx;
};

struct ws; /* the transport on one reactor */

/* NULL: no memory. */
struct ws *ws_new(struct chat *chat, struct shard *shard, struct reactor *reactor, const struct ws_settings *settings);
void ws_free(struct ws *w); /* after reactor_stop(); NULL does nothing */

/* Any thread: takes the socket (101 has been sent on it) and the reference to the person; `caller` as in
 * session_open(), copied. `tag` comes back in on_closed, also when the connection could not be set up. */
void ws_adopt(struct ws *w, int fd, struct person *who, const struct caller *caller, void *tag);

/* Any thread: says bye and closes all with 1012 once what is queued has been sent. Returns at once. */
void ws_drain(struct ws *w, const char *reason);

#endif
