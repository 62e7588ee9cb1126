#include "rules/picture_size.h"

#include <stdint.h>

static uint32_t big_endian(const uint8_t *p, int bytes)
{
    uint32_t n = 0;
    for (int i = 0; i < bytes; i++)
        n = n << 8 | p[i];
    return n;
}

static uint32_t little_endian(const uint8_t *p, int bytes)
{
    uint32_t n = 0;
    while (bytes-- > 0)
        n = n << 8 | p[bytes];
    return n;
}

static bool is_beyond(uint32_t width, uint32_t height)
{
    return width > PICTURE_SIDE_MAX || height > PICTURE_SIDE_MAX;
}

/* The chunk IHDR is the first one (PNG specification, 5.6), or it is no PNG. */
static bool png_is_huge(const uint8_t *p, size_t len)
{
    enum { TYPE = 12, WIDTH = 16, HEIGHT = 20, END = 24 };
    return len >= END && memcmp(p + TYPE, "IHDR", 4) == 0 &&
           is_beyond(big_endian(p + WIDTH, 4), big_endian(p + HEIGHT, 4));
}

/* A start-of-frame segment (ITU-T T.81, B.2.2) has the size. It is looked for everywhere and not by going from segment
 * to segment: decoders forgive what stands between those. */
static bool jpeg_is_huge(const uint8_t *p, size_t len)
{
    enum { MARKER = 1, LENGTH = 2, PRECISION = 4, HEIGHT = 5, WIDTH = 7, COMPONENTS = 9, HEAD = 10 };
    for (; len >= HEAD; p++, len--) {
        const uint8_t marker = p[MARKER];
        const bool is_frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (p[0] != 0xFF || !is_frame || (p[PRECISION] != 8 && p[PRECISION] != 12) ||
            big_endian(p + LENGTH, 2) != 8 + 3 * (uint32_t)p[COMPONENTS])
            continue;
        if (is_beyond(big_endian(p + WIDTH, 2), big_endian(p + HEIGHT, 2)))
            return true;
    }
    return false;
}

/* The first chunk says it, each of the three kinds in its own way (RFC 9649, 2.5 to 2.7). */
static bool webp_is_huge(const uint8_t *p, size_t len)
{
    enum { CHUNK = 12, DATA = 20, END = 30 };
    const uint8_t *data = p + DATA;
    if (len < END)
        return false;
    if (memcmp(p + CHUNK, "VP8X", 4) == 0)
        return is_beyond(little_endian(data + 4, 3) + 1, little_endian(data + 7, 3) + 1);
    if (memcmp(p + CHUNK, "VP8L", 4) == 0) {
        const uint32_t bits = little_endian(data + 1, 4);
        return is_beyond((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1);
    }
    if (memcmp(p + CHUNK, "VP8 ", 4) == 0)
        return is_beyond(little_endian(data + 6, 2) & 0x3FFF, little_endian(data + 8, 2) & 0x3FFF);
    return false;
}

bool picture_is_huge(struct span bytes)
{
    const uint8_t *p = (const uint8_t *)bytes.p;
    if (bytes.len < 4)
        return false;
    if (p[0] == 0x89)
        return png_is_huge(p, bytes.len);
    if (p[0] == 0xFF)
        return jpeg_is_huge(p, bytes.len);
    return webp_is_huge(p, bytes.len);
}
