/* change.h - what the database keeps of a change beside its columns: a small JSON object, such as {"name":"foyer"}.
 * Any thread. */
#ifndef HUBBUB_PROTO_CHANGE_H
#define HUBBUB_PROTO_CHANGE_H

#include "base/buf.h"

/* Appends the object; an empty name is left out. */
void change_write(struct buf *b, struct span name);

/* Copies its name, NUL-terminated; "" when there is none or it does not fit. */
void change_name(struct span data, char *out, size_t size);

#endif
