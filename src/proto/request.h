/* request.h - what a client asks, read from one JSON text (see README.md in this folder). No I/O, no rules beyond
 * shape. Any thread. */
#ifndef HUBBUB_PROTO_REQUEST_H
#define HUBBUB_PROTO_REQUEST_H

#include "base/err.h"
#include "base/span.h"
#include "proto/fields.h"

#include <stddef.h>
#include <stdint.h>

enum request_type {
    REQUEST_JOIN,
    REQUEST_LEAVE,
    REQUEST_SEND,
    REQUEST_HISTORY,
    REQUEST_TYPING,
    REQUEST_PRESENCE,
    REQUEST_PING,
    /* carried out through the log, answered with an ack (chat/call.h) */
    REQUEST_CREATE_ROOM,
    REQUEST_RENAME_ROOM,
    REQUEST_ARCHIVE_ROOM,
    REQUEST_EDIT_ROOM,
    REQUEST_OPEN_DIRECT,
    REQUEST_ADD_MEMBER,
    REQUEST_REMOVE_MEMBER,
    REQUEST_SET_ROOM_ROLE,
    REQUEST_REQUEST_JOIN,
    REQUEST_ANSWER_REQUEST,
    REQUEST_MUTE,
    REQUEST_SET_MEMBERSHIP,
    REQUEST_READ,
    REQUEST_MARK_UNREAD,
    REQUEST_DELETE,
    REQUEST_REPORT,
    REQUEST_HANDLE_REPORT,
    REQUEST_SET_PROFILE,
    REQUEST_RENAME,
    REQUEST_SET_ROLE,
    REQUEST_BAN,
    REQUEST_UNBAN,
    REQUEST_BLOCK,
    REQUEST_UNBLOCK,
    REQUEST_CREATE_INVITE,
    REQUEST_EDIT_INVITE,
    REQUEST_REVOKE_INVITE,
    REQUEST_CREATE_TOKEN,
    REQUEST_REVOKE_TOKEN,
    REQUEST_END_SESSION,
    REQUEST_END_OTHER_SESSIONS,
    REQUEST_CREATE_RESET,
    REQUEST_SET_PLACE,
    /* answered from the database by a frame of the same type (chat/query.h) */
    REQUEST_PEOPLE,
    REQUEST_PERSON,
    REQUEST_ROOMS,
    REQUEST_MEMBERS,
    REQUEST_REQUESTS,
    REQUEST_INVITES,
    REQUEST_SESSIONS,
    REQUEST_TOKENS,
    REQUEST_BANS,
    REQUEST_BLOCKS,
    REQUEST_REPORTS,
    REQUEST_AUDIT,
    REQUEST_SETTINGS,
    REQUEST_TYPES
};

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
