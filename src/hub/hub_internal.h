/* hub_internal.h - the structs behind hub.h, for the files of this folder only. */
#ifndef HUBBUB_HUB_HUB_INTERNAL_H
#define HUBBUB_HUB_HUB_INTERNAL_H

#include "base/keyed_uthash.h"
#include "base/table.h"
#include "hub/hub.h"

#include <pthread.h>

/* A room on one shard. */
struct shard_room {
    struct room *room;
    struct shard *shard;
    struct member **members; /* changed by the shard's thread, under the mutex: so it reads them without, others with */
    uint32_t len, cap;       /* the same */
    _Atomic uint32_t count;  /* == len, for any thread: whether a publish has to go there */
};

/* Some members of a room may see no more: those whose end is this one. */
struct expulsion {
    int64_t end_seq; /* the room's last event */
    size_t after;    /* how many of the staged frames come before it */
};

struct room {
    int64_t id;
    UT_hash_handle hh_id;
    struct shard_room *shards; /* hub->shard_count of them */

    /* the writer's thread: published since the last flush, and who was expelled in between */
    struct frame **staged;
    size_t staged_len, staged_cap;
    struct expulsion *expulsions;
    size_t expulsions_len;
    struct room *staged_next;

    /* under the mutex from here on */
    char *name;
    int64_t last_seq;
    int64_t ring_first;  /* the ring holds the events ring_first .. last_seq; none when that is last_seq + 1 */
    struct frame **ring; /* event s is at s % hub->ring_events; NULL: nobody has the room open, and the ring is empty */
    int64_t ring_bytes;  /* what its frames take */
    int64_t used_ms;     /* when the ring was used last */
    struct room *less_recent, *more_recent; /* of the rooms whose rings are not empty */
    bool archived;
    bool filled;  /* what is older than the ring at first use has been read from the database */
    bool filling; /* ... or somebody is reading it */
    bool stale;   /* ... and what is read may not know what was replaced or forgotten meanwhile */
    bool presence_changed;
    struct room *presence_next;
    size_t member_count, people_count; /* on all shards */
};

struct shard {
    struct hub *hub;
    struct mailbox mailbox;
    void *user;
    int index;
};

struct person_index {
    struct table_link by_id, by_fold;
    struct person *person;
    char *fold;
    bool has_id, has_fold; /* in which of the two tables it is */
    char first_fold[];     /* what `fold` points to until it is changed */
};

struct hub {
    pthread_mutex_t lock;
    struct hub_callbacks callbacks;
    struct metrics *metrics;
    int64_t ring_events, ring_bytes_max;
    int shard_count;
    struct shard *shards;

    struct room *staged; /* the writer's thread: rooms with staged frames */

    /* under the mutex */
    struct room *rooms_by_id;
    struct room *presence_changed;
    int64_t *changed_people; /* accounts that came, went, or became active or away, by id */
    size_t changed_len, changed_cap;
    struct room *least_recent, *most_recent;   /* the rooms whose rings are not empty, by when they were used last */
    int64_t ring_bytes;                        /* of all rings */
    int64_t now_ms;                            /* as hub_drop_idle_rings() was told last */
    struct table people_by_id, people_by_fold; /* of struct person_index */
    uint32_t marks;                            /* walks so far, see person.mark */
    uint64_t serials;                          /* the last one given to a member */
};

/* As much of a name as fits; its length. */
static inline size_t hub_clip_name(const char *name, char out[HUB_NAME_BYTES])
{
    size_t len = strnlen(name, HUB_NAME_BYTES - 1);
    memcpy(out, name, len);
    out[len] = 0;
    return len;
}

/* Under the mutex. */
struct room *hub_find_room(struct hub *h, int64_t id);                /* NULL: none */
struct person_index *hub_find_person(struct hub *h, int64_t user_id); /* NULL: not connected */
void hub_room_presence_changed(struct hub *h, struct room *r);
void hub_ring_use(struct hub *h, struct room *r); /* somebody reads it */
/* Nobody has the room open: if its ring is empty, the caller frees what is returned. Else NULL. */
struct frame **hub_ring_close(struct room *r);
/* Takes a reference of its own. True: call hub_shrink_rings(). */
bool hub_ring_append(struct hub *h, struct room *r, struct frame *f);
/* Without the mutex: until all rings together are within their budget. */
void hub_shrink_rings(struct hub *h);

/* The writer's thread: the next hub_flush() looks at this room. Before anything is staged in it. */
void hub_stage(struct hub *h, struct room *r);

/* On the shard: calls expelled() for those who have an end, there or before. */
void hub_run_expulsion(struct shard_room *to, int64_t end_seq);

/* These users alone, or all but them; ascending. */
struct audience {
    bool is_only;
    size_t count;
    int64_t users[];
};

/* A task that carries things to one shard, which takes them in this order; see delivery.c. */
struct delivery_item {
    struct shard_room *to;     /* NULL: every session of the shard */
    struct frame *frame;       /* NULL: an expulsion. hub_delivery_add() takes a reference of its own */
    uint64_t except_serial;    /* of the member that does not get an ephemeral frame; 0: all get it */
    struct audience *audience; /* whose it is, if not all members' (NULL); hub_delivery_add() takes it over */
    int64_t end_seq;           /* of an expulsion */
};

struct delivery;
void hub_delivery_add(struct delivery **d, struct shard *s, const struct delivery_item *item);
void hub_delivery_post(struct delivery *d); /* NULL does nothing */
void hub_post_resume(struct shard_room *to, enum err e);

#endif
