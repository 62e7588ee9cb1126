#include "chat/devices.h"

#include "base/mem.h"

#include <stdlib.h>

/* uthash's macros convert between signed and unsigned freely. */
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wconversion"
#include <uthash.h>

struct device_owner {
    int64_t user_id;
    struct device *first;
    UT_hash_handle hh;
};

static struct device_owner *find(struct device_owner *all, int64_t user_id)
{
    struct device_owner *o;
    HASH_FIND(hh, all, &user_id, sizeof user_id, o);
    return o;
}

void devices_add(struct device_owner **all, struct device *d)
{
    struct device_owner *o = find(*all, d->who.user_id);
    if (!o) {
        o = mem_must_calloc(1, sizeof *o);
        o->user_id = d->who.user_id;
        HASH_ADD(hh, *all, user_id, sizeof o->user_id, o);
    }
    d->next = o->first;
    o->first = d;
}

void devices_remove(struct device_owner **all, struct device *d)
{
    struct device_owner *o = find(*all, d->who.user_id);
    struct device **at = &o->first;
    while (*at != d)
        at = &(*at)->next;
    *at = d->next;
    if (o->first)
        return;
    HASH_DELETE(hh, *all, o);
    free(o);
}

struct device *devices_of(struct device_owner *all, int64_t user_id)
{
    struct device_owner *o = find(all, user_id);
    return o ? o->first : NULL;
}
