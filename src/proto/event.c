#include "proto/event.h"

#include "proto/json.h"

static void add_field(struct buf *b, const char *name_with_comma_and_colon, int64_t value)
{
    buf_add_str(b, name_with_comma_and_colon);
    buf_add_i64(b, value);
}

static void add_text_field(struct buf *b, const char *name_with_comma_and_colon, struct span value)
{
    buf_add_str(b, name_with_comma_and_colon);
    json_add_string(b, value);
}

static void add_user(struct buf *b, const struct event_user *u)
{
    add_field(b, "{\"id\":", u->id);
    add_text_field(b, ",\"name\":", u->name);
    buf_add_char(b, '}');
}

static void add_room(struct buf *b, const struct event_room *r)
{
    add_field(b, "{\"id\":", r->id);
    add_text_field(b, ",\"name\":", r->name);
    add_field(b, ",\"last_seq\":", r->last_seq);
    buf_add_str(b, r->archived ? ",\"archived\":true}" : ",\"archived\":false}");
}

static void add_message(struct buf *b, const struct event *e)
{
    buf_add_str(b, ",\"author\":");
    add_user(b, &e->author);
    add_text_field(b, ",\"body\":", e->body);
    add_field(b, ",\"at\":", e->at);
    if (e->client_id.len)
        add_text_field(b, ",\"id\":", e->client_id);
    if (e->reply_to)
        add_field(b, ",\"reply_to\":", e->reply_to);
}

void event_write(struct buf *b, const struct event *e)
{
    static const char *const heads[] = {
        [EVENT_MESSAGE] = "{\"type\":\"message\",\"room\":",
        [EVENT_RENAMED] = "{\"type\":\"renamed\",\"room\":",
        [EVENT_ARCHIVED] = "{\"type\":\"archived\",\"room\":",
        [EVENT_UNARCHIVED] = "{\"type\":\"unarchived\",\"room\":",
    };
    add_field(b, heads[e->kind], e->room);
    add_field(b, ",\"seq\":", e->seq);
    if (e->kind == EVENT_MESSAGE) {
        add_message(b, e);
    } else {
        buf_add_str(b, ",\"actor\":");
        add_user(b, &e->author);
        add_field(b, ",\"at\":", e->at);
        if (e->kind == EVENT_RENAMED)
            add_text_field(b, ",\"name\":", e->name);
    }
    buf_add_char(b, '}');
}

void event_welcome_begin(struct buf *b, const struct event_welcome *w)
{
    add_field(b, "{\"type\":\"welcome\",\"protocol\":", EVENT_PROTOCOL_VERSION);
    buf_add_str(b, ",\"user\":");
    add_user(b, &w->user);
    add_text_field(b, ",\"server\":{\"name\":", w->server_name);
    add_text_field(b, ",\"version\":", w->server_version);
    add_field(b, ",\"now\":", w->now);
    buf_add_str(b, "},\"rooms\":[");
}

void event_welcome_room(struct buf *b, const struct event_room *r, bool first)
{
    if (!first)
        buf_add_char(b, ',');
    add_room(b, r);
}

void event_welcome_end(struct buf *b, const struct event_welcome *w)
{
    add_field(b, "],\"limits\":{\"message_max_bytes\":", w->message_max_bytes);
    add_field(b, ",\"history_on_join\":", w->history_on_join);
    add_field(b, ",\"history_page\":", w->history_page);
    buf_add_str(b, "}}");
}

void event_ack(struct buf *b, const struct event_ack *a)
{
    add_text_field(b, "{\"type\":\"ack\",\"id\":", a->id);
    if (a->room)
        add_field(b, ",\"room\":", a->room);
    if (a->has_last_seq)
        add_field(b, ",\"last_seq\":", a->last_seq);
    if (a->seq)
        add_field(b, ",\"seq\":", a->seq);
    if (a->at)
        add_field(b, ",\"at\":", a->at);
    buf_add_str(b, a->duplicate ? ",\"duplicate\":true}" : "}");
}

void event_error(struct buf *b, struct span id, enum err e, const char *message, int64_t retry_after_ms)
{
    buf_add_str(b, "{\"type\":\"error\"");
    if (id.len)
        add_text_field(b, ",\"id\":", id);
    add_text_field(b, ",\"code\":", span_of(err_code(e)));
    add_text_field(b, ",\"message\":", span_of(message ? message : err_message(e)));
    if (retry_after_ms)
        add_field(b, ",\"retry_after_ms\":", retry_after_ms);
    buf_add_char(b, '}');
}

void event_history_begin(struct buf *b, struct span id, int64_t room)
{
    buf_add_str(b, "{\"type\":\"history\"");
    if (id.len)
        add_text_field(b, ",\"id\":", id);
    add_field(b, ",\"room\":", room);
    buf_add_str(b, ",\"events\":[");
}

void event_history_end(struct buf *b, bool more)
{
    buf_add_str(b, more ? "],\"more\":true}" : "],\"more\":false}");
}

void event_reset(struct buf *b, int64_t room, int64_t last_seq)
{
    add_field(b, "{\"type\":\"reset\",\"room\":", room);
    add_field(b, ",\"last_seq\":", last_seq);
    buf_add_char(b, '}');
}

void event_typing(struct buf *b, int64_t room, const struct event_user *user)
{
    add_field(b, "{\"type\":\"typing\",\"room\":", room);
    buf_add_str(b, ",\"user\":");
    add_user(b, user);
    buf_add_char(b, '}');
}

void event_presence_begin(struct buf *b, int64_t room, size_t count, bool with_people)
{
    add_field(b, "{\"type\":\"presence\",\"room\":", room);
    add_field(b, ",\"count\":", (int64_t)count);
    if (with_people)
        buf_add_str(b, ",\"people\":[");
}

void event_presence_person(struct buf *b, const struct event_user *user, bool active, bool first)
{
    if (!first)
        buf_add_char(b, ',');
    add_field(b, "{\"id\":", user->id);
    add_text_field(b, ",\"name\":", user->name);
    buf_add_str(b, active ? ",\"state\":\"active\"}" : ",\"state\":\"away\"}");
}

void event_presence_end(struct buf *b, bool with_people)
{
    buf_add_str(b, with_people ? "]}" : "}");
}

void event_room_changed(struct buf *b, const char *change, const struct event_room *r)
{
    add_text_field(b, "{\"type\":\"room\",\"change\":", span_of(change));
    buf_add_str(b, ",\"room\":");
    add_room(b, r);
    buf_add_char(b, '}');
}

void event_member_renamed(struct buf *b, const struct event_user *user)
{
    buf_add_str(b, "{\"type\":\"member\",\"change\":\"renamed\",\"user\":");
    add_user(b, user);
    buf_add_char(b, '}');
}

void event_bye(struct buf *b, const char *reason, int64_t reconnect_in_ms)
{
    add_text_field(b, "{\"type\":\"bye\",\"reason\":", span_of(reason));
    add_field(b, ",\"reconnect_in_ms\":", reconnect_in_ms);
    buf_add_char(b, '}');
}
