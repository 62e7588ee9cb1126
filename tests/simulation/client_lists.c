/* Answers to questions. While nothing has changed since a question was read, its answer has to be the whole truth; in
 * any case it must not tell of what is not for the asker. */
#include "client.h"
#include "judge.h"
#include "told.h"
#include "world.h"

#include <inttypes.h>
#include <string.h>

/* A list while it is looked at. */
struct list {
    struct world *w;
    struct client *c;
    const struct ask *a;
    const cJSON *json, *items;
    bool exact;
    int64_t lo, hi;
};

static _Noreturn void fail(const struct list *l, const cJSON *json, const char *oracle, const char *wrong)
{
    char *text = cJSON_PrintUnformatted(json);
    trace_fail(&l->w->trace, oracle, "%s: %s: %s in %.600s", client_label(l->c), l->a->id, wrong, text);
}

/* The first and last things on a page are left out when it is full. */
static void check_count(const struct list *l, size_t there, size_t listed)
{
    bool full = cJSON_HasObjectItem(l->json, "more") && (int64_t)listed == l->a->limit;
    bool cut = told_flag(l->json, "more");
    if (l->exact && !cut && there != listed)
        fail(l, l->json, "rules", "another number than there is");
    if (l->exact && cut && (!full || there <= listed))
        fail(l, l->json, "rules", "a page that ends too early");
}

/* ------------------------------------------------------------------ people */

static void check_person(const struct list *l, const cJSON *json)
{
    int64_t id = told_user(l->w, json);
    const struct place_user *u = place_user(&l->w->place, id);
    if (!u || u->kind == USER_VISITOR || u->kind == USER_SYSTEM)
        fail(l, json, "rules", "nobody who is kept");
    if (l->exact && (told_word(l->w, json, "role", &words_role) != (int)u->role ||
                     strcmp(told_text(l->w, json, "name"), place_user_name(u)) != 0 ||
                     strcmp(told_text_or(l->w, json, "display_name", ""), u->display) != 0 ||
                     told_flag(json, "hidden") != (u->is_banned && u->ban_hides)))
        fail(l, json, "rules", "somebody else than there is");
}

static void people(struct list *l)
{
    const struct place *p = &l->w->place;
    size_t there = 0, listed = 0;
    const cJSON *item;
    for (size_t i = 1; i < p->user_count; i++) {
        const struct place_user *u = &p->users[i];
        bool is_timed = u->is_banned && u->banned_until;
        l->exact &= !is_timed; /* whether that has ended when the program looked is not known */
        there += u->kind != USER_VISITOR && (!u->is_banned || judge_role(l->w, l->c) >= ROLE_MODERATOR);
    }
    cJSON_ArrayForEach(item, l->items)
    {
        check_person(l, item);
        listed++;
    }
    check_count(l, there, listed);
}

/* The rooms that both belong to. */
static void person(struct list *l)
{
    const cJSON *person = told_object(l->w, l->json, "person"), *item;
    int64_t user = told_user(l->w, person);
    size_t there = 0, listed = 0;
    check_person(l, person);
    for (int64_t id = 1; id < PLACE_ROOMS_MAX; id++)
        there += place_member(&l->w->place.rooms[id], user) && place_member(&l->w->place.rooms[id], l->c->who.user_id);
    cJSON_ArrayForEach(item, told_list(l->w, l->json, "rooms"))
    {
        int64_t room = told_i64(l->w, item, "id");
        client_check_room(l->w, l->c, item, l->lo, l->hi);
        if (!sight_was_member(l->w, l->c->who.user_id, room, l->lo, l->hi) ||
            !sight_was_member(l->w, user, room, l->lo, l->hi))
            fail(l, item, "sight", "a room that is not shared");
        listed++;
    }
    check_count(l, there, listed);
}

