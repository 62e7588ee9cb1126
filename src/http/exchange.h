/* exchange.h - one request and its answer.
 *
 * Lives on a CivetWeb worker's stack for the length of one request; only that worker touches it. Every answer leaves
 * through exchange_answer(), so that none goes without the security headers. */
#ifndef HUBBUB_HTTP_EXCHANGE_H
#define HUBBUB_HTTP_EXCHANGE_H

#include "base/buf.h"
#include "base/err.h"
#include "http/forwarded.h"
#include "http/refusal.h"

struct api_fault;
struct http_server;
struct mg_connection;
struct mg_request_info;
struct worker;

struct exchange {
    struct http_server *server;
    struct mg_connection *conn;
    struct worker *worker;
    const struct mg_request_info *request; /* borrowed from conn */
    long long body_left;                   /* bytes of the body that nobody has read */
    bool rest_unknown;                     /* more may come of what was no request */
    struct forwarded from;                 /* who the client is */
    char address[ADDRESS_TEXT_BYTES];      /* the same as text */
    bool head;                             /* HEAD: the answer goes without its body */
    bool last;                             /* the connection ends with this answer */
};

struct answer {
    int status;
    const char *type;    /* Content-Type; NULL: there is no body */
    struct span body;    /* borrowed */
    const char *cache;   /* Cache-Control; NULL: no-store */
    const char *headers; /* further lines, each with CRLF; NULL: none */
    const char *policy;  /* Content-Security-Policy; NULL: nothing may be loaded or framed */
    bool no_referrer;    /* the address is a secret: what the page loads or links to is not told of it */
};

/* What an error's answer says. */
struct failure {
    enum err e;
    const char *why;                /* a sentence for people; NULL: the err's own */
    int64_t retry_after_ms;         /* when to try again; 0: not said, or in a second when it is ERR_OVERLOADED */
    const char *headers;            /* as of an answer */
    const struct api_fault *faults; /* of a form: all that is wrong with it */
    size_t fault_count;
};

void exchange_init(struct exchange *x, struct http_server *server, struct mg_connection *conn);

/* Reads the body into `out`, which is empty and gets its memory once, so that a secret in it can be wiped. ERR_TOO_BIG:
 * more than limit bytes; ERR_IO: it did not come in time, or broke off; ERR_MEMORY. */
enum err exchange_read_body(struct exchange *x, size_t limit, struct buf *out);

/* Sends the answer; returns its status, which is what a CivetWeb callback returns. */
int exchange_answer(struct exchange *x, const struct answer *a);

/* The same with an error as its body, in JSON: {"error":{"code":...,"message":...,"retry_after_ms":...}}. `why` NULL
 * is the sentence of the err. */
int exchange_refuse(struct exchange *x, const struct refusal *why);
int exchange_error(struct exchange *x, enum err e, const char *why);
int exchange_fail(struct exchange *x, const struct failure *f);

/* The same in plain text, for people and for what has no JSON. */
int exchange_text(struct exchange *x, int status, const char *text, const char *headers);

#endif
