#include "http/query.h"

#include "http/list.h"

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static enum err decode(struct span text, char *out, size_t size, size_t *len)
{
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.p[i];
        if (c == '+') {
            c = ' ';
        } else if (c == '%') {
            int high = i + 1 < text.len ? hex_value(text.p[i + 1]) : -1;
            int low = i + 2 < text.len ? hex_value(text.p[i + 2]) : -1;
            if (high < 0 || low < 0)
                return ERR_INVALID;
            c = (char)(unsigned char)(high << 4 | low);
            i += 2;
        }
        if (n == size)
            return ERR_TOO_BIG;
        out[n++] = c;
    }
    *len = n;
    return OK;
}

enum err query_get(const char *query, const char *name, char *out, size_t size, size_t *len)
{
    struct span pair;
    size_t name_len = strlen(name);
    while (list_next(&query, '&', &pair)) {
        if (pair.len < name_len || memcmp(pair.p, name, name_len) != 0)
            continue;
        struct span rest = {pair.p + name_len, pair.len - name_len};
        if (rest.len == 0)
            return decode(rest, out, size, len);
        if (rest.p[0] == '=')
            return decode((struct span){rest.p + 1, rest.len - 1}, out, size, len);
    }
    return ERR_NOT_FOUND;
}
