#include "told.h"

#include "world.h"

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

const char *told_text(struct world *w, const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    if (!cJSON_IsString(item))
        fail(w, object, name);
    return item->valuestring;
}

bool told_flag(const cJSON *object, const char *name)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, name));
}

void told_event(struct world *w, const cJSON *json, struct model_event *out, const char **author_name)
{
    static const char *const types[] = {"message", "renamed", "archived", "unarchived"};
    const char *type = told_text(w, json, "type");
    size_t kind = 0;
    while (kind < 4 && strcmp(type, types[kind]) != 0)
        kind++;
    if (kind == 4)
        fail(w, json, "type");
    const cJSON *author = cJSON_GetObjectItemCaseSensitive(json, kind == MODEL_MESSAGE ? "author" : "actor");
    *out = (struct model_event){
        .kind = (enum model_kind)kind,
        .room = told_i64(w, json, "room"),
        .seq = told_i64(w, json, "seq"),
        .author = told_i64(w, author, "id"),
        .at = told_i64(w, json, "at"),
        .text = kind == MODEL_MESSAGE   ? told_text(w, json, "body")
                : kind == MODEL_RENAMED ? told_text(w, json, "name")
                                        : "",
        .id = kind == MODEL_MESSAGE ? told_text(w, json, "id") : "",
        .reply_to = cJSON_HasObjectItem(json, "reply_to") ? told_i64(w, json, "reply_to") : 0,
    };
    *author_name = told_text(w, author, "name");
}
