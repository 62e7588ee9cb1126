/* Requests that change rooms, people and memberships, and questions: chosen at random, over a connection, over HTTP, or
 * at the command line. Most are such that they could be carried out; who may do what is for the judge to say. */
#include "chat/account.h"
#include "chat/call.h"
#include "chat/query.h"
#include "client.h"
#include "judge.h"
#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { ROOMS_AT_MOST = PLACE_ROOMS_MAX - 8, ROOMS_AT_MOST_RATED = 10, INVITES_AT_MOST = 12, TOKENS_AT_MOST = 12 };

/* A request while it is being thought of. */
struct thought {
    struct world *w;
    const struct client *c; /* NULL: the command line */
    struct ask *a;
    cJSON *json;
};

static bool one_in(struct thought *t, size_t n)
{
    return dice_one_in(&t->w->dice, n);
}

static int64_t between(struct thought *t, int64_t low, int64_t high)
{
    return dice_between(&t->w->dice, low, high);
}

static void add(struct thought *t, const char *name, int64_t value)
{
    cJSON_AddNumberToObject(t->json, name, (double)value);
}

static void add_text(struct thought *t, const char *name, const char *value)
{
    cJSON_AddStringToObject(t->json, name, value);
}

static void add_flag(struct thought *t, const char *name, bool value)
{
    cJSON_AddBoolToObject(t->json, name, value);
}

/* ------------------------------------------------------------------ what it is about */

static int64_t any_of(struct thought *t, bool (*fits)(struct thought *t, int64_t room))
{
    int64_t rooms[PLACE_ROOMS_MAX];
    size_t n = 0;
    for (int64_t id = 1; id < PLACE_ROOMS_MAX; id++)
        if (place_room(&t->w->place, id) && fits(t, id))
            rooms[n++] = id;
    return n ? rooms[dice_below(&t->w->dice, n)] : 0;
}

static bool is_there(struct thought *t, int64_t room)
{
    (void)t;
    (void)room;
    return true;
}

static bool is_ones_own(struct thought *t, int64_t room)
{
    return t->c && place_member(&t->w->place.rooms[room], t->c->who.user_id);
}

static bool is_moderated(struct thought *t, int64_t room)
{
    const struct place_member *m = t->c ? place_member(&t->w->place.rooms[room], t->c->who.user_id) : NULL;
    return m && m->role == ROOM_ROLE_MODERATOR;
}

static bool is_closed(struct thought *t, int64_t room)
{
    return t->w->place.rooms[room].kind == ROOM_CLOSED;
}

/* Puts the room into the request, now and then by its name. */
static void name_room(struct thought *t, int64_t room)
{
    const struct place_room *r = place_room(&t->w->place, room);
    t->a->room = room;
    if (!r || !*r->name || t->a->user_by_name || !one_in(t, 8)) {
        add(t, "room", room);
        return;
    }
    t->a->room_by_name = true;
    snprintf(t->a->fold, sizeof t->a->fold, "%s", r->fold);
    add_text(t, "room", r->name);
}

static bool some_room(struct thought *t, bool (*likely)(struct thought *t, int64_t room))
{
    int64_t room = one_in(t, 4) ? any_of(t, is_there) : any_of(t, likely);
    if (!room)
        room = any_of(t, is_there);
    name_room(t, room);
    return room != 0;
}

static int64_t any_user(struct thought *t)
{
    int64_t last = (int64_t)t->w->place.user_count - 1;
    for (int tries = 0; last > 0 && tries < 8; tries++) {
        int64_t id = between(t, 1, last);
        if (t->w->place.users[id].kind == USER_ACCOUNT || one_in(t, 12))
            return id;
    }
    return 0;
}

static bool name_user(struct thought *t, int64_t user)
{
    if (user <= 0)
        return false;
    const struct place_user *u = place_user(&t->w->place, user);
    if (t->a->room_by_name || u->kind == USER_VISITOR || !one_in(t, 8)) {
        t->a->user = user;
        add(t, "user", user);
        return true;
    }
    t->a->user_by_name = true;
    snprintf(t->a->fold, sizeof t->a->fold, "%s", u->fold);
    add_text(t, "user", place_user_name(u));
    return true;
}

static bool some_user(struct thought *t)
{
    return name_user(t, any_user(t));
}

/* A member of the room that has been chosen, mostly. */
static bool some_member(struct thought *t)
{
    const struct place_room *r = place_room(&t->w->place, t->a->room);
    if (!r || !r->member_count || one_in(t, 4))
        return some_user(t);
    return name_user(t, r->members[dice_below(&t->w->dice, r->member_count)].user);
}

static bool some_event(struct thought *t)
{
    int64_t last = t->w->model.last_seen[t->a->room];
    if (!last)
        return false;
    add(t, "seq", between(t, 1, last + one_in(t, 10)));
    return true;
}

