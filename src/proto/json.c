#include "proto/json.h"

#include <math.h>

/* Depth of nesting, and escaped NULs, without understanding more than strings. */
static bool is_harmless(struct span text)
{
    int depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.p[i];
        if (c == '\0')
            return false;
        if (in_string) {
            if (c == '\\') {
                if (text.len - i > 5 && memcmp(text.p + i, "\\u0000", 6) == 0)
                    return false;
                i++;
            } else if (c == '"') {
                in_string = false;
            }
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > JSON_DEPTH_MAX)
                return false;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return true;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

cJSON *json_parse_object(struct span text)
{
    const char *end = NULL;
    if (!is_harmless(text))
        return NULL;
    cJSON *object = cJSON_ParseWithLengthOpts(text.p, text.len, &end, 0);
    if (!object)
        return NULL;
    while (end < text.p + text.len && is_space(*end))
        end++;
    if (end != text.p + text.len || !cJSON_IsObject(object)) {
        cJSON_Delete(object);
        return NULL;
    }
    return object;
}

bool json_string(const cJSON *object, const char *name, struct span *out)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    if (!cJSON_IsString(item))
        return false;
    *out = span_of(item->valuestring);
    return true;
}

bool json_item_natural(const cJSON *item, int64_t *out)
{
    if (!cJSON_IsNumber(item))
        return false;
    double d = item->valuedouble;
    if (!(d >= 0 && d <= 9007199254740992.0) || floor(d) < d)
        return false;
    *out = (int64_t)d;
    return true;
}

bool json_natural(const cJSON *object, const char *name, int64_t *out)
{
    return json_item_natural(cJSON_GetObjectItemCaseSensitive(object, name), out);
}

bool json_has(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    return item && !cJSON_IsNull(item);
}

/* Bytes that stand for themselves inside a string: all but controls, quote and backslash. */
static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c != '"' && c != '\\';
}

static void add_escaped(struct buf *b, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    char escaped[6] = {'\\', (char)c};
    size_t len = 2;
    switch (c) {
    case '"':
    case '\\':
        break;
    case '\n':
        escaped[1] = 'n';
        break;
    case '\r':
        escaped[1] = 'r';
        break;
    case '\t':
        escaped[1] = 't';
        break;
    default:
        memcpy(escaped, "\\u00", 4);
        escaped[4] = hex[c >> 4];
        escaped[5] = hex[c & 15];
        len = 6;
    }
    buf_add(b, escaped, len);
}

void json_add_string(struct buf *b, struct span text)
{
    buf_add_char(b, '"');
    for (size_t i = 0; i < text.len;) {
        size_t from = i;
        while (i < text.len && is_plain((unsigned char)text.p[i]))
            i++;
        buf_add(b, text.p + from, i - from);
        if (i < text.len)
            add_escaped(b, (unsigned char)text.p[i++]);
    }
    buf_add_char(b, '"');
}

void json_add_number(struct buf *b, const char *head, int64_t value)
{
    buf_add_str(b, head);
    buf_add_i64(b, value);
}

void json_add_text(struct buf *b, const char *head, struct span value)
{
    buf_add_str(b, head);
    json_add_string(b, value);
}

void json_add_flag(struct buf *b, const char *head, bool value)
{
    buf_add_str(b, head);
    buf_add_str(b, value ? "true" : "false");
}
