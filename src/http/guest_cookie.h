/* guest_cookie.h - the cookie by which a guest is known again: out of a request, into an answer. */
#ifndef HUBBUB_HTTP_GUEST_COOKIE_H
#define HUBBUB_HTTP_GUEST_COOKIE_H

#include "chat/guest.h"
#include "http/exchange.h"
#include "http/server.h"

/* Who the request's cookie says that it is. ERR_NOT_FOUND: no cookie; ERR_UNAUTHORIZED: one that is not ours. Where a
 * browser sends several (of other paths, say), the first good one counts. */
enum err guest_cookie_read(const struct exchange *x, struct guest *out);

/* The Set-Cookie line, with its CRLF: for a year, or, with value NULL, to be forgotten. */
void guest_cookie_write(const struct exchange *x, const char *value, struct buf *out);

/* Whether the cookie has to be marked Secure. */
bool guest_cookie_secure(enum http_secure setting, const char *x_forwarded_proto);

#endif
