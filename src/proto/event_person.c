#include "proto/event_internal.h"
#include "proto/json.h"

void event_add_user_members(struct buf *b, const struct event_user *u)
{
    json_add_number(b, "\"id\":", u->id);
    json_add_text(b, ",\"name\":", u->name);
    if (u->display_name.len)
        json_add_text(b, ",\"display_name\":", u->display_name);
}

void event_add_user(struct buf *b, const struct event_user *u)
{
    buf_add_char(b, '{');
    event_add_user_members(b, u);
    buf_add_char(b, '}');
}

void event_add_person(struct buf *b, const struct event_person *p)
{
    buf_add_char(b, '{');
    event_add_user_members(b, &p->user);
    if (p->with_role)
        json_add_text(b, ",\"role\":", span_of(words_name(&words_role, (int)p->role)));
    if (p->avatar)
        json_add_number(b, ",\"avatar\":", p->avatar);
    if (p->status_emoji.len)
        json_add_text(b, ",\"status_emoji\":", p->status_emoji);
    if (p->status_text.len)
        json_add_text(b, ",\"status_text\":", p->status_text);
    if (p->status_until)
        json_add_number(b, ",\"status_until\":", p->status_until);
    if (p->banned)
        buf_add_str(b, ",\"banned\":true");
    if (p->hidden)
        buf_add_str(b, ",\"hidden\":true");
    buf_add_char(b, '}');
}

void event_member(struct buf *b, const char *change, const struct event_person *person)
{
    json_add_text(b, "{\"type\":\"member\",\"change\":", span_of(change));
    buf_add_str(b, ",\"user\":");
    event_add_person(b, person);
    buf_add_char(b, '}');
}

void event_typing(struct buf *b, int64_t room, const struct event_user *user)
{
    json_add_number(b, "{\"type\":\"typing\",\"room\":", room);
    buf_add_str(b, ",\"user\":");
    event_add_user(b, user);
    buf_add_char(b, '}');
}

void event_presence_begin(struct buf *b, int64_t room, size_t count, bool with_people)
{
    json_add_number(b, "{\"type\":\"presence\",\"room\":", room);
    json_add_number(b, ",\"count\":", (int64_t)count);
    if (with_people)
        buf_add_str(b, ",\"people\":[");
}

void event_presence_person(struct buf *b, const struct event_user *user, bool active, bool first)
{
    buf_add_str(b, first ? "{" : ",{");
    event_add_user_members(b, user);
    buf_add_str(b, active ? ",\"state\":\"active\"}" : ",\"state\":\"away\"}");
}

void event_presence_end(struct buf *b, bool with_people)
{
    buf_add_str(b, with_people ? "]}" : "}");
}

void event_online_begin(struct buf *b)
{
    buf_add_str(b, "{\"type\":\"online\",\"people\":[");
}

void event_online_person(struct buf *b, int64_t user_id, const char *state, bool first)
{
    json_add_number(b, first ? "{\"id\":" : ",{\"id\":", user_id);
    json_add_text(b, ",\"state\":", span_of(state));
    buf_add_char(b, '}');
}

void event_online_end(struct buf *b)
{
    buf_add_str(b, "]}");
}
