/* Saying something in a room, and saying it again. */
#include "client.h"
#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    UNKNOWN_ROOM = 9999,
    SENDS_AT_MOST = CLIENT_SENDS_MAX - 64,
    SENDS_AT_MOST_RATED = 10, /* so that sending all of them again is no flood */
};

/* Somebody, or everybody, is called. */
static void mention(struct world *w, struct buf *b, size_t max)
{
    const struct account *a = &w->accounts[dice_below(&w->dice, (size_t)w->profile.accounts)];
    const struct place_user *u = a->user ? place_user(&w->place, a->user) : NULL;
    const char *name = dice_one_in(&w->dice, 4) || !u ? "room" : place_user_name(u);
    if (b->len + strlen(name) + 3 > max)
        return;
    buf_add_str(b, " @");
    buf_add_str(b, name);
    buf_add_char(b, ' ');
}

static void write_body(struct world *w, struct buf *b)
{
    static const char *const pieces[] = {"a",    "word ",  "\"quoted\"", "\\", "</script>", "é",
                                         "漢字", "🙂",   "\n",         "\t", "**bold** ", "0.1",
                                         "{}",   "\u00ad", "'",          "%s", "/",         "&amp;"};
    size_t max = (size_t)w->profile.message_max_bytes, want = 1 + dice_below(&w->dice, 50);
    if (dice_one_in(&w->dice, w->profile.wordy ? 2 : 40))
        want = 1 + dice_below(&w->dice, max);
    want = want < max - 1 ? want : max - 1;
    buf_add_char(b, 'b');
    if (dice_one_in(&w->dice, 5))
        mention(w, b, max - 1);
    while (b->len < want) {
        const char *piece = pieces[dice_below(&w->dice, sizeof pieces / sizeof pieces[0])];
        if (b->len + strlen(piece) > max - 1)
            break;
        buf_add_str(b, piece);
    }
    buf_add_char(b, '.');
}

/* Usually none; else a message that is there, or 0 and *missing when it is to be one that is not. */
static int64_t choose_reply(struct world *w, int64_t room, bool *missing)
{
    const struct place_room *r = place_room(&w->place, room);
    int64_t seen = r ? w->model.last_seen[room] : 0;
    if (!seen || !dice_one_in(&w->dice, 8))
        return 0;
    if (dice_one_in(&w->dice, 10)) {
        *missing = true;
        return seen + 100000;
    }
    int64_t seq = dice_between(&w->dice, 1, seen);
    return r->events[seq]->kind == EVENT_MESSAGE ? seq : 0;
}

static void send_ask(struct world *w, struct client *c, enum ask_kind kind, size_t send, int64_t room, const char *body)
{
    struct model_send *s = &w->model.sends[send];
    struct ask *a = client_ask(w, c, kind, REQUEST_SEND);
    a->send = send;
    a->room = room;
    memcpy(a->id, s->id, sizeof a->id);
    cJSON *json = client_request(a);
    cJSON_AddStringToObject(json, "body", body);
    if (s->reply_to)
        cJSON_AddNumberToObject(json, "reply_to", (double)s->reply_to);
    client_say(w, c, a, json);
}

void client_send(struct world *w, struct client *c, struct open_send *o)
{
    struct model_send *s = &w->model.sends[o->send];
    struct buf body = BUF_INIT;
    o->in_flight++;
    s->sent++;
    /* White space at both ends is taken off, so that it is the same message. */
    buf_add_str(&body, dice_one_in(&w->dice, 4) ? " \n" : "");
    buf_add_str(&body, s->body);
    buf_add(&body, " ", 2);
    send_ask(w, c, ASK_SEND, o->send, s->room, body.p);
    buf_release(&body);
}

void client_say_in(struct world *w, struct client *c, int64_t room)
{
    struct buf body = BUF_INIT;
    const char *must_fail = NULL;
    bool missing = false;
    if (c->sends_count >= (w->profile.rate_messages_per_s ? SENDS_AT_MOST_RATED : SENDS_AT_MOST) ||
        c->asks_count >= CLIENT_ASKS_AT_MOST)
        return;
    int64_t reply_to = choose_reply(w, room, &missing);
    write_body(w, &body);
    if (room == UNKNOWN_ROOM || missing)
        must_fail = "not_found";
    if (dice_one_in(&w->dice, 60)) {
        must_fail = "invalid";
        buf_clear(&body);
        buf_add_str(&body, dice_one_in(&w->dice, 2) ? "" : "b\x1b[2J");
    } else if (dice_one_in(&w->dice, 60) && w->profile.message_max_bytes < 2000) {
        must_fail = "too_big";
        while ((int64_t)body.len <= w->profile.message_max_bytes)
            buf_add_char(&body, 'x');
    }
    buf_add_char(&body, 0);
    struct open_send *o = &c->sends[c->sends_count++];
    *o = (struct open_send){.send = model_send_add(w, c->person, room, body.p, reply_to, must_fail)};
    buf_release(&body);
    client_send(w, c, o);
}

/* One where it may write: an account has to be a member. */
static int64_t room_to_talk_in(struct world *w, const struct client *c)
{
    int64_t rooms[PLACE_ROOMS_MAX];
    size_t n = 0;
    for (int64_t id = 1; id < PLACE_ROOMS_MAX; id++)
        if (c->rooms[id].is_member)
            rooms[n++] = id;
    if (n && !dice_one_in(&w->dice, 6))
        return rooms[dice_below(&w->dice, n)];
    return client_any_room(w, c, !dice_one_in(&w->dice, 4));
}

void client_say_something(struct world *w, struct client *c)
{
    int64_t room = room_to_talk_in(w, c);
    if (!room)
        room = client_room_to_try(w, c);
    client_say_in(w, c, !room || dice_one_in(&w->dice, 60) ? UNKNOWN_ROOM : room);
}

static bool is_pending(const struct client *c, const char *id)
{
    for (size_t i = 0; i < c->asks_count; i++)
        if (strcmp(c->asks[i].id, id) == 0)
            return true;
    return false;
}

void client_say_it_again(struct world *w, struct client *c)
{
    if (c->sends_count && dice_one_in(&w->dice, 2)) {
        client_send(w, c, &c->sends[dice_below(&w->dice, c->sends_count)]);
    } else if (c->recent_count) {
        size_t send = c->recent[dice_below(&w->dice, c->recent_count)];
        bool same = !dice_one_in(&w->dice, 4);
        struct model_send *s = &w->model.sends[send];
        int64_t other = client_any_room(w, c, false);
        if (is_pending(c, s->id) || !other) /* one could not tell which of the two an answer is for */
            return;
        s->sent += same;
        if (same)
            send_ask(w, c, ASK_SEND, send, s->room, s->body);
        else if (other == s->room)
            send_ask(w, c, ASK_REUSE, send, s->room, "something else");
        else
            send_ask(w, c, ASK_REUSE, send, other, s->body);
    }
}