static void sessions(struct list *l)
{
    size_t there = 0, listed = 0;
    const struct place_things *all = &l->w->place.things[THING_SESSION];
    const cJSON *item;
    for (size_t i = 0; i < all->count; i++)
        there += all->all[i].user == l->c->who.user_id && !all->all[i].is_over;
    cJSON_ArrayForEach(item, l->items)
    {
        const struct place_thing *t = place_thing(&l->w->place, THING_SESSION, told_i64(l->w, item, "id"));
        if (!t || t->user != l->c->who.user_id || (l->exact && t->is_over))
            fail(l, item, "sight", "somebody else's session");
        listed++;
    }
    check_count(l, there, listed);
}

static void tokens(struct list *l)
{
    const struct place_things *all = &l->w->place.things[THING_TOKEN];
    const cJSON *item;
    size_t there = 0, listed = 0;
    for (size_t i = 0; i < all->count; i++)
        there += all->all[i].user == l->c->who.user_id && !all->all[i].is_over;
    cJSON_ArrayForEach(item, l->items)
    {
        const struct place_thing *t = place_thing(&l->w->place, THING_TOKEN, told_i64(l->w, item, "id"));
        if (!t || t->user != l->c->who.user_id || (l->exact && t->is_over) ||
            told_word(l->w, item, "scope", &words_scope) != (int)t->scope)
            fail(l, item, "sight", "another token than one's own");
        listed++;
    }
    check_count(l, there, listed);
}

static void bans(struct list *l)
{
    const struct place *p = &l->w->place;
    size_t there = 0, listed = 0;
    const cJSON *item;
    for (size_t i = 1; i < p->user_count; i++)
        there += p->users[i].is_banned;
    cJSON_ArrayForEach(item, l->items)
    {
        const struct place_user *u = place_user(p, told_user(l->w, told_object(l->w, item, "user")));
        if (l->exact && (!u->is_banned || told_flag(item, "hide") != u->ban_hides ||
                         told_i64(l->w, item, "until_ms") != u->banned_until))
            fail(l, item, "rules", "another ban than there is");
        listed++;
    }
    check_count(l, there, listed);
}

static void blocks(struct list *l)
{
    size_t listed = 0;
    const cJSON *item;
    const struct place_user *me = place_user(&l->w->place, l->c->who.user_id);
    cJSON_ArrayForEach(item, l->items)
    {
        if (l->exact && !place_has_blocked(&l->w->place, l->c->who.user_id, told_user(l->w, item)))
            fail(l, item, "rules", "somebody who is not blocked");
        listed++;
    }
    check_count(l, me->blocked_count, listed);
}

/* ------------------------------------------------------------------ rooms */

static bool is_listed(const struct place_room *r, bool manages)
{
    return r->exists && (r->kind == ROOM_OPEN || r->kind == ROOM_ANNOUNCEMENT || (manages && r->kind == ROOM_CLOSED));
}

/* A closed room that somebody manages from outside: that it is there, and nothing of what is said in it. */
static bool is_veiled(const struct list *l, const cJSON *json)
{
    return told_word(l->w, json, "kind", &words_room_kind) == ROOM_CLOSED && told_i64(l->w, json, "last_seq") == 0 &&
           !cJSON_HasObjectItem(json, "topic") && !cJSON_HasObjectItem(json, "description") &&
           !cJSON_HasObjectItem(json, "read_seq");
}

static void check_listed(const struct list *l, const cJSON *json, bool was_admin)
{
    static const struct viewer stranger = {USER_ACCOUNT, 0};
    int64_t id = told_i64(l->w, json, "id");
    const struct place_room *r = place_room(&l->w->place, id);
    bool is_closed = told_word(l->w, json, "kind", &words_room_kind) == ROOM_CLOSED;
    if (!r || r->kind == ROOM_DIRECT)
        fail(l, json, "sight", "no room that is listed");
    int64_t requests = client_told_requests(l->w, l->c, json);
    if (!was_admin || !is_veiled(l, json))
        client_check_room(l->w, l->c, json, l->lo, l->hi);
    if (!(was_admin && is_closed) && !sight_reads(l->w, stranger, id, l->lo, l->hi) &&
        !ledger_was_stale(l->w, l->lo, l->hi))
        fail(l, json, "sight", "a room that is not listed");
    if (!l->exact)
        return;
    if (told_i64(l->w, json, "members") != (int64_t)r->member_count)
        fail(l, json, "rules", "another number of members");
    bool answers = l->c->kind == CLIENT_ACCOUNT && place_may_answer(&l->w->place, r, l->c->who.user_id);
    if (requests != (answers ? (int64_t)r->request_count : 0))
        fail(l, json, "rules", "another number of requests");
    bool is_member = place_member(r, l->c->who.user_id);
    if (cJSON_HasObjectItem(json, "read_seq") != is_member ||
        is_veiled(l, json) != (r->kind == ROOM_CLOSED && !is_member) || strcmp(told_text(l->w, json, "name"), r->name))
        fail(l, json, "rules", "another room than there is");
}

