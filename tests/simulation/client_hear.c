#include "client.h"
#include "told.h"
#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { OP_TEXT = 1, OP_CLOSE = 8, REPLAY_AT_MOST = 1000 };

/* ------------------------------------------------------------------ events */

struct follow *client_follow(struct world *w, struct client *c, int64_t room)
{
    model_room(w, room);
    return &c->rooms[room];
}

/* The next event of a room that it has open: exactly the next one. */
static void on_event(struct world *w, struct client *c, const cJSON *json)
{
    struct model_event e;
    const char *author_name;
    told_event(w, json, &e, &author_name);
    struct follow *f = client_follow(w, c, e.room);
    if (!f->open)
        trace_fail(&w->trace, "I2", "%s: room %" PRId64 " seq %" PRId64 ", but the room is not open", client_label(c),
                   e.room, e.seq);
    if (f->must_reset)
        trace_fail(&w->trace, "I2", "%s: room %" PRId64 " seq %" PRId64 ", but a reset was due", client_label(c),
                   e.room, e.seq);
    if (e.seq != f->last + 1)
        trace_fail(&w->trace, "I2", "%s: room %" PRId64 " seq %" PRId64 " comes after seq %" PRId64, client_label(c),
                   e.room, e.seq, f->last);
    f->last = e.seq;
    model_event(w, client_label(c), &e, author_name);
}

static void on_reset(struct world *w, struct client *c, const cJSON *json)
{
    int64_t room = told_i64(w, json, "room"), last = told_i64(w, json, "last_seq");
    struct follow *f = client_follow(w, c, room);
    if (!f->open || last - f->last <= REPLAY_AT_MOST)
        trace_fail(&w->trace, "I2", "%s: room %" PRId64 " is reset from seq %" PRId64 " to %" PRId64, client_label(c),
                   room, f->last, last);
    if (check_is_open(&w->check) && last > check_last_seq(w, room))
        trace_fail(&w->trace, "I1", "%s: room %" PRId64 " has no seq %" PRId64, client_label(c), room, last);
    world_count(w, resets);
    f->last = last;
    f->must_reset = false;
}

/* ------------------------------------------------------------------ who, where */

static void know_room(struct world *w, struct client *c, const cJSON *json)
{
    struct follow *f = client_follow(w, c, told_i64(w, json, "id"));
    f->known = true;
    f->archived = told_flag(json, "archived");
    snprintf(f->name, sizeof f->name, "%s", told_text(w, json, "name"));
    model_room(w, told_i64(w, json, "id"))->promised = true;
}

static void on_welcome(struct world *w, struct client *c, const cJSON *json)
{
    const cJSON *rooms = cJSON_GetObjectItemCaseSensitive(json, "rooms"), *room,
                *user = cJSON_GetObjectItemCaseSensitive(json, "user");
    const char *name = told_text(w, user, "name");
    bool listed[MODEL_ROOMS_MAX] = {false};
    if (c->welcomed || told_i64(w, user, "id") != (c->is_guest ? c->user_id : 0))
        trace_fail(&w->trace, "protocol", "%s: an unexpected welcome", client_label(c));
    if (!*c->name)
        model_person_name(&w->model, c->person, name);
    if (!model_person_has_name(&w->model.persons[c->person], name))
        trace_fail(&w->trace, "protocol", "%s: is welcomed as %s", client_label(c), name);
    cJSON_ArrayForEach(room, rooms)
    {
        int64_t id = told_i64(w, room, "id"), last_seq = told_i64(w, room, "last_seq");
        know_room(w, c, room);
        listed[id] = true;
        model_last_seq(w, id, last_seq);
        if (last_seq < c->rooms[id].last_at_entry)
            trace_fail(&w->trace, "I1",
                       "%s: is told that room %" PRId64 " ends with seq %" PRId64 ", but seq %" PRId64 " has been seen",
                       client_label(c), id, last_seq, c->rooms[id].last_at_entry);
    }
    for (int64_t id = 1; id < MODEL_ROOMS_MAX; id++)
        if (c->rooms[id].promised_at_entry && !listed[id])
            trace_fail(&w->trace, "I1", "%s: is not told of room %" PRId64, client_label(c), id);
    c->welcomed = true;
    for (int64_t id = 1; id < MODEL_ROOMS_MAX; id++)
        if (c->rooms[id].wanted)
            client_join(w, c, id, c->rooms[id].last);
    for (size_t i = 0; i < c->sends_count; i++)
        c->sends[i].retry_us = 0;
}

