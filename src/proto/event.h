/* event.h - what the server says, written as JSON (see README.md in this folder). Each function appends one object to
 * a buf, which tells by `failed` when memory was short. No I/O. Any thread. All text must be valid UTF-8. */
#ifndef HUBBUB_PROTO_EVENT_H
#define HUBBUB_PROTO_EVENT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/event_kind.h"
#include "base/words.h"

enum { EVENT_PROTOCOL_VERSION = 1 };

/* Where somebody is only mentioned: the id, the user name, and the display name unless it is empty. */
struct event_user {
    int64_t id;
    struct span name, display_name;
};

/* What else is told where it is about the person. Empty texts and zeros are left out. */
struct event_person {
    struct event_user user;
    enum role role;
    bool with_role;
    int64_t avatar, status_until;
    struct span status_emoji, status_text;
    bool banned, hidden; /* hidden: and all messages with them */
};

/* A room as somebody's list shows it. What is false, 0 or empty is left out, but for id, name, kind, last_seq and
 * archived. */
struct event_room {
    int64_t id, last_seq;
    struct span name; /* empty for a direct conversation: its people are its name */
    enum room_kind kind;
    enum room_history history;
    bool archived, locked;
    int64_t slow_s;
    struct span topic;
    const struct event_user *people; /* of a direct conversation: all of them */
    size_t people_count;
    bool is_member; /* then also: */
    enum room_role role;
    enum level level;
    int64_t read_seq, unread, mentions, muted_until, position;
    bool hidden, favourite;
    struct span section;
    int64_t active_ms; /* of a direct conversation: when something was last said in it */
    int64_t requests;  /* to join it, for the user to answer */
};

/* A durable event of a room. */
struct event {
    enum event_kind kind;
    int64_t room, seq, at;
    struct event_user author;   /* of a message; of anything else, who did it */
    struct event_user user;     /* of added and removed: whom */
    int64_t target;             /* of deleted: the message's seq */
    struct span data;           /* of changed: what change_write_fields() wrote; it becomes part of the event */
    bool is_deleted, is_hidden; /* of a message: its body is empty then */
    struct span body;           /* of a message */
    struct span client_id;      /* of a message; empty: none */
    int64_t reply_to;           /* of a message; 0: none */
    struct span name;           /* of renamed */
};

void event_write(struct buf *b, const struct event *e);

/* welcome comes in two halves, as its list of rooms is long: begin, a room at a time (`first` for the first), end.
 * `more`: further rooms follow in welcome_rooms, which is written the same way. */
struct event_welcome {
    struct event_person user;
    const int64_t *blocked; /* ids of those whom the user has blocked */
    size_t blocked_count;
    struct span server_name, server_version;
    struct span epoch; /* which numbering the rooms' seqs are of */
    int64_t now;
    int64_t reports_waiting; /* for the user to handle; 0: left out */
    int64_t message_max_bytes, history_on_join, history_page;
};
void event_welcome_begin(struct buf *b, const struct event_welcome *w);
void event_welcome_room(struct buf *b, const struct event_room *r, bool first);
void event_welcome_end(struct buf *b, const struct event_welcome *w, bool more);
void event_welcome_rooms_begin(struct buf *b);
void event_welcome_rooms_end(struct buf *b, bool more);

/* What an ack says; fields that are 0 or empty are left out. */
struct event_ack {
    struct span id;
    int64_t room, seq, at;
    bool has_last_seq;
    int64_t last_seq;
    bool duplicate;
    struct span extra; /* further members, as JSON that begins with a comma */
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

/* online: begin, at least one person, end. */
void event_online_begin(struct buf *b);
void event_online_person(struct buf *b, int64_t user_id, const char *state, bool first);
void event_online_end(struct buf *b);

void event_room_changed(struct buf *b, const char *change, const struct event_room *r);
/* change: "renamed", "changed", "banned", "unbanned". */
void event_member(struct buf *b, const char *change, const struct event_person *person);
/* To one person: what has become of a membership: "joined", "left", "changed". */
void event_membership(struct buf *b, const char *change, const struct event_room *r);
void event_activity(struct buf *b, int64_t room, int64_t last_seq, int64_t unread, int64_t mentions);
void event_read(struct buf *b, int64_t room, int64_t seq, int64_t unread, int64_t mentions);
/* To one person: how many reports wait for them. */
void event_reports_waiting(struct buf *b, int64_t waiting);
/* To one person: how many requests to join a room wait for them; whether they have blocked somebody. */
void event_requests_waiting(struct buf *b, int64_t room, int64_t requests);
void event_block(struct buf *b, int64_t user, bool blocked);
/* What the place is called now. */
void event_place(struct buf *b, struct span name);

/* The objects alone, for lists. */
void event_add_user(struct buf *b, const struct event_user *u);
void event_add_person(struct buf *b, const struct event_person *p);
void event_add_room(struct buf *b, const struct event_room *r);
void event_bye(struct buf *b, const char *reason, int64_t reconnect_in_ms);

#endif
