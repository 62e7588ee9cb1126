/* json.h - reading foreign JSON with cJSON, and writing our own.
 *
 * cJSON recurses and cuts strings at NUL, so what it gets is looked through first: nothing nested deeper than a few
 * levels, no NUL in any spelling. Writing goes straight into a buf: what we send has a fixed shape, and it is on the
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
