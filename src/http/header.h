/* header.h - looking things up in a request's head. All functions are pure: any thread; what they find is borrowed
 * from the request. */
#ifndef HUBBUB_HTTP_HEADER_H
#define HUBBUB_HTTP_HEADER_H

#include "base/span.h"

struct mg_request_info;

/* The value of the first header of that name, or NULL. */
const char *header_get(const struct mg_request_info *r, const char *name);

int header_count(const struct mg_request_info *r, const char *name);

/* Whether one of the headers of that name, each a comma separated list, has the token (whatever its case). */
bool header_has_token(const struct mg_request_info *r, const char *name, const char *token);

/* The n-th cookie (from 0) of that name over all Cookie headers; there can be several, set for different paths.
 * False: there is none. */
bool header_cookie(const struct mg_request_info *r, const char *name, int n, struct span *value);

#endif
