/* What clients ask: a row per shape, the text first, the reason last. */
#include "proto/request.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
    const char *text;
    enum err want;
    const char *why;
} cases[] = {
    {"{\"type\":\"ping\"}", OK, "the smallest request"},
    {" {\"type\" : \"ping\" } \r\n\t", OK, "white space around and inside"},
    {"{\"id\":\"1\",\"type\":\"ping\"}", OK, "type need not be first when it comes in"},
    {"{\"type\":\"ping\",\"later\":{\"a\":[1,2]}}", OK, "unknown fields are ignored"},
    {"{\"type\":\"ping\",\"id\":null}", OK, "null is not there"},
    {"", ERR_INVALID_JSON, "nothing"},
    {"{", ERR_INVALID_JSON, "cut short"},
    {"[]", ERR_INVALID_JSON, "an array"},
    {"\"ping\"", ERR_INVALID_JSON, "a string"},
    {"{\"type\":\"ping\"} x", ERR_INVALID_JSON, "something behind it"},
    {"{\"type\":\"ping\"}{\"type\":\"ping\"}", ERR_INVALID_JSON, "two of them"},
    {"{\"type\":\"ping\",\"a\":[[[[[[[[1]]]]]]]]}", ERR_INVALID_JSON, "nested too deep"},
    {"{\"type\":\"send\",\"id\":\"1\",\"room\":1,\"body\":\"a\\u0000b\"}", ERR_INVALID_JSON, "NUL in a string"},
    {"{\"type\":\"send\",\"id\":\"1\",\"room\":1,\"body\":\"a\\\\u0000b\"}", OK, "a backslash and some text"},
    {"{\"type\":\"send\",\"id\":\"1\",\"room\":1,\"body\":\"[[[[[[[[[[\"}", OK, "brackets in a string are text"},
    {"{\"type\":\"send\",\"id\":\"1\",\"room\":1,\"body\":\"\\ud800\"}", ERR_INVALID_JSON, "half a surrogate pair"},
    {"{}", ERR_INVALID, "no type"},
    {"{\"type\":7}", ERR_INVALID, "type is a number"},
    {"{\"type\":\"dance\"}", ERR_UNKNOWN_TYPE, "an unknown type"},
    {"{\"type\":\"Ping\"}", ERR_UNKNOWN_TYPE, "case counts"},
    {"{\"type\":\"ping\",\"id\":7}", ERR_INVALID, "id is a number"},
    {"{\"type\":\"ping\",\"id\":\"\"}", ERR_INVALID, "id is empty"},
    {"{\"type\":\"ping\",\"id\":\"1234567890123456789012345678901234567890123456789012345678901234\"}", OK,
     "64 bytes of id"},
    {"{\"type\":\"ping\",\"id\":\"12345678901234567890123456789012345678901234567890123456789012345\"}", ERR_INVALID,
     "65 bytes of id"},
    {"{\"type\":\"join\"}", ERR_INVALID, "no room"},
    {"{\"type\":\"join\",\"room\":\"\"}", ERR_INVALID, "a room without a name"},
    {"{\"type\":\"join\",\"room\":0}", ERR_INVALID, "room 0"},
    {"{\"type\":\"join\",\"room\":-1}", ERR_INVALID, "a negative room"},
    {"{\"type\":\"join\",\"room\":1.5}", ERR_INVALID, "one and a half rooms"},
    {"{\"type\":\"join\",\"room\":1e300}", ERR_INVALID, "a room beyond all numbers"},
    {"{\"type\":\"join\",\"room\":[1]}", ERR_INVALID, "a list of rooms"},
    {"{\"type\":\"join\",\"room\":1,\"after\":0}", OK, "from the start"},
    {"{\"type\":\"join\",\"room\":1,\"after\":-1}", ERR_INVALID, "before the start"},
    {"{\"type\":\"join\",\"room\":1,\"after\":\"3\"}", ERR_INVALID, "a string for a number"},
    {"{\"type\":\"send\",\"room\":1,\"body\":\"x\"}", ERR_INVALID, "a send without id"},
    {"{\"type\":\"send\",\"id\":\"1\",\"room\":1}", ERR_INVALID, "a send without body"},
    {"{\"type\":\"send\",\"id\":\"1\",\"room\":1,\"body\":7}", ERR_INVALID, "a body that is a number"},
    {"{\"type\":\"send\",\"id\":\"1\",\"room\":1,\"body\":\"x\",\"reply_to\":0}", ERR_INVALID, "a reply to nothing"},
    {"{\"type\":\"send\",\"id\":\"1\",\"room\":1,\"body\":\"x\",\"reply_to\":null}", OK, "no reply"},
    {"{\"type\":\"history\",\"room\":1}", OK, "the newest page"},
    {"{\"type\":\"history\",\"room\":1,\"limit\":0}", ERR_INVALID, "an empty page"},
    {"{\"type\":\"history\",\"room\":1,\"limit\":201}", ERR_INVALID, "too long a page"},
    {"{\"type\":\"history\",\"room\":1,\"before\":5,\"after\":5}", ERR_INVALID, "two directions"},
    {"{\"type\":\"presence\",\"state\":\"gone\"}", ERR_INVALID, "an unknown state"},
    {"{\"type\":\"presence\"}", ERR_INVALID, "no state"},
};

