/* handshake.h - whether a request is a WebSocket handshake as RFC 6455 (4.2.1) wants it, and which sub-protocol it
 * gets.
 *
 * CivetWeb 1.15 would answer 101 to HTTP/1.0, to POST, to a key of any length and to requests with a body, and end
 * without a word on a wrong version. So nothing is left to it. Pure functions: any thread. */
#ifndef HUBBUB_HTTP_HANDSHAKE_H
#define HUBBUB_HTTP_HANDSHAKE_H

#include "http/refusal.h"

#include <stdbool.h>

struct mg_request_info;

/* For a request to /ws that has passed request_check(). The other two as in request_check_origin(). NULL: it
 * may be upgraded. */
const struct refusal *handshake_check(const struct mg_request_info *r, bool https, const char *allowed_origins);

/* "hubbub.v1" when the client offers it, else NULL: then the answer names no sub-protocol, which RFC 6455 leaves to
 * the client to accept. */
const char *handshake_subprotocol(const struct mg_request_info *r);

/* Whether these are the 16 bytes of base64 that a key must be. */
bool handshake_key_valid(const char *key);

#endif
