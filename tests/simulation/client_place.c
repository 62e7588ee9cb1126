/* What a client is told of the place as a whole, of what waits for it (reports to handle, requests to join to answer), and
 * of whom it has blocked. */
#include "client.h"
#include "told.h"
#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void take_name(struct world *w, struct client *c, const cJSON *json)
{
    const char *name = told_text(w, json, "name");
    if (!*name)
        trace_fail(&w->trace, "rules", "%s: the place has no name", client_label(c));
    snprintf(c->place_name, sizeof c->place_name, "%s", name);
}

void client_on_place(struct world *w, struct client *c, const cJSON *json)
{
    take_name(w, c, json);
    world_count(w, place_frames);
}

static void take_reports(struct world *w, struct client *c, int64_t waiting)
{
    const struct place_user *u = place_user(&w->place, c->who.user_id);
    if (waiting && (c->kind != CLIENT_ACCOUNT || !u->was_moderator))
        trace_fail(&w->trace, "sight", "%s: is told of %" PRId64 " reports", client_label(c), waiting);
    if (waiting < 0 || waiting > (int64_t)w->place.things[THING_REPORT].count)
        trace_fail(&w->trace, "rules", "%s: %" PRId64 " reports wait", client_label(c), waiting);
    c->reports = waiting;
}

void client_on_reports(struct world *w, struct client *c, const cJSON *json)
{
    const struct place_user *u = place_user(&w->place, c->who.user_id);
    if (c->kind != CLIENT_ACCOUNT || !u->was_moderator)
        trace_fail(&w->trace, "sight", "%s: is told of reports", client_label(c));
    take_reports(w, c, told_i64(w, json, "waiting"));
    world_count(w, report_frames);
}

/* ------------------------------------------------------------------ requests to join */

/* Whether it may answer them, or once might. */
static bool could_answer(const struct world *w, const struct client *c, int64_t room)
{
    const struct place_user *u = place_user(&w->place, c->who.user_id);
    bool moderated = u && w->place.rooms[room].were_moderators >> u->slot & 1;
    return c->kind == CLIENT_ACCOUNT && (u->was_admin || moderated);
}

int64_t client_told_requests(struct world *w, struct client *c, const cJSON *room)
{
    int64_t id = told_i64(w, room, "id"), requests = told_i64_or(w, room, "requests", 0);
    if (requests && !could_answer(w, c, id))
        trace_fail(&w->trace, "sight", "%s: is told of %" PRId64 " requests to join room %" PRId64, client_label(c),
                   requests, id);
    w->tallies.n[TALLY_requested] += requests > 0;
    return requests;
}

void client_on_requests(struct world *w, struct client *c, const cJSON *json)
{
    int64_t room = told_i64(w, json, "room"), requests = told_i64(w, json, "requests");
    struct follow *f = client_follow(w, c, room);
    if (!could_answer(w, c, room) || !sight_was_member(w, c->who.user_id, room, c->link->made, w->place.moment))
        trace_fail(&w->trace, "sight", "%s: is told of requests to join room %" PRId64, client_label(c), room);
    if (requests < 0 || requests >= (int64_t)w->place.user_count)
        trace_fail(&w->trace, "rules", "%s: %" PRId64 " requests wait", client_label(c), requests);
    f->requests = requests;
    world_count(w, request_frames);
}

/* ------------------------------------------------------------------ whom it has blocked */

static void block(struct world *w, struct client *c, int64_t user, bool blocked)
{
    const struct place_user *u = place_user(&w->place, user);
    size_t at = 0;
    while (at < c->blocked_count && c->blocked[at] != user)
        at++;
    if (c->kind != CLIENT_ACCOUNT || !u || user == c->who.user_id || (blocked && at == PLACE_BLOCKS_MAX))
        trace_fail(&w->trace, "rules", "%s: cannot have blocked %" PRId64, client_label(c), user);
    if (blocked) {
        c->blocked[at] = user;
        c->blocked_count += at == c->blocked_count;
    } else if (at < c->blocked_count) {
        c->blocked[at] = c->blocked[--c->blocked_count];
    }
}

void client_on_block(struct world *w, struct client *c, const cJSON *json)
{
    block(w, c, told_i64(w, json, "user"), told_flag(json, "blocked"));
    world_count(w, block_frames);
}

static void blocks_rest(struct world *w, const struct client *c)
{
    const struct place_user *u = place_user(&w->place, c->who.user_id);
    size_t right = 0;
    for (size_t i = 0; i < c->blocked_count; i++)
        right += place_has_blocked(&w->place, c->who.user_id, c->blocked[i]);
    if (right != c->blocked_count || (c->kind == CLIENT_ACCOUNT && right != u->blocked_count))
        trace_fail(&w->trace, "liveness", "%s believes to have blocked %zu people, of whom it has %zu", client_label(c),
                   c->blocked_count, right);
}

/* ------------------------------------------------------------------ welcome, and at rest */

void client_place_welcome(struct world *w, struct client *c, const cJSON *json)
{
    const cJSON *user;
    c->blocked_count = 0;
    cJSON_ArrayForEach(user, told_list(w, json, "blocked")) block(w, c, (int64_t)user->valuedouble, true);
    take_name(w, c, told_object(w, json, "server"));
    take_reports(w, c, told_i64_or(w, json, "reports_waiting", 0));
}

static int64_t reports_for(const struct place *p, const struct place_user *u, int64_t user)
{
    const struct place_things *all = &p->things[THING_REPORT];
    int64_t waiting = 0;
    for (size_t i = 0; i < all->count; i++) {
        const struct place_member *m = place_member(&p->rooms[all->all[i].room], user);
        bool handles = u->role >= ROLE_MODERATOR || (m && m->role == ROOM_ROLE_MODERATOR);
        waiting += !all->all[i].is_over && handles;
    }
    return waiting;
}

void client_place_rest(struct world *w, const struct client *c)
{
    const char *name = *w->place.name ? w->place.name : WORLD_SERVER_NAME;
    const struct place_user *u = place_user(&w->place, c->who.user_id);
    int64_t waiting = c->kind == CLIENT_ACCOUNT ? reports_for(&w->place, u, c->who.user_id) : 0;
    if (strcmp(c->place_name, name) != 0)
        trace_fail(&w->trace, "liveness", "%s knows the place as %s, but it is %s", client_label(c), c->place_name,
                   name);
    if (c->reports != waiting)
        trace_fail(&w->trace, "liveness", "%s was told of %" PRId64 " reports, but %" PRId64 " wait", client_label(c),
                   c->reports, waiting);
    blocks_rest(w, c);
}
