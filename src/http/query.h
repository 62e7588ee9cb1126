/* query.h - the part of an address behind "?". Pure: any thread. */
#ifndef HUBBUB_HTTP_QUERY_H
#define HUBBUB_HTTP_QUERY_H

#include "base/err.h"
#include "base/span.h"

/* Decodes the first parameter of that name ("+" is a space, %41 is "A") into `out`. ERR_NOT_FOUND: there is none;
 * ERR_INVALID: a % without two hex digits; ERR_TOO_BIG: more than size bytes. *len is the length, there is no NUL. A
 * parameter without "=" is empty. `query` may be NULL. */
enum err query_get(const char *query, const char *name, char *out, size_t size, size_t *len);

#endif
