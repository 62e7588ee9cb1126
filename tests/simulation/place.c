#include "base/mem.h"
#include "place_rules.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ life */

void place_add_user(struct place *p, const struct place_user *u)
{
    if (p->user_count == p->user_cap) {
        p->user_cap = p->user_cap ? p->user_cap * 2 : 64;
        p->users = mem_must_resize(p->users, p->user_cap, sizeof *p->users);
    }
    p->users[p->user_count++] = *u;
}

/* As the migrations leave it: the command line and the lobby. */
void place_init(struct place *p)
{
    static const struct place_user admin = {
        .kind = USER_SYSTEM, .role = ROLE_SYSTEM, .fold = "adrnln", .names = {"admin"}, .names_count = 1};
    *p = (struct place){.slot_count = 2};
    place_add_user(p, &admin);
    p->rooms[LOBBY] = (struct place_room){.exists = true, .name = "lobby", .fold = "lobby"};
}

void place_clear(struct place *p)
{
    for (int i = 0; i < PLACE_ROOMS_MAX; i++) {
        struct place_room *r = &p->rooms[i];
        for (int64_t seq = 1; seq <= r->last_seq; seq++)
            free(r->events[seq]);
        free(r->events);
    }
    for (int t = 0; t < THING_KINDS; t++)
        free(p->things[t].all);
    free(p->users);
    free(p->audit);
    *p = (struct place){0};
}

/* ------------------------------------------------------------------ looking things up */

struct place_user *place_user(const struct place *p, int64_t id)
{
    return id >= 0 && (size_t)id < p->user_count ? &p->users[id] : NULL;
}

int64_t place_user_by_fold(const struct place *p, const char *fold)
{
    for (size_t i = 0; i < p->user_count; i++)
        if (p->users[i].kind != USER_VISITOR && strcmp(p->users[i].fold, fold) == 0)
            return (int64_t)i;
    return -1;
}

struct place_room *place_room(const struct place *p, int64_t id)
{
    const struct place_room *r = id > 0 && id < PLACE_ROOMS_MAX ? &p->rooms[id] : NULL;
    return r && r->exists ? (struct place_room *)r : NULL;
}

struct place_member *place_member(const struct place_room *r, int64_t user)
{
    for (size_t i = 0; i < r->member_count; i++)
        if (r->members[i].user == user)
            return (struct place_member *)&r->members[i];
    return NULL;
}

struct place_event *place_event(const struct place_room *r, int64_t seq)
{
    return seq > 0 && seq <= r->last_seq ? r->events[seq] : NULL;
}

struct place_thing *place_thing(const struct place *p, enum thing t, int64_t id)
{
    const struct place_things *list = &p->things[t];
    return id > 0 && (size_t)id <= list->count ? &list->all[id - 1] : NULL;
}

const char *place_user_name(const struct place_user *u)
{
    return u->names[(u->names_count - 1) % PLACE_NAMES_MAX];
}

bool place_user_has_name(const struct place_user *u, const char *name)
{
    for (int i = 0; i < u->names_count && i < PLACE_NAMES_MAX; i++)
        if (strcmp(u->names[i], name) == 0)
            return true;
    return false;
}

bool place_is_banned(const struct place *p, int64_t user, int64_t at_ms)
{
    const struct place_user *u = place_user(p, user);
    return u && u->is_banned && (!u->banned_until || u->banned_until > at_ms);
}

bool place_has_blocked(const struct place *p, int64_t user, int64_t other)
{
    const struct place_user *u = place_user(p, user);
    for (size_t i = 0; u && i < u->blocked_count; i++)
        if (u->blocked[i] == other)
            return true;
    return false;
}

bool place_may_answer(const struct place *p, const struct place_room *r, int64_t user)
{
    const struct place_user *u = place_user(p, user);
    const struct place_member *m = place_member(r, user);
    const struct standing standing = {.role = u ? u->role : ROLE_VISITOR, .room_role = m ? m->role : ROOM_ROLE_NONE};
    return permission_check(permission_of(REQUEST_ANSWER_REQUEST), &standing) == OK;
}

int64_t place_active_at(const struct place_room *r, int64_t last)
{
    while (last && r->events[last]->kind != EVENT_MESSAGE)
        last--;
    return last ? r->events[last]->at : r->created_at;
}

bool place_may_read(const struct place_room *r, enum user_kind kind, int64_t user, int64_t *floor)
{
    *floor = 0;
    if (r->kind == ROOM_OPEN)
        return true;
    if (kind != USER_ACCOUNT)
        return false;
    const struct place_member *m = place_member(r, user);
    if (r->kind == ROOM_ANNOUNCEMENT)
        return true;
    if (m && r->kind == ROOM_CLOSED && r->history == ROOM_HISTORY_JOINED)
        *floor = m->joined_seq;
    return m != NULL;
}

static bool mentions(const struct place_event *e, int64_t user)
{
    for (size_t i = 0; i < e->mentioned_count; i++)
        if (e->mentioned[i] == 0 || e->mentioned[i] == user)
            return true;
    return false;
}

/* One's own, deleted, hidden and blocked messages don't count. */
void place_unread(const struct place *p, const struct place_room *r, int64_t user, int64_t read, int64_t last,
                  int64_t *unread, int64_t *mentioned)
{
    *unread = *mentioned = 0;
    for (int64_t seq = read + 1; seq <= last; seq++) {
        const struct place_event *e = r->events[seq];
        const struct place_user *author = place_user(p, e->author);
        if (e->kind != EVENT_MESSAGE || e->author == user || e->deleted_moment || (author && author->ban_hides) ||
            place_has_blocked(p, user, e->author))
            continue;
        ++*unread;
        *mentioned += mentions(e, user);
    }
}

void place_count(const struct place *p, const struct place_room *r, int64_t user, int64_t seq, struct place_counts *n)
{
    const struct place_event *e = r->events[seq];
    const struct place_user *author = place_user(p, e->author);
    if (e->kind != EVENT_MESSAGE || e->author == user)
        return;
    n->most++;
    n->most_mentions += mentions(e, user);
    if (e->deleted_moment || (author && (author->was_hidden || author->was_blocked)))
        return;
    n->least++;
    n->least_mentions += mentions(e, user);
}

bool place_counts_hold(const struct place_counts *n, int64_t unread, int64_t mentions)
{
    return unread >= n->least && unread <= n->most && mentions >= n->least_mentions && mentions <= n->most_mentions;
}

bool place_has_read_to(const struct place_room *r, int64_t user, int64_t seq)
{
    const struct place_member *m = place_member(r, user);
    for (size_t i = 0; m && i < m->read_count && i < PLACE_READS_KEPT; i++)
        if (m->was_read[i] == seq)
            return true;
    return !m || m->read_seq == seq || m->read_count > PLACE_READS_KEPT;
}