static void rooms(struct list *l)
{
    const struct place_user *me = place_user(&l->w->place, l->c->who.user_id);
    bool is_system = l->c->kind == CLIENT_ADMIN;
    bool manages = judge_role(l->w, l->c) >= ROLE_ADMIN;
    size_t there = 0, listed = 0;
    const cJSON *item;
    for (int64_t id = 1; id < PLACE_ROOMS_MAX; id++)
        there += is_listed(&l->w->place.rooms[id], manages);
    cJSON_ArrayForEach(item, l->items)
    {
        check_listed(l, item, is_system || me->was_admin);
        listed++;
    }
    check_count(l, there, listed);
}

/* 0: it was asked for by a name, which may lead to another one by now. */
static int64_t room_of(const struct list *l)
{
    int64_t room = 0;
    if (!l->a->room_by_name || l->exact)
        judge_room(l->w, l->c, l->a->type, l->a, &room);
    return room;
}

static void members(struct list *l)
{
    int64_t room = room_of(l);
    const struct place_room *r = place_room(&l->w->place, room);
    size_t listed = 0;
    const cJSON *item;
    if (!r)
        return;
    if (!sight_reads(l->w, client_viewer(l->c), room, l->lo, l->hi) && !ledger_was_stale(l->w, l->lo, l->hi))
        fail(l, l->json, "sight", "members of a room that is not for it");
    cJSON_ArrayForEach(item, l->items)
    {
        int64_t user = told_user(l->w, item);
        const struct place_member *m = place_member(r, user);
        check_person(l, item);
        if (!sight_was_member(l->w, user, room, l->lo, l->hi) && !ledger_was_stale(l->w, l->lo, l->hi))
            fail(l, item, "rules", "no member");
        if (l->exact && (!m || told_word(l->w, item, "room_role", &words_room_role) != (int)m->role))
            fail(l, item, "rules", "another member");
        listed++;
    }
    check_count(l, r->member_count, listed);
    if (l->exact && told_i64(l->w, l->json, "count") != (int64_t)r->member_count)
        fail(l, l->json, "rules", "another number of members");
}

static void requests(struct list *l)
{
    const struct place_room *r = place_room(&l->w->place, room_of(l));
    size_t listed = (size_t)cJSON_GetArraySize(l->items);
    if (r)
        check_count(l, r->request_count, listed);
}

/* ------------------------------------------------------------------ those who look after the place */

static void invites(struct list *l)
{
    size_t listed = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, l->items)
    {
        const struct place_thing *t = place_thing(&l->w->place, THING_INVITE, told_i64(l->w, item, "id"));
        if (!t || strcmp(t->code, told_text(l->w, item, "code")) != 0)
            fail(l, item, "rules", "an invitation that there is not");
        if (l->exact && (told_i64(l->w, item, "uses") != t->uses || told_flag(item, "revoked") != t->is_over ||
                         strcmp(t->label, told_text(l->w, item, "label")) != 0 ||
                         t->uses > (t->max_uses ? t->max_uses : INT64_MAX)))
            fail(l, item, "rules", "another invitation");
        listed++;
    }
    check_count(l, l->w->place.things[THING_INVITE].count, listed);
}

static bool moderated(const struct list *l, int64_t room)
{
    const struct place_member *m = place_member(&l->w->place.rooms[room], l->c->who.user_id);
    return m && m->role == ROOM_ROLE_MODERATOR;
}

