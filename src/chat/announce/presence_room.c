/* Who is here, told to a room.
 *
 * All who have it open get the same frame, but for those whom a block keeps apart from somebody who is here: they are few,
 * and get a frame of their own each. */
#include "base/sorted.h"
#include "chat/announce/presence.h"
#include "directory/directory.h"
#include "directory/memberships.h"
#include "directory/people.h"
#include "rules/wire.h"

#include <assert.h>

enum {
    SHOWN_AT_ONCE_MAX = 200
}; /* a room of more members is shown with the next tick: all who come together cost one look */

/* Accounts are there as members, wherever they look; guests and visitors, who belong to no room, while they have it
 * open. `people` (NULL: too many) and `count` are of those who have it open. */
struct here {
    int64_t room;
    struct buf ids, states; /* of the members who are connected: int64_t and uint8_t */
    size_t members, count, all;
    const struct presence_person *people;
    bool is_list;
    struct buf apart; /* struct directory_apart, between any of them */
};

static void find_members(struct chat *c, struct here *here)
{
    directory_members_of(c->directory, here->room, 0, &here->ids);
    size_t n = here->ids.len / sizeof(int64_t);
    if (!n || here->ids.failed || !buf_reserve(&here->states, n))
        return;
    int64_t *id = (int64_t *)here->ids.p;
    uint8_t *state = (uint8_t *)here->states.p;
    hub_states(c->hub, id, n, state);
    for (size_t i = 0; i < n; i++)
        if (state[i] != PERSON_OFFLINE) {
            id[here->members] = id[i];
            state[here->members++] = state[i];
        }
}

static void find_apart(struct chat *c, struct here *here)
{
    struct buf ids = BUF_INIT;
    buf_add(&ids, here->ids.p, here->members * sizeof(int64_t));
    for (size_t i = 0; i < here->count; i++)
        if (here->people[i].user_id)
            buf_add(&ids, &here->people[i].user_id, sizeof(int64_t));
    if (!ids.failed) {
        int64_t *id = (int64_t *)ids.p;
        directory_find_apart(c->directory, id, sorted_make(id, ids.len / sizeof *id), &here->apart);
    }
    buf_release(&ids);
}

static void look(struct chat *c, struct here *here, int64_t room, size_t count, const struct presence_person *people)
{
    size_t guests = 0;
    *here = (struct here){.room = room, .count = count, .people = people};
    find_members(c, here);
    for (size_t i = 0; people && i < count; i++)
        guests += !people[i].is_account;
    here->all = people ? here->members + guests : here->members > count ? here->members : count;
    here->is_list = people && here->all <= HUB_PRESENCE_LIST_MAX;
    if (here->is_list)
        find_apart(c, here);
}

static void look_away(struct here *here)
{
    buf_release(&here->ids);
    buf_release(&here->states);
    buf_release(&here->apart);
}

static size_t apart_count(const struct here *here)
{
    return here->apart.len / sizeof(struct directory_apart);
}

static bool is_apart(const struct here *here, int64_t viewer, int64_t user)
{
    const struct directory_apart *pair = (const struct directory_apart *)here->apart.p;
    for (size_t i = 0; viewer && user && i < apart_count(here); i++)
        if (pair[i].user_id == viewer && pair[i].other_id == user)
            return true;
    return false;
}

static void add_member(struct chat *c, struct buf *json, int64_t id, bool active, bool first)
{
    struct directory_user who;
    if (!directory_user(c->directory, id, &who))
        who = (struct directory_user){.id = id};
    struct event_user user = {id, span_of(who.name), span_of(who.display_name)};
    event_presence_person(json, &user, active, first);
}

static void add_guest(struct chat *c, struct buf *json, const struct presence_person *guest, bool first)
{
    char display[DIRECTORY_NAME_BYTES];
    directory_display_name(c->directory, guest->user_id, display);
    struct event_user user = {guest->user_id, span_of(guest->name), span_of(display)};
    event_presence_person(json, &user, guest->active, first);
}

