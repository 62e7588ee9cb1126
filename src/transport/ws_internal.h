/* ws_internal.h - the structs behind ws.h. */
#ifndef HUBBUB_TRANSPORT_WS_INTERNAL_H
#define HUBBUB_TRANSPORT_WS_INTERNAL_H

#include "proto/ws_frame.h"
#include "transport/ws.h"

#include <assert.h>

struct ws {
    struct transport transport; /* first: a connection's way to the rest */
    struct chat *chat;
    struct shard *shard;
    struct reactor *reactor;
    struct ws_settings settings;
    struct ws_parser scratch; /* for connections that hold none */
    struct frame *ping;       /* the same for all */
};

struct ws_conn {
    struct conn conn; /* first: the reactor's pointer is ours */
    struct session *session;
    struct unfinished *unfinished; /* a message that has come in part; NULL: there is none */
    void *tag;
    uint8_t ended; /* enum metrics_close */
    bool closing;  /* a Close of ours is queued: nothing else is said, nothing is read */
};

static_assert(sizeof(struct ws_conn) <= 72, "what malloc rounds up to 80 bytes: there is one for each visitor");

/* What the reactor and the session call. */
extern const struct transport ws_operations;
extern const struct session_io ws_session_io;

/* NULL: no memory. */
struct frame *ws_control_frame(enum ws_opcode opcode, struct span payload);

#endif
