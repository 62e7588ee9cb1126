#include "marker.h"

#include <string.h>

enum { NS_DIGITS = 16, SHORTEST = 1 + NS_DIGITS + 1 + 1 + 1 + 1 };

/* The value of a hex digit plus one; 0 for every other byte. */
static const uint8_t hex_plus_one[256] = {
    ['0'] = 1, ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
};

static size_t write_number(char *out, uint32_t value)
{
    char digits[10];
    size_t n = 0, count = 0;
    do
        digits[n++] = (char)('0' + value % 10);
    while (value /= 10);
    while (n)
        out[count++] = digits[--n];
    return count;
}

size_t marker_write(char *out, const struct marker *m)
{
    static const char hex[] = "0123456789abcdef";
    char *p = out;
    *p++ = 'T';
    for (int shift = 4 * (NS_DIGITS - 1); shift >= 0; shift -= 4)
        *p++ = hex[m->ns >> shift & 15];
    *p++ = '-';
    p += write_number(p, m->sender);
    *p++ = '-';
    p += write_number(p, m->number);
    return (size_t)(p - out);
}

/* Returns the first byte that is not a digit; p itself when there is none. */
static const uint8_t *read_number(const uint8_t *p, const uint8_t *end, uint32_t *value)
{
    *value = 0;
    while (p < end && *p >= '0' && *p <= '9')
        *value = *value * 10 + (uint32_t)(*p++ - '0');
    return p;
}

/* The end of the marker that begins at p, or NULL when none does. At least SHORTEST bytes are there. */
static const uint8_t *parse(const uint8_t *p, const uint8_t *end, struct marker *out)
{
    uint64_t ns = 0;
    if (p[1 + NS_DIGITS] != '-')
        return NULL;
    for (int i = 1; i <= NS_DIGITS; i++) {
        uint8_t digit = hex_plus_one[p[i]];
        if (!digit)
            return NULL;
        ns = ns << 4 | (uint64_t)(digit - 1);
    }
    const uint8_t *sender = p + 1 + NS_DIGITS + 1;
    const uint8_t *dash = read_number(sender, end, &out->sender);
    if (dash == sender || dash == end || *dash != '-')
        return NULL;
    const uint8_t *stop = read_number(dash + 1, end, &out->number);
    out->ns = ns;
    return stop == dash + 1 ? NULL : stop;
}

int marker_next(const uint8_t *bytes, size_t count, size_t *at, struct marker *out)
{
    const uint8_t *p = bytes + *at, *end = bytes + count;
    while (end - p >= SHORTEST) {
        p = memchr(p, 'T', (size_t)(end - p) - (SHORTEST - 1));
        if (!p)
            return 0;
        const uint8_t *stop = parse(p, end, out);
        if (stop) {
            *at = (size_t)(stop - bytes);
            return 1;
        }
        p++;
    }
    return 0;
}
