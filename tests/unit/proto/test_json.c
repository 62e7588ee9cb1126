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
    {"9007199254740994", false, 0},
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_survive_json),
        cmocka_unit_test(naturals_are_whole_and_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
