/* query: parameters out of an address, decoded. */
#include "http/query.h"
#include "unit.h"

#include <string.h>

enum { SIZE = 8 };

static const struct {
    const char *query;
    enum err want;
    const char *value;
} cases[] = {
    {NULL, ERR_NOT_FOUND, NULL},
    {"", ERR_NOT_FOUND, NULL},
    {"name=Anna", OK, "Anna"},
    {"name=", OK, ""},
    {"name", OK, ""},
    {"a=1&name=Anna&b=2", OK, "Anna"},
    {"name=1&name=2", OK, "1"},
    {"&&name=Anna&", OK, "Anna"},
    {"names=Anna", ERR_NOT_FOUND, NULL},
    {"nam=Anna", ERR_NOT_FOUND, NULL},
    {"NAME=Anna", ERR_NOT_FOUND, NULL},
    {"xname=Anna", ERR_NOT_FOUND, NULL},
    {"a=name=Anna", ERR_NOT_FOUND, NULL},
    {"name=a=b", OK, "a=b"},
    {"name=a+b%20c", OK, "a b c"},
    {"name=%41%6e%6E", OK, "Ann"},
    {"name=%C3%A4", OK, "\xc3\xa4"},
    {"name=%2526", OK, "%26"},
    {"name=%", ERR_INVALID, NULL},
    {"name=%4", ERR_INVALID, NULL},
    {"name=%4&b=1", ERR_INVALID, NULL},
    {"name=%zz", ERR_INVALID, NULL},
    {"name=%4z", ERR_INVALID, NULL},
    {"name=% 1", ERR_INVALID, NULL},
    {"name=12345678", OK, "12345678"},
    {"name=123456789", ERR_TOO_BIG, NULL},
    {"name=1234567%38", OK, "12345678"},
    {"name=12345678%39", ERR_TOO_BIG, NULL},
};

static void test_get(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[SIZE];
        size_t len = 99;
        enum err e = query_get(cases[i].query, "name", out, sizeof out, &len);
        if (e != cases[i].want)
            fail_msg("%s: %s", cases[i].query, err_code(e));
        if (e)
            assert_int_equal(len, 99); /* written only on success */
        else
            assert_true(span_equal((struct span){out, len}, span_of(cases[i].value)));
    }
}

static void test_nul(void **state)
{
    (void)state;
    char out[SIZE];
    size_t len;
    assert_int_equal(query_get("name=a%00b", "name", out, sizeof out, &len), OK);
    assert_int_equal(len, 3);
    assert_memory_equal(out, "a\0b", 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_get),
        cmocka_unit_test(test_nul),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
