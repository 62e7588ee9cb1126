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
    if (!place_room(&w->place, room))
        trace_fail(&w->trace, "protocol", "%s: there is no room %" PRId64, client_label(c), room);
    return &c->rooms[room];
}

/* The next event of a room that it has open: exactly the next one. */
static void on_event(struct world *w, struct client *c, const cJSON *json)
{
    struct place_event e;
    const char *author_name;
    told_event(w, json, &e, &author_name);
    struct follow *f = client_follow(w, c, e.room);
    if (!f->open)
        trace_fail(&w->trace, "I2", "%s: room %" PRId64 " seq %" PRId64 ", but the room is not open", client_label(c),
                   e.room, e.seq);
    if (f->must_reset && !f->is_vague)
        trace_fail(&w->trace, "I2", "%s: room %" PRId64 " seq %" PRId64 ", but a reset was due", client_label(c),
                   e.room, e.seq);
    if (e.seq != f->last + 1 && !f->is_vague)
        trace_fail(&w->trace, "I2", "%s: room %" PRId64 " seq %" PRId64 " comes after seq %" PRId64, client_label(c),
                   e.room, e.seq, f->last);
    if (!sight_shows(w, client_viewer(c), e.room, e.seq, e.seq, f->lo, w->place.moment) &&
        !ledger_was_stale(w, f->lo, w->place.moment))
        trace_fail(&w->trace, "sight",
                   "%s: room %" PRId64 " seq %" PRId64 " is not for it (moments %" PRId64 " to %" PRId64 ")",
                   client_label(c), e.room, e.seq, f->lo, w->place.moment);
    f->last = e.seq;
    f->is_vague = f->must_reset = f->may_reset = f->has_counts = false;
    model_event(w, client_label(c), &e, author_name, f->lo);
}

static void on_reset(struct world *w, struct client *c, const cJSON *json)
{
    int64_t room = told_i64(w, json, "room"), last = told_i64(w, json, "last_seq");
    struct follow *f = client_follow(w, c, room);
    if (!f->open || !(f->must_reset || f->may_reset || f->is_vague || last - f->last > REPLAY_AT_MOST))
        trace_fail(&w->trace, "I2", "%s: room %" PRId64 " is reset from seq %" PRId64 " to %" PRId64, client_label(c),
                   room, f->last, last);
    if (check_is_open(&w->check) && last > check_last_seq(w, room))
        trace_fail(&w->trace, "I1", "%s: room %" PRId64 " has no seq %" PRId64, client_label(c), room, last);
    world_count(w, resets);
    f->last = last;
    f->must_reset = f->may_reset = f->is_vague = false;
}

/* ------------------------------------------------------------------ who, where */

/* Whoever is seen in a room has been let into it, as an account or as the guest who became one. When they are put out
 * another shard may see that a little later, and a client that does not read much later. */
static void check_there(struct world *w, const struct client *c, int64_t room, int64_t user)
{
    const struct place_user *u = place_user(&w->place, user);
    const struct viewer account = {USER_ACCOUNT, user}, guest = {USER_GUEST, user};
    if (user && u->slot && !sight_reads(w, account, room, 0, w->place.moment) &&
        !sight_reads(w, guest, room, 0, u->guest_until))
        trace_fail(&w->trace, "sight", "%s: user %" PRId64 " is seen in room %" PRId64 ", which was never for them",
                   client_label(c), user, room);
}

static void on_presence(struct world *w, struct client *c, const cJSON *json)
{
    int64_t room = told_i64(w, json, "room");
    struct follow *f = client_follow(w, c, room);
    const cJSON *people = cJSON_GetObjectItemCaseSensitive(json, "people"), *person;
    if (!f->open)
        trace_fail(&w->trace, "sight", "%s: presence of a room that is not open", client_label(c));
    f->count = told_i64(w, json, "count");
    if (people && cJSON_GetArraySize(people) != f->count)
        trace_fail(&w->trace, "protocol", "%s: %" PRId64 " people, but %d are listed", client_label(c), f->count,
                   cJSON_GetArraySize(people));
    cJSON_ArrayForEach(person, people) check_there(w, c, room, told_user(w, person));
}

/* Said to both when one blocks the other, whether they ever spoke or not. */
static bool told_is_offline(const cJSON *person)
{
    const cJSON *state = cJSON_GetObjectItemCaseSensitive(person, "state");
    return cJSON_IsString(state) && strcmp(state->valuestring, "offline") == 0;
}

static bool is_between(const struct place_room *r, int64_t user)
{
    for (size_t i = 0; i < r->people_count; i++)
        if (r->people[i] == user)
            return true;
    return false;
}

/* Accounts are told of those they have, or had, a direct conversation with. */
static void on_online(struct world *w, struct client *c, const cJSON *json)
{
    const cJSON *person;
    cJSON_ArrayForEach(person, cJSON_GetObjectItemCaseSensitive(json, "people"))
    {
        int64_t user = told_i64(w, person, "id");
        bool is_partner = false;
        for (int64_t room = 1; room < PLACE_ROOMS_MAX; room++) {
            const struct place_room *r = &w->place.rooms[room];
            is_partner |= r->kind == ROOM_DIRECT && is_between(r, user) && is_between(r, c->who.user_id);
        }
        if (client_viewer(c).kind != USER_ACCOUNT || (!is_partner && !told_is_offline(person)))
            trace_fail(&w->trace, "sight", "%s: is told whether user %" PRId64 " is online", client_label(c), user);
    }
}

