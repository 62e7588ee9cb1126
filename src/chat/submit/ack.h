/* ack.h - the answer to a request that went through the log. Any thread. */
#ifndef HUBBUB_CHAT_SUBMIT_ACK_H
#define HUBBUB_CHAT_SUBMIT_ACK_H

#include "apply/apply.h"
#include "base/buf.h"
#include "proto/request.h"

/* Writes the `ack` of an outcome that is OK: what it made, and the code, if there is one. */
void ack_write(struct buf *json, struct span id, enum request_type type, const char *code, const struct outcome *o);

#endif
