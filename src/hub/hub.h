/* hub.h - who is in which room, and how a committed event reaches them.
 *
 * The hub is a registry under one mutex: rooms, the people who are connected, the members of each room, and per room
 * a ring of the last events' frames. Each reactor has a *shard*: the members that live on that reactor, which nobody
 * else touches. So:
 *
 *     writer thread:  hub_publish() x n, hub_flush()      mutex: append to rings; one post per shard that has members
 *     reactor:        walks its members of the room       no lock: deliver() queues the frame on each member's outbox
 *
 * The mutex is held for pointer work only, O(shards) per publish, never O(members) (presence lists are bounded), and
 * never across I/O, SQL, JSON or a socket call. Closing a room to all but a few, which is rare, is the exception:
 * O(members). It is the only lock of this layer, and nothing called under it takes another one but a mailbox's.
 *
 * A member is a cursor: next_seq is the next event it has to see. It is *live* while it is at the head; then frames
 * come to it as they are published. Else it is *behind*: published frames pass it by, and hub_catch_up() takes frames
 * from the ring until it is at the head again; both happen under the mutex, so replay and live events meet without a
 * gap or a duplicate, and what was in flight is skipped by its seq. Events older than the ring are read from the
 * database by the caller.
 *
 * All rings together have a budget in bytes: over it, the rings that were used longest ago forget their oldest events. A
 * room that nobody has open keeps nothing new, and its ring is dropped a minute after the last member has left.
 *
 * Who may not read a room any more is *expelled*: the room's last event at that moment is the member's end. Under the
 * mutex the end clips what the member takes from the ring; what was published before is on its way to the shard in
 * front of the expulsion, what is published after it behind, and the two are never joined into one frame. So a live
 * member needs no check per frame: when later frames arrive, it has left. */
#ifndef HUBBUB_HUB_HUB_H
#define HUBBUB_HUB_HUB_H

#include "base/buf.h"
#include "base/err.h"
#include "base/metrics.h"
#include "base/task.h"
#include "hub/frame.h"
#include "hub/person.h"

#include <assert.h>

struct hub;
struct shard;
struct room; /* lives as long as the hub */

enum {
    HUB_RING_IDLE_MS = 60 * 1000, /* so that going to and fro between rooms needs no database */
    HUB_PRESENCE_LIST_MAX = 200,  /* above this many people a room's presence is a count */
    HUB_JOINED_MAX_BYTES = 65536, /* consecutive events are joined into frames of at most about this size */
    HUB_NAME_BYTES = 257,         /* the longest name of a person or room, with its NUL */
};

/* One session in one room. The caller allocates it; between hub_join() and hub_leave() it belongs to the shard's
 * thread. */
struct member {
    struct shard_room *at;        /* the room, on this shard */
    void *owner;                  /* the session; the hub does not look into it */
    struct member *next_of_owner; /* the owner's list */
    int64_t next_seq;             /* the next event it has to see */
    uint64_t serial;              /* no other member of this hub had it or will have it; not 0 */
    uint32_t index;               /* its place in the shard's array */
    bool live;                    /* else behind */
    bool waiting;                 /* behind, until hub_fill() */
    bool reading;                 /* the owner's: a database read for it is under way */
    struct person *person;
    struct member *person_next; /* under the mutex: all members of the person */
    _Atomic int64_t end_seq;    /* set under the mutex: the last event it may see; INT64_MAX: it has no end */
};
static_assert(sizeof(struct member) <= 72, "what malloc rounds up to 80 bytes: there is one for each visitor at least");

struct hub_callbacks {
    /* On the member's shard: queue this frame (borrowed). Must not join, leave or free members: the walk goes on over the
     * same list. It may send on the member's own socket without waiting, and does so only when the queue is full: what one
     * turn brings can be more than a queue holds, and only the socket tells a slow reader from a burst. To mark the member
     * and send after the walk would need room beyond the queue's limit for all frames in between. What follows from a send
     * that fails is left to the end of the turn. */
    void (*deliver)(struct member *m, struct frame *f);
    /* On the member's shard: call hub_catch_up() again; or, when e is not OK: why the ring could not be filled, as
     * hub_fill() was told. Must not join, leave or free members. */
    void (*resume)(struct member *m, enum err e);
    /* On the member's shard: it has been expelled, and has got all events before that if it was live; if it was
     * behind, it ends where it is. Must hub_leave() it, and may free it then; must not join, leave or free others. */
    void (*expelled)(struct member *m);
    /* On the shard: a frame for each session of it (hub_broadcast). */
    void (*broadcast)(struct shard *s, struct frame *f);
};

