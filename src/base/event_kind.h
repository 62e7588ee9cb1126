/* event_kind.h - the kinds of durable events of a room, made from event_kinds.def. Constant data: any thread. */
#ifndef HUBBUB_BASE_EVENT_KIND_H
#define HUBBUB_BASE_EVENT_KIND_H

#include "base/words.h"

enum event_kind {
#define EVENT(kind, ...) EVENT_##kind,
#include "base/event_kinds.def"
    EVENT_KIND_COUNT
};

/* What an event holds besides its room, seq, time and actor; and what of it the column changes.data holds. */
enum event_extra {
    EXTRA_NONE,   /* {} */
    EXTRA_BODY,   /* a message's text, with its client id and what it replies to: not in changes */
    EXTRA_NAME,   /* the room's new name: {"name":"foyer"} */
    EXTRA_USER,   /* whom it is about: {"user":{"id":9,"name":"Cleo"}}, with the display name unless it is empty */
    EXTRA_TARGET, /* the message's seq: {}, as the column changes.target_seq has it */
    EXTRA_DATA,   /* what is different, in the protocol's fields: {"topic":"What grew","locked":true} */
};

enum event_extra event_extra(enum event_kind kind);

extern const struct words words_event_kind; /* message, renamed, archived, ... */

#endif
