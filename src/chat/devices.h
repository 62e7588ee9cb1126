/* devices.h - the live sessions of each account on one shard, found by the account's id: what somebody is told is told
 * to all their devices. Belongs to the shard's thread. */
#ifndef HUBBUB_CHAT_DEVICES_H
#define HUBBUB_CHAT_DEVICES_H

#include "chat/caller.h"

struct session;

/* What a session of an account has, and one of a guest or visitor does without. */
struct device {
    struct caller who;
    struct session *session;
    struct device *next; /* of the same account */
};

/* By account; NULL is an empty one. */
struct device_owner;

/* The device is the caller's, and is to be removed before it is freed. Dies when memory is out. */
void devices_add(struct device_owner **all, struct device *d);
void devices_remove(struct device_owner **all, struct device *d);

/* The first device of an account, the others by `next`; NULL: none. */
struct device *devices_of(struct device_owner *all, int64_t user_id);

#endif
