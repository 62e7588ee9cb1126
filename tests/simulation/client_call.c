/* Requests that change rooms, people and memberships, and questions: chosen at random, over a connection, over HTTP, or
 * at the command line. Most are such that they could be carried out; who may do what is for the judge to say. */
#include "thought.h"
#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { ROOMS_AT_MOST = PLACE_ROOMS_MAX - 8, ROOMS_AT_MOST_RATED = 10, INVITES_AT_MOST = 12, TOKENS_AT_MOST = 12 };

/* ------------------------------------------------------------------ rooms */

static bool create_room(struct thought *t)
{
    static const char *const kinds[] = {"open", "closed", "closed", "announcement"};
    const char *kind = kinds[dice_below(&t->w->dice, 4)];
    int count = 0, most = t->w->profile.rate_messages_per_s ? ROOMS_AT_MOST_RATED : ROOMS_AT_MOST;
    for (int64_t id = 1; id < PLACE_ROOMS_MAX; id++)
        count += place_room(&t->w->place, id) != NULL;
    if (count >= most || t->w->profile.talks_a_lot)
        return false;
    think_new_name(t, "Room");
    think_add_text(t, "kind", t->w->profile.turbulent ? "closed" : kind);
    think_add_text(t, "history", think_one_in(t, 2) ? "joined" : "all");
    return true;
}

static bool rename_room(struct thought *t)
{
    if (!think_some_room(t, think_is_moderated))
        return false;
    think_new_name(t, "Room");
    return true;
}

static bool archive_room(struct thought *t)
{
    if (!think_some_room(t, think_is_moderated))
        return false;
    think_add_flag(t, "archived", think_one_in(t, 4));
    return true;
}

static bool edit_room(struct thought *t)
{
    static const char *const kinds[] = {"open", "closed", "announcement"};
    if (!think_some_room(t, think_is_moderated))
        return false;
    if (think_one_in(t, 2))
        think_add_text(t, "kind", kinds[dice_below(&t->w->dice, 3)]);
    if (think_one_in(t, 3))
        think_add_text(t, "history", think_one_in(t, 2) ? "joined" : "all");
    if (think_one_in(t, 3))
        think_add_flag(t, "locked", think_one_in(t, 4));
    if (think_one_in(t, 4))
        think_add(t, "slow_s", think_one_in(t, 2) ? 0 : 1);
    if (think_one_in(t, 3))
        think_add_text(t, "topic", think_one_in(t, 2) ? "weather" : "");
    if (think_one_in(t, 6))
        think_add_text(t, "description", "all about it");
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
    for (int64_t n = think_between(t, 0, 2), user; n; n--)
        if ((user = think_any_user(t)))
            cJSON_AddItemToArray(users, cJSON_CreateNumber((double)user));
    return true;
}

/* ------------------------------------------------------------------ members */

static bool add_member(struct thought *t)
{
    if (!think_some_room(t, think_one_in(t, 2) ? think_is_ones_own : think_is_closed))
        return false;
    return (t->c && think_one_in(t, 2)) || think_some_user(t);
}

static bool remove_member(struct thought *t)
{
    if (!think_some_room(t, think_one_in(t, 2) ? think_is_moderated : think_is_ones_own))
        return false;
    return (t->c && think_one_in(t, 3)) || think_some_member(t);
}

static bool set_room_role(struct thought *t)
{
    if (!think_some_room(t, think_is_moderated) || !think_some_member(t))
        return false;
    think_add_text(t, "role", think_one_in(t, 2) ? "moderator" : "member");
    return true;
}

static bool mute(struct thought *t)
{
    if (!think_some_room(t, think_is_moderated) || !think_some_member(t))
        return false;
    think_add(t, "until_ms", think_one_in(t, 3) ? 0 : think_soon_ms(t));
    return true;
}

static bool request_join(struct thought *t)
{
    if (!think_some_room(t, think_is_closed))
        return false;
    think_add_text(t, "text", "please");
    return true;
}

static bool answer_request(struct thought *t)
{
    if (!think_some_room(t, think_one_in(t, 3) ? think_is_moderated : think_is_asked_for))
        return false;
    const struct place_room *r = place_room(&t->w->place, t->a->room);
    think_add_flag(t, "accept", !think_one_in(t, 4));
    return r->request_count ? think_name_user(t, r->requests[dice_below(&t->w->dice, r->request_count)])
                            : think_some_user(t);
}

