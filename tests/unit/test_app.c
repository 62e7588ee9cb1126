/* app: how people reach the page. */
#include "app.h"
#include "unit.h"

#include <stdio.h>

static void test_page(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"", "127.0.0.1:8080", "http://localhost:8080"},
        {"", "8080", "http://localhost:8080"},
        {"", "+9090", "http://localhost:9090"},
        {"", "[::1]:8081", "http://localhost:8081"},
        {"", "80,localhost:8080", "http://localhost:80"},
        {"https://chat.example", "127.0.0.1:8080", "https://chat.example"},
    };
    static struct config config;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char page[APP_PAGE_BYTES];
        snprintf(config.public_url, sizeof config.public_url, "%s", cases[i][0]);
        app_page(&config, cases[i][1], page);
        assert_string_equal(page, cases[i][2]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_page)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
