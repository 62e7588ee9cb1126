#include "rules/picture.h"

#include "rules/picture_size.h"

static bool has_at(struct span bytes, size_t at, const char *what, size_t len)
{
    return bytes.len >= at + len && memcmp(bytes.p + at, what, len) == 0;
}

struct span picture_type(struct span bytes)
{
    if (has_at(bytes, 0, "\x89PNG\r\n\x1a\n", 8))
        return span_of("image/png");
    if (has_at(bytes, 0, "\xff\xd8\xff", 3))
        return span_of("image/jpeg");
    if (has_at(bytes, 0, "RIFF", 4) && has_at(bytes, 8, "WEBP", 4))
        return span_of("image/webp");
    return (struct span){NULL, 0};
}

static int value_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Four characters give three bytes; the last four may end in one or two '=', which give one or two less. */
static bool decode(struct span text, struct buf *out)
{
    size_t padding = 0;
    if (text.len % 4)
        return false;
    while (padding < 2 && padding < text.len && text.p[text.len - 1 - padding] == '=')
        padding++;
    uint32_t bits = 0;
    for (size_t i = 0; i < text.len; i++) {
        int value = i < text.len - padding ? value_of(text.p[i]) : 0;
        if (value < 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        if (i % 4 != 3)
            continue;
        const char bytes[] = {(char)(bits >> 16), (char)(bits >> 8), (char)bits};
        buf_add(out, bytes, i + 1 == text.len ? 3 - padding : 3);
        bits = 0;
    }
    return true;
}

enum err picture_decode(struct span base64, struct buf *bytes, struct span *type, const char **why)
{
    if (!decode(base64, bytes)) {
        *why = "The picture must be in base64.";
        return ERR_INVALID;
    }
    if (bytes->failed)
        return ERR_MEMORY;
    *type = picture_type(buf_span(bytes));
    if (bytes->len > PICTURE_MAX_BYTES || !type->len) {
        *why = "A picture must be a PNG, JPEG or WebP file of at most 64 KiB.";
        return ERR_INVALID;
    }
    if (picture_is_huge(buf_span(bytes))) {
        *why = PICTURE_TOO_HUGE;
        return ERR_INVALID;
    }
    return OK;
}
