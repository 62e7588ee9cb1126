/* Ages of connections. They are times, not numbers of visits: a table of all connections holds them densely, so that
 * all can be looked at each second, however many there are. */
#include "net/reactor_internal.h"

static void cut_off_finishing(struct reactor *r)
{
    for (size_t i = 0; i < r->finishing_len; i++)
        if (r->now_ms >= r->finishing[i].until_ms)
            conn_kill(r->finishing[i].conn);
}

/* Whether tick() is due. Keeps to the rhythm that the connection began with, unless it was left behind. */
static bool is_due(const struct reactor *r, struct reactor_entry *e, uint32_t now_ms)
{
    uint32_t tick_ms = (uint32_t)r->options.tick_ms, since_ms = now_ms - e->looked_ms;
    if (since_ms < tick_ms)
        return now_ms - e->received_ms >= (uint32_t)r->options.idle_ms;
    e->looked_ms = since_ms < 2 * tick_ms ? e->looked_ms + tick_ms : now_ms;
    return true;
}

/* A full socket tells that there is room only when a third of it is free: one who reads slowly has taken something
 * long before. So it is tried once more. */
static bool is_stalled(const struct reactor *r, struct conn *c, uint32_t now_ms)
{
    uint32_t since_ms = c->stuck_ms;
    if (!since_ms || now_ms - since_ms < (uint32_t)r->options.stall_ms)
        return false;
    reactor_send(c);
    return !c->dead && c->stuck_ms == since_ms;
}

static void look_at(const struct reactor *r, struct reactor_entry *e, uint32_t now_ms)
{
    struct conn *c = e->conn;
    if (r->stuck && !c->finishing && !c->dead && is_stalled(r, c, now_ms))
        c->transport->stalled(c);
    if (!is_due(r, e, now_ms) || c->finishing || c->dead)
        return;
    if (c->deaf) /* it can say what it wants: we do not listen */
        e->received_ms = now_ms;
    c->transport->tick(c, now_ms - e->received_ms);
}

void reactor_watch(struct reactor *r)
{
    cut_off_finishing(r);
    for (uint32_t i = 0; i < r->table_len;
         i++) /* nothing is added or removed meanwhile: the dead go at the turn's end */
        look_at(r, &r->table[i], (uint32_t)r->now_ms);
}
