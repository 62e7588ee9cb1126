/* What --check-config says of memory. */
#include "config/config_memory.h"
#include "config_text.h"

#include <stdlib.h>

#define MIB INT64_C(1048576)

static void load(const char *text)
{
    assert_string_equal(parse(text) ? why.text : "", "");
}

static void it_grows_with_the_settings(void **state)
{
    (void)state;
    load("");
    struct config_memory before = config_memory(&config, INT64_MAX);
    assert_int_equal(before.all, before.queues + before.rings + before.connections + before.commands + before.threads +
                                     before.kernel);
    assert_int_equal(before.queues, 128 * MIB);
    assert_int_equal(before.kernel, INT64_C(10000) * 256 * 1024);
    assert_true(before.is_bounded);
    load("max_connections 20000\noutbound_memory_bytes 256M\npassword_threads 3\n");
    struct config_memory after = config_memory(&config, 100 * MIB);
    assert_int_equal(after.queues, 256 * MIB);
    assert_true(after.connections > 3 * before.connections / 2);
    assert_int_equal(after.threads - before.threads, 64 * MIB);
    assert_int_equal(after.kernel, 100 * MIB);
}

/* Checks what is said, in settings and in warnings; wants "" for no warning. */
static void check(const char *text, int64_t machine_bytes, const char *want)
{
    char *printed, *warned;
    size_t len = 0, warned_len = 0;
    FILE *out = open_memstream(&printed, &len), *warnings = open_memstream(&warned, &warned_len);
    assert_non_null(out);
    assert_non_null(warnings);
    load(text);
    config_print_memory(&config, machine_bytes, 100 * MIB, out, warnings);
    fclose(out);
    fclose(warnings);
    assert_non_null(strstr(printed, "outbound_memory_bytes"));
    load(printed); /* comments only */
    if (*want)
        assert_non_null(strstr(warned, want));
    else
        assert_string_equal(warned, "");
    free(printed);
    free(warned);
}

static void it_warns_of_more_than_the_machine_has(void **state)
{
    (void)state;
    check("", 4096 * MIB, "");
    check("", 256 * MIB, "this machine has 256; lower max_connections");
    check("max_connections 1000\noutbound_memory_bytes 16M\npassword_threads 1\ncommand_queue 1024\nring_memory_bytes "
          "16M\n",
          400 * MIB, "");
    check("max_connections 0\n", 4096 * MIB, "max_connections 0 means no limit");
    check("", INT64_MAX, ""); /* nobody knows */
}

static void this_machine_has_some(void **state)
{
    (void)state;
    assert_true(config_machine_bytes() > 16 * MIB);
    assert_true(config_tcp_bytes() > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_grows_with_the_settings),
        cmocka_unit_test(it_warns_of_more_than_the_machine_has),
        cmocka_unit_test(this_machine_has_some),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
