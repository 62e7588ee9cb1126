/* negotiate: Accept-Encoding and If-None-Match. */
#include "http/negotiate.h"
#include "unit.h"

static void test_gzip(void **state)
{
    (void)state;
    static const struct {
        const char *accept;
        bool gzip;
    } cases[] = {
        {NULL, false},
        {"", false},
        {"gzip", true},
        {"GZip", true},
        {"x-gzip", true},
        {"gzip, deflate, br", true},
        {"deflate, gzip;q=1.0, *;q=0.5", true},
        {"br;q=1.0, gzip ; q=0.8", true},
        {"gzip;q=0", false},
        {"gzip;q=0.0", false},
        {"gzip;Q=0.000", false},
        {"gzip; q=0", false},
        {"gzip;q=0.001", true},
        {"gzip;q=1", true},
        {"*", true},
        {"*;q=0", false},
        {"*;q=0, gzip", true},
        {"*, gzip;q=0", false},
        {"identity", false},
        {"deflate, br", false},
        {"gzipped", false},
        {"xgzip", false},
        {"gzip;", true},
        {";q=0", false},
        {",,gzip,,", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (negotiate_gzip(cases[i].accept) != cases[i].gzip)
            fail_msg("Accept-Encoding: %s", cases[i].accept ? cases[i].accept : "(none)");
    }
}

static void test_matches(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        bool matches;
    } cases[] = {
        {NULL, false},
        {"", false},
        {"\"abc\"", true},
        {"W/\"abc\"", true},
        {"*", true},
        {"\"x\", \"abc\"", true},
        {"\"x\",\"y\"", false},
        {"abc", false},
        {"\"abc", false},
        {"\"ABC\"", false},
        {"\"abc-gz\"", false},
        {"W/", false},
        {"w/\"abc\"", false},
        {"\"x\" \"abc\"", false},
        {"W/\"x\" ,\tW/\"abc\" ", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (negotiate_matches(cases[i].header, "\"abc\"") != cases[i].matches)
            fail_msg("If-None-Match: %s", cases[i].header ? cases[i].header : "(none)");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gzip),
        cmocka_unit_test(test_matches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
