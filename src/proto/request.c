#include "proto/request.h"

#include "proto/json.h"

/* Each type is a row: what it is called, and who reads the rest of it. */
typedef enum err read_fn(const cJSON *object, struct request *out, const char **why);

static enum err invalid(const char **why, const char *text)
{
    *why = text;
    return ERR_INVALID;
}

static enum err read_room(const cJSON *object, struct request *out, const char **why)
{
    if (json_natural(object, "room", &out->room.id) && out->room.id > 0)
        return OK;
    out->room.id = 0;
    if (json_string(object, "room", &out->room.name) && out->room.name.len > 0)
        return OK;
    return invalid(why, "\"room\" must be the id (a positive number) or the name of a room.");
}

/* A whole number that may be missing: *out stays as it is then. */
static bool read_optional(const cJSON *object, const char *name, int64_t *out)
{
    return !json_has(object, name) || json_natural(object, name, out);
}

static enum err read_join(const cJSON *object, struct request *out, const char **why)
{
    if (!read_optional(object, "after", &out->after))
        return invalid(why, "\"after\" must be the seq of the last event you have, or 0.");
    return read_room(object, out, why);
}

static enum err read_send(const cJSON *object, struct request *out, const char **why)
{
    if (!out->id.len)
        return invalid(why, "\"send\" needs an \"id\" that you choose, so that sending it again is safe.");
    if (!json_string(object, "body", &out->body))
        return invalid(why, "\"body\" must be a string.");
    if (!read_optional(object, "reply_to", &out->reply_to) || (json_has(object, "reply_to") && out->reply_to == 0))
        return invalid(why, "\"reply_to\" must be the seq of a message in this room.");
    return read_room(object, out, why);
}

static enum err read_history(const cJSON *object, struct request *out, const char **why)
{
    out->limit = REQUEST_HISTORY_DEFAULT;
    if (!read_optional(object, "limit", &out->limit) || out->limit < 1 || out->limit > REQUEST_HISTORY_MAX)
        return invalid(why, "\"limit\" must be a number from 1 to 200.");
    if (!read_optional(object, "before", &out->before) || !read_optional(object, "after", &out->after) ||
        !read_optional(object, "around", &out->around))
        return invalid(why, "\"before\", \"after\" and \"around\" must be the seq of an event.");
    if ((out->before >= 0) + (out->after >= 0) + (out->around >= 0) > 1)
        return invalid(why, "Give only one of \"before\", \"after\" and \"around\".");
    return read_room(object, out, why);
}

static enum err read_presence(const cJSON *object, struct request *out, const char **why)
{
    struct span state;
    if (!json_string(object, "state", &state))
        return invalid(why, "\"state\" must be \"active\" or \"away\".");
    out->active = span_equal(state, span_of("active"));
    if (!out->active && !span_equal(state, span_of("away")))
        return invalid(why, "\"state\" must be \"active\" or \"away\".");
    return OK;
}

static enum err read_nothing(const cJSON *object, struct request *out, const char **why)
{
    (void)object;
    (void)out;
    (void)why;
    return OK;
}

static const struct {
    const char *name;
    enum request_type type;
    read_fn *read;
} types[] = {
    {"send", REQUEST_SEND, read_send},     {"join", REQUEST_JOIN, read_join},
    {"leave", REQUEST_LEAVE, read_room},   {"history", REQUEST_HISTORY, read_history},
    {"typing", REQUEST_TYPING, read_room}, {"presence", REQUEST_PRESENCE, read_presence},
    {"ping", REQUEST_PING, read_nothing},
};

static enum err read_id(const cJSON *object, struct request *out, const char **why)
{
    struct span id = {NULL, 0};
    if (!json_has(object, "id"))
        return OK;
    if (!json_string(object, "id", &id) || id.len == 0 || id.len > REQUEST_ID_MAX_BYTES)
        return invalid(why, "\"id\" must be a string of 1 to 64 bytes.");
    out->id = id;
    return OK;
}

enum err request_parse(struct span text, struct request *out, const char **why)
{
    struct span type;
    *out = (struct request){.after = -1, .before = -1, .around = -1};
    cJSON *object = json_parse_object(text);
    if (!object)
        return ERR_INVALID_JSON;
    out->json = object;
    enum err e = read_id(object, out, why);
    if (e)
        return e;
    if (!json_string(object, "type", &type))
        return invalid(why, "\"type\" must say what you want.");
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (!span_equal(type, span_of(types[i].name)))
            continue;
        out->type = types[i].type;
        return types[i].read(object, out, why);
    }
    return ERR_UNKNOWN_TYPE;
}

void request_release(struct request *r)
{
    cJSON_Delete(r->json);
    r->json = NULL;
}