static void on_presence(struct world *w, struct client *c, const cJSON *json)
{
    struct follow *f = client_follow(w, c, told_i64(w, json, "room"));
    const cJSON *people = cJSON_GetObjectItemCaseSensitive(json, "people");
    if (!f->open)
        trace_fail(&w->trace, "protocol", "%s: presence of a room that is not open", client_label(c));
    f->count = told_i64(w, json, "count");
    if (people && cJSON_GetArraySize(people) != f->count)
        trace_fail(&w->trace, "protocol", "%s: %" PRId64 " people, but %d are listed", client_label(c), f->count,
                   cJSON_GetArraySize(people));
}

static void on_bye(struct world *w, struct client *c, const cJSON *json)
{
    int64_t ms = told_i64(w, json, "reconnect_in_ms");
    if (w->server.state == SERVER_UP && !c->link->over)
        trace_fail(&w->trace, "protocol", "%s: bye without a reason", client_label(c));
    if (ms < 0 || ms > WORLD_RECONNECT_SPREAD_MS)
        trace_fail(&w->trace, "protocol", "%s: bye for %" PRId64 " ms", client_label(c), ms);
}

static void on_typing(struct world *w, struct client *c, const cJSON *json)
{
    if (!client_follow(w, c, told_i64(w, json, "room"))->open)
        trace_fail(&w->trace, "protocol", "%s: typing in a room that is not open", client_label(c));
}

static void on_room(struct world *w, struct client *c, const cJSON *json)
{
    know_room(w, c, cJSON_GetObjectItemCaseSensitive(json, "room"));
}

static void on_member(struct world *w, struct client *c, const cJSON *json)
{
    if (!*told_text(w, cJSON_GetObjectItemCaseSensitive(json, "user"), "name"))
        trace_fail(&w->trace, "protocol", "%s: somebody without a name", client_label(c));
}

static void on_text(struct world *w, struct client *c, const char *text, size_t len)
{
    static const struct {
        const char *type;
        void (*on)(struct world *w, struct client *c, const cJSON *json);
    } types[] = {
        {"message", on_event},     {"renamed", on_event},   {"archived", on_event},     {"unarchived", on_event},
        {"ack", client_on_ack},    {"typing", on_typing},   {"error", client_on_error}, {"history", client_on_history},
        {"presence", on_presence}, {"welcome", on_welcome}, {"reset", on_reset},        {"room", on_room},
        {"member", on_member},     {"bye", on_bye}};
    const size_t count = sizeof types / sizeof types[0];
    cJSON *json = cJSON_ParseWithLength(text, len);
    const char *type = json ? told_text(w, json, "type") : "";
    size_t i = 0;
    world_say(w, "%s < %.*s", client_label(c), (int)(len < 200 ? len : 200), text);
    trace_mix(&w->trace, text, len);
    while (i < count && strcmp(types[i].type, type) != 0)
        i++;
    if (i == count || (!c->welcomed && types[i].on != on_welcome))
        trace_fail(&w->trace, "protocol", "%s: did not expect %.*s", client_label(c), (int)(len < 200 ? len : 200),
                   text);
    c->heard_bytes = len;
    types[i].on(w, c, json);
    cJSON_Delete(json);
}

/* ------------------------------------------------------------------ frames */

