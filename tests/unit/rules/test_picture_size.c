/* picture_size: the sizes that pictures of each kind say they have. */
#include "rules/picture_size.h"
#include "unit.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PNG_HEAD     "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"
#define JPEG_FRAME   "\x00\x0b\x08" /* 11 bytes, of 8 bits, with one component */
#define WEBP_HEAD(c) "RIFF\x40\0\0\0WEBP" c "\x0a\0\0\0"

#define ROW(bytes, is_huge, why)                                                                                       \
    {                                                                                                                  \
        bytes, sizeof(bytes) - 1, is_huge, why                                                                         \
    }

static const struct {
    const char *bytes;
    size_t len;
    bool is_huge;
    const char *why;
} rows[] = {
    ROW(PNG_HEAD "\0\0\x08\0\0\0\x08\0", false, "a PNG of 2048 by 2048"),
    ROW(PNG_HEAD "\0\0\x08\x01\0\0\0\x01", true, "too wide"),
    ROW(PNG_HEAD "\0\0\0\x01\0\0\x08\x01", true, "too high"),
    ROW(PNG_HEAD "\x7f\xff\xff\xff\x7f\xff\xff\xff", true, "the largest there is"),
    ROW(PNG_HEAD "\x7f\xff\xff\xff\x7f\xff\xff", false, "cut off"),
    ROW("\x89PNG\r\n\x1a\n\0\0\0\x0dtEXt\x7f\xff\xff\xff\x7f\xff\xff\xff", false, "no size in it"),
    ROW("\xff\xd8\xff\xc0" JPEG_FRAME "\x08\x00\x08\x00\x01\x01\x11\x00", false, "a JPEG of 2048 by 2048"),
    ROW("\xff\xd8\xff\xc0" JPEG_FRAME "\x08\x01\x08\x00\x01\x01\x11\x00", true, "too high"),
    ROW("\xff\xd8\xff\xc2" JPEG_FRAME "\x08\x00\xff\xff\x01\x01\x11\x00", true, "too wide, progressive"),
    ROW("\xff\xd8\xff\xe1\x00\x04xx garbage \xff\xff\xc1" JPEG_FRAME "\xff\xff\x00\x01\x01\x01\x11\x00", true,
        "behind what decoders skip"),
    ROW("\xff\xd8\xff\xc4" JPEG_FRAME "\xff\xff\xff\xff\x01\x01\x11\x00", false, "a table is no frame"),
    ROW("\xff\xd8\xff\xc0\x00\x0c\x08\xff\xff\xff\xff\x01\x01\x11\x00", false, "a length that does not fit"),
    ROW("\xff\xd8\xff\xc0" JPEG_FRAME "\xff\xff\xff\xff", false, "cut off"),
    ROW("\xff\xd8\xff\xc0" JPEG_FRAME "\x08\x00\x08\x01\x01", true, "too wide by one, and nothing behind"),
    ROW("\xff\xd8\xff\xc0" JPEG_FRAME "\x08\x00\x08\x01\x01\x02\x11\x00", true, "a component of another number"),
    ROW("\xff\xd8\xff\xcf" JPEG_FRAME "\xff\xff\xff\xff\x01\x01\x11\x00", true, "the last kind of frame"),
    ROW("\xff\xd8\xff\xc9" JPEG_FRAME "\xff\xff\xff\xff\x01\x01\x11\x00", true, "behind the one that is reserved"),
    ROW("\xff\xd8\xff\xcd" JPEG_FRAME "\xff\xff\xff\xff\x01\x01\x11\x00", true, "behind arithmetic conditioning"),
    ROW("\xff\xd8\xff\xc8" JPEG_FRAME "\xff\xff\xff\xff\x01\x01\x11\x00", false, "reserved"),
    ROW("\xff\xd8\xff\xcc" JPEG_FRAME "\xff\xff\xff\xff\x01\x01\x11\x00", false, "arithmetic conditioning"),
    ROW("\xff\xd8\xff\xbf" JPEG_FRAME "\xff\xff\xff\xff\x01\x01\x11\x00", false, "in front of the frames"),
    ROW("\xff\xd8\xff\xd0" JPEG_FRAME "\xff\xff\xff\xff\x01\x01\x11\x00", false, "behind the frames"),
    ROW("\xff\xd8\xfe\xc0" JPEG_FRAME "\xff\xff\xff\xff\x01\x01\x11\x00", false, "no marker"),
    ROW("\xff\xd8\xff\xc1\x00\x0b\x0c\xff\xff\xff\xff\x01\x01\x11\x00", true, "of 12 bits"),
    ROW("\xff\xd8\xff\xc1\x00\x0b\x09\xff\xff\xff\xff\x01\x01\x11\x00", false, "of 9 bits, which there are not"),
    ROW(WEBP_HEAD("VP8X") "\0\0\0\0\xff\x07\0\xff\x07\0", false, "a WebP of 2048 by 2048"),
    ROW(WEBP_HEAD("VP8X") "\0\0\0\0\0\x08\0\0\0\0", true, "too wide"),
    ROW(WEBP_HEAD("VP8X") "\0\0\0\0\0\0\0\0\x08\0", true, "too high"),
    ROW(WEBP_HEAD("VP8L") "\x2f\xff\xc7\xff\x01\0\0\0\0\0", false, "without loss, 2048 by 2048"),
    ROW(WEBP_HEAD("VP8L") "\x2f\0\x08\0\0\0\0\0\0\0", true, "too wide"),
    ROW(WEBP_HEAD("VP8L") "\x2f\0\0\0\x02\0\0\0\0\0", true, "too high"),
    ROW(WEBP_HEAD("VP8 ") "\0\0\0\x9d\x01\x2a\0\x08\0\x48", false, "2048 by 2048, and a scale"),
    ROW(WEBP_HEAD("VP8 ") "\0\0\0\x9d\x01\x2a\x01\x08\0\0", true, "too wide"),
    ROW(WEBP_HEAD("VP8 ") "\0\0\0\x9d\x01\x2a\0\0\x01\x08", true, "too high"),
    ROW(WEBP_HEAD("ALPH") "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", false, "no size in it"),
    ROW(WEBP_HEAD("VP8X") "\xff\xff\xff\xff\xff\xff\xff\xff\xff", false, "cut off"),
    ROW("", false, "nothing"),
    ROW("\x89", false, "a beginning"),
};

static void sizes_are_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *copy = malloc(rows[i].len + 1), *p = copy + 1; /* a sanitizer sees what is read beyond the end */
        memcpy(p, rows[i].bytes, rows[i].len);
        bool is_huge = picture_is_huge((struct span){p, rows[i].len});
        free(copy);
        if (is_huge != rows[i].is_huge)
            fail_msg("%s", rows[i].why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sizes_are_found)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
