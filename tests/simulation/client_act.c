#include "client.h"
#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TALK_EVENTS = 1200 };

/* ------------------------------------------------------------------ asking */

struct ask *client_ask(struct world *w, struct client *c, enum ask_kind kind, enum request_type type)
{
    if (c->asks_count == CLIENT_ASKS_MAX)
        trace_fail(&w->trace, "liveness", "%s waits for %zu answers", client_label(c), c->asks_count);
    struct ask *a = &c->asks[c->asks_count++];
    *a = (struct ask){.kind = kind, .type = type, .after = -1, .before = -1, .around = -1};
    snprintf(a->id, sizeof a->id, "q%" PRIu64, ++c->ids);
    return a;
}

void client_say(struct world *w, struct client *c, struct ask *a, cJSON *json)
{
    char *text = cJSON_PrintUnformatted(json);
    world_say(w, "%s > %s", client_label(c), text);
    a->text = link_send(c->link, text);
    cJSON_free(text);
    cJSON_Delete(json);
}

cJSON *client_request(const struct ask *a)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "type", request_name(a->type));
    cJSON_AddStringToObject(json, "id", a->id);
    if (a->room)
        cJSON_AddNumberToObject(json, "room", (double)a->room);
    return json;
}

static void add_if_given(cJSON *json, const char *name, int64_t value)
{
    if (value >= 0)
        cJSON_AddNumberToObject(json, name, (double)value);
}

/* ------------------------------------------------------------------ rooms */

int64_t client_any_room(struct world *w, const struct client *c, bool open)
{
    int64_t rooms[PLACE_ROOMS_MAX];
    size_t n = 0;
    for (int64_t id = 1; id < PLACE_ROOMS_MAX; id++)
        if (open ? c->rooms[id].open : c->rooms[id].known)
            rooms[n++] = id;
    return n ? rooms[dice_below(&w->dice, n)] : 0;
}

bool client_is_asked(const struct client *c, enum ask_kind kind, int64_t room)
{
    for (size_t i = 0; i < c->asks_count; i++)
        if (c->asks[i].kind == kind && c->asks[i].room == room)
            return true;
    return false;
}

void client_join(struct world *w, struct client *c, int64_t room, int64_t after)
{
    struct ask *a = client_ask(w, c, ASK_JOIN, REQUEST_JOIN);
    a->room = room;
    a->after = after;
    c->rooms[room].wanted = true;
    cJSON *json = client_request(a);
    add_if_given(json, "after", after);
    if (after >= 0) {
        const char *const epochs[] = {w->epoch, "another", NULL};
        const size_t i = dice_one_in(&w->dice, 8) ? dice_below(&w->dice, 3) : 0;
        a->foreign = i == 1 || (i == 2 && after > 0);
        if (epochs[i])
            cJSON_AddStringToObject(json, "epoch", epochs[i]);
    }
    client_say(w, c, a, json);
}

/* By the name that it was last told of, which may not be the room's any more. */
static void join_by_name(struct world *w, struct client *c, int64_t room)
{
    struct ask *a = client_ask(w, c, ASK_JOIN, REQUEST_JOIN);
    a->room_by_name = c->rooms[room].wanted = true;
    if (name_fold(w->server.chat->names, span_of(c->rooms[room].name), a->fold))
        trace_fail(&w->trace, "simulation", "room %" PRId64 " has no name", room);
    cJSON *json = client_request(a);
    a->room = room;
    cJSON_AddStringToObject(json, "room", c->rooms[room].name);
    client_say(w, c, a, json);
}

void client_become_member(struct world *w, struct client *c, int64_t room)
{
    struct ask *a = client_ask(w, c, ASK_CALL, REQUEST_ADD_MEMBER);
    a->room = room;
    client_say(w, c, a, client_request(a));
}

/* Mostly one that it has heard of, now and then any that there may be. */
int64_t client_room_to_try(struct world *w, const struct client *c)
{
    return dice_one_in(&w->dice, 8) ? dice_between(&w->dice, 1, 12) : client_any_room(w, c, false);
}

static void join(struct world *w, struct client *c)
{
    int64_t room = client_room_to_try(w, c);
    if (!room)
        return;
    int64_t last = c->rooms[room].last, seen = w->model.last_seen[room];
    if (*c->rooms[room].name && dice_one_in(&w->dice, 4) && w->server.state == SERVER_UP) {
        join_by_name(w, c, room);
        return;
    }
    const int64_t afters[] = {last, last, -1, 0, (int64_t)dice_below(&w->dice, (size_t)seen + 1), seen + 5};
    client_join(w, c, room, afters[dice_below(&w->dice, sizeof afters / sizeof afters[0])]);
}

static void leave(struct world *w, struct client *c)
{
    bool joined = !dice_one_in(&w->dice, 5);
    int64_t room = joined ? client_any_room(w, c, true) : client_room_to_try(w, c);
    if (!room || client_is_asked(c, ASK_JOIN, room) || client_is_asked(c, ASK_LEAVE, room) ||
        c->rooms[room].open != joined)
        return;
    struct ask *a = client_ask(w, c, ASK_LEAVE, REQUEST_LEAVE);
    a->room = room;
    a->is_open = joined;
    c->rooms[room].wanted = false;
    client_say(w, c, a, client_request(a));
}

