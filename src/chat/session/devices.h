/* devices.h - the live sessions of each account on one shard, found by the account's id: what somebody is told is told
 * to all their devices. Belongs to the shard's thread. */
#ifndef HUBBUB_CHAT_SESSION_DEVICES_H
#define HUBBUB_CHAT_SESSION_DEVICES_H

#include "base/table.h"
#include "rules/caller.h"

struct session;

/* What a session of an account has, and one of a guest or visitor does without: most of a struct caller, and not its
 * room for the longest of addresses, as there is one for each account that looks on. */
struct device {
    struct table_link of_account; /* by the account's id, see device_user() */
    struct session *session;
    int64_t session_id, token_id, expires_ms; /* as in struct caller */
    uint32_t seen_s; /* of a session: when its time to live began anew the last time, on the wall's clock */
    uint8_t scope;   /* enum scope */
    char address[];
};

/* For an account; NULL: no memory. The caller's, to be freed with free(). */
struct device *device_new(struct session *session, const struct caller *who);

/* Who has come in by it. Not since when they are known, which is over when they are in: see ended.h. */
void device_caller(const struct device *d, struct caller *out);

/* A table is of devices. The device is to be removed before it is freed. Dies when memory is out. */
void devices_add(struct table *devices, struct device *d, int64_t user_id);
void devices_remove(struct table *devices, struct device *d);

/* One device of an account, and the others one after the other; NULL: none. */
struct device *devices_of(const struct table *devices, int64_t user_id);
struct device *devices_next(const struct device *d);

static inline int64_t device_user(const struct device *d)
{
    return (int64_t)d->of_account.key;
}

#endif
