/* server_internal.h - the struct behind server.h, for the files of this folder only.
 *
 * Written by http_new(), http_start() and http_open(), read-only while requests are answered, except for what is atomic or has a
 * lock of its own. */
#ifndef HUBBUB_HTTP_SERVER_INTERNAL_H
#define HUBBUB_HTTP_SERVER_INTERNAL_H

#include "chat/admit/origin.h"
#include "chat/core/core.h"
#include "http/gate.h"
#include "http/guard.h"
#include "http/settings.h"
#include "http/takeover.h"
#include "http/worker.h"
#include "transport/ws.h"

#include <pthread.h>

struct mg_context;

struct http_server {
    struct http_settings settings;
    const struct env *env;
    struct chat *chat; /* this, gate, origins, ws and ws_count: written by http_open(), read once it is open */
    struct metrics *metrics;
    struct gate *gate;
    struct origins *origins;
    struct guard *guard;
    struct mg_context *ctx; /* for http_start() and http_stop() only */
    struct ws **ws;
    int ws_count;
    struct takeover_range range;   /* CivetWeb's descriptors */
    bool keep_alive;               /* the setting enable_keep_alive */
    long keep_alive_s;             /* keep_alive_timeout_ms in whole seconds, rounded up */
    size_t max_head;               /* the setting max_request_size: bytes of a request's head */
    _Atomic ptrdiff_t info_offset; /* see worker.c; 0: not known yet */
    int64_t started_ms;
    uint8_t mark[TAKEOVER_MARK_BYTES];
    char address[64];
    _Atomic unsigned next_ws;
    _Atomic bool open, draining;
    _Atomic(const char *) doing; /* until it is open */

    /* the starting thread only */
    char first_complaint[256]; /* what CivetWeb said first while it started */
    pthread_t starter;
    bool starting;
};

/* Any thread: the chat is there. */
static inline bool http_is_open(const struct http_server *h)
{
    return atomic_load_explicit(&h->open, memory_order_acquire);
}

/* Any thread, when it is open: no more upgrades and API calls. */
static inline bool http_draining(const struct http_server *h)
{
    return atomic_load_explicit(&h->draining, memory_order_relaxed) ||
           atomic_load_explicit(&h->chat->draining, memory_order_relaxed);
}

#endif
