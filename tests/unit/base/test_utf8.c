/* utf8: each row is tried whole, one byte at a time, cut at every place, and behind ASCII of every length around a
 * word. */
#include "base/utf8.h"
#include "unit.h"

#include <string.h>
#include <unicode/utf8.h>

enum { FINE = -1, CUT_OFF = -2 }; /* else: the index of the first byte that cannot be */

static const struct {
    const char *text;
    size_t len;
    int bad;
    const char *why;
} cases[] = {
#define T(s) s, sizeof s - 1
    {T(""), FINE, "empty"},
    {T("plain ASCII, longer than one word of eight"), FINE, "ASCII"},
    {T("a\0b"), FINE, "NUL is a character"},
    {T("\x7F"), FINE, "last of one byte"},
    {T("\xC2\x80"), FINE, "first of two bytes"},
    {T("\xDF\xBF"), FINE, "last of two bytes"},
    {T("\xE0\xA0\x80"), FINE, "first of three bytes"},
    {T("\xED\x9F\xBF"), FINE, "last before the surrogates"},
    {T("\xEE\x80\x80"), FINE, "first after the surrogates"},
    {T("\xEF\xBF\xBF"), FINE, "U+FFFF, a noncharacter, is valid"},
    {T("\xF0\x90\x80\x80"), FINE, "first of four bytes"},
    {T("\xF4\x8F\xBF\xBF"), FINE, "U+10FFFF"},
    {T("\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5"), FINE, "Greek"},
    {T("\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD ok"), FINE, "emoji with skin tone"},
    {T("\x80"), 0, "lone continuation"},
    {T("\xBF"), 0, "lone continuation"},
    {T("a\x80"), 1, "continuation after ASCII"},
    {T("\xC3\xA4\xA4"), 2, "one continuation too many"},
    {T("\xC0\x80"), 0, "overlong NUL"},
    {T("\xC1\xBF"), 0, "overlong in two bytes"},
    {T("\xE0\x9F\xBF"), 1, "overlong in three bytes"},
    {T("\xF0\x8F\xBF\xBF"), 1, "overlong in four bytes"},
    {T("\xED\xA0\x80"), 1, "first high surrogate"},
    {T("\xED\xAF\xBF"), 1, "last high surrogate"},
    {T("\xED\xBF\xBF"), 1, "last low surrogate"},
    {T("\xED\xA0\x81\xED\xB0\x81"), 1, "surrogate pair (CESU-8)"},
    {T("\xF4\x90\x80\x80"), 1, "U+110000"},
    {T("\xF5\x80\x80\x80"), 0, "no such lead"},
    {T("\xF8\x88\x80\x80\x80"), 0, "five bytes"},
    {T("\xFC\x84\x80\x80\x80\x80"), 0, "six bytes"},
    {T("\xFE"), 0, "never in UTF-8"},
    {T("\xFF"), 0, "never in UTF-8"},
    {T("\xC3("), 1, "no continuation"},
    {T("\xE2\x82("), 2, "no second continuation"},
    {T("\xF0\x9F\x91("), 3, "no third continuation"},
    {T("\xC3\xC3\xA4"), 1, "lead in place of a continuation"},
    {T("12345678\xFF"
       "9"),
     8, "just behind a word"},
    {T("1234567\xFF"
       "89"),
     7, "last byte of a word"},
    {T("\xC3"), CUT_OFF, "half of two bytes"},
    {T("\xE2\x82"), CUT_OFF, "two thirds"},
    {T("\xF0\x9F\x91"), CUT_OFF, "three quarters"},
    {T("abc\xF0\x9F"), CUT_OFF, "cut behind ASCII"},
#undef T
};

static void check_row(const char *text, size_t len, int bad)
{
    assert_int_equal(utf8_check((struct span){text, len}), bad == FINE);
    struct utf8 one = {0};
    for (size_t i = 0; i < len; i++) {
        bool good = utf8_feed(&one, text + i, 1);
        assert_int_equal(good, bad < 0 || i < (size_t)bad);
        if (!good)
            break;
    }
    if (bad < 0)
        assert_int_equal(utf8_whole(&one), bad == FINE);
    for (size_t cut = 0; cut <= len; cut++) {
        struct utf8 two = {0};
        bool good = utf8_feed(&two, text, cut) && utf8_feed(&two, text + cut, len - cut);
        assert_int_equal(good, bad < 0);
        if (good)
            assert_int_equal(utf8_whole(&two), bad == FINE);
    }
}

static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        print_message("%s\n", cases[i].why);
        for (size_t before = 0; before <= 17; before++) {
            char text[128];
            memset(text, 'x', before);
            memcpy(text + before, cases[i].text, cases[i].len);
            int bad = cases[i].bad < 0 ? cases[i].bad : cases[i].bad + (int)before;
            check_row(text, before + cases[i].len, bad);
        }
    }
}

