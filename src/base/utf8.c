#include "base/utf8.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#define HIGH_BITS       UINT64_C(0x8080808080808080)
#define EACH_BYTE(byte) ((uint64_t)(byte)*UINT64_C(0x0101010101010101))

/* Chat is mostly ASCII, so plain runs are skipped a word at a time. */
static const uint8_t *skip_ascii(const uint8_t *p, const uint8_t *end)
{
    while (end - p >= 8) {
        uint64_t word;
        memcpy(&word, p, sizeof word);
        if (word & HIGH_BITS)
            break;
        p += 8;
    }
    while (p < end && *p < 0x80)
        p++;
    return p;
}

/* Enters the character that starts with this byte >= 0x80. The second byte's range is what excludes overlong forms,
 * surrogates and numbers above U+10FFFF (RFC 3629, section 4). */
static bool enter(struct utf8 *u, uint8_t lead)
{
    u->low = 0x80;
    u->high = 0xBF;
    if (lead < 0xC2)
        return false;
    if (lead < 0xE0) {
        u->need = 1;
    } else if (lead < 0xF0) {
        u->need = 2;
        if (lead == 0xE0)
            u->low = 0xA0;
        else if (lead == 0xED)
            u->high = 0x9F;
    } else if (lead < 0xF5) {
        u->need = 3;
        if (lead == 0xF0)
            u->low = 0x90;
        else if (lead == 0xF4)
            u->high = 0x8F;
    } else {
        return false;
    }
    return true;
}

bool utf8_feed(struct utf8 *u, const void *bytes, size_t len)
{
    if (len == 0)
        return true;
    const uint8_t *p = bytes, *end = p + len;
    struct utf8 s = *u; /* a copy, which the compiler can keep in registers */
    while (p < end) {
        if (s.need == 0) {
            p = skip_ascii(p, end);
            if (p == end)
                break;
            if (!enter(&s, *p++))
                return false;
        } else {
            if (*p < s.low || *p > s.high)
                return false;
            p++;
            s.need--;
            s.low = 0x80;
            s.high = 0xBF;
        }
    }
    *u = s;
    return true;
}

bool utf8_check(struct span text)
{
    struct utf8 u = {0};
    return utf8_feed(&u, text.p, text.len) && utf8_whole(&u);
}

static bool is_continuation(char c)
{
    return ((uint8_t)c & 0xC0) == 0x80;
}

size_t utf8_count(struct span text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++)
        n += !is_continuation(text.p[i]);
    return n;
}

/* The length in bytes of the white space character at the start of p, 0 when there is another one. */
static size_t white_space(const char *text, size_t len)
{
    const uint8_t *p = (const uint8_t *)text;
    if (len >= 1 && (p[0] == ' ' || (p[0] >= '\t' && p[0] <= '\r')))
        return 1;
    if (len >= 2 && p[0] == 0xC2 && (p[1] == 0x85 || p[1] == 0xA0)) /* U+0085, U+00A0 */
        return 2;
    if (len < 3)
        return 0;
    uint32_t three = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
    bool white = (three >= 0xE28080 && three <= 0xE2808A)   /* U+2000 to U+200A */
                 || three == 0xE280A8 || three == 0xE280A9  /* U+2028, U+2029 */
                 || three == 0xE280AF || three == 0xE2819F  /* U+202F, U+205F */
                 || three == 0xE19A80 || three == 0xE38080; /* U+1680, U+3000 */
    return white ? 3 : 0;
}

struct span utf8_trim(struct span text)
{
    size_t n;
    while ((n = white_space(text.p, text.len)) > 0) {
        text.p += n;
        text.len -= n;
    }
    while (text.len > 0) {
        size_t last = text.len - 1;
        while (last > 0 && is_continuation(text.p[last]))
            last--;
        n = white_space(text.p + last, text.len - last);
        if (n == 0)
            break;
        text.len = last;
    }
    return text;
}

static bool is_blank(UChar32 c)
{
    return u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) || u_isUWhiteSpace(c) ||
           u_charType(c) == U_CONTROL_CHAR || c == 0x2800 || (c >= 0xFFF9 && c <= 0xFFFB);
}

bool utf8_is_blank(struct span text)
{
    for (size_t i = 0; i < text.len;) {
        UChar32 c;
        U8_NEXT_UNSAFE(text.p, i, c);
        if (!is_blank(c))
            return false;
    }
    return true;
}

/* Whether one of the eight bytes is 0. */
static bool has_zero(uint64_t word)
{
    return (word - EACH_BYTE(1)) & ~word & HIGH_BITS;
}

/* Whether one of the eight bytes is below 0x20, DEL, or the first of a C1 control. */
static bool may_have_controls(const uint8_t *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    const bool has_low = (word - EACH_BYTE(0x20)) & ~word & HIGH_BITS;
    return has_low || has_zero(word ^ EACH_BYTE(0x7F)) || has_zero(word ^ EACH_BYTE(0xC2));
}

bool utf8_has_controls(struct span text, bool lines)
{
    for (size_t i = 0; i < text.len; i++) {
        while (text.len - i > 8 && !may_have_controls((const uint8_t *)text.p + i))
            i += 8;
        const uint8_t *p = (const uint8_t *)text.p + i;
        if (*p == 0x7F || (*p < 0x20 && !(lines && (*p == '\t' || *p == '\n'))))
            return true;
        if (*p == 0xC2 && i + 1 < text.len && p[1] < 0xA0) /* U+0080 to U+009F */
            return true;
    }
    return false;
}

bool utf8_is_plain(struct span text, bool lines)
{
    if (utf8_has_controls(text, lines))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        const uint8_t *p = (const uint8_t *)text.p + i;
        if (*p != 0xE2 || i + 2 >= text.len)
            continue;
        const uint32_t two = (uint32_t)p[1] << 8 | p[2];
        if ((two >= 0x80A8 && two <= 0x80AE) || (two >= 0x81A6 && two <= 0x81A9)) /* U+2028 to 202E, 2066 to 2069 */
            return false;
    }
    return true;
}

struct span utf8_cut(struct span text, size_t max_bytes)
{
    if (text.len <= max_bytes)
        return text;
    text.len = max_bytes;
    while (text.len > 0 && is_continuation(text.p[text.len]))
        text.len--;
    return text;
}