struct hub_options {
    int shards;
    int64_t ring_events;    /* history_on_join */
    int64_t ring_bytes_max; /* ring_memory_bytes: all rings together. 0: no limit */
    struct hub_callbacks callbacks;
};

/* NULL: no memory. */
struct hub *hub_new(const struct hub_options *options, struct metrics *metrics);
void hub_free(struct hub *h); /* when no member and no person is left and all threads have stopped. NULL does nothing */

/* Main thread, before anything else runs: where shard i's tasks are posted, and what chat keeps beside it. */
struct shard *hub_shard(struct hub *h, int i);
void shard_attach(struct shard *s, const struct mailbox *mailbox, void *user);
const struct mailbox *shard_mailbox(const struct shard *s);
void *shard_user(const struct shard *s);

/* ------------------------------------------------------------------ rooms: any thread */

struct room_info {
    int64_t id, last_seq;
    bool archived;
    char name[HUB_NAME_BYTES];
};

/* A room that the database has. Rooms are found by name for somebody: see chat/admit/room_by_name.h. */
void hub_room_add(struct hub *h, int64_t id, struct span name, int64_t last_seq, bool archived);
void hub_room_rename(struct hub *h, int64_t id, struct span name);
void hub_room_set_archived(struct hub *h, int64_t id, bool archived);
struct room *hub_room_by_id(struct hub *h, int64_t id); /* NULL: none */
int64_t room_id(const struct room *r);
void hub_room_info(struct hub *h, struct room *r, struct room_info *out);
/* All rooms in id order, one copy at a time, without holding the mutex during the call. */
void hub_rooms_each(struct hub *h, void (*each)(void *ctx, const struct room_info *), void *ctx);

/* ------------------------------------------------------------------ people: any thread */

struct hub_entrant {
    enum person_kind kind;
    int64_t user_id; /* an account's or a guest's; 0 for a visitor */
    uint8_t key[PERSON_KEY_BYTES];
    struct span name, fold;
    bool made_up; /* the name is made up: no look-alike check */
};

/* An account or guest who is connected already is the same person again; a guest who comes back with an account is an
 * account from then on. ERR_NAME_TAKEN when a visitor asks for a name whose fold somebody connected has. The caller
 * owns a reference. */
enum err hub_enter(struct hub *h, const struct hub_entrant *who, struct person **out);
void hub_person_release(struct hub *h, struct person *p); /* NULL does nothing */
/* Whether somebody who is connected (other than user `except_id`, when that is not 0) has this fold. */
bool hub_name_in_use(struct hub *h, struct span fold, int64_t except_id);
/* If that account or guest is connected, from now on under the new name. */
void hub_rename(struct hub *h, int64_t user_id, struct span name, struct span fold);
/* Copies the name as it is now, NUL-terminated; its length. */
size_t hub_person_name(struct hub *h, const struct person *p, char out[HUB_NAME_BYTES]);
/* The first durable act of a visitor has made a row in the database: from now on the person is found by its id. */
void hub_person_set_id(struct hub *h, struct person *p, int64_t user_id);
/* A session of p becomes active (+1) or stops being so (-1); rooms it is in get a new presence. */
void hub_person_active(struct hub *h, struct person *p, int change);

enum person_state { PERSON_OFFLINE, PERSON_AWAY, PERSON_ACTIVE };

/* What each of these n users is now. The mutex is given to others in between. */
void hub_states(struct hub *h, const int64_t *ids, size_t n, uint8_t *states);
/* One thread: the ids of the accounts whose state has changed since the last call, or that were noted; some twice.
 * Appended as int64. */
void hub_take_changed_people(struct hub *h, struct buf *ids);
/* The account counts as changed. */
void hub_note_person(struct hub *h, int64_t user_id);
/* If somebody has the room open, they get a new presence of it. */
void hub_note_room(struct hub *h, int64_t room_id);

/* ------------------------------------------------------------------ events: the writer's thread */

/* Appends a durable event of the room (borrowed; frame->first_seq is last_seq + 1) and stages it for the members. */
void hub_publish(struct hub *h, int64_t room_id, struct frame *f);
/* Sends what is staged to the shards: one post each. */
void hub_flush(struct hub *h);

/* Between publishes: all members of the room who are that person (account or guest) now see nothing after its last
 * event so far, not even when they catch up; the next hub_flush() sends word to their shards, which call expelled().
 * Who joins after this is another member and not meant. user_id 0 is nobody. */
void hub_expel(struct hub *h, int64_t room_id, int64_t user_id);