/* Every sequence of a lead byte and two more, against the arithmetic of RFC 3629. */
static void test_all_of_three_bytes(void **state)
{
    (void)state;
    for (unsigned n = 0xC00000; n <= 0xEFFFFF; n++) {
        unsigned a = n >> 16, b = n >> 8 & 0xFF, c = n & 0xFF;
        char text[] = {(char)a, (char)b, (char)c};
        bool want;
        if (a < 0xE0) {
            unsigned value = (a & 0x1F) << 6 | (b & 0x3F);
            want = b >> 6 == 2 && value >= 0x80 && c < 0x80;
        } else {
            unsigned value = (a & 0xF) << 12 | (b & 0x3F) << 6 | (c & 0x3F);
            want = b >> 6 == 2 && c >> 6 == 2 && value >= 0x800 && (value < 0xD800 || value > 0xDFFF);
        }
        if (utf8_check((struct span){text, 3}) != want)
            fail_msg("%06X", n);
    }
}

/* Every sequence of four bytes whose last two are at the ends of their range; the others differ from these in
 * nothing. */
static void test_all_of_four_bytes(void **state)
{
    (void)state;
    static const uint8_t ends[] = {0x00, 0x7F, 0x80, 0xBF, 0xC0, 0xFF};
    for (unsigned a = 0xF0; a <= 0xFF; a++) {
        for (unsigned b = 0; b <= 0xFF; b++) {
            for (size_t i = 0; i < sizeof ends * sizeof ends; i++) {
                unsigned c = ends[i / sizeof ends], d = ends[i % sizeof ends];
                char text[] = {(char)a, (char)b, (char)c, (char)d};
                unsigned value = (a & 7) << 18 | (b & 0x3F) << 12 | (c & 0x3F) << 6 | (d & 0x3F);
                bool want =
                    a < 0xF8 && b >> 6 == 2 && c >> 6 == 2 && d >> 6 == 2 && value >= 0x10000 && value <= 0x10FFFF;
                if (utf8_check((struct span){text, 4}) != want)
                    fail_msg("%02X %02X %02X %02X", a, b, c, d);
            }
        }
    }
}

static void test_count(void **state)
{
    (void)state;
    assert_int_equal(utf8_count(span_of("")), 0);
    assert_int_equal(utf8_count(span_of("Anna")), 4);
    assert_int_equal(utf8_count(span_of("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x91\x8D!")), 4);
}

static void test_trim(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want, *why;
    } rows[] = {
        {"", "", "empty"},
        {"a", "a", "nothing to take off"},
        {" \t\r\n\v\f", "", "ASCII white space alone"},
        {"  a b  ", "a b", "the inner space stays"},
        {"\xC2\x85\xC2\xA0z\xC2\xA0\xC2\x85", "z", "next line, no-break space"},
        {"\xE1\x9A\x80z\xE1\x9A\x80", "z", "ogham space"},
        {"\xE2\x80\x80\xE2\x80\x8Az\xE2\x80\x8A\xE2\x80\x80", "z", "en quad to hair space"},
        {"\xE2\x80\xA8z\xE2\x80\xA9", "z", "line and paragraph separators"},
        {"\xE2\x80\xAFz\xE2\x81\x9F", "z", "narrow no-break, mathematical space"},
        {"\xE3\x80\x80z\xE3\x80\x80", "z", "ideographic space"},
        {"\xE3\x80\x80 \xC2\xA0", "", "white space of all lengths alone"},
        {"\xE2\x80\x8Bz\xE2\x80\x8B", "\xE2\x80\x8Bz\xE2\x80\x8B", "zero width space is not White_Space"},
        {"\xEF\xBB\xBFz", "\xEF\xBB\xBFz", "nor is the byte order mark"},
        {"\x1Cz\x1F", "\x1Cz\x1F", "nor are the information separators"},
        {" \xC3\xA4\xE2\x82\xAC ", "\xC3\xA4\xE2\x82\xAC", "other characters of two and three bytes stay"},
        {"\xC3\xA0\xE2\x80\x90", "\xC3\xA0\xE2\x80\x90", "characters that end like white space stay"},
        {" \xF0\x9F\x91\x8D ", "\xF0\x9F\x91\x8D", "four bytes"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct span got = utf8_trim(span_of(rows[i].text));
        if (!span_equal(got, span_of(rows[i].want)))
            fail_msg("%s: '%.*s'", rows[i].why, (int)got.len, got.p);
    }
}

static size_t encode(uint32_t c, uint8_t bytes[4])
{
    size_t len = 0;
    U8_APPEND_UNSAFE(bytes, len, c);
    return len;
}