static void shapes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct request q;
        const char *why = NULL;
        enum err got = request_parse(span_of(cases[i].text), &q, &why);
        if (got != cases[i].want)
            fail_msg("%s: %s, not %s (%s)", cases[i].text, err_code(got), err_code(cases[i].want), cases[i].why);
        assert_int_equal(got == ERR_INVALID, why != NULL);
        request_release(&q);
    }
}

static void fields(void **state)
{
    (void)state;
    struct request q;
    const char *why;
    const char *text = "{\"type\":\"send\",\"id\":\"a\\u00e4\",\"room\":\"caf\\u00e9\",\"body\":\"\\\"hi\\\"\\n\","
                       "\"reply_to\":9007199254740992}";
    assert_int_equal(request_parse(span_of(text), &q, &why), OK);
    assert_true(span_equal(q.id, span_of("aä")));
    assert_true(span_equal(q.room.name, span_of("café")));
    assert_int_equal(q.room.id, 0);
    assert_true(span_equal(q.body, span_of("\"hi\"\n")));
    assert_int_equal(q.reply_to, 9007199254740992);
    request_release(&q);

    assert_int_equal(request_parse(span_of("{\"type\":\"history\",\"room\":3,\"around\":12}"), &q, &why), OK);
    assert_int_equal(q.room.id, 3);
    assert_int_equal(q.around, 12);
    assert_int_equal(q.before, -1);
    assert_int_equal(q.after, -1);
    assert_int_equal(q.limit, REQUEST_HISTORY_DEFAULT);
    request_release(&q);
}

/* A refused request still says which one it was. */
static void an_error_keeps_the_id(void **state)
{
    (void)state;
    struct request q;
    const char *why;
    assert_int_equal(request_parse(span_of("{\"id\":\"77\",\"type\":\"dance\"}"), &q, &why), ERR_UNKNOWN_TYPE);
    assert_true(span_equal(q.id, span_of("77")));
    request_release(&q);
}

/* Every beginning of a request is refused, and nothing is read beyond its end. */
static void every_prefix_is_refused(void **state)
{
    (void)state;
    const char *text = "{\"type\":\"send\",\"id\":\"1\",\"room\":1,\"body\":\"a\\u00e4\\\\\",\"reply_to\":12}";
    for (size_t len = 0; len < strlen(text); len++) {
        struct request q;
        const char *why;
        char *exact = malloc(len + 1);
        assert_non_null(exact);
        memcpy(exact, text, len);
        assert_int_equal(request_parse((struct span){exact, len}, &q, &why), ERR_INVALID_JSON);
        request_release(&q);
        free(exact);
    }
}

/* ------------------------------------------------------------------ over HTTP */

#define T(s)                                                                                                           \
    {                                                                                                                  \
        s, sizeof s - 1                                                                                                \
    }

static const struct {
    enum request_type type;
    struct span body;
    enum err want;
    const char *why;
} calls[] = {
    {REQUEST_SESSIONS, T(""), OK, "nothing is an empty object"},
    {REQUEST_SESSIONS, T("{}"), OK, "an empty object"},
    {REQUEST_SESSIONS, T(" "), ERR_INVALID_JSON, "white space is no object"},
    {REQUEST_UNBAN, T(""), ERR_INVALID, "an empty object lacks what is needed"},
    {REQUEST_UNBAN, T("{\"user\":8}"), OK, "the type need not be said"},
    {REQUEST_UNBAN, T("{\"type\":\"ban\",\"user\":8}"), OK, "another type is ignored"},
    {REQUEST_UNBAN, T("{\"type\":[],\"user\":8}"), OK, "and so is one that is none"},
    {REQUEST_UNBAN, T("{\"id\":7,\"user\":8}"), ERR_INVALID, "an id is a string here too"},
    {REQUEST_UNBAN, T("{\"user\":\"\xff\"}"), ERR_INVALID_JSON, "not UTF-8"},
    {REQUEST_UNBAN, T("{\"user\":\"\xc3\"}"), ERR_INVALID_JSON, "half a character"},
    {REQUEST_UNBAN, T("{\"user\":\"a\0b\"}"), ERR_INVALID_JSON, "NUL"},
    {REQUEST_UNBAN, T("[8]"), ERR_INVALID_JSON, "an array"},
    {REQUEST_UNBAN, T("{\"user\":8,\"a\":[[[[[[[[1]]]]]]]]}"), ERR_INVALID_JSON, "nested too deep"},
    {REQUEST_SEND, T("{\"room\":1,\"body\":\"x\"}"), ERR_INVALID, "a send needs an id here too"},
    {REQUEST_SEND, T("{\"id\":\"1\",\"room\":1,\"body\":\"x\"}"), OK, "a send"},
    {REQUEST_HISTORY, T("{\"room\":1,\"before\":1,\"around\":1}"), ERR_INVALID, "two directions"},
};

static void calls_have_their_type_already(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        struct request q;
        const char *why = NULL;
        enum err got = request_parse_call(calls[i].type, calls[i].body, &q, &why);
        if (got != calls[i].want)
            fail_msg("%s: %s", calls[i].why, err_code(got));
        assert_int_equal(q.type, calls[i].type);
        assert_int_equal(got == ERR_INVALID, why != NULL);
        request_release(&q);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes),
        cmocka_unit_test(fields),
        cmocka_unit_test(an_error_keeps_the_id),
        cmocka_unit_test(every_prefix_is_refused),
        cmocka_unit_test(calls_have_their_type_already),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
