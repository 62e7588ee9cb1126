#include "proto/api.h"

#include "base/utf8.h"
#include "proto/json.h"

enum err api_read_name(struct span body, struct buf *name)
{
    struct span value;
    cJSON *object = utf8_check(body) ? json_parse_object(body) : NULL;
    if (!object)
        return ERR_INVALID_JSON;
    enum err e = json_string(object, "name", &value) ? OK : ERR_INVALID;
    if (!e) {
        buf_add_span(name, value);
        e = name->failed ? ERR_MEMORY : OK;
    }
    cJSON_Delete(object);
    return e;
}

void api_write_user(struct buf *out, int64_t id, struct span name)
{
    buf_add_str(out, "{\"user\":{\"id\":");
    buf_add_i64(out, id);
    buf_add_str(out, ",\"name\":");
    json_add_string(out, name);
    buf_add_str(out, "}}");
}

void api_write_error(struct buf *out, struct span code, struct span message)
{
    buf_add_str(out, "{\"error\":{\"code\":");
    json_add_string(out, code);
    buf_add_str(out, ",\"message\":");
    json_add_string(out, message);
    buf_add_str(out, "}}");
}
