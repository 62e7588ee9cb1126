/* change.h - what the database keeps of a change beside its columns: a small JSON object, such as {"name":"foyer"}, or
 * {} when there is nothing to say. Text must be valid UTF-8. Any thread. */
#ifndef HUBBUB_PROTO_CHANGE_H
#define HUBBUB_PROTO_CHANGE_H

#include "proto/event.h"
#include "proto/fields.h"

/* Of renamed: {"name":"foyer"}; an empty name: {}. */
void change_write(struct buf *b, struct span name);

/* Of added and removed: {"user":{"id":9,"name":"Cleo"}}, with the display name unless it is empty. */
void change_write_user(struct buf *b, const struct event_user *user);

/* Of changed: what is given of F_TOPIC, F_DESCRIPTION, F_KIND, F_HISTORY, F_SLOW_S and F_LOCKED, under its name in the
 * protocol: {"topic":"What grew","locked":true}. event_write() puts it into the event as it is (event.data). */
void change_write_fields(struct buf *b, const struct fields *f);

/* Copies the name, NUL-terminated; "" when there is none or it does not fit. */
void change_name(struct span data, char *out, size_t size);

enum { CHANGE_NAME_BYTES = 257 };

/* A user read back, whose names are copied into `names`, so that `user` points there. Id 0 and no name when there is
 * none; a name that does not fit is left out. */
struct change_names {
    char name[CHANGE_NAME_BYTES], display_name[CHANGE_NAME_BYTES];
};
void change_user(struct span data, struct event_user *user, struct change_names *names);

#endif
