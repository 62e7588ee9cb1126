#include "proto/change.h"

#include "proto/json.h"

void change_write_name(struct buf *b, struct span name)
{
    buf_add_char(b, '{');
    if (name.len)
        json_add_text(b, "\"name\":", name);
    buf_add_char(b, '}');
}

static void write_user(struct buf *b, const struct event_user *user)
{
    buf_add_str(b, "{\"user\":");
    event_add_user(b, user);
    buf_add_char(b, '}');
}

void change_write(struct buf *b, const struct event *e)
{
    switch (event_extra(e->kind)) {
    case EXTRA_NAME:
        change_write_name(b, e->name);
        break;
    case EXTRA_USER:
        write_user(b, &e->user);
        break;
    case EXTRA_DATA:
        buf_add_span(b, e->data);
        break;
    case EXTRA_NONE:
    case EXTRA_TARGET:
    case EXTRA_BODY:
        buf_add_str(b, "{}");
        break;
    }
}

static void add_word(struct buf *b, const char *head, const struct words *words, int64_t i)
{
    json_add_text(b, head, span_of(words_name(words, (int)i)));
}

/* Each is written with a comma before it, and the first comma becomes the brace. */
void change_write_fields(struct buf *b, const struct fields *f)
{
    size_t from = b->len;
    if (fields_has_text(f, F_TOPIC))
        json_add_text(b, ",\"topic\":", f->t[F_TOPIC]);
    if (fields_has_text(f, F_DESCRIPTION))
        json_add_text(b, ",\"description\":", f->t[F_DESCRIPTION]);
    if (fields_has(f, F_KIND))
        add_word(b, ",\"kind\":", &words_room_kind, f->n[F_KIND]);
    if (fields_has(f, F_HISTORY))
        add_word(b, ",\"history\":", &words_room_history, f->n[F_HISTORY]);
    if (fields_has(f, F_SLOW_S))
        json_add_number(b, ",\"slow_s\":", f->n[F_SLOW_S]);
    if (fields_has(f, F_LOCKED))
        json_add_flag(b, ",\"locked\":", f->n[F_LOCKED] != 0);
    if (b->len == from)
        buf_add_char(b, '{');
    else
        b->p[from] = '{';
    buf_add_char(b, '}');
}

/* NUL-terminated; "" when it is not there or does not fit. */
static void copy_text(const cJSON *object, const char *name, char *out, size_t size)
{
    struct span text;
    out[0] = 0;
    if (json_string(object, name, &text) && text.len < size) {
        memcpy(out, text.p, text.len);
        out[text.len] = 0;
    }
}

static void read_user(const cJSON *inner, struct event_user *user, struct change_names *names)
{
    copy_text(inner, "name", names->name, sizeof names->name);
    copy_text(inner, "display_name", names->display_name, sizeof names->display_name);
    *user = (struct event_user){0, span_of(names->name), span_of(names->display_name)};
    json_natural(inner, "id", &user->id);
}

void change_read(struct span data, struct event *e, struct change_names *names)
{
    const enum event_extra extra = event_extra(e->kind);
    if (extra == EXTRA_DATA)
        e->data = data;
    if (extra != EXTRA_NAME && extra != EXTRA_USER)
        return;
    cJSON *object = json_parse_object(data);
    if (extra == EXTRA_USER) {
        read_user(cJSON_GetObjectItemCaseSensitive(object, "user"), &e->user, names);
    } else {
        copy_text(object, "name", names->name, sizeof names->name);
        e->name = span_of(names->name);
    }
    cJSON_Delete(object);
}
