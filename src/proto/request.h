/* request.h - what a client asks, read from one JSON text (see README.md in this folder). No I/O, no rules beyond
 * shape. Any thread. */
#ifndef HUBBUB_PROTO_REQUEST_H
#define HUBBUB_PROTO_REQUEST_H

#include "base/err.h"
#include "base/span.h"
#include "proto/fields.h"

#include <stddef.h>
#include <stdint.h>

/* clang-format off */
#define VERB(type, ...) REQUEST_##type,
enum request_type {
#include "proto/verbs.def"
    REQUEST_TYPES
};
/* clang-format on */

/* What is special about a type. */
enum verb_flag {
    VERB_AUDITED = 1,          /* but for what takes no power: to join or leave, to delete one's own message */
    VERB_OUTRANKS = 2,         /* about somebody else: only about lower roles, see permission_check() */
    VERB_UNCOUNTED = 4,        /* through the log, and yet no message in the rate */
    VERB_OVER_HTTP = 8,        /* a call of the API, too, although a session carries it out */
    VERB_READS = 16,           /* from the database, although it is no query */
    VERB_DRAWS = 32,           /* brings something of the past, but reads it only when the ring has not got it */
    VERB_CHECKED_LATER = 64,   /* whose rights depend on what is only known once it is carried out */
    VERB_KEEPS_SECRET = 128,   /* does not tell whether there is such a room */
    VERB_ROOM_IS_FILTER = 256, /* names a room to be found by, and not to have rights in */
    VERB_LARGE = 512,          /* can carry a picture */
    VERB_NOT_IN_DIRECT = 1024, /* manages a room: refused for a direct conversation; to leave one hides it */
};

bool request_is(enum request_type type, enum verb_flag flag);
/* Whether it is answered from the database, by a frame of the same type. */
bool request_is_query(enum request_type type);

/* The name that a type has in JSON, in the address of an HTTP call, and in the audit: "create_room". */
const char *request_name(enum request_type type);
/* -1: no such type. */
int request_type_named(struct span name);

enum { REQUEST_ID_MAX_BYTES = 64, REQUEST_HISTORY_MAX = 200, REQUEST_HISTORY_DEFAULT = 50 };
enum { REQUEST_LIST_MAX = 200, REQUEST_LIST_DEFAULT = 50 }; /* F_LIMIT of lists, set to the default when not given */

enum { INVITE_LABEL_MAX = 100 /* bytes of F_LABEL */ };

/* A room or a user, as somebody names it. */
struct request_ref {
    int64_t id; /* 0: given by name */
    struct span name;
};

struct request {
    enum request_type type;
    struct span id;                         /* empty: none */
    struct request_ref room;                /* neither id nor name: not given, where it may be left out */
    struct request_ref user;                /* the same */
    struct request_ref refs[FIELD_IDS_MAX]; /* "users" or "rooms" */
    size_t ref_count;
    int64_t after;          /* join, history: -1 when not given */
    struct span epoch;      /* join: which numbering `after` is of; p NULL: not given, and that is none */
    int64_t before, around; /* history: -1 when not given */
    int64_t limit;          /* history */
    struct span body;       /* send; not trimmed */
    int64_t reply_to;       /* send: 0 when not given */
    bool active;            /* presence */
    struct span current;    /* create_token, create_reset: the password, as it was typed; p NULL when not given */
    struct fields f;        /* everything else; users and rooms are in the refs above instead */
    void *json;             /* owns what the spans point to */
};

/* Fills *out also on failure: out->id is what was found of it, so that the answer can name it. ERR_INVALID_JSON,
 * ERR_UNKNOWN_TYPE, ERR_INVALID with *why, a constant sentence for people that names the field. Call
 * request_release() in every case. The text must be valid UTF-8. */
enum err request_parse(struct span text, struct request *out, const char **why);

/* The same for the body of an HTTP call, whose address has said the type; an empty body is an empty object. */
enum err request_parse_call(enum request_type type, struct span text, struct request *out, const char **why);

void request_release(struct request *r);

#endif
