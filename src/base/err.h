/* err.h - the one set of results that functions here return, and its faces to the outside.
 *
 * Operating errors are returned as enum err; broken invariants are assert()ed. A table gives each error its code in the
 * client protocol (snake_case), a sentence for people, an HTTP status and a WebSocket close code. All of this is
 * constant data: any thread may call. */
#ifndef HUBBUB_BASE_ERR_H
#define HUBBUB_BASE_ERR_H

enum err {
    OK = 0,
    ERR_AGAIN,          /* not yet: the answer comes later, or would block */
    ERR_MEMORY,         /* an allocation failed */
    ERR_INVALID,        /* the input breaks a rule */
    ERR_INVALID_JSON,   /* not one strict JSON object, see proto/json.h */
    ERR_UNKNOWN_TYPE,   /* a request or command this version does not know */
    ERR_NOT_FOUND,      /* no such room, user or event */
    ERR_AMBIGUOUS,      /* several rooms have this name */
    ERR_NOT_JOINED,     /* the verb needs an open room */
    ERR_ARCHIVED,       /* the room can be read, not written */
    ERR_TOO_BIG,        /* beyond a size limit */
    ERR_ID_REUSED,      /* the same client id with other content */
    ERR_NAME_TAKEN,     /* the name, or a look-alike, belongs to somebody or something else */
    ERR_FORBIDDEN,      /* not allowed */
    ERR_UNAUTHORIZED,   /* who are you? */
    ERR_WRONG_PASSWORD, /* name and password do not belong together; the same for unknown names */
    ERR_TOTP_REQUIRED,  /* the second factor is missing or wrong */
    ERR_NOT_SET_UP,     /* there is no owner yet */
    ERR_NOT_MEMBER,     /* the verb needs membership of the room */
    ERR_BANNED,         /* banned from the place */
    ERR_MUTED,          /* a moderator has silenced the actor in this room */
    ERR_LOCKED,         /* only moderators write here: locked, or announcements */
    ERR_SESSION_ENDED,  /* the session or token behind a connection is no longer valid */
    ERR_RATE_LIMITED,   /* a token bucket is empty */
    ERR_FLOOD,          /* far beyond the rate limit: the connection goes */
    ERR_TOO_SLOW,       /* an outbound queue overflowed */
    ERR_TOO_MANY,       /* a connection limit is reached */
    ERR_OVERLOADED,     /* a bounded queue is full */
    ERR_STORAGE,        /* the database or the disk failed; nothing was stored */
    ERR_SHUTTING_DOWN,  /* no more commands are taken */
    ERR_IO,             /* a file or socket operation failed, see errno */
    ERR_IN_USE,         /* a port, a data directory: somebody else has it */
    ERR_NEWER,          /* the data was written by a newer program */
    ERR_CORRUPT,        /* the data contradicts itself */
    ERR_COUNT
};

/* The code as programs see it in protocol and logs, e.g. "rate_limited". Never NULL. */
const char *err_code(enum err e);

/* One sentence for people that says what happened and what to do. Never NULL. */
const char *err_message(enum err e);

/* HTTP status for a request that ended so. */
int err_http_status(enum err e);

/* WebSocket close code (RFC 6455, 7.4.1 and the IANA registry) for a connection that ends so. */
int err_ws_close(enum err e);

#endif
