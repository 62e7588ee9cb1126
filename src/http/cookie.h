/* cookie.h - the cookies by which browsers are known again: out of a request, into an answer.
 *
 * None can be read by scripts, none is sent by pages of other sites but when one follows a link here. A cookie that is
 * marked Secure has a name with the prefix __Host-, which browsers take from nobody but this very host,
 * over TLS: so no neighbour can put one there. */
#ifndef HUBBUB_HTTP_COOKIE_H
#define HUBBUB_HTTP_COOKIE_H

#include "http/exchange.h"
#include "http/settings.h"

enum cookie { COOKIE_SESSION, COOKIE_GUEST };

enum { COOKIE_TRIES = 4 /* so many of one name are looked at: a browser may send those of other paths too */ };

/* The n-th value (from 0) that the request has; false: there is none, or n is COOKIE_TRIES. Borrowed. */
bool cookie_get(const struct exchange *x, enum cookie which, int n, struct span *value);

/* Adds the Set-Cookie line, with its CRLF; `value` NULL: the cookie is to be forgotten. */
void cookie_set(const struct exchange *x, enum cookie which, const char *value, struct buf *headers);

/* Whether cookies have to be marked Secure; `https`: the request came by TLS, as far as one knows. */
bool cookie_secure(enum http_secure setting, bool https);

#endif
