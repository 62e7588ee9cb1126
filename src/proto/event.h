/* event.h - what the server says, written as JSON (see README.md in this folder). Each function appends one object to
 * a buf, which tells by `failed` when memory was short. No I/O. Any thread. All text must be valid UTF-8. */
#ifndef HUBBUB_PROTO_EVENT_H
#define HUBBUB_PROTO_EVENT_H

#include "base/buf.h"
#include "base/err.h"

enum { EVENT_PROTOCOL_VERSION = 1 };

enum event_kind { EVENT_MESSAGE, EVENT_RENAMED, EVENT_ARCHIVED, EVENT_UNARCHIVED };

struct event_user {
    int64_t id;
    struct span name;
};

struct event_room {
    int64_t id, last_seq;
    struct span name;
    bool archived;
};

/* A durable event of a room. */
struct event {
    enum event_kind kind;
    int64_t room, seq, at;
    struct event_user author; /* of a message; of anything else, who did it */
    struct span body;         /* of a message */
    struct span client_id;    /* of a message; empty: none */
    int64_t reply_to;         /* of a message; 0: none */
    struct span name;         /* of renamed */
};

void event_write(struct buf *b, const struct event *e);

/* welcome comes in two halves, as its list of rooms is long: begin, a room at a time (`first` for the first), end. */
struct event_welcome {
    struct event_user user;
    struct span server_name, server_version;
    int64_t now;
    int64_t message_max_bytes, history_on_join, history_page;
};
void event_welcome_begin(struct buf *b, const struct event_welcome *w);
void event_welcome_room(struct buf *b, const struct event_room *r, bool first);
void event_welcome_end(struct buf *b, const struct event_welcome *w);

/* What an ack says besides its id; fields that are 0 are left out. */
struct event_ack {
    struct span id;
    int64_t room, seq, at;
    bool has_last_seq;
    int64_t last_seq;
    bool duplicate;
};
void event_ack(struct buf *b, const struct event_ack *a);

/* `message` NULL: the error's own sentence. retry_after_ms 0: left out. */
void event_error(struct buf *b, struct span id, enum err e, const char *message, int64_t retry_after_ms);

/* history: begin, then event_write() with a comma between, then end. */
void event_history_begin(struct buf *b, struct span id, int64_t room);
void event_history_end(struct buf *b, bool more);

void event_reset(struct buf *b, int64_t room, int64_t last_seq);
void event_typing(struct buf *b, int64_t room, const struct event_user *user);

/* presence: begin, a person at a time, end; without people only begin and end. */
void event_presence_begin(struct buf *b, int64_t room, size_t count, bool with_people);
void event_presence_person(struct buf *b, const struct event_user *user, bool active, bool first);
void event_presence_end(struct buf *b, bool with_people);

void event_room_changed(struct buf *b, const char *change, const struct event_room *r);
void event_member_renamed(struct buf *b, const struct event_user *user);
void event_bye(struct buf *b, const char *reason, int64_t reconnect_in_ms);

#endif
