#include "proto/json.h"

#include <math.h>

/* 2^53: above it, not every reader can hold each integer. */
static const int64_t integer_max = INT64_C(9007199254740992);

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t digits(struct span text, size_t i)
{
    size_t from = i;
    while (i < text.len && text.p[i] >= '0' && text.p[i] <= '9')
        i++;
    return i - from;
}

static bool is_integer_allowed(const char *p, size_t len)
{
    int64_t value = 0;
    for (size_t i = 0; i < len; i++) {
        value = value * 10 + (p[i] - '0');
        if (value > integer_max)
            return false;
    }
    return true;
}

/* Where the number at i ends. 0: RFC 8259 (6) doesn't allow it (leading zeros, no digits on a side of a point), or it's
 * an integer that is too large. */
static size_t number_end(struct span text, size_t i)
{
    i += text.p[i] == '-';
    size_t whole = i, n = digits(text, i);
    if (!n || (n > 1 && text.p[i] == '0'))
        return 0;
    i += n;
    bool is_integer = true;
    if (i < text.len && text.p[i] == '.') {
        is_integer = false;
        n = digits(text, ++i);
        i += n;
    }
    if (n && i < text.len && (text.p[i] == 'e' || text.p[i] == 'E')) {
        is_integer = false;
        i++;
        i += i < text.len && (text.p[i] == '+' || text.p[i] == '-');
        n = digits(text, i);
        i += n;
    }
    return n && (!is_integer || is_integer_allowed(text.p + whole, i - whole)) ? i : 0;
}

/* Behind the closing quote of the string at i. 0: it has none, or there is a NUL or a raw control character in it. */
static size_t string_end(struct span text, size_t i)
{
    for (i++; i < text.len && text.p[i] != '"'; i++) {
        if ((unsigned char)text.p[i] < 0x20)
            return 0;
        if (text.p[i] != '\\')
            continue;
        if (text.len - i > 5 && memcmp(text.p + i, "\\u0000", 6) == 0)
            return 0;
        i++;
    }
    return i < text.len ? i + 1 : 0;
}

/* Keeps away what cJSON would let pass or could not stand, see json.h; what else is wrong cJSON finds. */
static bool is_strict(struct span text)
{
    int depth = 0;
    for (size_t i = 0; i < text.len;) {
        char c = text.p[i];
        bool opens = c == '{' || c == '[', closes = c == '}' || c == ']';
        depth += opens - closes;
        if (depth > JSON_DEPTH_MAX)
            return false;
        if (c == '"')
            i = string_end(text, i);
        else if (c == '-' || (c >= '0' && c <= '9'))
            i = number_end(text, i);
        else if (opens || closes || is_space(c) || c == ',' || c == ':' || (c >= 'a' && c <= 'z'))
            i++;
        else
            return false;
        if (!i)
            return false;
    }
    return true;
}

cJSON *json_parse_object(struct span text)
{
    const char *end = NULL;
    if (!is_strict(text))
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
    if (!(d >= 0 && d <= (double)integer_max) || floor(d) < d)
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
