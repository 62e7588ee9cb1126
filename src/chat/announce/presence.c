#include "chat/announce/presence.h"

#include "base/sorted.h"
#include "chat/announce/notify.h"
#include "directory/people.h"
#include "directory/rooms.h"
#include "rules/wire.h"

#include <stdlib.h>

enum err presence_set(struct session *s, struct room *r, const struct request *q, const char **why)
{
    (void)r;
    (void)why;
    if (s->active != q->active) {
        s->active = q->active;
        hub_person_active(s->shard->chat->hub, s->who, q->active ? +1 : -1);
    }
    struct event_ack ack = {.id = q->id};
    session_ack(s, &ack);
    return OK;
}

enum { PAIRS_MAX = 50000 }; /* told in one tick of people one has direct conversations with; the rest in the next one */

static const char *const state_names[] = {
    [PERSON_OFFLINE] = "offline", [PERSON_AWAY] = "away", [PERSON_ACTIVE] = "active"};

/* ------------------------------------------------------------------ of those one has direct conversations with */

/* In order, each once. */
static size_t partners_of(struct chat *c, int64_t user_id, struct buf *ids)
{
    buf_clear(ids);
    directory_partners(c->directory, user_id, ids);
    return sorted_make((int64_t *)ids->p, ids->len / sizeof(int64_t));
}

void presence_greet(struct session *s)
{
    struct chat *c = s->shard->chat;
    struct buf ids = BUF_INIT, states = BUF_INIT;
    bool first = true;
    size_t n = partners_of(c, device_user(session_device(s)), &ids);
    const int64_t *id = (const int64_t *)ids.p;
    if (n && buf_reserve(&states, n)) {
        uint8_t *state = (uint8_t *)states.p;
        hub_states(c->hub, id, n, state);
        for (size_t i = 0; i < n; i++) {
            if (state[i] == PERSON_OFFLINE)
                continue;
            if (first)
                event_online_begin(&s->shard->json);
            event_online_person(&s->shard->json, id[i], state_names[state[i]], first);
            first = false;
        }
    }
    if (!first) {
        event_online_end(&s->shard->json);
        session_say(s);
    }
    buf_release(&ids);
    buf_release(&states);
}

/* Somebody is to be told of somebody. */
struct pair {
    int64_t to, of;
};

static int compare_pairs(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    int by_to = (x->to > y->to) - (x->to < y->to);
    return by_to ? by_to : (x->of > y->of) - (x->of < y->of);
}

static enum person_state state_of(struct chat *c, int64_t user_id)
{
    uint8_t state;
    hub_states(c->hub, &user_id, 1, &state);
    return (enum person_state)state;
}

const char *presence_state(struct chat *c, int64_t viewer_id, int64_t user_id)
{
    return state_names[directory_is_apart(c->directory, viewer_id, user_id) ? PERSON_OFFLINE : state_of(c, user_id)];
}

/* Takes its words out of json. */
static void send_online(struct chat *c, struct buf *json, int64_t to)
{
    event_online_end(json);
    struct frame *f = wire_frame(json, 0);
    buf_clear(json);
    notify_user(c, to, f);
    frame_release(f);
}

/* One frame for each who is there. */
static void tell_pairs(struct chat *c, struct pair *pairs, size_t n)
{
    struct buf json = BUF_INIT;
    qsort(pairs, n, sizeof *pairs, compare_pairs);
    for (size_t i = 0; i < n;) {
        const int64_t to = pairs[i].to;
        bool is_there = state_of(c, to) != PERSON_OFFLINE, first = true;
        if (is_there)
            event_online_begin(&json);
        for (; i < n && pairs[i].to == to; i++) {
            if (!is_there || (!first && pairs[i].of == pairs[i - 1].of))
                continue;
            event_online_person(&json, pairs[i].of, state_names[state_of(c, pairs[i].of)], first);
            first = false;
        }
        if (is_there)
            send_online(c, &json, to);
    }
    buf_release(&json);
}

static void note_rooms(struct chat *c, int64_t user_id, struct buf *rooms)
{
    buf_clear(rooms);
    directory_rooms_of(c->directory, user_id, USER_ACCOUNT, true, 0, SIZE_MAX, rooms);
    for (size_t i = 0; i < rooms->len / sizeof(int64_t); i++)
        hub_note_room(c->hub, ((const int64_t *)rooms->p)[i]);
}

static void tell_changed(struct chat *c)
{
    struct buf changed = BUF_INIT, ids = BUF_INIT, pairs = BUF_INIT;
    hub_take_changed_people(c->hub, &changed);
    for (size_t i = 0; i < changed.len / sizeof(int64_t); i++) {
        const int64_t of = ((const int64_t *)changed.p)[i];
        if (pairs.len / sizeof(struct pair) > PAIRS_MAX) {
            hub_note_person(c->hub, of);
            continue;
        }
        note_rooms(c, of, &ids);
        size_t n = partners_of(c, of, &ids);
        for (size_t j = 0; j < n; j++) {
            struct pair pair = {((const int64_t *)ids.p)[j], of};
            buf_add(&pairs, &pair, sizeof pair);
        }
    }
    if (pairs.len)
        tell_pairs(c, (struct pair *)pairs.p, pairs.len / sizeof(struct pair));
    buf_release(&changed);
    buf_release(&ids);
    buf_release(&pairs);
}

void presence_member(struct chat *c, int64_t room_id, int64_t user_id)
{
    struct buf ids = BUF_INIT;
    hub_note_room(c->hub, room_id);
    directory_direct_people(c->directory, room_id, &ids);
    if (ids.len)
        hub_note_person(c->hub, user_id);
    buf_release(&ids);
}

void presence_block(struct chat *c, int64_t user_id, int64_t other_id, bool is_blocked)
{
    const int64_t both[] = {user_id, other_id};
    struct buf json = BUF_INIT, rooms = BUF_INIT;
    for (int i = 0; i < 2; i++) {
        if (!is_blocked) {
            hub_note_person(c->hub, both[i]);
            continue;
        }
        note_rooms(c, both[i], &rooms);
        event_online_begin(&json);
        event_online_person(&json, both[1 - i], state_names[PERSON_OFFLINE], true);
        send_online(c, &json, both[i]);
    }
    buf_release(&json);
    buf_release(&rooms);
}

void presence_tick(struct chat *c)
{
    tell_changed(c);
    hub_presence_changes(c->hub, presence_of_room, c);
}