/* The same for all members but those of these users (n ids, ascending; borrowed): the room is open no more. */
void hub_expel_others(struct hub *h, int64_t room_id, const int64_t *stay, size_t n);

/* Between publishes, after the commit that changed the event: f (borrowed) takes the place of event f->first_seq
 * wherever it is kept to be sent: in the ring, and among what is staged. Elsewhere the database has it. */
void hub_replace(struct hub *h, int64_t room_id, struct frame *f);

/* Between publishes, after the commit that made events look different: all rings are empty; who is behind or joins
 * reads from the database. What is staged is still sent to who is live. */
void hub_forget_rings(struct hub *h);

/* One thread, about once a second: the rings of rooms that nobody has had open for HUB_RING_IDLE_MS are dropped. now_ms
 * is a monotonic clock. */
void hub_drop_idle_rings(struct hub *h, int64_t now_ms);

/* Any thread: a frame without seq to all members of a room but `except` (NULL, or a member of the calling shard), or
 * to every session. Borrowed. */
void hub_publish_ephemeral(struct hub *h, struct room *r, struct frame *f, const struct member *except);
void hub_broadcast(struct hub *h, struct frame *f);
/* The same to those members of a room who are these users alone, or to all but them (n ids, ascending; copied). */
void hub_publish_to(struct hub *h, struct room *r, struct frame *f, bool is_only, const int64_t *users, size_t n);

/* ------------------------------------------------------------------ members: on the shard's thread */

/* Adds m (zeroed but for owner and person) to the room, behind, with next_seq = after + 1; after < 0 means: the last
 * ring_events events. `after` beyond the room's last event counts as the last event. *last_seq is the room's last
 * event at this moment.
 *
 * Whether the person may read the room has to be asked *after* this (and hub_leave() called when not): whoever takes
 * the right away does so first and calls hub_expel() then, so one of the two finds it. Asked before, a right could be
 * taken away and the expulsion be over between the question and the join. */
void hub_join(struct hub *h, struct shard *s, struct room *r, struct member *m, int64_t after, int64_t *last_seq);
void hub_leave(struct hub *h, struct member *m);

enum hub_catch_up {
    /* At the head now; frames come by themselves. *n were given, perhaps none. */
    HUB_LIVE,
    /* *n frames were given and there are more: call again when there is room. */
    HUB_MORE,
    /* The ring has not been filled: read from the database the events before *ring_first and call hub_fill() (said to
     * one caller per room); resume() follows. */
    HUB_LOAD,
    /* Somebody else is filling the ring; resume() follows. */
    HUB_WAIT,
    /* Older than the ring: read the events before *ring_first (where the ring begins, or the member's end) from the
     * database, then call again. */
    HUB_TOO_OLD,
    /* It has been expelled and *n frames, perhaps none, were its last; expelled() follows, nothing else is to be done.
     */
    HUB_ENDED,
};

/* Takes up to max frames at the cursor from the ring and moves the cursor; the caller owns a reference to each. */
enum hub_catch_up hub_catch_up(struct hub *h, struct member *m, struct frame **frames, size_t max, size_t *n,
                               int64_t *ring_first);

/* Moves the cursor, after frames from the database have been queued; or to skip to the head, or the end (reset):
 * *last_seq is what it skipped to. */
void hub_seek(struct hub *h, struct member *m, int64_t next_seq);
void hub_skip_to_head(struct hub *h, struct member *m, int64_t *last_seq);

struct room *member_room(const struct member *m);

/* Any thread, once for each HUB_LOAD: the events before the ring's first, oldest first and consecutive up to it (as
 * many of the last ring_events as there are; borrowed). When they could not be read: n 0, and why; the next catch-up
 * asks for it again, as it does when events were replaced or forgotten since HUB_LOAD, which these frames may not know.
 */
void hub_fill(struct hub *h, struct room *r, struct frame *const *frames, size_t n, enum err e);

/* ------------------------------------------------------------------ presence */

struct presence_person {
    int64_t user_id;
    bool active, is_account;
    char name[HUB_NAME_BYTES];
};

/* One thread, about once a second: for each room whose people have changed, who is there. people is NULL above
 * HUB_PRESENCE_LIST_MAX. The callback runs without the mutex. */
typedef void hub_presence_fn(void *ctx, struct room *r, size_t count, const struct presence_person *people);
void hub_presence_changes(struct hub *h, hub_presence_fn *changed, void *ctx);

/* Any thread: who is in this room now. */
void hub_presence(struct hub *h, struct room *r, hub_presence_fn *show, void *ctx);

#endif
