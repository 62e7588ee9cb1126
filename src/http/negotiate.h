/* negotiate.h - which form of an asset a client wants, and whether it has it already (RFC 9110, 12.5.3 and 13.1.2).
 * Pure: any thread. */
#ifndef HUBBUB_HTTP_NEGOTIATE_H
#define HUBBUB_HTTP_NEGOTIATE_H

#include "base/span.h"

/* Whether the value of Accept-Encoding (NULL: none was sent) lets us send gzip. "gzip;q=0" and "*;q=0" do not. */
bool negotiate_gzip(const char *accept_encoding);

/* Whether the value of If-None-Match (NULL: none) has this entity tag, which is given with its quotes, or is "*". W/
 * in front of one does not matter here. */
bool negotiate_matches(const char *if_none_match, const char *etag);

#endif
