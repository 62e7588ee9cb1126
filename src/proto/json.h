/* json.h - reading foreign JSON with cJSON, and writing our own.
 *
 * cJSON recurses, cuts strings at NUL, and is lenient in places, so what it gets is looked through first. What passes is
 * JSON as RFC 8259 has it, nested no deeper than a few levels, without NUL in any spelling, without a byte order mark, and
 * without integers beyond 2^53, which not every reader can hold. Of members with the same name the first counts. Writing
 * goes straight into a buf: what we send has a fixed shape, and it is on the
 * hot path. */
#ifndef HUBBUB_PROTO_JSON_H
#define HUBBUB_PROTO_JSON_H

#include "base/buf.h"

#include <cjson/cJSON.h>

enum { JSON_DEPTH_MAX = 8 };

/* The object in the text, to be given to cJSON_Delete(); NULL when it is anything else. The text must be valid UTF-8.
 */
cJSON *json_parse_object(struct span text);

/* A member that is a string; false when it is missing or something else. Points into the object. */
bool json_string(const cJSON *object, const char *name, struct span *out);

/* A member that is a whole number between 0 and 2^53. */
bool json_natural(const cJSON *object, const char *name, int64_t *out);
bool json_item_natural(const cJSON *item, int64_t *out); /* the member or element itself; NULL is none */

/* Whether there is such a member at all, and it is not null. */
bool json_has(const cJSON *object, const char *name);

/* Writes a string with its quotes. The text must be valid UTF-8. */
void json_add_string(struct buf *b, struct span text);

/* Write a member: `head` is its name with what surrounds it, such as ",\"room\":", and goes in as it is. */
void json_add_number(struct buf *b, const char *head, int64_t value);
void json_add_text(struct buf *b, const char *head, struct span value);
void json_add_flag(struct buf *b, const char *head, bool value);

#endif
