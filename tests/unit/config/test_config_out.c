/* The settings as they come out again: for CivetWeb, as a file, for the page; and that the documented file says what the rows of
 * setting.c say. */
#include "config/for_tests.h"
#include "config_text.h"

#include <stdlib.h>

static const char *civetweb_option(const char *name)
{
    for (size_t i = 0; config.civetweb[i]; i += 2) {
        if (strcmp(config.civetweb[i], name) == 0)
            return config.civetweb[i + 1];
    }
    return NULL;
}

static void test_civetweb_options(void **state)
{
    (void)state;
    assert_int_equal(parse("max_request_size 32K\nlistening_ports 127.0.0.1:0\n"), OK);
    assert_string_equal(civetweb_option("listening_ports"), "127.0.0.1:0");
    assert_string_equal(config.listening_ports, "127.0.0.1:0");
    assert_string_equal(civetweb_option("max_request_size"), "32768");
    assert_string_equal(civetweb_option("num_threads"), "14");
    assert_string_equal(civetweb_option("enable_keep_alive"), "yes");
    assert_null(civetweb_option("access_log_file"));
    assert_null(civetweb_option("document_root"));
    assert_null(civetweb_option("data_dir"));
}

/* What is printed is read back as the same settings, whatever the values look like. */
static void test_print_round_trip(void **state)
{
    (void)state;
    static const char text[] =
        "server_name \"#1 \\\"pub\\\" \\\\ = \"\ndata_dir \"= x\"\nlog_file \" a # b \"\nmessage_max_bytes 1000\n"
        "access_control_list +10.0.0.0/8\nlog_level warn\nallow_guests yes\nsignup closed\ncookie_secure no\n";
    static struct config again;
    assert_int_equal(parse(text), OK);
    char *printed = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&printed, &len);
    assert_non_null(out);
    config_print(&config, out);
    fclose(out);
    enum err e = config_parse_text("printed", printed, len, &again, &why);
    assert_string_equal(e ? why.text : "", "");
    for (size_t i = 0; i < setting_count; i++) {
        char before[CONFIG_TEXT_MAX], after[CONFIG_TEXT_MAX];
        setting_format(&setting_rows[i], &config, false, before);
        setting_format(&setting_rows[i], &again, false, after);
        assert_string_equal(before, after);
        assert_int_equal(again.origin[i].kind, CONFIG_FROM_FILE);
    }
    assert_non_null(strstr(printed, "# test.conf:4\n"));
    assert_non_null(strstr(printed, "# default\n"));
    assert_non_null(strstr(printed, " 1000 "));
    assert_non_null(strstr(printed, " 64M "));
    free(printed);
}

/* What the page gets. */
static void test_json(void **state)
{
    (void)state;
    struct buf json = BUF_INIT;
    assert_int_equal(parse("server_name \"The \\\"Pub\\\"\"\nsignup open\n"), OK);
    config_write_json(&config, &json);
    buf_add(&json, "", 1);
    assert_false(json.failed);
    assert_int_equal(json.p[0], '[');
    assert_non_null(
        strstr(json.p, "{\"name\":\"server_name\",\"value\":\"The \\\"Pub\\\"\",\"from\":\"test.conf:1\"},"));
    assert_non_null(strstr(json.p, ",{\"name\":\"signup\",\"value\":\"open\",\"from\":\"test.conf:2\"},"));
    assert_non_null(strstr(json.p, "{\"name\":\"run_as_user\",\"value\":\"\",\"from\":\"default\"}]"));
    size_t rows = 0;
    for (const char *p = json.p; (p = strstr(p, "{\"name\":")); p++)
        rows++;
    assert_int_equal(rows, setting_count);
    buf_release(&json);
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < setting_count; i++) {
        const struct setting *s = &setting_rows[i];
        assert_non_null(s->name);
        assert_ptr_equal(setting_find(s->name), s);
        assert_null(setting_forbidden(s->name));
        assert_string_equal(setting_nearest(s->name), s->name);
    }
}

/* config/civetweb.conf: each setting once, at its default, under a comment that names the default. */
static void test_documented_file(void **state)
{
    (void)state;
    static struct config defaults;
    static char text[CONFIG_FILE_MAX];
    FILE *in = fopen(SOURCE_DIR "/config/civetweb.conf", "re");
    assert_non_null(in);
    size_t len = fread(text, 1, sizeof(text) - 1, in);
    fclose(in);
    enum err e = config_parse_text("civetweb.conf", text, len, &config, &why);
    assert_string_equal(e ? why.text : "", "");
    assert_int_equal(config_parse_text("", "", 0, &defaults, &why), OK);
    for (size_t i = 0; i < setting_count; i++) {
        char documented[CONFIG_TEXT_MAX], value[CONFIG_TEXT_MAX];
        setting_format(&setting_rows[i], &config, true, documented);
        setting_format(&setting_rows[i], &defaults, true, value);
        if (config.origin[i].kind != CONFIG_FROM_FILE)
            fail_msg("%s is not in civetweb.conf", setting_rows[i].name);
        if (strcmp(documented, value) != 0)
            fail_msg("%s is %s in civetweb.conf, and %s by default", setting_rows[i].name, documented, value);
    }

    bool commented = false, names_default = false;
    char *next = NULL;
    for (char *line = text; line && *line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        if (*line == '\0')
            commented = names_default = false;
        else if (*line == '#') {
            commented = true;
            names_default = names_default || strstr(line, "Default") != NULL;
        } else if (!commented || !names_default)
            fail_msg("%s: no comment that names the default stands above it", line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_civetweb_options),
        cmocka_unit_test(test_print_round_trip),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_documented_file),
    };
    return cmocka_run_group_tests_name("config_out", tests, NULL, NULL);
}