static int64_t soon_ms(struct thought *t)
{
    return t->w->env.wall_ms(t->w->env.ctx) + between(t, 50, 3000);
}

/* Now and then one that a room has already. */
static void new_name(struct thought *t, const char *what)
{
    char name[32];
    int64_t taken = one_in(t, 8) ? between(t, 1, 8) : 0;
    if (place_room(&t->w->place, taken) && *t->w->place.rooms[taken].name) {
        add_text(t, "name", t->w->place.rooms[taken].name);
        return;
    }
    snprintf(name, sizeof name, "%s %d", what, ++t->w->admin.named);
    add_text(t, "name", name);
}

/* ------------------------------------------------------------------ rooms */

static bool create_room(struct thought *t)
{
    static const char *const kinds[] = {"open", "closed", "closed", "announcement"};
    int count = 0, most = t->w->profile.rate_messages_per_s ? ROOMS_AT_MOST_RATED : ROOMS_AT_MOST;
    for (int64_t id = 1; id < PLACE_ROOMS_MAX; id++)
        count += place_room(&t->w->place, id) != NULL;
    if (count >= most || t->w->profile.talks_a_lot)
        return false;
    new_name(t, "Room");
    add_text(t, "kind", kinds[dice_below(&t->w->dice, 4)]);
    add_text(t, "history", one_in(t, 2) ? "joined" : "all");
    return true;
}

static bool rename_room(struct thought *t)
{
    if (!some_room(t, is_moderated))
        return false;
    new_name(t, "Room");
    return true;
}

static bool archive_room(struct thought *t)
{
    if (!some_room(t, is_moderated))
        return false;
    add_flag(t, "archived", one_in(t, 4));
    return true;
}

static bool edit_room(struct thought *t)
{
    static const char *const kinds[] = {"open", "closed", "announcement"};
    if (!some_room(t, is_moderated))
        return false;
    if (one_in(t, 2))
        add_text(t, "kind", kinds[dice_below(&t->w->dice, 3)]);
    if (one_in(t, 3))
        add_text(t, "history", one_in(t, 2) ? "joined" : "all");
    if (one_in(t, 3))
        add_flag(t, "locked", one_in(t, 4));
    if (one_in(t, 4))
        add(t, "slow_s", one_in(t, 2) ? 0 : 1);
    if (one_in(t, 3))
        add_text(t, "topic", one_in(t, 2) ? "weather" : "");
    if (one_in(t, 6))
        add_text(t, "description", "all about it");
    return true;
}

static bool open_direct(struct thought *t)
{
    int count = 0, most = t->w->profile.rate_messages_per_s ? ROOMS_AT_MOST_RATED : ROOMS_AT_MOST;
    for (int64_t id = 1; id < PLACE_ROOMS_MAX; id++)
        count += place_room(&t->w->place, id) != NULL;
    if (count >= most)
        return false;
    cJSON *users = cJSON_AddArrayToObject(t->json, "users");
    for (int64_t n = between(t, 0, 2), user; n; n--)
        if ((user = any_user(t)))
            cJSON_AddItemToArray(users, cJSON_CreateNumber((double)user));
    return true;
}

/* ------------------------------------------------------------------ members */

static bool add_member(struct thought *t)
{
    if (!some_room(t, one_in(t, 2) ? is_ones_own : is_closed))
        return false;
    return (t->c && one_in(t, 2)) || some_user(t);
}

static bool remove_member(struct thought *t)
{
    if (!some_room(t, one_in(t, 2) ? is_moderated : is_ones_own))
        return false;
    return (t->c && one_in(t, 3)) || some_member(t);
}

static bool set_room_role(struct thought *t)
{
    if (!some_room(t, is_moderated) || !some_member(t))
        return false;
    add_text(t, "role", one_in(t, 2) ? "moderator" : "member");
    return true;
}

static bool mute(struct thought *t)
{
    if (!some_room(t, is_moderated) || !some_member(t))
        return false;
    add(t, "until_ms", one_in(t, 3) ? 0 : soon_ms(t));
    return true;
}

static bool request_join(struct thought *t)
{
    if (!some_room(t, is_closed))
        return false;
    add_text(t, "text", "please");
    return true;
}

static bool answer_request(struct thought *t)
{
    if (!some_room(t, is_moderated))
        return false;
    const struct place_room *r = place_room(&t->w->place, t->a->room);
    add_flag(t, "accept", !one_in(t, 4));
    return r->request_count ? name_user(t, r->requests[dice_below(&t->w->dice, r->request_count)]) : some_user(t);
}

