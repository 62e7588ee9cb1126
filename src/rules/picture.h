/* picture.h - a picture of somebody: what it may be, and how it comes in, as base64 in a request. Any thread. */
#ifndef HUBBUB_RULES_PICTURE_H
#define HUBBUB_RULES_PICTURE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

enum { PICTURE_MAX_BYTES = 65536 };

/* The media type of a picture, by its first bytes; empty: no PNG, JPEG or WebP. */
struct span picture_type(struct span bytes);

/* Decodes base64 (RFC 4648, section 4, with its padding) and appends the bytes; *type becomes their media type, by
 * their first bytes. ERR_INVALID with *why: no base64, too big, huge, or no picture of a kind that is taken. ERR_MEMORY. */
enum err picture_decode(struct span base64, struct buf *bytes, struct span *type, const char **why);

#endif
