/* hub_internal.h - the structs behind hub.h, for the files of this folder only. */
#ifndef HUBBUB_HUB_HUB_INTERNAL_H
#define HUBBUB_HUB_HUB_INTERNAL_H

#include "hub/hub.h"

#include <pthread.h>

/* uthash's macros convert between signed and unsigned freely. */
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wconversion"
#include <uthash.h>

/* A room on one shard. */
struct shard_room {
    struct room *room;
    struct shard *shard;
    struct member **members; /* the shard's thread */
    uint32_t len, cap;       /* the shard's thread */
    _Atomic uint32_t count;  /* == len, but set under the mutex: whether a publish has to go there */
};

struct room {
    int64_t id;
    UT_hash_handle hh_id, hh_fold, hh_name;
    struct shard_room *shards; /* hub->shard_count of them */

    /* the writer's thread: published since the last flush */
    struct frame **staged;
    size_t staged_len, staged_cap;
    struct room *staged_next;

    /* under the mutex from here on */
    char *name, *fold;
    int64_t last_seq;
    int64_t ring_first;  /* the ring holds the events ring_first .. last_seq; none when that is last_seq + 1 */
    struct frame **ring; /* event s is at s % hub->ring_events */
    bool archived;
    bool filled;  /* what is older than the ring at first use has been read from the database */
    bool filling; /* ... or somebody is reading it */
    bool presence_changed;
    struct room *presence_next;
    struct member *members; /* of all shards */
    size_t member_count, people_count;
};

struct shard {
    struct hub *hub;
    struct mailbox mailbox;
    void *user;
    int index;
};

struct person_index {
    struct person *person;
    int64_t user_id;
    char *fold;
    UT_hash_handle hh_id, hh_fold;
    bool by_id, by_fold; /* in which of the two tables it is */
};

struct hub {
    pthread_mutex_t lock;
    struct hub_callbacks callbacks;
    struct metrics *metrics;
    int64_t ring_events;
    int shard_count;
    struct shard *shards;

    struct room *staged; /* the writer's thread: rooms with staged frames */

    /* under the mutex */
    struct room *rooms_by_id, *rooms_by_fold, *rooms_by_name;
    struct room *presence_changed;
    struct person_index *people_by_id, *people_by_fold;
    uint32_t marks; /* walks so far, see person.mark */
};

char *hub_copy(struct span s);                                 /* terminated; dies when memory is out */
void hub_room_presence_changed(struct hub *h, struct room *r); /* under the mutex */

/* A task that carries frames to one shard; see delivery.c. */
struct delivery;
void hub_delivery_add(struct delivery **d, struct shard_room *to, struct shard *s, struct frame *f,
                      const struct member *except);
void hub_delivery_post(struct delivery *d); /* NULL does nothing */
void hub_post_resume(struct shard_room *to, bool failed);

#endif