static bool set_membership(struct thought *t)
{
    static const char *const levels[] = {"all", "mentions", "nothing"};
    if (!some_room(t, is_ones_own))
        return false;
    if (one_in(t, 2))
        add_text(t, "level", levels[dice_below(&t->w->dice, 3)]);
    if (one_in(t, 3))
        add_flag(t, "hidden", one_in(t, 2));
    if (one_in(t, 3))
        add_flag(t, "favourite", one_in(t, 2));
    if (one_in(t, 3))
        add_text(t, "section", one_in(t, 2) ? "Home" : "");
    if (one_in(t, 3))
        add(t, "position", between(t, 0, 3));
    return true;
}

/* ------------------------------------------------------------------ events */

static bool own_event(struct thought *t)
{
    return some_room(t, is_ones_own) && some_event(t);
}

/* Something new, mostly. */
static bool read_up_to(struct thought *t)
{
    if (!some_room(t, is_ones_own))
        return false;
    int64_t last = t->w->model.last_seen[t->a->room];
    add(t, "seq", one_in(t, 3) ? between(t, 1, last + 1) : last + (last == 0));
    return true;
}

static bool any_event(struct thought *t)
{
    return some_room(t, is_there) && some_event(t);
}

static bool handle_report(struct thought *t)
{
    size_t count = t->w->place.things[THING_REPORT].count;
    add(t, "report", between(t, 1, (int64_t)count + 1));
    add_text(t, "outcome", "spoke");
    return count > 0 || one_in(t, 10);
}

/* ------------------------------------------------------------------ people */

static bool set_profile(struct thought *t)
{
    add_text(t, "display_name", one_in(t, 2) ? "Somebody" : "");
    if (one_in(t, 3))
        add_text(t, "status_text", "out");
    if (one_in(t, 3))
        add_text(t, "bio", "born");
    return true;
}

/* Names are in ASCII, as an account's have to be. */
static bool rename_oneself(struct thought *t)
{
    char name[32];
    if (t->c && t->c->kind == CLIENT_GUEST)
        return false; /* guests have a way of their own to do that, which renews their cookie */
    snprintf(name, sizeof name, "%s%d", one_in(t, 2) ? "kim" : "lou", one_in(t, 2) ? 1 : ++t->w->admin.named);
    add_text(t, "name", name);
    return true;
}

static bool set_role(struct thought *t)
{
    static const char *const roles[] = {"member", "moderator", "moderator", "admin", "admin", "owner"};
    add_text(t, "role", roles[dice_below(&t->w->dice, one_in(t, 4) ? 6 : 4)]);
    return some_user(t);
}

static bool ban(struct thought *t)
{
    add(t, "until_ms", one_in(t, 4) ? 0 : soon_ms(t));
    add_flag(t, "hide", one_in(t, 2));
    return some_user(t);
}

static bool unban(struct thought *t)
{
    for (int64_t id = 1; id < (int64_t)t->w->place.user_count; id++)
        if (t->w->place.users[id].is_banned && !one_in(t, 3))
            return name_user(t, id);
    return some_user(t);
}

/* ------------------------------------------------------------------ what lets people in */

static bool create_invite(struct thought *t)
{
    if (t->w->place.things[THING_INVITE].count >= INVITES_AT_MOST)
        return false;
    add(t, "max_uses", between(t, 0, 2));
    add(t, "expires_ms", one_in(t, 2) ? 0 : soon_ms(t));
    if (one_in(t, 2) && (t->a->room = any_of(t, is_there))) {
        cJSON *rooms = cJSON_AddArrayToObject(t->json, "rooms");
        cJSON_AddItemToArray(rooms, cJSON_CreateNumber((double)t->a->room));
    }
    return true;
}

static bool some_thing(struct thought *t, enum thing thing, const char *field)
{
    size_t count = t->w->place.things[thing].count;
    add(t, field, between(t, 1, (int64_t)count + 1));
    return count > 0;
}

static bool revoke_invite(struct thought *t)
{
    return some_thing(t, THING_INVITE, "invite");
}

static bool create_token(struct thought *t)
{
    static const char *const scopes[] = {"read", "write", "admin"};
    if (t->w->place.things[THING_TOKEN].count >= TOKENS_AT_MOST)
        return false;
    add_text(t, "name", "bot");
    add_text(t, "scope", scopes[dice_below(&t->w->dice, 3)]);
    add(t, "expires_ms", one_in(t, 3) ? soon_ms(t) : 0);
    return true;
}

static bool revoke_token(struct thought *t)
{
    return some_thing(t, THING_TOKEN, "token");
}

static bool end_session(struct thought *t)
{
    return some_thing(t, THING_SESSION, "session");
}

static bool nothing_more(struct thought *t)
{
    (void)t;
    return true;
}