static void on_typing(struct world *w, struct client *c, const cJSON *json)
{
    int64_t room = told_i64(w, json, "room");
    if (!client_follow(w, c, room)->open)
        trace_fail(&w->trace, "sight", "%s: typing in a room that is not open", client_label(c));
    check_there(w, c, room, told_user(w, told_object(w, json, "user")));
}

static void on_bye(struct world *w, struct client *c, const cJSON *json)
{
    int64_t ms = told_i64(w, json, "reconnect_in_ms");
    if (w->server.state == SERVER_UP && !c->link->over)
        trace_fail(&w->trace, "protocol", "%s: bye without a reason", client_label(c));
    if (ms < 0 || ms > WORLD_RECONNECT_SPREAD_MS)
        trace_fail(&w->trace, "protocol", "%s: bye for %" PRId64 " ms", client_label(c), ms);
}

static void on_member(struct world *w, struct client *c, const cJSON *json)
{
    const cJSON *user = told_object(w, json, "user");
    if (!told_user(w, user))
        trace_fail(&w->trace, "protocol", "%s: news of nobody", client_label(c));
    told_word(w, user, "role", &words_role);
}

static void on_text(struct world *w, struct client *c, const char *text, size_t len)
{
    static const struct {
        const char *type;
        void (*on)(struct world *w, struct client *c, const cJSON *json);
    } types[] = {{"ack", client_on_ack},
                 {"typing", on_typing},
                 {"error", client_on_error},
                 {"history", client_on_history},
                 {"presence", on_presence},
                 {"online", on_online},
                 {"welcome", client_on_welcome},
                 {"welcome_rooms", client_on_welcome_rooms},
                 {"reset", on_reset},
                 {"room", client_on_room},
                 {"membership", client_on_membership},
                 {"activity", client_on_activity},
                 {"read", client_on_read},
                 {"member", on_member},
                 {"reports_waiting", client_on_reports},
                 {"requests_waiting", client_on_requests},
                 {"block", client_on_block},
                 {"place", client_on_place},
                 {"bye", on_bye}};
    const size_t count = sizeof types / sizeof types[0];
    cJSON *json = cJSON_ParseWithLength(text, len);
    const char *type = json ? told_text(w, json, "type") : "";
    size_t i = 0;
    world_say(w, "%s < %.*s", client_label(c), (int)(len < 200 ? len : 200), text);
    trace_mix(&w->trace, text, len);
    while (i < count && strcmp(types[i].type, type) != 0)
        i++;
    bool is_list = request_type_named(span_of(type)) >= REQUEST_PEOPLE, is_event = told_is_event(type);
    if ((i == count && !is_list && !is_event) || (!c->welcomed && (i == count || types[i].on != client_on_welcome)))
        trace_fail(&w->trace, "protocol", "%s: did not expect %.*s", client_label(c), (int)(len < 200 ? len : 200),
                   text);
    c->heard_bytes = len;
    if (is_event)
        on_event(w, c, json);
    else if (is_list)
        client_on_list(w, c, json);
    else
        types[i].on(w, c, json);
    cJSON_Delete(json);
}

/* ------------------------------------------------------------------ frames */

/* Whether the program has a reason to end its connection with 1008. */
static bool may_be_ended(const struct world *w, const struct client *c, const char *reason)
{
    if (strcmp(reason, "flood") == 0)
        return w->profile.rate_messages_per_s > 0;
    return c->link->last_byte != UINT64_MAX; /* the link has looked */
}

static void on_close(struct world *w, struct client *c, const uint8_t *payload, size_t len)
{
    int code = len >= 2 ? payload[0] << 8 | payload[1] : 1005;
    char reason[64];
    snprintf(reason, sizeof reason, "%.*s", (int)(len - 2), (const char *)payload + 2);
    world_say(w, "%s < close %d %s", client_label(c), code, reason);
    bool stops = c->link->over || w->server.state != SERVER_UP; /* bye may have been given up for want of room */
    bool expected = code == 1013 || (code == 1012 && stops) || (code == 1008 && may_be_ended(w, c, reason)) ||
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

/* Nothing is said to whoever has been ended, but for what was on its way. */
static void check_not_ended(struct world *w, const struct client *c, size_t frame)
{
    uint64_t end = c->link->bytes_taken - (c->heard.len - frame);
    if (end > c->link->last_byte)
        trace_fail(&w->trace, "sight", "%s: is told something although its session has ended", client_label(c));
}

void client_hear(struct world *w, struct client *c, const char *bytes, size_t len)
{
    size_t frame, head;
    buf_add(&c->heard, bytes, len);
    while (c->link && (frame = whole_frame(w, c, &head))) {
        const char *payload = c->heard.p + head;
        if ((c->heard.p[0] & 0x0F) == OP_TEXT) {
            check_not_ended(w, c, frame);
            on_text(w, c, payload, frame - head);
        } else {
            on_close(w, c, (const uint8_t *)payload, frame - head);
        }
        c->heard.len -= frame;
        memmove(c->heard.p, c->heard.p + frame, c->heard.len);
    }
}
