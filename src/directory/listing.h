/* listing.h - people and rooms as the protocol shows them, filled from the directory: for `welcome`, for frames about
 * what has changed, for lists. One thread at a time; what it gives points into it until the next call. */
#ifndef HUBBUB_DIRECTORY_LISTING_H
#define HUBBUB_DIRECTORY_LISTING_H

#include "directory/people.h"
#include "directory/rooms.h"
#include "proto/event.h"

struct listing {
    struct event_room room;
    struct event_person person;
    /* what these point to */
    struct directory_room row;
    struct directory_user user;
    struct buf name, topic, ids, users, people;
};

void listing_init(struct listing *l);
void listing_clear(struct listing *l);

/* Fills l->room, with the membership of user_id (0: without). False: no such room, or no memory. */
bool listing_room(struct listing *l, struct directory *d, int64_t room_id, int64_t user_id);

/* Fills l->person with all that others see of somebody. False: nobody who is kept. */
bool listing_person(struct listing *l, struct directory *d, int64_t user_id, int64_t now_ms);

#endif
