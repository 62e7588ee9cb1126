/* request.h - what every request must get right before anybody looks at what it asks for (RFC 9112).
 *
 * CivetWeb 1.15 is lenient about the things that request smuggling is made of: it takes Transfer-Encoding beside
 * Content-Length, a number with other characters behind it, the first of several lengths, and it forgets the headers
 * behind the 64th. Here each of these is an error. All functions are pure: any thread. */
#ifndef HUBBUB_HTTP_REQUEST_H
#define HUBBUB_HTTP_REQUEST_H

#include "http/refusal.h"

#include <stdbool.h>

struct mg_request_info;

/* NULL: the request may go on. */
const struct refusal *request_check(const struct mg_request_info *r);

/* After request_check(): how many bytes of body follow the head. */
long long request_body_bytes(const struct mg_request_info *r);

bool request_is_http_1_1(const struct mg_request_info *r);

/* Whether a page of another site may be behind it: by Origin, and by Sec-Fetch-Site where a browser sends that.
 * `https`: it is known to have come by TLS. `allowed` is the setting allowed_origins. NULL: it is ours, allowed, or no page at all. */
const struct refusal *request_check_origin(const struct mg_request_info *r, bool https, const char *allowed);

/* Whether the request says which page is behind it, as every browser does where something can be changed. */
bool request_names_page(const struct mg_request_info *r);

#endif
