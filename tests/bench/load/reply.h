/* reply.h - the few things the load generators read out of Hubbub's frames (src/proto/README.md): "type" comes first,
 * and the numbers of a frame come before any text that people wrote. No state, any thread. */
#ifndef REPLY_H
#define REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool reply_is(const uint8_t *bytes, size_t count, const char *type);

/* The first "name":NUMBER at or after *at, behind which *at is moved; -1 when there is none. */
int64_t reply_next_number(const uint8_t *bytes, size_t count, const char *name, size_t *at);
int64_t reply_number(const uint8_t *bytes, size_t count, const char *name);

/* The first "name":"TEXT", as it stands there; false when there is none, or it does not fit. */
bool reply_text(const uint8_t *bytes, size_t count, const char *name, char *out, size_t size);

#endif
