/* buf: what is written is there, in order; and once memory is short, nothing more is written and that is said. */
#include "base/buf.h"
#include "unit.h"

#include <string.h>

#define assert_text(b, text)                                                                                           \
    do {                                                                                                               \
        assert_int_equal((b)->len, strlen(text));                                                                      \
        assert_memory_equal((b)->p, text, (b)->len);                                                                   \
    } while (0)

static void writes_in_order(void **state)
{
    (void)state;
    struct buf b = BUF_INIT;
    buf_add(&b, "ab", 2);
    buf_add_span(&b, (struct span){"cd-", 2});
    buf_add_str(&b, "ef");
    buf_add_char(&b, 'g');
    buf_printf(&b, "%s%d", "h", 7);
    assert_text(&b, "abcdefgh7");
    assert_true(span_equal(buf_span(&b), span_of("abcdefgh7")));
    buf_release(&b);
    assert_null(b.p);
    assert_int_equal(b.cap, 0);
    buf_release(NULL);
}

static void numbers(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        const char *text;
    } cases[] = {
        {0, "0"},   {7, "7"},         {-7, "-7"},
        {10, "10"}, {-1000, "-1000"}, {INT64_MAX, "9223372036854775807"},
        {-1, "-1"}, {99, "99"},       {INT64_MIN, "-9223372036854775808"},
    };
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        buf_clear(&b);
        buf_add_i64(&b, cases[i].value);
        assert_text(&b, cases[i].text);
    }
    buf_release(&b);
}

static void nothing_takes_no_memory(void **state)
{
    (void)state;
    struct buf b = BUF_INIT;
    buf_add(&b, NULL, 0);
    buf_add_str(&b, "");
    buf_add_span(&b, (struct span){NULL, 0});
    assert_null(b.p);
    assert_int_equal(b.cap, 0);
    assert_true(buf_reserve(&b, 0));
    assert_null(b.p);
}

/* Piece by piece over every size at which it grows, and in one piece that is larger than twice what there was. */
static void grows(void **state)
{
    (void)state;
    struct buf b = BUF_INIT;
    for (int i = 0; i < 5000; i++)
        buf_add_char(&b, (char)('a' + i % 26));
    assert_int_equal(b.len, 5000);
    for (int i = 0; i < 5000; i++)
        assert_int_equal(b.p[i], 'a' + i % 26);
    assert_true(buf_reserve(&b, 100000));
    assert_true(b.cap - b.len >= 100000);
    assert_int_equal(b.len, 5000);
    const char *before = b.p;
    assert_true(buf_reserve(&b, b.cap - b.len)); /* exactly what is left */
    assert_ptr_equal(b.p, before);
    buf_printf(&b, "%0300d", 7); /* longer than any guess at the length */
    assert_int_equal(b.len, 5300);
    assert_int_equal(b.p[5299], '7');
    buf_clear(&b);
    assert_int_equal(b.len, 0);
    assert_true(b.cap >= 105000);
    buf_release(&b);
}

static void too_much_is_said_and_changes_nothing(void **state)
{
    (void)state;
    struct buf b = BUF_INIT;
    buf_add_str(&b, "kept");
    assert_false(buf_reserve(&b, SIZE_MAX / 2));
    assert_true(b.failed);
    buf_add_str(&b, "lost");
    buf_add_i64(&b, 5);
    buf_printf(&b, "lost");
    assert_text(&b, "kept");
    assert_false(buf_reserve(&b, 1));
    buf_clear(&b);
    assert_false(b.failed);
    buf_add_str(&b, "again");
    assert_text(&b, "again");
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_in_order),
        cmocka_unit_test(numbers),
        cmocka_unit_test(nothing_takes_no_memory),
        cmocka_unit_test(grows),
        cmocka_unit_test(too_much_is_said_and_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