static void on_close(struct world *w, struct client *c, const uint8_t *payload, size_t len)
{
    int code = len >= 2 ? payload[0] << 8 | payload[1] : 1005;
    world_say(w, "%s < close %d %.*s", client_label(c), code, (int)(len - 2), (const char *)payload + 2);
    bool stops = c->link->over || w->server.state != SERVER_UP; /* bye may have been given up for want of room */
    bool expected = code == 1013 || (code == 1012 && stops) || (code == 1008 && w->profile.rate_messages_per_s) ||
                    (code == 1011 && (c->link->faulted || w->profile.reader_queue < 100));
    if (!expected)
        trace_fail(&w->trace, "protocol", "%s: is closed with %d", client_label(c), code);
    link_drop(c->link, false);
    client_lost(w, c, dice_between(&w->dice, 0, 300000));
}

/* The length of the frame at the beginning of what has been heard, and where its payload is; 0: it is not complete.
 * RFC 6455, 5.2: the server's frames are not masked, and here never fragmented. */
static size_t whole_frame(struct world *w, const struct client *c, size_t *head)
{
    const uint8_t *p = (const uint8_t *)c->heard.p;
    size_t len = c->heard.len, payload = 0, extra;
    if (len < 2)
        return 0;
    if ((p[0] != (0x80 | OP_TEXT) && p[0] != (0x80 | OP_CLOSE)) || p[1] & 0x80)
        trace_fail(&w->trace, "protocol", "%s: a frame begins with %02x %02x", client_label(c), p[0], p[1]);
    extra = p[1] == 127 ? 8 : p[1] == 126 ? 2 : 0;
    if (len < 2 + extra)
        return 0;
    for (size_t i = 0; i < extra; i++)
        payload = payload << 8 | p[2 + i];
    payload = extra ? payload : p[1];
    *head = 2 + extra;
    return len - *head >= payload ? *head + payload : 0;
}

void client_hear(struct world *w, struct client *c, const char *bytes, size_t len)
{
    size_t frame, head;
    buf_add(&c->heard, bytes, len);
    while (c->link && (frame = whole_frame(w, c, &head))) {
        const char *payload = c->heard.p + head;
        if ((c->heard.p[0] & 0x0F) == OP_TEXT)
            on_text(w, c, payload, frame - head);
        else
            on_close(w, c, (const uint8_t *)payload, frame - head);
        c->heard.len -= frame;
        memmove(c->heard.p, c->heard.p + frame, c->heard.len);
    }
}

/* ------------------------------------------------------------------ at rest */

static void check_room_rest(struct world *w, const struct client *c, int64_t room)
{
    const struct follow *f = &c->rooms[room];
    struct check_room r;
    bool there = check_room(w, room, &r);
    if (f->wanted != f->open || f->must_reset)
        trace_fail(&w->trace, "liveness", "%s has not got into room %" PRId64, client_label(c), room);
    if (f->open && (!there || f->last != r.last_seq))
        trace_fail(&w->trace, "liveness", "%s has room %" PRId64 " up to seq %" PRId64 " of %" PRId64, client_label(c),
                   room, f->last, there ? r.last_seq : 0);
    if (there != f->known || (there && (f->archived != r.archived || strcmp(f->name, r.name) != 0)))
        trace_fail(&w->trace, "liveness", "%s knows room %" PRId64 " as %s, archived %d; it is %s, archived %d",
                   client_label(c), room, f->name, f->archived, there ? r.name : "none", there && r.archived);
}

void client_check_rest(struct world *w, struct client *c)
{
    if (c->state != CLIENT_HERE || !c->welcomed)
        trace_fail(&w->trace, "liveness", "%s has not got in", client_label(c));
    if (c->asks_count)
        trace_fail(&w->trace, "liveness", "%s still waits for the answer to \"%s\"", client_label(c), c->asks[0].id);
    if (c->sends_count)
        trace_fail(&w->trace, "liveness", "%s has not got %s sent", client_label(c),
                   w->model.sends[c->sends[0].send].id);
    for (int64_t room = 1; room < MODEL_ROOMS_MAX; room++)
        check_room_rest(w, c, room);
}
