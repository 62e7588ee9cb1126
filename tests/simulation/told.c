#include "told.h"

#include "base/buf.h"
#include "proto/change.h"
#include "store/people.h"
#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static _Noreturn void fail(struct world *w, const cJSON *object, const char *name)
{
    char *text = object ? cJSON_PrintUnformatted(object) : NULL;
    trace_fail(&w->trace, "protocol", "\"%s\" is missing or of the wrong type in %s", name, text ? text : "nothing");
}

int64_t told_i64(struct world *w, const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    if (!cJSON_IsNumber(item))
        fail(w, object, name);
    return (int64_t)item->valuedouble;
}

int64_t told_i64_or(struct world *w, const cJSON *object, const char *name, int64_t missing)
{
    return cJSON_HasObjectItem(object, name) ? told_i64(w, object, name) : missing;
}

const char *told_text(struct world *w, const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    if (!cJSON_IsString(item))
        fail(w, object, name);
    return item->valuestring;
}

const char *told_text_or(struct world *w, const cJSON *object, const char *name, const char *missing)
{
    return cJSON_HasObjectItem(object, name) ? told_text(w, object, name) : missing;
}

int told_word(struct world *w, const cJSON *object, const char *name, const struct words *words)
{
    int word = words_find(words, span_of(told_text(w, object, name)));
    if (word < 0)
        fail(w, object, name);
    return word;
}

bool told_flag(const cJSON *object, const char *name)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, name));
}

const cJSON *told_object(struct world *w, const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    if (!cJSON_IsObject(item))
        fail(w, object, name);
    return item;
}

const cJSON *told_list(struct world *w, const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    if (!cJSON_IsArray(item))
        fail(w, object, name);
    return item;
}

int64_t told_user(struct world *w, const cJSON *user)
{
    int64_t id = told_i64(w, user, "id");
    const char *name = told_text(w, user, "name");
    const struct place_user *u = place_user(&w->place, id);
    bool is_deleted = (id == DELETED_GUEST_ID || (u && u->is_swept)) && strcmp(name, DELETED_GUEST_NAME) == 0;
    if (id && !is_deleted && (!u || !place_user_has_name(u, name)))
        trace_fail(&w->trace, "protocol", "user %" PRId64 " was never called %s", id, name);
    return id;
}

/* ------------------------------------------------------------------ events */

bool told_is_event(const char *type)
{
    return words_find(&words_event_kind, span_of(type)) >= 0;
}

/* What has changed, in the words that the database has for it. */
static const char *told_changes(struct world *w, const cJSON *json)
{
    static char text[1024];
    struct fields f = {0};
    struct buf data = BUF_INIT;
    if (cJSON_HasObjectItem(json, "topic"))
        fields_set_text(&f, F_TOPIC, span_of(told_text(w, json, "topic")));
    if (cJSON_HasObjectItem(json, "description"))
        fields_set_text(&f, F_DESCRIPTION, span_of(told_text(w, json, "description")));
    if (cJSON_HasObjectItem(json, "kind"))
        fields_set(&f, F_KIND, told_word(w, json, "kind", &words_room_kind));
    if (cJSON_HasObjectItem(json, "history"))
        fields_set(&f, F_HISTORY, told_word(w, json, "history", &words_room_history));
    if (cJSON_HasObjectItem(json, "slow_s"))
        fields_set(&f, F_SLOW_S, told_i64(w, json, "slow_s"));
    if (cJSON_HasObjectItem(json, "locked"))
        fields_set(&f, F_LOCKED, told_flag(json, "locked"));
    change_write_fields(&data, &f);
    snprintf(text, sizeof text, "%.*s", (int)data.len, data.p);
    buf_release(&data);
    return text;
}

void told_event(struct world *w, const cJSON *json, struct place_event *out, const char **author_name)
{
    const enum event_kind kind = (enum event_kind)told_word(w, json, "type", &words_event_kind);
    const bool is_message = kind == EVENT_MESSAGE;
    const cJSON *author = told_object(w, json, is_message ? "author" : "actor");
    bool has_id = is_message && told_i64(w, author, "id") != DELETED_GUEST_ID;
    *out = (struct place_event){
        .kind = kind,
        .room = told_i64(w, json, "room"),
        .seq = told_i64(w, json, "seq"),
        .author = told_i64(w, author, "id"),
        .at = told_i64(w, json, "at"),
        .text = "",
        .id = has_id ? told_text(w, json, "id") : "",
        .reply_to = told_i64_or(w, json, "reply_to", 0),
        .target = told_i64_or(w, json, "target", 0),
        .is_deleted = told_flag(json, "deleted"),
        .is_hidden = told_flag(json, "hidden"),
    };
    if (is_message)
        out->text = told_text(w, json, "body");
    else if (kind == EVENT_RENAMED)
        out->text = told_text(w, json, "name");
    else if (kind == EVENT_CHANGED)
        out->text = told_changes(w, json);
    else if (kind == EVENT_ADDED || kind == EVENT_REMOVED)
        out->user = told_user(w, told_object(w, json, "user"));
    *author_name = told_text(w, author, "name");
}
