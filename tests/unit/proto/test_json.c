/* Whatever is in a string comes back through a parser; and the numbers that are taken as whole. */
#include "proto/json.h"
#include "unit.h"

static void strings_survive_json(void **state)
{
    (void)state;
    for (int c = 1; c < 256; c++) {
        char text[8] = {'a', (char)c, 'b'};
        struct buf b = BUF_INIT;
        if (c >= 0x80) { /* a whole character */
            text[1] = (char)(0xc0 | (c >> 6));
            text[2] = (char)(0x80 | (c & 0x3f));
        }
        json_add_text(&b, "{\"s\":", span_of(text));
        buf_add_char(&b, '}');
        cJSON *object = json_parse_object(buf_span(&b));
        struct span got;
        assert_non_null(object);
        assert_true(json_string(object, "s", &got));
        assert_true(span_equal(got, span_of(text)));
        cJSON_Delete(object);
        buf_release(&b);
    }
}

static const struct {
    const char *text;
    bool is_natural;
    int64_t value;
} numbers[] = {
    {"0", true, 0},
    {"-0", true, 0},
    {"1e3", true, 1000},
    {"2.0", true, 2},
    {"9007199254740992", true, INT64_C(1) << 53},
    {"1e400", false, 0},
    {"-1", false, 0},
    {"0.5", false, 0},
    {"true", false, 0},
    {"null", false, 0},
    {"\"1\"", false, 0},
    {"[1]", false, 0},
};

static void naturals_are_whole_and_exact(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct buf b = BUF_INIT;
        int64_t got = 0;
        buf_printf(&b, "{\"n\":%s}", numbers[i].text);
        cJSON *object = json_parse_object(buf_span(&b));
        assert_non_null(object);
        if (json_natural(object, "n", &got) != numbers[i].is_natural || got != numbers[i].value)
            fail_msg("%s", numbers[i].text);
        assert_false(json_natural(object, "m", &got));
        cJSON_Delete(object);
        buf_release(&b);
    }
    assert_false(json_item_natural(NULL, &(int64_t){0}));
}

static const struct {
    const char *text;
    bool is_json;
    const char *why;
} texts[] = {
    {"{}", true, "the smallest"},
    {" \t\r\n{ \"a\" : [ 1 , true , null ] } \n", true, "white space"},
    {"\xEF\xBB\xBF{}", false, "a byte order mark"},
    {"\v{}", false, "white space that is none"},
    {"{}x", false, "something behind it"},
    {"{\"a\":01}", false, "a leading zero"},
    {"{\"a\":-01}", false, "a leading zero behind a sign"},
    {"{\"a\":00}", false, "two zeros"},
    {"{\"a\":-0}", true, "zero with a sign"},
    {"{\"a\":+1}", false, "a plus"},
    {"{\"a\":-}", false, "no digits"},
    {"{\"a\":.5}", false, "no digits before the point"},
    {"{\"a\":1.}", false, "no digits behind the point"},
    {"{\"a\":1.5e+3}", true, "all that a number can have"},
    {"{\"a\":1e}", false, "no digits in the exponent"},
    {"{\"a\":0x10}", false, "hexadecimal"},
    {"{\"a\":NaN}", false, "not a number"},
    {"{\"a\":9007199254740992}", true, "2^53"},
    {"{\"a\":9007199254740993}", false, "2^53 + 1, which a double would make 2^53"},
    {"{\"a\":-9007199254740993}", false, "the same below zero"},
    {"{\"a\":99999999999999999999999999}", false, "an integer beyond 64 bits"},
    {"{\"a\":\"\t\"}", false, "a raw tab in a string"},
    {"{\"a\":\"\n\"}", false, "a raw newline in a string"},
    {"{\"a\":\"\x1f\"}", false, "a raw control character in a string"},
    {"{\"a\\\"b\":\"\\\\\"}", true, "escaped quotes and backslashes"},
    {"{\"a\":\"\\u0000\"}", false, "an escaped NUL"},
    {"{\"a\":\"\\x41\"}", false, "an escape that is none"},
    {"{\"a\":\"b}", false, "a string without an end"},
    {"{'a':1}", false, "single quotes"},
    {"{\"a\":1,}", false, "a comma too many"},
    {"{\"a\":1/**/}", false, "a comment"},
    {"{\"a\":[[[[[[[1]]]]]]]}", true, "eight levels"},
    {"{\"a\":[[[[[[[[1]]]]]]]]}", false, "nine levels"},
    {"[]", false, "no object"},
    {"", false, "nothing"},
};

static void only_strict_json_is_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        cJSON *object = json_parse_object(span_of(texts[i].text));
        if ((object != NULL) != texts[i].is_json)
            fail_msg("%s: %s", texts[i].why, texts[i].text);
        cJSON_Delete(object);
    }
}

static void of_the_same_name_the_first_counts(void **state)
{
    cJSON *object = json_parse_object(span_of("{\"a\":1,\"a\":2}"));
    int64_t got = 0;
    (void)state;
    assert_true(json_natural(object, "a", &got));
    assert_int_equal(got, 1);
    cJSON_Delete(object);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_survive_json),
        cmocka_unit_test(naturals_are_whole_and_exact),
        cmocka_unit_test(only_strict_json_is_read),
        cmocka_unit_test(of_the_same_name_the_first_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
