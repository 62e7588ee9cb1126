/* api.h - the HTTP API: who one is (see src/proto/README.md). Each handler answers one request on its worker's
 * thread, and may wait for the writer. */
#ifndef HUBBUB_HTTP_API_H
#define HUBBUB_HTTP_API_H

#include "http/exchange.h"

/* Each returns the status that it answered with. */
int api_guest_post(struct exchange *x); /* POST /api/v1/guest: a new guest, or a new name for the one with the cookie */
int api_guest_delete(struct exchange *x); /* DELETE /api/v1/guest: forgets the cookie */
int api_me(struct exchange *x);           /* GET /api/v1/me */

/* Whether the value of Content-Type (NULL: none) says JSON, whatever its parameters. */
bool api_is_json(const char *content_type);

#endif
