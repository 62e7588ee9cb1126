#include "proto/api.h"

#include "base/utf8.h"

#include <cjson/cJSON.h>

enum { DEPTH_MAX = 8 };

/* Follows brackets and strings, no more: whether cJSON may see the text. *has_nul: a string has \u0000, at which cJSON's C strings would end. */
static bool is_shallow(struct span text, bool *has_nul)
{
    int depth = 0;
    bool in_string = false;
    *has_nul = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.p[i];
        if (in_string && c == '\\') {
            if (text.len - i >= 6 && memcmp(text.p + i, "\\u0000", 6) == 0)
                *has_nul = true;
            i++;
        } else if (c == '"') {
            in_string = !in_string;
        } else if (!in_string && (c == '{' || c == '[')) {
            if (++depth > DEPTH_MAX)
                return false;
        } else if (!in_string && (c == '}' || c == ']')) {
            depth--;
        }
    }
    return true;
}

static bool only_space(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n'))
        p++;
    return p == end;
}

enum err api_read_name(struct span body, struct buf *name)
{
    enum err e = ERR_INVALID_JSON;
    bool has_nul;
    const char *end = NULL;
    if (body.len == 0 || memchr(body.p, 0, body.len) || !utf8_check(body) || !is_shallow(body, &has_nul))
        return e;
    cJSON *root = cJSON_ParseWithLengthOpts(body.p, body.len, &end, false);
    if (!cJSON_IsObject(root) || !only_space(end, body.p + body.len))
        goto done;
    e = ERR_INVALID;
    const cJSON *field = cJSON_GetObjectItemCaseSensitive(root, "name");
    if (has_nul || !cJSON_IsString(field))
        goto done;
    buf_add_str(name, field->valuestring);
    e = name->failed ? ERR_MEMORY : OK;
done:
    cJSON_Delete(root);
    return e;
}

static void write_string(struct buf *out, const char *text)
{
    buf_add_char(out, '"');
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\')
            buf_add_char(out, '\\');
        if ((unsigned char)*c < ' ')
            buf_printf(out, "\\u%04x", (unsigned)(unsigned char)*c);
        else
            buf_add_char(out, *c);
    }
    buf_add_char(out, '"');
}

void api_write_user(struct buf *out, int64_t id, const char *name)
{
    buf_add_str(out, "{\"user\":{\"id\":");
    buf_add_i64(out, id);
    buf_add_str(out, ",\"name\":");
    write_string(out, name);
    buf_add_str(out, "}}");
}

void api_write_error(struct buf *out, const char *code, const char *message)
{
    buf_add_str(out, "{\"error\":{\"code\":");
    write_string(out, code);
    buf_add_str(out, ",\"message\":");
    write_string(out, message);
    buf_add_str(out, "}}");
}
