/* api: the bodies of the HTTP API. */
#include "proto/api.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#define T(s) s, sizeof s - 1

static const struct {
    const char *body;
    size_t len;
    enum err want;
    const char *name;
} cases[] = {
    {T("{\"name\":\"Anna\"}"), OK, "Anna"},
    {T(" \t\r\n{ \"name\" : \"Anna\" } \n"), OK, "Anna"},
    {T("{\"more\":[1,{\"x\":null}],\"name\":\"Anna\"}"), OK, "Anna"},
    {T("{\"name\":\"\\u00e4\\ud83d\\ude00\\\"\\\\\"}"), OK, "\xc3\xa4\xf0\x9f\x98\x80\"\\"},
    {T("{\"name\":\"\\\\u0000\"}"), OK, "\\u0000"},
    {T("{\"name\":\"\"}"), OK, ""},
    {T("{}"), ERR_INVALID, NULL},
    {T("{\"Name\":\"Anna\"}"), ERR_INVALID, NULL},
    {T("{\"name\":null}"), ERR_INVALID, NULL},
    {T("{\"name\":7}"), ERR_INVALID, NULL},
    {T("{\"name\":[\"Anna\"]}"), ERR_INVALID, NULL},
    {T("{\"x\":{\"name\":\"Anna\"}}"), ERR_INVALID, NULL},
    {T(""), ERR_INVALID_JSON, NULL},
    {T("null"), ERR_INVALID_JSON, NULL},
    {T("\"name\""), ERR_INVALID_JSON, NULL},
    {T("[\"name\"]"), ERR_INVALID_JSON, NULL},
    {T("{\"name\":\"Anna\""), ERR_INVALID_JSON, NULL},
    {T("{\"name\":\"Anna\"}x"), ERR_INVALID_JSON, NULL},
    {T("{\"name\":\"Anna\"}{}"), ERR_INVALID_JSON, NULL},
    {T("{\"name\":\"An\\u0000na\"}"), ERR_INVALID_JSON, NULL},
    {T("{\"name\":\"An\0na\"}"), ERR_INVALID_JSON, NULL},
    {T("{\"name\":\"\xff\"}"), ERR_INVALID_JSON, NULL},
    {T("{\"name\":\"\\ud83d\"}"), ERR_INVALID_JSON, NULL},
    {T("name=Anna"), ERR_INVALID_JSON, NULL},
};

static void test_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buf name = BUF_INIT;
        enum err e = api_read_name((struct span){cases[i].body, cases[i].len}, &name);
        if (e != cases[i].want)
            fail_msg("%s: %s", cases[i].body, err_code(e));
        assert_true(span_equal(buf_span(&name), span_of(cases[i].name)));
        buf_release(&name);
    }
}

/* Far deeper than a small stack holds. */
static void test_deep(void **state)
{
    (void)state;
    struct buf body = BUF_INIT, name = BUF_INIT;
    buf_add_str(&body, "{\"name\":\"Anna\",\"x\":");
    for (int i = 0; i < 100000; i++)
        buf_add_char(&body, '[');
    assert_int_equal(api_read_name(buf_span(&body), &name), ERR_INVALID_JSON);
    buf_release(&body);
    buf_release(&name);
}

/* A body that is cut off anywhere is an error, not a crash. */
static void test_cut(void **state)
{
    (void)state;
    static const char whole[] = "{\"more\":[1,{\"x\":null}],\"name\":\"\\u00e4\\ud83d\\ude00\"}";
    for (size_t len = 0; len < sizeof whole - 1; len++) {
        struct buf name = BUF_INIT;
        char *copy = malloc(len ? len : 1); /* so that a reader beyond the end is found */
        memcpy(copy, whole, len);
        assert_int_equal(api_read_name((struct span){copy, len}, &name), ERR_INVALID_JSON);
        buf_release(&name);
        free(copy);
    }
}

static void test_write(void **state)
{
    (void)state;
    struct buf out = BUF_INIT;
    api_write_user(&out, INT64_C(9007199254740993), span_of("A\"\\\n\x01\xc3\xa4"));
    assert_true(span_equal(buf_span(&out),
                           span_of("{\"user\":{\"id\":9007199254740993,\"name\":\"A\\\"\\\\\\n\\u0001\xc3\xa4\"}}")));
    buf_clear(&out);
    api_write_error(&out, span_of("name_taken"), span_of("Sorry."));
    assert_true(span_equal(buf_span(&out), span_of("{\"error\":{\"code\":\"name_taken\",\"message\":\"Sorry.\"}}")));
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_deep),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