/* ------------------------------------------------------------------ the rest */

static void look_back_at(struct world *w, struct client *c, int64_t room)
{
    struct ask *a = client_ask(w, c, ASK_HISTORY, REQUEST_HISTORY);
    int64_t near = dice_between(&w->dice, 0, w->model.last_seen[room] + 2);
    int64_t *const places[] = {&a->after, &a->before, &a->around, NULL};
    int64_t *place = places[dice_below(&w->dice, 4)];
    a->room = room;
    if (place)
        *place = near;
    a->limit = DICE_PICK(&w->dice, int64_t, 1, 2, 3, 10, 50, 200);
    cJSON *json = client_request(a);
    add_if_given(json, "after", a->after);
    add_if_given(json, "before", a->before);
    add_if_given(json, "around", a->around);
    cJSON_AddNumberToObject(json, "limit", (double)a->limit);
    client_say(w, c, a, json);
}

static void look_back(struct world *w, struct client *c)
{
    int64_t room = client_room_to_try(w, c);
    if (room)
        look_back_at(w, c, room);
}

static void be_aware(struct world *w, struct client *c)
{
    int64_t room = client_any_room(w, c, true);
    struct ask *a;
    if (room && !client_is_asked(c, ASK_LEAVE, room) && dice_one_in(&w->dice, 2)) {
        a = client_ask(w, c, ASK_TYPING, REQUEST_TYPING);
        a->room = room;
        a->is_open = !client_is_asked(c, ASK_JOIN, room);
        client_say(w, c, a, client_request(a));
    } else if (dice_one_in(&w->dice, 2)) {
        a = client_ask(w, c, ASK_PRESENCE, REQUEST_PRESENCE);
        cJSON *json = client_request(a);
        cJSON_AddStringToObject(json, "state", dice_one_in(&w->dice, 2) ? "away" : "active");
        client_say(w, c, a, json);
    } else {
        a = client_ask(w, c, ASK_PING, REQUEST_PING);
        client_say(w, c, a, client_request(a));
    }
}

static void say_nonsense(struct world *w, struct client *c)
{
    static const struct {
        const char *text, *code;
        enum request_type type; /* REQUEST_PING: of no kind that matters */
    } texts[] = {{"{\"type\":\"dance\",\"id\":\"%s\"}", "unknown_type", REQUEST_PING},
                 {"{\"type\":\"join\",\"id\":\"%s\",\"room\":9999}", "not_found", REQUEST_JOIN},
                 {"{\"type\":\"history\",\"id\":\"%s\"}", "invalid", REQUEST_PING},
                 {"{\"type\":\"add_member\",\"id\":\"%s\",\"room\":1,\"user\":-1}", "invalid", REQUEST_PING},
                 {"{{{", "invalid_json", REQUEST_PING}};
    size_t i = dice_below(&w->dice, sizeof texts / sizeof texts[0]);
    struct ask *a = client_ask(w, c, ASK_WRONG, texts[i].type);
    char text[128];
    snprintf(text, sizeof text, "%s", texts[i].text);
    char *hole = strstr(text, "%s");
    if (hole)
        snprintf(hole, sizeof text - (size_t)(hole - text), "%s%s", a->id, strstr(texts[i].text, "%s") + 2);
    else
        *a->id = 0;
    a->must_fail = texts[i].code;
    world_say(w, "%s > %s", client_label(c), text);
    a->text = link_send(c->link, text);
}

static void call(struct world *w, struct client *c)
{
    struct ask *a = client_ask(w, c, ASK_CALL, REQUEST_PING);
    cJSON *json = client_choose_call(w, c, a);
    if (json)
        client_say(w, c, a, json);
    else
        c->asks_count--;
}

static void question(struct world *w, struct client *c)
{
    struct ask *a = client_ask(w, c, ASK_LIST, REQUEST_PING);
    cJSON *json = client_choose_list(w, c, a);
    if (json)
        client_say(w, c, a, json);
    else
        c->asks_count--;
}

static void call_about(struct world *w, struct client *c, enum request_type type, int64_t room, int64_t user)
{
    struct ask *a = client_ask(w, c, ASK_CALL, type);
    a->room = room;
    a->user = user;
    cJSON *json = client_request(a);
    cJSON_AddNumberToObject(json, "user", (double)user);
    client_say(w, c, a, json);
}

/* One in which it moderates others, so that it can put them out. */
static struct place_room *room_to_stir(struct world *w, const struct client *c)
{
    struct place_room *rooms[PLACE_ROOMS_MAX];
    size_t n = 0;
    for (int64_t id = 1; id < PLACE_ROOMS_MAX; id++) {
        struct place_room *r = place_room(&w->place, id);
        const struct place_member *m = r ? place_member(r, c->who.user_id) : NULL;
        if (m && m->role == ROOM_ROLE_MODERATOR && r->kind == ROOM_CLOSED && !r->archived)
            rooms[n++] = r;
    }
    return n ? rooms[dice_below(&w->dice, n)] : NULL;
}

