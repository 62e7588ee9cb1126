/* listeners: what CivetWeb says at a failed start, in words that help. */
#include "http/listeners.h"
#include "unit.h"

#include <string.h>

static const struct {
    const char *complaint;
    enum err want;
    const char *says; /* in the line for people */
} cases[] = {
    {"cannot bind to 8080: 98 (Address already in use)", ERR_IN_USE,
     "cannot use listening_ports 8080: another program"},
    {"cannot bind to 127.0.0.1:8080: 98 (Address already in use)", ERR_IN_USE,
     "cannot use listening_ports 127.0.0.1:8080"},
    {"cannot listen to 127.0.0.1:8080: 98 (Address already in use)", ERR_IN_USE,
     "cannot use listening_ports 127.0.0.1:8080"},
    {"cannot bind to 80: 13 (Permission denied)", ERR_IO, "ports below 1024"},
    {"cannot bind to 10.9.9.9:8080: 99 (Cannot assign requested address)", ERR_INVALID,
     "cannot use listening_ports 10.9.9.9:8080: this machine"},
    {"cannot bind to 8080: 12 (Cannot allocate memory)", ERR_IO, "Cannot allocate memory"},
    {"80a: invalid port spec (entry 1). Expecting list of: [IP_ADDRESS:]PORT[s|r]", ERR_INVALID,
     "listening_ports 80a is not a port"},
    {"[::1]:80: invalid port spec (entry 2). Expecting list of: [IP_ADDRESS:]PORT[s|r]", ERR_INVALID, "no IPv6"},
    {"set_uid_option: unknown user [nobody2]", ERR_IO, "unknown user [nobody2]"},
    {"cannot bind to", ERR_IO, "CivetWeb cannot start: cannot bind to"},
    {"", ERR_IO, "no reason given"},
};

static void test_explain(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct http_error why = {""};
        enum err e = listeners_explain(cases[i].complaint, &why);
        if (e != cases[i].want || !strstr(why.text, cases[i].says))
            fail_msg("%s: %s, \"%s\"", cases[i].complaint, err_code(e), why.text);
        assert_null(strchr(why.text, '\n'));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_explain)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
