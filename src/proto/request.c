#include "proto/request.h"

#include "base/utf8.h"
#include "proto/request_fields.h"

const char *request_name(enum request_type type)
{
    return request_shape(type)->name;
}

bool request_is(enum request_type type, enum verb_flag flag)
{
#define VERB(type, name, may, scope, flags, ...) [REQUEST_##type] = (flags),
    static const unsigned flags_of[REQUEST_TYPES] = {
#include "proto/verbs.def"
    };
    return flags_of[type] & flag;
}

bool request_is_query(enum request_type type)
{
#define QUERY(type, ...) [REQUEST_##type] = true,
    static const bool is_query[REQUEST_TYPES] = {
#include "proto/verbs.def"
    };
    return is_query[type];
}

int request_type_named(struct span name)
{
    int type = 0;
    while (type < REQUEST_TYPES && !span_equal(name, span_of(request_name((enum request_type)type))))
        type++;
    return type < REQUEST_TYPES ? type : -1;
}

static enum err invalid(const char **why, const char *text)
{
    *why = text;
    return ERR_INVALID;
}

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

static enum err read_type(const cJSON *object, struct request *out, const char **why)
{
    struct span name;
    if (!json_string(object, "type", &name))
        return invalid(why, "\"type\" must be the name of a request.");
    int type = request_type_named(name);
    if (type < 0)
        return ERR_UNKNOWN_TYPE;
    out->type = (enum request_type)type;
    return OK;
}

/* What fields have to do with each other. */
static enum err check_together(const struct request *q, const char **why)
{
    if (q->type == REQUEST_SEND && !q->id.len)
        return invalid(why, "\"send\" needs an \"id\" of your choice, so that it is safe to send again.");
    if (q->type == REQUEST_HISTORY && (q->before >= 0) + (q->after >= 0) + (q->around >= 0) > 1)
        return invalid(why, "Use only one of \"before\", \"after\" and \"around\".");
    return OK;
}

static void init(struct request *out, enum request_type type, cJSON *object)
{
    *out = (struct request){
        .type = type, .after = -1, .before = -1, .around = -1, .limit = REQUEST_HISTORY_DEFAULT, .json = object};
}

static enum err read_fields(const cJSON *object, struct request *out, const char **why)
{
    enum err e = request_read_fields(object, out->type, out, why);
    return e ? e : check_together(out, why);
}

enum err request_parse(struct span text, struct request *out, const char **why)
{
    cJSON *object = json_parse_object(text);
    init(out, REQUEST_JOIN, object);
    if (!object)
        return ERR_INVALID_JSON;
    enum err e = read_id(object, out, why);
    if (!e)
        e = read_type(object, out, why);
    return e ? e : read_fields(object, out, why);
}

enum err request_parse_call(enum request_type type, struct span text, struct request *out, const char **why)
{
    cJSON *object = text.len == 0 ? cJSON_CreateObject() : utf8_check(text) ? json_parse_object(text) : NULL;
    init(out, type, object);
    if (!object)
        return text.len == 0 ? ERR_MEMORY : ERR_INVALID_JSON;
    enum err e = read_id(object, out, why);
    return e ? e : read_fields(object, out, why);
}

void request_release(struct request *r)
{
    cJSON_Delete(r->json);
    r->json = NULL;
}