static bool set_membership(struct thought *t)
{
    static const char *const levels[] = {"all", "mentions", "nothing"};
    if (!think_some_room(t, think_is_ones_own))
        return false;
    if (think_one_in(t, 2))
        think_add_text(t, "level", levels[dice_below(&t->w->dice, 3)]);
    if (think_one_in(t, 3))
        think_add_flag(t, "hidden", think_one_in(t, 2));
    if (think_one_in(t, 3))
        think_add_flag(t, "favourite", think_one_in(t, 2));
    if (think_one_in(t, 3))
        think_add_text(t, "section", think_one_in(t, 2) ? "Home" : "");
    if (think_one_in(t, 3))
        think_add(t, "position", think_between(t, 0, 3));
    return true;
}

/* ------------------------------------------------------------------ events */

static bool own_event(struct thought *t)
{
    return think_some_room(t, think_is_ones_own) && think_some_event(t);
}

/* Something new, mostly. */
static bool read_up_to(struct thought *t)
{
    if (!think_some_room(t, think_is_ones_own))
        return false;
    int64_t last = t->w->model.last_seen[t->a->room];
    think_add(t, "seq", think_one_in(t, 3) ? think_between(t, 1, last + 1) : last + (last == 0));
    return true;
}

static bool any_event(struct thought *t)
{
    return think_some_room(t, think_is_there) && think_some_event(t);
}

/* The first message that is still there of that author, or (0) of the first visitor. */
static const struct place_event *first_of_visitors(const struct place *p, int64_t author)
{
    const struct place_event *first = NULL;
    for (int64_t room = 1; room < PLACE_ROOMS_MAX; room++)
        for (int64_t seq = 1; seq <= p->rooms[room].last_seq; seq++) {
            const struct place_event *e = p->rooms[room].events[seq];
            bool is_there = e->kind == EVENT_MESSAGE && !e->deleted_moment;
            bool is_meant = author ? e->author == author : place_user(p, e->author)->kind == USER_VISITOR;
            if (is_there && is_meant && (!first || e->author < first->author))
                first = e;
        }
    return first;
}

static bool delete_message(struct thought *t)
{
    int64_t author = t->c && t->c->kind == CLIENT_VISITOR ? t->c->who.user_id : 0;
    const struct place_event *e = think_one_in(t, 4) ? NULL : first_of_visitors(&t->w->place, author);
    if (!e || e->seq > t->w->model.last_seen[e->room])
        return any_event(t);
    think_add(t, "seq", e->seq);
    return think_name_room(t, e->room);
}

static bool handle_report(struct thought *t)
{
    size_t count = t->w->place.things[THING_REPORT].count;
    think_add(t, "report", think_between(t, 1, (int64_t)count + 1));
    think_add_text(t, "outcome", "spoke");
    return count > 0 || think_one_in(t, 10);
}

/* ------------------------------------------------------------------ people */

static bool set_profile(struct thought *t)
{
    think_add_text(t, "display_name", think_one_in(t, 2) ? "Somebody" : "");
    if (think_one_in(t, 3))
        think_add_text(t, "status_text", "out");
    if (think_one_in(t, 3))
        think_add_text(t, "bio", "born");
    return true;
}

/* Names are in ASCII, as an account's have to be. */
static bool rename_oneself(struct thought *t)
{
    char name[32];
    if (t->c && t->c->kind == CLIENT_GUEST)
        return false; /* guests have a way of their own to do that, which renews their cookie */
    snprintf(name, sizeof name, "%s%d", think_one_in(t, 2) ? "kim" : "lou",
             think_one_in(t, 2) ? 1 : ++t->w->admin.named);
    think_add_text(t, "name", name);
    return true;
}

static bool set_role(struct thought *t)
{
    static const char *const roles[] = {"member", "moderator", "moderator", "admin", "admin", "owner"};
    think_add_text(t, "role", roles[dice_below(&t->w->dice, think_one_in(t, 4) ? 6 : 4)]);
    return think_some_user(t);
}

static bool ban(struct thought *t)
{
    think_add(t, "until_ms", think_one_in(t, 4) ? 0 : think_soon_ms(t));
    think_add_flag(t, "hide", think_one_in(t, 2));
    return think_some_user(t);
}

