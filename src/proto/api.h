/* api.h - the JSON bodies of the HTTP API: one small object in, one out. No I/O, no threads. */
#ifndef HUBBUB_PROTO_API_H
#define HUBBUB_PROTO_API_H

#include "base/buf.h"
#include "base/err.h"

#include <stdint.h>

/* Reads {"name":"..."} and appends the name to `name`. Other fields are ignored. ERR_INVALID_JSON: not a JSON object
 * in UTF-8, or nested deeper than anything here needs, or with a NUL in it; ERR_INVALID: no "name", or not a string;
 * ERR_MEMORY. */
enum err api_read_name(struct span body, struct buf *name);

/* {"user":{"id":7,"name":"Anna"}}. `name` is valid UTF-8. */
void api_write_user(struct buf *out, int64_t id, struct span name);

/* {"error":{"code":"name_taken","message":"..."}}. Both are valid UTF-8. */
void api_write_error(struct buf *out, struct span code, struct span message);

#endif
