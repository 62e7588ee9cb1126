/* session_internal.h - the struct behind session.h, for the verbs of this folder. All of it belongs to one shard's
 * thread. */
#ifndef HUBBUB_CHAT_SESSION_INTERNAL_H
#define HUBBUB_CHAT_SESSION_INTERNAL_H

#include "base/buf.h"
#include "chat/rate.h"
#include "chat/session.h"
#include "proto/event.h"
#include "proto/request.h"

enum {
    SESSION_RETRY_MS = 500,    /* retry_after_ms where the server, not the client, was too busy */
    SESSION_FLOOD_FACTOR = 10, /* requests beyond this many times the message rate are a flood */
};

/* A reactor's part of the chat. */
struct chat_shard {
    struct chat *chat;
    struct shard *hub_shard;
    struct session *sessions;
    bool gathers;                                     /* see session_gather() */
    struct log_entry *gathered_first, *gathered_last; /* linked by job.next */
    struct buf json, scratch; /* json: what is being said; scratch: whatever a verb needs within one call */
};

struct session {
    struct outbox outbox;
    struct chat_shard *shard;
    const struct session_io *io;
    void *conn;
    struct person *who;
    struct member *members;      /* the rooms it has open, linked by next_of_owner */
    struct session *prev, *next; /* all sessions of the shard */
    _Atomic int64_t bucket;      /* requests of any kind, see rate.h */
    uint32_t typing_until_s;     /* no further typing is passed on before, on the clock that only goes forward */
    int32_t refs;                /* the connection's one, and one per command or read under way */
    uint16_t in_flight;          /* commands proposed and not answered */
    bool gone;                   /* the connection has ended */
    bool closing;                /* io->close has been called */
    bool active;                 /* rather than away */
    bool paused;                 /* a replay waits for room in the outbox */
};

struct session *session_retain(struct session *s);
void session_release(struct session *s);

/* Queues a frame and wakes the connection; closes it as too slow when the queue is full. Borrowed; NULL (no memory)
 * closes it too. */
void session_push(struct session *s, struct frame *f);

/* The same with what has been written into shard->json, which it empties. */
void session_say(struct session *s);

void session_ack(struct session *s, const struct event_ack *ack);
void session_error(struct session *s, struct span id, enum err e, const char *message, int64_t retry_after_ms);

/* Ends the connection, once. */
void session_end(struct session *s, enum err why, const char *reason);

/* The session's membership of a room; NULL: it has not joined. */
struct member *session_member(const struct session *s, const struct room *r);

#endif