/* Members are listed with or without the room open, so of those who have it open only guests and visitors are. */
static bool is_seen(const struct here *here, int64_t viewer, size_t i)
{
    return !here->people[i].is_account && !is_apart(here, viewer, here->people[i].user_id);
}

static size_t count_seen(const struct here *here, int64_t viewer)
{
    size_t n = 0;
    if (!here->is_list || !apart_count(here))
        return here->all;
    for (size_t i = 0; i < here->members; i++)
        n += !is_apart(here, viewer, ((const int64_t *)here->ids.p)[i]);
    for (size_t i = 0; i < here->count; i++)
        n += is_seen(here, viewer, i);
    return n;
}

/* As this viewer sees it; 0: as everybody does whom no block concerns. */
static void write_presence(struct chat *c, struct buf *json, const struct here *here, int64_t viewer)
{
    bool first = true;
    event_presence_begin(json, here->room, count_seen(here, viewer), here->is_list);
    for (size_t i = 0; here->is_list && i < here->members; i++) {
        const int64_t id = ((const int64_t *)here->ids.p)[i];
        if (is_apart(here, viewer, id))
            continue;
        add_member(c, json, id, ((const uint8_t *)here->states.p)[i] == PERSON_ACTIVE, first);
        first = false;
    }
    for (size_t i = 0; here->is_list && i < here->count; i++)
        if (is_seen(here, viewer, i)) {
            add_guest(c, json, &here->people[i], first);
            first = false;
        }
    event_presence_end(json, here->is_list);
}

static void show(void *ctx, struct room *r, size_t count, const struct presence_person *people)
{
    struct session *s = ctx;
    struct here here;
    look(s->shard->chat, &here, room_id(r), count, people);
    write_presence(s->shard->chat, &s->shard->json, &here, atomic_load(&s->who->user_id));
    session_say(s);
    look_away(&here);
}

void presence_show(struct session *s, struct room *r)
{
    struct chat *c = s->shard->chat;
    if (directory_member_count(c->directory, room_id(r)) <= SHOWN_AT_ONCE_MAX)
        hub_presence(c->hub, r, show, s);
    else
        hub_note_room(c->hub, room_id(r));
}

/* Those who have the room open and are kept apart from anybody here: ascending, each once. */
static size_t viewers_of_their_own(const struct here *here, struct buf *ids)
{
    const struct directory_apart *pair = (const struct directory_apart *)here->apart.p;
    for (size_t i = 0; i < apart_count(here); i++)
        for (size_t j = 0; j < here->count; j++)
            if (here->people[j].user_id == pair[i].user_id)
                buf_add(ids, &pair[i].user_id, sizeof(int64_t));
    return sorted_make((int64_t *)ids->p, ids->len / sizeof(int64_t));
}

void presence_of_room(void *ctx, struct room *r, size_t count, const struct presence_person *people)
{
    struct chat *c = ctx;
    struct here here;
    struct buf json = BUF_INIT, viewers = BUF_INIT;
    look(c, &here, room_id(r), count, people);
    const size_t n = viewers_of_their_own(&here, &viewers);
    const int64_t *viewer = (const int64_t *)viewers.p;
    assert(viewer || n == 0);
    write_presence(c, &json, &here, 0);
    struct frame *f = wire_frame(&json, 0);
    if (f && n)
        hub_publish_to(c->hub, r, f, false, viewer, n);
    else if (f)
        hub_publish_ephemeral(c->hub, r, f, NULL);
    frame_release(f);
    for (size_t i = 0; i < n; i++) {
        buf_clear(&json);
        write_presence(c, &json, &here, viewer[i]);
        if ((f = wire_frame(&json, 0)))
            hub_publish_to(c->hub, r, f, true, &viewer[i], 1);
        frame_release(f);
    }
    buf_release(&json);
    buf_release(&viewers);
    look_away(&here);
}