static bool set_place(struct thought *t)
{
    if (one_in(t, 2))
        new_name(t, "Place");
    else
        add_flag(t, "require_totp", t->c && one_in(t, 3));
    return true;
}

/* ------------------------------------------------------------------ choosing one */

static const struct idea {
    enum request_type type;
    size_t weight, at_prompt; /* at_prompt: at the command line */
    bool (*think)(struct thought *t);
} ideas[] = {
    {REQUEST_CREATE_ROOM, 8, 6, create_room},
    {REQUEST_RENAME_ROOM, 3, 0, rename_room},
    {REQUEST_ARCHIVE_ROOM, 3, 0, archive_room},
    {REQUEST_EDIT_ROOM, 8, 8, edit_room},
    {REQUEST_OPEN_DIRECT, 6, 0, open_direct},
    {REQUEST_ADD_MEMBER, 24, 8, add_member},
    {REQUEST_REMOVE_MEMBER, 16, 4, remove_member},
    {REQUEST_SET_ROOM_ROLE, 5, 3, set_room_role},
    {REQUEST_REQUEST_JOIN, 5, 0, request_join},
    {REQUEST_ANSWER_REQUEST, 5, 2, answer_request},
    {REQUEST_MUTE, 4, 1, mute},
    {REQUEST_SET_MEMBERSHIP, 6, 0, set_membership},
    {REQUEST_READ, 24, 0, read_up_to},
    {REQUEST_MARK_UNREAD, 6, 0, own_event},
    {REQUEST_DELETE, 10, 2, any_event},
    {REQUEST_REPORT, 4, 0, any_event},
    {REQUEST_HANDLE_REPORT, 3, 1, handle_report},
    {REQUEST_SET_PROFILE, 2, 0, set_profile},
    {REQUEST_RENAME, 2, 0, rename_oneself},
    {REQUEST_SET_ROLE, 4, 10, set_role},
    {REQUEST_BAN, 4, 3, ban},
    {REQUEST_UNBAN, 4, 10, unban},
    {REQUEST_BLOCK, 3, 0, some_user},
    {REQUEST_UNBLOCK, 2, 0, some_user},
    {REQUEST_CREATE_INVITE, 3, 2, create_invite},
    {REQUEST_REVOKE_INVITE, 1, 1, revoke_invite},
    {REQUEST_CREATE_TOKEN, 3, 0, create_token},
    {REQUEST_REVOKE_TOKEN, 2, 0, revoke_token},
    {REQUEST_END_SESSION, 3, 0, end_session},
    {REQUEST_END_OTHER_SESSIONS, 2, 0, nothing_more},
    {REQUEST_CREATE_RESET, 1, 1, some_user},
    {REQUEST_SET_PLACE, 1, 3, set_place},
};

cJSON *client_choose_call(struct world *w, const struct client *c, struct ask *a)
{
    size_t sum = 0, i = 0;
    for (size_t k = 0; k < sizeof ideas / sizeof ideas[0]; k++)
        sum += c ? ideas[k].weight : ideas[k].at_prompt;
    size_t drawn = dice_below(&w->dice, sum);
    while (drawn >= (c ? ideas[i].weight : ideas[i].at_prompt))
        drawn -= c ? ideas[i].weight : ideas[i].at_prompt, i++;
    struct thought t = {w, c, a, cJSON_CreateObject()};
    a->type = ideas[i].type;
    add_text(&t, "type", request_name(a->type));
    add_text(&t, "id", a->id);
    if (ideas[i].think(&t))
        return t.json;
    cJSON_Delete(t.json);
    return NULL;
}

cJSON *client_choose_list(struct world *w, const struct client *c, struct ask *a)
{
    struct thought t = {w, c, a, cJSON_CreateObject()};
    a->type = (enum request_type)dice_between(&w->dice, REQUEST_PEOPLE, REQUEST_SETTINGS);
    bool has_room = a->type == REQUEST_MEMBERS || a->type == REQUEST_REQUESTS, thought = true;
    add_text(&t, "type", request_name(a->type));
    add_text(&t, "id", a->id);
    if (has_room)
        thought = some_room(&t, is_ones_own);
    else if (a->type == REQUEST_PERSON)
        thought = some_user(&t);
    else if (a->type == REQUEST_REPORTS && one_in(&t, 2))
        add_flag(&t, "handled", one_in(&t, 2));
    a->limit = one_in(&t, 4) ? between(&t, 1, 3) : 200;
    if (a->type == REQUEST_PEOPLE || a->type == REQUEST_ROOMS || a->type == REQUEST_MEMBERS ||
        a->type == REQUEST_INVITES || a->type == REQUEST_REPORTS || a->type == REQUEST_AUDIT)
        add(&t, "limit", a->limit);
    if (thought)
        return t.json;
    cJSON_Delete(t.json);
    return NULL;
}
