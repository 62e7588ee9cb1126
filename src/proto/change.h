/* change.h - what the database keeps of a change beside its columns: a small JSON object, such as {"name":"foyer"}, or
 * {} when there is nothing to say. Text must be valid UTF-8. Any thread. */
#ifndef HUBBUB_PROTO_CHANGE_H
#define HUBBUB_PROTO_CHANGE_H

#include "proto/event.h"
#include "proto/fields.h"

/* What the row of an event holds: see enum event_extra. */
void change_write(struct buf *b, const struct event *e);

/* {"name":"foyer"}; an empty name: {}. */
void change_write_name(struct buf *b, struct span name);

/* Of changed: what is given of F_TOPIC, F_DESCRIPTION, F_KIND, F_HISTORY, F_SLOW_S and F_LOCKED, under its name in the
 * protocol: {"topic":"What grew","locked":true}. It becomes the event's data as it is. */
void change_write_fields(struct buf *b, const struct fields *f);

enum { CHANGE_NAME_BYTES = 257 };

struct change_names {
    char name[CHANGE_NAME_BYTES], display_name[CHANGE_NAME_BYTES];
};

/* Reads back what change_write() wrote for an event of e->kind, into e->name, e->user or e->data. Names are copied into
 * `names`; one that is missing or doesn't fit is empty, and so is a user that is missing, with id 0. e->data borrows. */
void change_read(struct span data, struct event *e, struct change_names *names);

#endif
