/* request.h - what a client asks, read from one JSON text (see README.md in this folder). No I/O, no rules beyond
 * shape. Any thread. */
#ifndef HUBBUB_PROTO_REQUEST_H
#define HUBBUB_PROTO_REQUEST_H

#include "base/err.h"
#include "base/span.h"

#include <stdint.h>

enum request_type {
    REQUEST_JOIN,
    REQUEST_LEAVE,
    REQUEST_SEND,
    REQUEST_HISTORY,
    REQUEST_TYPING,
    REQUEST_PRESENCE,
    REQUEST_PING,
};

enum { REQUEST_ID_MAX_BYTES = 64, REQUEST_HISTORY_MAX = 200, REQUEST_HISTORY_DEFAULT = 50 };

struct request_room {
    int64_t id; /* 0: given by name */
    struct span name;
};

struct request {
    enum request_type type;
    struct span id; /* empty: none */
    struct request_room room;
    int64_t after;          /* join, history: -1 when not given */
    int64_t before, around; /* history: -1 when not given */
    int64_t limit;          /* history */
    struct span body;       /* send; not trimmed */
    int64_t reply_to;       /* send: 0 when not given */
    bool active;            /* presence */
    void *json;             /* owns what the spans point to */
};

/* Fills *out also on failure: out->id is what was found of it, so that the answer can name it. ERR_INVALID_JSON,
 * ERR_UNKNOWN_TYPE, ERR_INVALID with *why, a constant sentence for people that names the field. Call
 * request_release() in every case. The text must be valid UTF-8. */
enum err request_parse(struct span text, struct request *out, const char **why);

void request_release(struct request *r);

#endif