static void test_blank(void **state)
{
    (void)state;
    static const uint32_t blanks[] = {
        0x00,   0x01,   0x09,   0x0A,   0x20,   0x7F,   0x85,   0xA0,   0xAD,    0x34F,   0x61C,   0x115F,
        0x1160, 0x1680, 0x17B4, 0x180E, 0x2003, 0x200B, 0x200D, 0x200F, 0x2028,  0x202E,  0x2060,  0x2063,
        0x2066, 0x2800, 0x3000, 0x3164, 0xFE0F, 0xFEFF, 0xFFA0, 0xFFF9, 0x1D173, 0xE0020, 0xE01EF,
    };
    static const uint32_t seen[] = {'x', '.', 0xA1, 0x301, 0x600, 0x2801, 0x3163, 0xFFFD, 0x1F44D, 0x10FFFF};
    uint8_t bytes[4];
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
        size_t len = encode(blanks[i], bytes);
        if (!utf8_is_blank((struct span){(const char *)bytes, len}))
            fail_msg("U+%04X can be seen", blanks[i]);
    }
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
        size_t len = encode(seen[i], bytes);
        if (utf8_is_blank((struct span){(const char *)bytes, len}))
            fail_msg("U+%04X cannot be seen", seen[i]);
    }
    assert_true(utf8_is_blank(span_of("")));
    assert_true(utf8_is_blank(span_of(" \xE2\x80\x8B\xE2\xA0\x80\n")));
    assert_false(utf8_is_blank(span_of("\xE2\x80\x8Bx")));
}

static void test_plain(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool line, lines;
        const char *why;
    } rows[] = {
        {"", true, true, "nothing"},
        {"a \xC3\xA4\xE2\x82\xAC\xF0\x9F\x91\x8D", true, true, "writing"},
        {"a\tb\nc", false, true, "tabs and newlines"},
        {"a\rb", false, false, "carriage return, with which a terminal writes over the line"},
        {"\x01", false, false, "the first control"},
        {"a\x1B[2J", false, false, "escape"},
        {"\x1F", false, false, "the last one of ASCII's beginning"},
        {"\x7F", false, false, "delete"},
        {"\xC2\x80", false, false, "the first of C1"},
        {"\xC2\x9F", false, false, "the last of C1"},
        {"\xC2\xA0", true, true, "no-break space"},
        {"\xC3\x80", true, true, "a letter that ends like a control"},
        {"\xE2\x80\xA7", true, true, "what comes before the line separator"},
        {"\xE2\x80\xA8", false, false, "line separator"},
        {"\xE2\x80\xA9", false, false, "paragraph separator"},
        {"\xE2\x80\xAA", false, false, "embedding"},
        {"a\xE2\x80\xAE", false, false, "override"},
        {"\xE2\x80\xAF", true, true, "narrow no-break space"},
        {"\xE2\x81\xA5", true, true, "what comes before the isolates"},
        {"\xE2\x81\xA6", false, false, "the first isolate"},
        {"\xE2\x81\xA9", false, false, "the end of isolates"},
        {"\xE2\x81\xAA", true, true, "what comes after them"},
        {"\xE2\x80\x8D\xE2\x80\x8E\xE2\x80\x8F", true, true, "joiner and marks"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (utf8_is_plain(span_of(rows[i].text), false) != rows[i].line ||
            utf8_is_plain(span_of(rows[i].text), true) != rows[i].lines)
            fail_msg("%s", rows[i].why);
}

static void test_cut(void **state)
{
    (void)state;
    struct span text = span_of("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x91\x8D");
    static const size_t want[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};
    for (size_t max = 0; max < sizeof want / sizeof *want; max++)
        assert_int_equal(utf8_cut(text, max).len, want[max]);
}

/* Every byte at every place of a text of several words, beside what one byte at a time says. */
static void controls_are_found_at_every_place(void **state)
{
    (void)state;
    enum { LEN = 27 };
    for (int lead = 1; lead < 0x80; lead++)
        for (size_t at = 0; at < LEN; at++) {
            char text[LEN + 1];
            memset(text, 'a', LEN);
            text[LEN] = 0;
            text[at] = (char)lead;
            const bool is_control = lead < 0x20 || lead == 0x7F;
            assert_true(utf8_has_controls(span_of(text), false) == is_control);
            assert_true(utf8_has_controls(span_of(text), true) == (is_control && lead != '\t' && lead != '\n'));
        }
    for (int next = 0x80; next < 0xC0; next++)
        for (size_t at = 0; at + 1 < LEN; at++) {
            char text[LEN + 1];
            memset(text, 'a', LEN);
            text[LEN] = 0;
            text[at] = (char)0xC2;
            text[at + 1] = (char)next;
            assert_true(utf8_has_controls(span_of(text), true) == (next < 0xA0));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_all_of_three_bytes),
        cmocka_unit_test(test_all_of_four_bytes),
        cmocka_unit_test(test_count),
        cmocka_unit_test(test_trim),
        cmocka_unit_test(test_blank),
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(controls_are_found_at_every_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