/* Moderators of the place see all, those of rooms theirs. What has been deleted is not shown again. */
static void reports(struct list *l)
{
    const struct place *p = &l->w->place;
    bool sees_all = judge_standing(l->w, l->c, REQUEST_REPORTS, 0, 0) == OK;
    const cJSON *item;
    cJSON_ArrayForEach(item, l->items)
    {
        const struct place_thing *t = place_thing(p, THING_REPORT, told_i64(l->w, item, "id"));
        int64_t room = told_i64(l->w, item, "room"), seq = told_i64(l->w, item, "seq");
        if (!t || t->room != room || t->seq != seq)
            fail(l, item, "rules", "a report that there is not");
        const struct place_event *e = place_event(&p->rooms[room], seq);
        const char *body = told_text(l->w, item, "body");
        if (e->deleted_moment && e->deleted_moment <= l->lo && *body)
            fail(l, item, "sight", "what was said, although it is deleted");
        if (l->exact && !sees_all && !moderated(l, room))
            fail(l, item, "sight", "a report that is not for it");
    }
}

static void audit(struct list *l)
{
    const struct place *p = &l->w->place;
    const cJSON *item;
    size_t listed = 0;
    cJSON_ArrayForEach(item, l->items)
    {
        int64_t id = told_i64(l->w, item, "id");
        const struct place_audit *a = id > 0 && (size_t)id <= p->audit_count ? &p->audit[id - 1] : NULL;
        int64_t by = told_user(l->w, told_object(l->w, item, "by"));
        if (!a || strcmp(a->verb, told_text(l->w, item, "verb")) != 0 || a->actor != by ||
            a->room != told_i64_or(l->w, item, "room", 0) || a->seq != told_i64_or(l->w, item, "seq", 0))
            fail(l, item, "rules", "another entry than was written");
        listed++;
    }
    check_count(l, p->audit_count, listed);
}

static void settings(struct list *l)
{
    const cJSON *place = told_object(l->w, l->json, "place");
    if (l->exact && told_flag(place, "require_totp") != l->w->place.requires_totp)
        fail(l, l->json, "rules", "another place");
}

/* ------------------------------------------------------------------ all of them */

static const struct {
    const char *items; /* NULL: none */
    void (*check)(struct list *l);
} lists[REQUEST_TYPES] = {
    [REQUEST_PEOPLE] = {"people", people},
    [REQUEST_PERSON] = {NULL, person},
    [REQUEST_ROOMS] = {"rooms", rooms},
    [REQUEST_MEMBERS] = {"members", members},
    [REQUEST_REQUESTS] = {"requests", requests},
    [REQUEST_INVITES] = {"invites", invites},
    [REQUEST_SESSIONS] = {"sessions", sessions},
    [REQUEST_TOKENS] = {"tokens", tokens},
    [REQUEST_BANS] = {"bans", bans},
    [REQUEST_BLOCKS] = {"blocks", blocks},
    [REQUEST_REPORTS] = {"reports", reports},
    [REQUEST_AUDIT] = {"audit", audit},
    [REQUEST_SETTINGS] = {NULL, settings},
};

void client_check_list(struct world *w, struct client *c, const struct ask *a, const cJSON *json)
{
    if (!lists[a->type].check || strcmp(told_text(w, json, "type"), request_name(a->type)) != 0)
        trace_fail(&w->trace, "protocol", "%s: \"%s\" was not asked so", client_label(c), a->id);
    struct list l = {.w = w, .c = c, .a = a, .json = json, .lo = a->lo, .hi = w->place.moment};
    l.exact = judge_is_exact(w, a);
    if (lists[a->type].items)
        l.items = told_list(w, json, lists[a->type].items);
    lists[a->type].check(&l);
    world_count(w, lists);
    w->tallies.done[a->type]++;
    w->tallies.n[TALLY_exact_lists] += l.exact;
}

void client_on_list(struct world *w, struct client *c, const cJSON *json)
{
    struct ask a = client_take_ask(w, c, told_text(w, json, "id"));
    if (a.kind != ASK_LIST)
        trace_fail(&w->trace, "protocol", "%s: a list that was not asked for", client_label(c));
    judge_answer(w, c, &a, OK);
    client_check_list(w, c, &a, json);
}
