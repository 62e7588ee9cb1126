/* api_internal.h - what the files of the API share. On a worker's thread. */
#ifndef HUBBUB_HTTP_API_INTERNAL_H
#define HUBBUB_HTTP_API_INTERNAL_H

#include "http/api.h"
#include "http/identity.h"
#include "proto/api.h"

/* The longest body of a call whose texts are short, however they are escaped. */
enum { API_BODY_MAX = 16 * 1024 };

#define API_WRONG_CODE "That code is wrong or has expired. Enter the current one."

/* Whether a request may change something: it comes from no page of another site. A page of another site cannot send
 * JSON without asking first (CORS), which nobody here answers; its Origin gives it away besides, and where a cookie says
 * who somebody is, one of the headers that tell of the page has to be there. False: it has been
 * answered with *status. */
bool api_may_change(struct exchange *x, int *status);

/* Who may call: anybody; somebody, be it a guest; somebody with an account who may manage it. */
enum api_who { API_ANYBODY, API_KNOWN, API_ACCOUNT };

/* Finds out who asks. False: it has been answered with *status. */
bool api_known(struct exchange *x, struct identity *out, int *status);

/* api_may_change(), finds out who asks (API_ANYBODY: not), and then takes the body, which must be JSON and have at most
 * `limit` bytes, into `body`: a stranger's body is not waited for where a stranger may not call. */
bool api_take_body(struct exchange *x, enum api_who who, size_t limit, struct identity *out, struct buf *body,
                   int *status);

/* Takes the body of a call, reads it, and runs the call. For API_ANYBODY the identity is empty. */
typedef int api_run_fn(struct exchange *x, const struct api_form *form, const struct identity *who);
int api_with_form(struct exchange *x, enum api_call call, enum api_who who, api_run_fn *run);

/* Answers with JSON (an empty buf: 204), and releases both bufs. `headers` (NULL: none) holds lines, each with its
 * CRLF. */
int api_answer(struct exchange *x, int status, struct buf *body, struct buf *headers);

/* What is known of somebody, for an answer. False: no such user. The texts of *out are in *user. */
struct directory_user;
bool api_person(struct exchange *x, int64_t user_id, struct directory_user *user, struct event_person *out);

#endif
