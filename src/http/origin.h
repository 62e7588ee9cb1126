/* origin.h - which page a request was made by, and whether that page may.
 *
 * Browsers send Origin with every WebSocket handshake and every request that changes something across sites; programs
 * need not. So a missing Origin is no page's doing, and one that is there must be ours or allowed: else any page that
 * somebody visits could chat with the cookie of the visitor. Ours is the one whose host and port are those that the
 * request was sent to (Host). Pure functions: any thread. */
#ifndef HUBBUB_HTTP_ORIGIN_H
#define HUBBUB_HTTP_ORIGIN_H

#include "base/span.h"

/* `origin`: the header's value, NULL when there is none. `host`: that of Host, NULL too. `https`: the request is known to
 * have come by TLS: then a page that did not is none of ours, as anybody on the way may have written it; where that is
 * not known (a proxy does not say), both may. `allowed`: the setting
 * allowed_origins, a comma separated list of scheme://host[:port], or "*". Case does not matter, and neither does
 * whether a scheme's own port is written. */
bool origin_allowed(const char *origin, const char *host, bool https, const char *allowed);

/* Whether a Host names this server for certain: localhost, an IP address, the host of `public_url` ("": none) or of one
 * of `allowed`. Any other name may be one whose owner has just pointed it here (DNS rebinding): then a page of theirs is
 * a page of ours to a browser. The port does not count. */
bool origin_host_known(const char *host, const char *public_url, const char *allowed);

/* Whether this can be the value of Host: a name or address and perhaps a port, and nothing else. */
bool origin_host_valid(const char *host);

#endif
