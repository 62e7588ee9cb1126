/* opaque: the one form of passwords, by the examples of RFC 8265 and of keyboards that differ. */
#include "base/opaque.h"
#include "unit.h"

static const struct {
    const char *typed, *form, *why;
} cases[] = {
    {"correct horse battery staple", "correct horse battery staple", "as it was"},
    {"Correct Horse Battery Staple", "Correct Horse Battery Staple", "case stays"},
    {"\u03c0\u00df\u00e5", "\u03c0\u00df\u00e5", "letters stay"},
    {"Jack of \u2666s", "Jack of \u2666s", "a symbol stays"},
    {"foo\u1680bar", "foo bar", "an Ogham space is a space"},
    {"a\u00a0b\u2003c\u3000d", "a b c d", "so are the others"},
    {"  two  at the ends ", "  two  at the ends ", "spaces stay as many"},
    {"cre\u0300me bru\u0302le\u0301e", "cr\u00e8me br\u00fbl\u00e9e", "composed"},
    {"\u1100\u1161\u11a8", "\uac01", "Hangul too"},
    {"a\u0301\u0323", "\u1ea1\u0301", "marks in their order"},
    {"\uff11\uff21\uff41", "1Aa", "full width"},
    {"\ufb01", "fi", "a ligature"},
    {"", "", "nothing"},
};

static void forms(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buf form = BUF_INIT, again = BUF_INIT;
        assert_int_equal(opaque_prepare(span_of(cases[i].typed), &form), OK);
        if (!span_equal(buf_span(&form), span_of(cases[i].form)))
            fail_msg("%s: %.*s", cases[i].why, (int)form.len, form.p);
        assert_int_equal(opaque_prepare(buf_span(&form), &again), OK);
        assert_true(span_equal(buf_span(&again), buf_span(&form)));
        buf_release(&form);
        buf_release(&again);
    }
}

static void what_is_no_text_or_too_long(void **state)
{
    (void)state;
    static char longest[OPAQUE_MAX_BYTES + 1];
    struct buf form = BUF_INIT;
    assert_int_equal(opaque_prepare(span_of("\xff\xfe"), &form), ERR_INVALID);
    memset(longest, 'x', sizeof longest);
    assert_int_equal(opaque_prepare((struct span){longest, sizeof longest}, &form), ERR_INVALID);
    for (size_t i = 0; i + 3 <= OPAQUE_MAX_BYTES; i += 3)
        memcpy(longest + i, "\xef\xb7\xba", 3); /* U+FDFA, which becomes 18 characters */
    assert_int_equal(form.len, 0);
    assert_int_equal(opaque_prepare((struct span){longest, OPAQUE_MAX_BYTES}, &form), OK);
    assert_int_equal(form.len, (size_t)OPAQUE_MAX_BYTES / 3 * 33 + 1);
    buf_release(&form);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms),
        cmocka_unit_test(what_is_no_text_or_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
