/* session.h - one client that is connected, for the parts of the chat that answer it and tell it something. All of it
 * belongs to one shard's thread. */
#ifndef HUBBUB_CHAT_SESSION_SESSION_H
#define HUBBUB_CHAT_SESSION_SESSION_H

#include "base/buf.h"
#include "chat/core/core.h"
#include "chat/session/devices.h"
#include "chat/session/session_io.h"
#include "proto/event.h"
#include "proto/request.h"
#include "rules/rate.h"

#include <assert.h>

enum {
    SESSION_RETRY_MS = 500, /* retry_after_ms where the server, not the client, was too busy */
    SESSION_READS_MAX = 4,  /* jobs of the readers at a time: what is asked beyond that waits unread */
};

/* A reactor's part of the chat. */
struct chat_shard {
    struct chat *chat;
    struct shard *hub_shard;
    struct session *sessions;
    struct table devices;                             /* those of accounts, see devices.h */
    struct table greetings;                           /* of sessions that have not got all rooms, see welcome.c */
    bool gathers;                                     /* see proposals_gather() */
    struct log_entry *gathered_first, *gathered_last; /* linked by job.next */
    bool sheds;                                       /* see shed.h */
    int64_t shed_again_ns;                            /* not before */
    struct buf json, scratch; /* json: what is being said; scratch: whatever a verb needs within one call */
};

/* There is one for each visitor who only looks on, so it fills its allocation to the last byte; see the assertion. */
struct session {
    struct outbox outbox;
    struct chat_shard *shard;
    const struct session_io *io;
    void *conn;
    struct person *who;
    union {
        struct device *device; /* of an account, see session_device() */
        struct origin *origin; /* of a guest or visitor: borrowed, NULL has no limits; see session_origin() */
    } from;
    struct member *members;      /* the rooms it has open, linked by next_of_owner */
    struct session *prev, *next; /* all sessions of the shard */
    _Atomic int64_t bucket;      /* requests of any kind, see rate.h */
    uint32_t typing_until_s;     /* no further typing is passed on before, on the clock that only goes forward */
    unsigned refs : 11;          /* the connection's one, and one per command or read under way */
    unsigned reads : 4;          /* jobs of the readers that are under way, at most SESSION_READS_MAX */
    bool has_account : 1;
    bool has_address : 1; /* a guest, who does what is audited */
    bool is_newcomer : 1; /* a visitor who has been counted as a new one */
    bool full : 1;        /* it has told the transport to wait for io->ready */
    bool closing : 1;     /* io->close has been called */
    bool active : 1;      /* rather than away */
    bool outbox_full : 1; /* a replay waits for room in the outbox, */
    bool awaits_read : 1; /* or for a read to end */
    bool is_greeted : 1;  /* has been told of all rooms; else see welcome_go_on() */
    _Atomic bool gone;    /* the connection has ended; readers ask, too: nobody waits for what it asked */
    char address[];       /* where a guest is; NUL-terminated, only with has_address */
};
static_assert(sizeof(struct session) <= 120, "what malloc rounds up to 128 bytes");

/* NULL: a guest or visitor. */
static inline struct device *session_device(const struct session *s)
{
    return s->has_account ? s->from.device : NULL;
}

/* NULL: an account. */
static inline struct origin *session_origin(const struct session *s)
{
    return s->has_account ? NULL : s->from.origin;
}

struct session *session_retain(struct session *s);
void session_release(struct session *s);

/* A job of the readers for this session: a reference, and one of the SESSION_READS_MAX, which must not be under way all.
 * replay_end_read() ends it. */
struct session *session_begin_read(struct session *s);

static inline bool session_may_begin_read(const struct session *s)
{
    return s->reads < SESSION_READS_MAX;
}

/* Queues a frame and wakes the connection; closes it as too slow when the queue is full. Borrowed; NULL (no memory)
 * closes it too. */
void session_push(struct session *s, struct frame *f);

/* The same with what has been written into shard->json, which it empties. */
void session_say(struct session *s);

void session_ack(struct session *s, const struct event_ack *ack);
void session_error(struct session *s, struct span id, enum err e, const char *message, int64_t retry_after_ms);

/* Cuts a connection that has not gone, also while it is closing: its socket takes nothing, so that no Close would get
 * through. */
void session_cut(struct session *s);

/* Ends the connection, once. */
void session_end(struct session *s, enum err why, const char *reason);

/* Who asks, as the verbs that take a caller want it. */
void session_caller(const struct session *s, struct caller *out);

/* How they came in. A guest who has become an account meanwhile stays a guest on a guest's connection. */
enum user_kind session_kind(const struct session *s);

/* What the session may see of a room, as directory_may_read(). */
enum err session_may_read(const struct session *s, int64_t room_id, int64_t *floor_seq);

/* The session's membership of a room; NULL: it has not joined. */
struct member *session_member(const struct session *s, const struct room *r);

/* Closes a room on this connection. */
void session_leave(struct session *s, struct member *m);

/* The hub's callback: a room has closed to this member. */
void session_expelled(struct member *m);

#endif
