#include "proto/event.h"

#include "proto/json.h"

static void add_message(struct buf *b, const struct event *e)
{
    buf_add_str(b, ",\"author\":");
    event_add_user(b, &e->author);
    json_add_text(b, ",\"body\":", e->body);
    json_add_number(b, ",\"at\":", e->at);
    if (e->client_id.len)
        json_add_text(b, ",\"id\":", e->client_id);
    if (e->reply_to)
        json_add_number(b, ",\"reply_to\":", e->reply_to);
    if (e->is_deleted)
        buf_add_str(b, ",\"deleted\":true");
    if (e->is_hidden)
        buf_add_str(b, ",\"hidden\":true");
}

/* The members of an object that is JSON already; none when it has none. */
static void add_members(struct buf *b, struct span object)
{
    if (object.len <= 2)
        return;
    buf_add_char(b, ',');
    buf_add(b, object.p + 1, object.len - 2);
}

static void add_change(struct buf *b, const struct event *e)
{
    buf_add_str(b, ",\"actor\":");
    event_add_user(b, &e->author);
    json_add_number(b, ",\"at\":", e->at);
    switch (event_extra(e->kind)) {
    case EXTRA_NAME:
        json_add_text(b, ",\"name\":", e->name);
        break;
    case EXTRA_USER:
        buf_add_str(b, ",\"user\":");
        event_add_user(b, &e->user);
        break;
    case EXTRA_TARGET:
        json_add_number(b, ",\"target\":", e->target);
        break;
    case EXTRA_DATA:
        add_members(b, e->data);
        break;
    case EXTRA_NONE:
    case EXTRA_BODY:
        break;
    }
}

void event_write(struct buf *b, const struct event *e)
{
    static const char *const heads[] = {
#define EVENT(kind, word, ...) [EVENT_##kind] = "{\"type\":\"" #word "\",\"room\":",
#include "base/event_kinds.def"
    };
    json_add_number(b, heads[e->kind], e->room);
    json_add_number(b, ",\"seq\":", e->seq);
    if (e->kind == EVENT_MESSAGE)
        add_message(b, e);
    else
        add_change(b, e);
    buf_add_char(b, '}');
}

void event_welcome_begin(struct buf *b, const struct event_welcome *w)
{
    json_add_number(b, "{\"type\":\"welcome\",\"protocol\":", EVENT_PROTOCOL_VERSION);
    buf_add_str(b, ",\"user\":");
    event_add_person(b, &w->user);
    json_add_text(b, ",\"server\":{\"name\":", w->server_name);
    json_add_text(b, ",\"version\":", w->server_version);
    json_add_number(b, ",\"now\":", w->now);
    json_add_text(b, "},\"epoch\":", w->epoch);
    buf_add_str(b, ",\"blocked\":[");
    for (size_t i = 0; i < w->blocked_count; i++)
        json_add_number(b, i ? "," : "", w->blocked[i]);
    buf_add_char(b, ']');
    if (w->reports_waiting)
        json_add_number(b, ",\"reports_waiting\":", w->reports_waiting);
    buf_add_str(b, ",\"rooms\":[");
}

void event_welcome_room(struct buf *b, const struct event_room *r, bool first)
{
    if (!first)
        buf_add_char(b, ',');
    event_add_room(b, r);
}

void event_welcome_end(struct buf *b, const struct event_welcome *w, bool more)
{
    json_add_flag(b, "],\"more\":", more);
    json_add_number(b, ",\"limits\":{\"message_max_bytes\":", w->message_max_bytes);
    json_add_number(b, ",\"history_on_join\":", w->history_on_join);
    json_add_number(b, ",\"history_page\":", w->history_page);
    buf_add_str(b, "}}");
}

void event_welcome_rooms_begin(struct buf *b)
{
    buf_add_str(b, "{\"type\":\"welcome_rooms\",\"rooms\":[");
}

void event_welcome_rooms_end(struct buf *b, bool more)
{
    json_add_flag(b, "],\"more\":", more);
    buf_add_char(b, '}');
}

static void begin_answer(struct buf *b, const char *head, struct span id)
{
    buf_add_str(b, head);
    if (id.len)
        json_add_text(b, ",\"id\":", id);
}

void event_ack(struct buf *b, const struct event_ack *a)
{
    begin_answer(b, "{\"type\":\"ack\"", a->id);
    if (a->room)
        json_add_number(b, ",\"room\":", a->room);
    if (a->has_last_seq)
        json_add_number(b, ",\"last_seq\":", a->last_seq);
    if (a->seq)
        json_add_number(b, ",\"seq\":", a->seq);
    if (a->at)
        json_add_number(b, ",\"at\":", a->at);
    if (a->duplicate)
        buf_add_str(b, ",\"duplicate\":true");
    buf_add_span(b, a->extra);
    buf_add_char(b, '}');
}

void event_error(struct buf *b, struct span id, enum err e, const char *message, int64_t retry_after_ms)
{
    begin_answer(b, "{\"type\":\"error\"", id);
    json_add_text(b, ",\"code\":", span_of(err_code(e)));
    json_add_text(b, ",\"message\":", span_of(message ? message : err_message(e)));
    if (retry_after_ms)
        json_add_number(b, ",\"retry_after_ms\":", retry_after_ms);
    buf_add_char(b, '}');
}

void event_history_begin(struct buf *b, struct span id, int64_t room)
{
    begin_answer(b, "{\"type\":\"history\"", id);
    json_add_number(b, ",\"room\":", room);
    buf_add_str(b, ",\"events\":[");
}

void event_history_end(struct buf *b, bool more)
{
    json_add_flag(b, "],\"more\":", more);
    buf_add_char(b, '}');
}

void event_reset(struct buf *b, int64_t room, int64_t last_seq)
{
    json_add_number(b, "{\"type\":\"reset\",\"room\":", room);
    json_add_number(b, ",\"last_seq\":", last_seq);
    buf_add_char(b, '}');
}

void event_reports_waiting(struct buf *b, int64_t waiting)
{
    json_add_number(b, "{\"type\":\"reports_waiting\",\"waiting\":", waiting);
    buf_add_char(b, '}');
}

void event_requests_waiting(struct buf *b, int64_t room, int64_t requests)
{
    json_add_number(b, "{\"type\":\"requests_waiting\",\"room\":", room);
    json_add_number(b, ",\"requests\":", requests);
    buf_add_char(b, '}');
}

void event_block(struct buf *b, int64_t user, bool blocked)
{
    json_add_number(b, "{\"type\":\"block\",\"user\":", user);
    json_add_flag(b, ",\"blocked\":", blocked);
    buf_add_char(b, '}');
}

void event_place(struct buf *b, struct span name)
{
    json_add_text(b, "{\"type\":\"place\",\"name\":", name);
    buf_add_char(b, '}');
}

void event_bye(struct buf *b, const char *reason, int64_t reconnect_in_ms)
{
    json_add_text(b, "{\"type\":\"bye\",\"reason\":", span_of(reason));
    json_add_number(b, ",\"reconnect_in_ms\":", reconnect_in_ms);
    buf_add_char(b, '}');
}
