#include "reply.h"

#include <stdio.h>
#include <string.h>

enum { NAME_MAX_SIZE = 48 };

bool reply_is(const uint8_t *bytes, size_t count, const char *type)
{
    char start[NAME_MAX_SIZE];
    int size = snprintf(start, sizeof start, "{\"type\":\"%s\"", type);
    return size > 0 && (size_t)size <= count && memcmp(bytes, start, (size_t)size) == 0;
}

int64_t reply_next_number(const uint8_t *bytes, size_t count, const char *name, size_t *at)
{
    char key[NAME_MAX_SIZE];
    int size = snprintf(key, sizeof key, "\"%s\":", name);
    const uint8_t *p = memmem(bytes + *at, count - *at, key, (size_t)size), *end = bytes + count;
    if (!p)
        return -1;
    int64_t value = 0;
    const uint8_t *digits = p + size;
    for (p = digits; p < end && *p >= '0' && *p <= '9'; p++)
        value = value * 10 + (*p - '0');
    *at = (size_t)(p - bytes);
    return p > digits ? value : -1;
}

int64_t reply_number(const uint8_t *bytes, size_t count, const char *name)
{
    size_t at = 0;
    return reply_next_number(bytes, count, name, &at);
}

bool reply_text(const uint8_t *bytes, size_t count, const char *name, char *out, size_t size)
{
    char key[NAME_MAX_SIZE];
    int key_size = snprintf(key, sizeof key, "\"%s\":\"", name);
    const uint8_t *p = memmem(bytes, count, key, (size_t)key_size);
    const uint8_t *text = p ? p + key_size : NULL,
                  *end = text ? memchr(text, '"', count - (size_t)(text - bytes)) : NULL;
    if (!end || (size_t)(end - text) >= size)
        return false;
    memcpy(out, text, (size_t)(end - text));
    out[end - text] = 0;
    return true;
}
