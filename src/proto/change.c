#include "proto/change.h"

#include "proto/json.h"

void change_write(struct buf *b, struct span name)
{
    if (!name.len) {
        buf_add_str(b, "{}");
        return;
    }
    buf_add_str(b, "{\"name\":");
    json_add_string(b, name);
    buf_add_char(b, '}');
}

void change_name(struct span data, char *out, size_t size)
{
    struct span name;
    out[0] = 0;
    cJSON *object = json_parse_object(data);
    if (object && json_string(object, "name", &name) && name.len < size) {
        memcpy(out, name.p, name.len);
        out[name.len] = 0;
    }
    cJSON_Delete(object);
}
