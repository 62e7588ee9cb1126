#include "client.h"

#include "chat/guest.h"
#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NAMES_AT_MOST = 6, READ_MAX_BYTES = 65536 };

void client_init(struct client *c, struct world *w, int number)
{
    *c = (struct client){.number = number, .is_guest = number < w->profile.guests};
    c->enter_us = dice_between(&w->dice, 0, 20 * w->profile.act_every_us);
    for (int i = 0; i < MODEL_ROOMS_MAX; i++)
        c->rooms[i].last = -1;
}

void client_clear(struct client *c)
{
    buf_release(&c->heard);
}

const char *client_label(const struct client *c)
{
    static const char *const labels[PROFILE_CLIENTS_MAX] = {"c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7"};
    return labels[c->number];
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

/* ------------------------------------------------------------------ coming */

/* From a few names, so that they are taken now and then; one that nobody else has after some tries. */
static void think_of_name(struct world *w, struct client *c)
{
    static const char *const names[] = {"Anna", "ANNA", "Bert", "Cléo", "Dörte", "Фёдор", "グレース", "x_1"};
    const char *name = names[dice_below(&w->dice, sizeof names / sizeof names[0])];
    if (++c->names < 4)
        snprintf(c->name, sizeof c->name, "%s", name);
    else
        snprintf(c->name, sizeof c->name, "%s %c%d", name, 'A' + c->number, c->names);
}

static bool may_fail(const struct world *w, enum err e)
{
    return (e == ERR_STORAGE && (w->server.faulted || w->faults.dead)) || e == ERR_OVERLOADED ||
           (e == ERR_SHUTTING_DOWN && (w->server.state != SERVER_UP || w->faults.dead));
}

static enum err check_error(struct world *w, const struct client *c, const char *what, enum err e, enum err allowed)
{
    if (e && e != allowed && !may_fail(w, e))
        trace_fail(&w->trace, e == ERR_UNAUTHORIZED ? "I1" : "protocol", "%s: %s: %s", client_label(c), what,
                   err_code(e));
    return e;
}

/* As POST /api/v1/guest. Its answer can be lost on the way back: then there is a guest whom nobody will ever be. */
static enum err become_guest(struct world *w, struct client *c)
{
    struct guest guest;
    const char *why;
    think_of_name(w, c);
    world_say(w, "%s registers as %s", client_label(c), c->name);
    enum err e = guest_register(w->server.chat, span_of(c->name), &guest, &why);
    if (check_error(w, c, "register", e, ERR_NAME_TAKEN) || w->faults.dead)
        return e ? e : ERR_IO;
    size_t person = model_person_add(&w->model, true, guest.id, guest.name);
    world_say(w, "%s is user %" PRId64, client_label(c), guest.id);
    if (dice_one_in(&w->dice, 10))
        return ERR_IO;
    c->person = person;
    c->user_id = guest.id;
    memcpy(c->cookie, guest.cookie, sizeof guest.cookie);
    return OK;
}

static enum err enter_guest(struct world *w, struct client *c, struct person **who)
{
    struct guest guest;
    enum err e = *c->cookie ? OK : become_guest(w, c);
    if (e)
        return e;
    if ((e = guest_from_cookie(w->server.chat, span_of(c->cookie), &guest)))
        trace_fail(&w->trace, "protocol", "%s: the program does not know its own cookie", client_label(c));
    return check_error(w, c, "enter", guest_enter(w->server.chat, &guest, who), OK);
}

static enum err enter_visitor(struct world *w, struct client *c, struct person **who)
{
    const char *why;
    bool named = dice_one_in(&w->dice, 2);
    *c->name = 0;
    if (named)
        think_of_name(w, c);
    return check_error(w, c, "enter", guest_enter_visitor(w->server.chat, span_of(c->name), who, &why),
                       named ? ERR_NAME_TAKEN : OK);
}

static void begin_connection(struct world *w, struct client *c, struct person *who)
{
    if (!c->is_guest)
        c->person = model_person_add(&w->model, false, 0, c->name);
    c->link = link_open(w, c);
    link_adopt(c->link, who);
    c->state = CLIENT_HERE;
    c->welcomed = false;
    c->act_us = w->now_us;
    c->stalled_until_us = 0;
    c->ids = 0;
    buf_clear(&c->heard);
    world_say(w, "%s connects: link %d on shard %d", client_label(c), c->link->number, c->link->shard);
}

static void enter(struct world *w, void *arg)
{
    struct client *c = arg;
    struct person *who;
    c->busy = true;
    c->state = CLIENT_ENTERING;
    for (int i = 0; i < MODEL_ROOMS_MAX; i++) {
        c->rooms[i].last_at_entry = w->model.rooms[i].last_seen;
        c->rooms[i].promised_at_entry = w->model.rooms[i].promised;
    }
    enum err e = c->is_guest ? enter_guest(w, c, &who) : enter_visitor(w, c, &who);
    if (!e && w->faults.dead) {
        hub_person_release(w->server.chat->hub, who);
        e = ERR_IO;
    }
    if (e) {
        c->state = CLIENT_AWAY;
        c->enter_us = w->now_us + dice_between(&w->dice, 1000, 200000);
    } else {
        begin_connection(w, c, who);
    }
    c->busy = false;
}

/* As POST /api/v1/guest with a cookie. */
static void rename_guest(struct world *w, void *arg)
{
    struct client *c = arg;
    struct guest guest, renamed;
    const char *why;
    char old[MODEL_NAME_BYTES];
    c->busy = true;
    memcpy(old, c->name, sizeof old);
    think_of_name(w, c);
    model_person_name(&w->model, c->person, c->name); /* whatever is answered, if anything: it may become so */
    world_say(w, "%s renames itself from %s to %s", client_label(c), old, c->name);
    if (guest_from_cookie(w->server.chat, span_of(c->cookie), &guest))
        trace_fail(&w->trace, "protocol", "%s: the program does not know its own cookie", client_label(c));
    enum err e = guest_rename(w->server.chat, &guest, span_of(c->name), &renamed, &why);
    if (!check_error(w, c, "rename", e, ERR_NAME_TAKEN))
        memcpy(c->cookie, renamed.cookie, sizeof renamed.cookie);
    else
        memcpy(c->name, old, sizeof old);
    c->busy = false;
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
    if (!c->is_guest) /* who comes back is somebody else */
        c->sends_count = c->recent_count = 0;
    for (int i = 0; i < MODEL_ROOMS_MAX; i++) {
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

static void offer_retry(struct world *w, struct client *c)
{
    int64_t at_us = INT64_MAX;
    for (size_t i = 0; i < c->sends_count; i++)
        if (!c->sends[i].in_flight && c->sends[i].retry_us < at_us)
            at_us = c->sends[i].retry_us;
    if (at_us < INT64_MAX)
        turns_offer(&w->turns, PART_OUTSIDE, at_us, retry, c);
}

void client_offer(struct world *w, struct client *c)
{
    struct turns *t = &w->turns;
    if (c->state == CLIENT_AWAY && !c->busy && w->server.state == SERVER_UP)
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
    if (c->is_guest && !c->busy && c->names < NAMES_AT_MOST && w->server.state == SERVER_UP && w->turns.taken % 64 == 0)
        turns_offer(t, PART_WORKER, w->now_us, rename_guest, c);
}