static bool unban(struct thought *t)
{
    for (int64_t id = 1; id < (int64_t)t->w->place.user_count; id++)
        if (t->w->place.users[id].is_banned && !think_one_in(t, 3))
            return think_name_user(t, id);
    return think_some_user(t);
}

/* ------------------------------------------------------------------ what lets people in */

static void think_label(struct thought *t)
{
    static const char *const labels[] = {"", "class 5b", "the choir"};
    think_add_text(t, "label", labels[dice_below(&t->w->dice, 3)]);
}

static bool create_invite(struct thought *t)
{
    if (t->w->place.things[THING_INVITE].count >= INVITES_AT_MOST)
        return false;
    think_add(t, "max_uses", think_between(t, 0, 2));
    think_add(t, "expires_ms", think_one_in(t, 2) ? 0 : think_soon_ms(t));
    if (think_one_in(t, 2))
        think_label(t);
    if (think_one_in(t, 2) && (t->a->room = think_any_of(t, think_is_there))) {
        cJSON *rooms = cJSON_AddArrayToObject(t->json, "rooms");
        cJSON_AddItemToArray(rooms, cJSON_CreateNumber((double)t->a->room));
    }
    return true;
}

static bool some_thing(struct thought *t, enum thing thing, const char *field)
{
    size_t count = t->w->place.things[thing].count;
    think_add(t, field, think_between(t, 1, (int64_t)count + 1));
    return count > 0;
}

static bool edit_invite(struct thought *t)
{
    think_label(t);
    return some_thing(t, THING_INVITE, "invite");
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
    think_add_text(t, "name", "bot");
    think_add_text(t, "scope", scopes[dice_below(&t->w->dice, 3)]);
    think_add(t, "expires_ms", think_one_in(t, 3) ? think_soon_ms(t) : 0);
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
    if (think_one_in(t, 2))
        think_new_name(t, "Place");
    else
        think_add_flag(t, "require_totp", t->c && think_one_in(t, 3));
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
    {REQUEST_DELETE, 10, 4, delete_message},
    {REQUEST_REPORT, 12, 0, any_event},
    {REQUEST_HANDLE_REPORT, 3, 1, handle_report},
    {REQUEST_SET_PROFILE, 2, 0, set_profile},
    {REQUEST_RENAME, 2, 0, rename_oneself},
    {REQUEST_SET_ROLE, 4, 10, set_role},
    {REQUEST_BAN, 4, 3, ban},
    {REQUEST_UNBAN, 4, 10, unban},
    {REQUEST_BLOCK, 3, 0, think_some_user},
    {REQUEST_UNBLOCK, 2, 0, think_some_user},
    {REQUEST_CREATE_INVITE, 3, 2, create_invite},
    {REQUEST_EDIT_INVITE, 2, 1, edit_invite},
    {REQUEST_REVOKE_INVITE, 1, 1, revoke_invite},
    {REQUEST_CREATE_TOKEN, 3, 0, create_token},
    {REQUEST_REVOKE_TOKEN, 2, 0, revoke_token},
    {REQUEST_END_SESSION, 3, 0, end_session},
    {REQUEST_END_OTHER_SESSIONS, 2, 0, nothing_more},
    {REQUEST_CREATE_RESET, 1, 1, think_some_user},
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
    bool tidies = w->profile.tidy && !dice_one_in(&w->dice, 3);
    for (size_t k = 0; tidies && ideas[i].type != REQUEST_DELETE; k++)
        i = k;
    struct thought t = {w, c, a, cJSON_CreateObject()};
    a->type = ideas[i].type;
    think_add_text(&t, "type", request_name(a->type));
    think_add_text(&t, "id", a->id);
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
    think_add_text(&t, "type", request_name(a->type));
    think_add_text(&t, "id", a->id);
    if (has_room)
        thought = think_some_room(&t, think_is_ones_own);
    else if (a->type == REQUEST_PERSON)
        thought = think_some_user(&t);
    else if (a->type == REQUEST_REPORTS && think_one_in(&t, 2))
        think_add_flag(&t, "handled", think_one_in(&t, 2));
    a->limit = think_one_in(&t, 4) ? think_between(&t, 1, 3) : 200;
    if (a->type != REQUEST_SETTINGS)
        think_add(&t, "limit", a->limit);
    if (thought)
        return t.json;
    cJSON_Delete(t.json);
    return NULL;
}
