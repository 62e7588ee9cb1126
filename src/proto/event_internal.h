/* event_internal.h - what the files that write events share. */
#ifndef HUBBUB_PROTO_EVENT_INTERNAL_H
#define HUBBUB_PROTO_EVENT_INTERNAL_H

#include "proto/event.h"

/* "id", "name" and "display_name", without braces, so that more can follow. */
void event_add_user_members(struct buf *b, const struct event_user *u);

#endif
