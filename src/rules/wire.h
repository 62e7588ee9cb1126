/* wire.h - the one place where what the server says becomes a frame: JSON as a WebSocket text frame (RFC 6455), which
 * is what nearly everybody gets; a transport that frames otherwise can take the text out again. Any thread. */
#ifndef HUBBUB_RULES_WIRE_H
#define HUBBUB_RULES_WIRE_H

#include "base/buf.h"
#include "hub/frame.h"
#include "proto/event.h"
#include "store/store.h"

/* NULL when memory is short (also when the buf has failed). The caller owns one reference. seq 0: not a durable event.
 */
struct frame *wire_frame(const struct buf *json, int64_t seq);

/* A row of the database, encoded like the event that was sent when it was new: appended to b. */
void wire_write_row(struct buf *b, const struct event_row *row);

/* The same as a frame. `scratch` is emptied first. */
struct frame *wire_row_frame(struct buf *scratch, const struct event_row *row);

#endif
