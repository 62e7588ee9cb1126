#include "chat/session/devices.h"

#include <stdlib.h>
#include <string.h>

struct device *device_new(struct session *session, const struct caller *who)
{
    size_t size = offsetof(struct device, address) + strlen(who->address) + 1;
    struct device *d = calloc(1, size > sizeof *d ? size : sizeof *d);
    if (!d)
        return NULL;
    d->session = session;
    d->session_id = who->session_id;
    d->token_id = who->token_id;
    d->expires_ms = who->expires_ms;
    d->scope = (uint8_t)who->scope;
    strcpy(d->address, who->address);
    return d;
}

void device_caller(const struct device *d, struct caller *out)
{
    *out = (struct caller){
        .kind = COMMAND_ACTOR_ACCOUNT,
        .user_id = device_user(d),
        .session_id = d->session_id,
        .token_id = d->token_id,
        .expires_ms = d->expires_ms,
        .scope = (enum scope)d->scope,
    };
    strcpy(out->address, d->address);
}

void devices_add(struct table *devices, struct device *d, int64_t user_id)
{
    table_add(devices, &d->of_account, (uint64_t)user_id);
}

void devices_remove(struct table *devices, struct device *d)
{
    table_remove(devices, &d->of_account);
}

static struct device *device_of(struct table_link *l)
{
    return l ? table_owner(l, struct device, of_account) : NULL;
}

struct device *devices_of(const struct table *devices, int64_t user_id)
{
    return device_of(table_find(devices, (uint64_t)user_id));
}

struct device *devices_next(const struct device *d)
{
    return device_of(table_next(&d->of_account));
}
