#include "client.h"

#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NAMES_AT_MOST = 6, READ_MAX_BYTES = 65536 };

void client_init(struct client *c, struct world *w, int number)
{
    const struct profile *p = &w->profile;
    *c = (struct client){.number = number};
    if (number < p->account_clients) {
        c->kind = CLIENT_ACCOUNT;
        c->account = &w->accounts[number % p->accounts];
    } else if (number < p->account_clients + p->guests) {
        c->kind = CLIENT_GUEST;
    }
    c->enter_us = dice_between(&w->dice, 0, 20 * p->act_every_us);
    for (int i = 0; i < PLACE_ROOMS_MAX; i++)
        c->rooms[i].last = -1;
}

void client_clear(struct client *c)
{
    buf_release(&c->heard);
}

const char *client_label(const struct client *c)
{
    static const char *const labels[PROFILE_CLIENTS_MAX] = {"c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7"};
    return c->kind == CLIENT_ADMIN ? "admin" : labels[c->number];
}

struct viewer client_viewer(const struct client *c)
{
    static const enum user_kind kinds[] = {[CLIENT_VISITOR] = USER_VISITOR,
                                           [CLIENT_GUEST] = USER_GUEST,
                                           [CLIENT_ACCOUNT] = USER_ACCOUNT,
                                           [CLIENT_ADMIN] = USER_SYSTEM};
    return (struct viewer){kinds[c->kind], c->who.user_id};
}

struct open_send *client_open_send(struct client *c, size_t send)
{
    for (size_t i = 0; i < c->sends_count; i++)
        if (c->sends[i].send == send)
            return &c->sends[i];
    return NULL;
}

void client_forget_send(struct client *c, struct open_send *o)
{
    if (o)
        *o = c->sends[--c->sends_count];
}

/* ------------------------------------------------------------------ going */

void client_lost(struct world *w, struct client *c, int64_t back_in_us)
{
    c->link = NULL;
    c->state = CLIENT_AWAY;
    c->enter_us = w->now_us + back_in_us;
    c->asks_count = 0;
    for (size_t i = 0; i < c->sends_count; i++)
        c->sends[i].in_flight = 0;
    if (c->kind == CLIENT_VISITOR) /* who comes back is somebody else */
        c->sends_count = c->recent_count = 0;
    for (int i = 0; i < PLACE_ROOMS_MAX; i++) {
        c->rooms[i].open = c->rooms[i].must_reset = false;
        c->rooms[i].count = -1;
    }
}

/* The program has closed its end, and everything that was on its way has been read. */
static void end_of_file(struct world *w, void *arg)
{
    struct client *c = arg;
    world_say(w, "%s: end of file", client_label(c));
    link_drop(c->link, false);
    client_lost(w, c, dice_between(&w->dice, 0, 300000));
}

/* ------------------------------------------------------------------ turns */

static void enter(struct world *w, void *arg)
{
    client_enter(w, arg);
}

static void rename_oneself(struct world *w, void *arg)
{
    client_rename(w, arg);
}

static void over_http(struct world *w, void *arg)
{
    client_over_http(w, arg);
}

static void hear(struct world *w, void *arg)
{
    static char bytes[READ_MAX_BYTES];
    struct client *c = arg;
    size_t max = dice_one_in(&w->dice, 3) ? 1 + dice_below(&w->dice, 200) : sizeof bytes;
    client_hear(w, c, bytes, link_read(c->link, bytes, max));
}

static void act(struct world *w, void *arg)
{
    struct client *c = arg;
    c->act_us = w->now_us + dice_between(&w->dice, 0, 2 * w->profile.act_every_us);
    client_act(w, c);
}

static void retry(struct world *w, void *arg)
{
    struct client *c = arg;
    for (size_t i = 0; i < c->sends_count; i++) {
        if (c->sends[i].in_flight || c->sends[i].retry_us > w->now_us)
            continue;
        client_send(w, c, &c->sends[i]);
        return;
    }
}

/* With too much unanswered it waits for answers first. */
static void offer_retry(struct world *w, struct client *c)
{
    int64_t at_us = INT64_MAX;
    for (size_t i = 0; i < c->sends_count && c->asks_count < CLIENT_ASKS_AT_MOST; i++)
        if (!c->sends[i].in_flight && c->sends[i].retry_us < at_us)
            at_us = c->sends[i].retry_us;
    if (at_us < INT64_MAX)
        turns_offer(&w->turns, PART_OUTSIDE, at_us, retry, c);
}

static void offer_workers(struct world *w, struct client *c)
{
    struct turns *t = &w->turns;
    if (c->busy || w->server.state != SERVER_UP)
        return;
    if (c->kind == CLIENT_GUEST && c->names < NAMES_AT_MOST && t->taken % 64 == 0)
        turns_offer(t, PART_WORKER, w->now_us, rename_oneself, c);
    if (c->kind == CLIENT_ACCOUNT && t->taken % 32 == (uint64_t)c->number)
        turns_offer(t, PART_WORKER, w->now_us, over_http, c);
}

void client_offer(struct world *w, struct client *c)
{
    struct turns *t = &w->turns;
    if (c->state == CLIENT_AWAY && !c->busy && w->server.state == SERVER_UP && !(w->quiet && client_is_kept_out(w, c)))
        turns_offer(t, PART_WORKER, c->enter_us, enter, c);
    if (c->state != CLIENT_HERE || c->stays_stalled)
        return;
    if (link_unread(c->link))
        turns_offer(t, PART_OUTSIDE, c->stalled_until_us, hear, c);
    else if (c->link->over)
        turns_offer(t, PART_OUTSIDE, w->now_us, end_of_file, c);
    if (!c->welcomed || c->link->over)
        return;
    offer_retry(w, c);
    if (w->quiet)
        return;
    turns_offer(t, PART_OUTSIDE, c->act_us, act, c);
    offer_workers(w, c);
}
