/* person.h - somebody who is connected: one identity, whatever number of connections it has.
 *
 * Made by hub_enter(), counted by reference, looked up and freed under the hub's mutex. Fields without a remark do
 * not change while somebody holds a reference. */
#ifndef HUBBUB_HUB_PERSON_H
#define HUBBUB_HUB_PERSON_H

#include "base/span.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { PERSON_KEY_BYTES = 16 };

enum person_kind {
    PERSON_VISITOR, /* for the length of one connection */
    PERSON_GUEST,   /* known by a signed cookie; user_id is set from the start */
    PERSON_ACCOUNT, /* signed in; the same */
};

/* Ordered so that most of them, with the name behind, fit into 88 bytes: there is one for each visitor. */
struct person {
    _Atomic int64_t user_id;       /* 0 until there is a row in the database */
    _Atomic int64_t bucket;        /* state of the per-user token bucket, see rules/rate.h; any thread */
    uint8_t key[PERSON_KEY_BYTES]; /* random: names a visitor who has no user id yet */
    struct person_index *index;    /* the hub's: NULL for made-up names, which cannot collide, until there is an id */
    struct member *members;        /* under the hub's mutex: linked by person_next */
    char *name;                    /* NFC, terminated; under the hub's mutex, see hub_person_name() */
    int32_t refs;                  /* under the hub's mutex */
    int32_t active;                /* sessions that are active rather than away; under the hub's mutex */
    uint32_t mark;                 /* under the hub's mutex: the last walk that has seen this person */
    _Atomic uint8_t kind;          /* enum person_kind; a guest can become an account */
    bool is_changed;               /* under the hub's mutex: see hub_take_changed_people() */
    char first_name[];             /* what `name` points to until it is changed */
};

#endif