/* Whoever is about to be removed opens the room and looks back just then. */
static void rush_in(struct world *w, int64_t room, int64_t user)
{
    for (int i = 0; i < w->profile.clients; i++) {
        struct client *c = &w->clients[i];
        if (c->kind != CLIENT_ACCOUNT || c->who.user_id != user || c->state != CLIENT_HERE || !c->welcomed ||
            c->asks_count >= CLIENT_ASKS_AT_MOST || w->profile.rate_messages_per_s || dice_one_in(&w->dice, 3))
            continue;
        client_join(w, c, room, c->rooms[room].last);
        look_back_at(w, c, room);
        if (dice_one_in(&w->dice, 2))
            client_join(w, c, room, 0);
    }
}

/* Somebody is removed, and perhaps let in again, while messages to the room are on their way. */
static void turmoil(struct world *w, struct client *c)
{
    struct place_room *r = room_to_stir(w, c);
    if (!r || c->asks_count >= CLIENT_ASKS_AT_MOST - 8) {
        call(w, c);
        return;
    }
    int64_t room = r - w->place.rooms, user = r->members[dice_below(&w->dice, r->member_count)].user;
    if (user == c->who.user_id || dice_one_in(&w->dice, 4)) {
        const struct account *other = &w->accounts[dice_below(&w->dice, (size_t)w->profile.accounts)];
        call_about(w, c, REQUEST_ADD_MEMBER, room, other->user ? other->user : user);
        return;
    }
    client_say_in(w, c, room);
    call_about(w, c, REQUEST_REMOVE_MEMBER, room, user);
    rush_in(w, room, user);
    client_say_in(w, c, room);
    client_say_in(w, c, room);
    if (dice_one_in(&w->dice, 2))
        call_about(w, c, REQUEST_ADD_MEMBER, room, user);
    client_say_in(w, c, room);
}

/* More than anybody has to ask, where there is a limit. */
static void babble(struct world *w, struct client *c)
{
    if (!w->profile.rate_messages_per_s)
        return;
    world_say(w, "%s babbles", client_label(c));
    c->has_babbled = true;
    for (int n = 0; n < 250; n++)
        link_send(c->link, "{\"type\":\"ping\"}");
}

static void go(struct world *w, struct client *c)
{
    bool cut = !dice_one_in(&w->dice, 4);
    world_say(w, "%s %s link %d", client_label(c), cut ? "loses" : "closes", c->link->number);
    link_drop(c->link, cut);
    client_lost(w, c, dice_between(&w->dice, 0, 50 * w->profile.act_every_us));
}

static void look_away(struct world *w, struct client *c)
{
    c->stalled_until_us = w->now_us + dice_between(&w->dice, 0, 3000000);
    world_say(w, "%s does not read until %.6f", client_label(c), (double)c->stalled_until_us / 1e6);
}

/* Until there is more in the lobby than is replayed; then comes back to it from long ago. */
static void talk(struct world *w, struct client *c)
{
    if (w->model.last_seen[1] > TALK_EVENTS) {
        join(w, c);
        return;
    }
    for (size_t n = 1 + dice_below(&w->dice, 30); n; n--)
        client_say_something(w, c);
}

void client_act(struct world *w, struct client *c)
{
    enum { CALL = 2, LIST = 3, TURMOIL = 4 };
    static const struct {
        size_t weight;
        void (*act)(struct world *w, struct client *c);
    } acts[] = {{40, client_say_something},
                {8, client_say_it_again},
                [CALL] = {0, call},
                [LIST] = {0, question},
                [TURMOIL] = {0, turmoil},
                {10, look_back},
                {9, join},
                {3, leave},
                {6, be_aware},
                {2, say_nonsense},
                {3, look_away},
                {3, go},
                {1, babble}};
    size_t weights[sizeof acts / sizeof acts[0]], sum = 0, i = 0;
    if (c->asks_count >= CLIENT_ASKS_AT_MOST) {
        go(w, c); /* nobody waits for ever */
        return;
    }
    if (w->profile.talks_a_lot && !dice_one_in(&w->dice, 4)) {
        talk(w, c);
        return;
    }
    for (size_t k = 0; k < sizeof acts / sizeof acts[0]; k++) {
        weights[k] = acts[k].weight;
        if (k == CALL)
            weights[k] = c->kind == CLIENT_ACCOUNT ? w->profile.calls : 3;
        if (k == LIST)
            weights[k] = c->kind == CLIENT_ACCOUNT ? 5 : 1;
        if (k == TURMOIL)
            weights[k] = c->kind == CLIENT_ACCOUNT && w->profile.turbulent ? 40 : 0;
        sum += weights[k];
    }
    size_t drawn = dice_below(&w->dice, sum);
    while (drawn >= weights[i])
        drawn -= weights[i++];
    acts[i].act(w, c);
}
