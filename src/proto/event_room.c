#include "proto/event.h"
#include "proto/json.h"

static void add_natural(struct buf *b, const char *head, int64_t value)
{
    if (value)
        json_add_number(b, head, value);
}

static void add_text(struct buf *b, const char *head, struct span value)
{
    if (value.len)
        json_add_text(b, head, value);
}

static void add_membership(struct buf *b, const struct event_room *r)
{
    json_add_text(b, ",\"role\":", span_of(words_name(&words_room_role, (int)r->role)));
    json_add_text(b, ",\"level\":", span_of(words_name(&words_level, (int)r->level)));
    json_add_number(b, ",\"read_seq\":", r->read_seq);
    json_add_number(b, ",\"unread\":", r->unread);
    json_add_number(b, ",\"mentions\":", r->mentions);
    add_natural(b, ",\"muted_until\":", r->muted_until);
    if (r->hidden)
        buf_add_str(b, ",\"hidden\":true");
    if (r->favourite)
        buf_add_str(b, ",\"favourite\":true");
    add_text(b, ",\"section\":", r->section);
    add_natural(b, ",\"position\":", r->position);
}

void event_add_room(struct buf *b, const struct event_room *r)
{
    json_add_number(b, "{\"id\":", r->id);
    json_add_text(b, ",\"name\":", r->name);
    json_add_text(b, ",\"kind\":", span_of(words_name(&words_room_kind, (int)r->kind)));
    json_add_number(b, ",\"last_seq\":", r->last_seq);
    json_add_flag(b, ",\"archived\":", r->archived);
    if (r->locked)
        buf_add_str(b, ",\"locked\":true");
    if (r->history != ROOM_HISTORY_ALL)
        json_add_text(b, ",\"history\":", span_of(words_name(&words_room_history, (int)r->history)));
    add_natural(b, ",\"slow_s\":", r->slow_s);
    add_text(b, ",\"topic\":", r->topic);
    for (size_t i = 0; i < r->people_count; i++) {
        buf_add_str(b, i ? "," : ",\"people\":[");
        event_add_user(b, &r->people[i]);
    }
    if (r->people_count)
        buf_add_char(b, ']');
    add_natural(b, ",\"active_ms\":", r->active_ms);
    if (r->is_member)
        add_membership(b, r);
    add_natural(b, ",\"requests\":", r->requests);
    buf_add_char(b, '}');
}

static void add_change(struct buf *b, const char *head, const char *change, const struct event_room *r)
{
    json_add_text(b, head, span_of(change));
    buf_add_str(b, ",\"room\":");
    event_add_room(b, r);
    buf_add_char(b, '}');
}

void event_room_changed(struct buf *b, const char *change, const struct event_room *r)
{
    add_change(b, "{\"type\":\"room\",\"change\":", change, r);
}

void event_membership(struct buf *b, const char *change, const struct event_room *r)
{
    add_change(b, "{\"type\":\"membership\",\"change\":", change, r);
}

/* What `activity` and `read` say alike: a position in a room, and what is unread after it. */
static void add_unread(struct buf *b, const char *head, int64_t room, const char *seq_head, int64_t seq, int64_t unread,
                       int64_t mentions)
{
    json_add_number(b, head, room);
    json_add_number(b, seq_head, seq);
    json_add_number(b, ",\"unread\":", unread);
    json_add_number(b, ",\"mentions\":", mentions);
    buf_add_char(b, '}');
}

void event_activity(struct buf *b, int64_t room, int64_t last_seq, int64_t unread, int64_t mentions)
{
    add_unread(b, "{\"type\":\"activity\",\"room\":", room, ",\"last_seq\":", last_seq, unread, mentions);
}

void event_read(struct buf *b, int64_t room, int64_t seq, int64_t unread, int64_t mentions)
{
    add_unread(b, "{\"type\":\"read\",\"room\":", room, ",\"seq\":", seq, unread, mentions);
}
