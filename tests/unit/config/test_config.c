/* The settings: what a file may say, and what wins over what. */
#include "config_text.h"
#include "temporary.h"

#include <stdlib.h>
#include <unistd.h>

static const char *value_of(const char *name)
{
    static char value[CONFIG_TEXT_MAX];
    const struct setting *s = setting_find(name);
    assert_non_null(s);
    setting_format(s, &config, false, value);
    return value;
}

/* ---------------------------------------------------------------- what is taken */

static const struct {
    const char *text, *name, *want, *reason;
} taken[] = {
    {"", "log_level", "info", "an empty file is the defaults"},
    {"log_level debug", "log_level", "debug", "no newline at the end"},
    {"log_level debug\n", "log_level", "debug", "plain"},
    {"log_level debug\r\n", "log_level", "debug", "CRLF"},
    {"\xEF\xBB\xBFlog_level debug\n", "log_level", "debug", "byte order mark"},
    {"  \t log_level \t warn \t \n", "log_level", "warn", "blanks around"},
    {"\n\n  \n\t\n# x\n   # y\n#z\nlog_level error\n", "log_level", "error", "blank lines and comments"},
    {"log_level warn # quiet please\n", "log_level", "warn", "comment behind a value"},
    {"log_level warn #\n", "log_level", "warn", "empty comment behind a value"},
    {"server_name The Pub\n", "server_name", "The Pub", "blanks inside a value"},
    {"server_name C#4\n", "server_name", "C#4", "a # inside a word"},
    {"server_name \"Team #1\" # us\n", "server_name", "Team #1", "quotes"},
    {"server_name \"a \\\"b\\\\\\\" c\"\n", "server_name", "a \"b\\\" c", "quotes inside quotes"},
    {"server_name \"  x  \"\n", "server_name", "  x  ", "blanks kept inside quotes"},
    {"server_name Caf\xC3\xA9\n", "server_name", "Caf\xC3\xA9", "UTF-8"},
    {"log_file \"\"\n", "log_file", "", "the empty value"},
    {"message_max_bytes 100\n", "message_max_bytes", "100", "plain bytes"},
    {"message_max_bytes 32K\n", "message_max_bytes", "32768", "K"},
    {"message_max_bytes 32k\n", "message_max_bytes", "32768", "k"},
    {"outbound_queue_bytes 2M\n", "outbound_queue_bytes", "2097152", "M"},
    {"max_connections 0\n", "max_connections", "0", "no limit"},
    {"linger_timeout_ms -1\n", "linger_timeout_ms", "-1", "the one negative number"},
    {"allow_guests yes\n", "allow_guests", "yes", "switch"},
    {"signup open\n", "signup", "open", "one of three words"},
    {"signup closed\n", "signup", "closed", "another"},
    {"cookie_secure yes\n", "cookie_secure", "yes", "three ways"},
    {"listening_ports 0\n", "listening_ports", "0", "any free port"},
    {"listening_ports 127.0.0.1:0\n", "listening_ports", "127.0.0.1:0", "any free port of one address"},
    {"listening_ports 80, localhost:8080\n", "listening_ports", "80,localhost:8080", "several, blanks taken out"},
    {"listening_ports +8080,[::1]:8081\n", "listening_ports", "+8080,[::1]:8081", "for a CivetWeb with IPv6"},
    {"allowed_origins *\n", "allowed_origins", "*", "any origin"},
    {"allowed_origins https://a.example,http://localhost:3000\n", "allowed_origins",
     "https://a.example,http://localhost:3000", "two origins"},
    {"allowed_origins http://[::1]:3000,http://10.0.0.1\n", "allowed_origins", "http://[::1]:3000,http://10.0.0.1",
     "addresses"},
    {"allowed_origins chrome-extension://abcdef\n", "allowed_origins", "chrome-extension://abcdef", "another scheme"},
    {"metrics_allow 127.0.0.1, ::1,10.0.0.0/8,fd00::/8\n", "metrics_allow", "127.0.0.1,::1,10.0.0.0/8,fd00::/8",
     "networks"},
    {"metrics_allow 0.0.0.0/0\n", "metrics_allow", "0.0.0.0/0", "everybody"},
    {"metrics_allow \"\"\n", "metrics_allow", "", "nobody"},
    {"trusted_proxies 10.0.0.7, fd00::/8\n", "trusted_proxies", "10.0.0.7,fd00::/8", "proxies"},
    {"auth_proxy_header X-Forwarded-User\n", "auth_proxy_header", "X-Forwarded-User", "a header"},
    {"auth_proxy_header \"\"\ntrusted_proxies \"\"\n", "trusted_proxies", "", "no proxy, no header"},
    {"public_url https://chat.example.org\n", "public_url", "https://chat.example.org", "an address"},
    {"public_url http://10.0.0.1:8080\n", "public_url", "http://10.0.0.1:8080", "with a port"},
    {"rate_guest_messages_per_s 0\nrate_guest_burst 0\n", "rate_guest_burst", "0", "no rate for guests"},
    {"rate_newcomers_per_min 0\nrate_newcomers_burst 0\n", "rate_newcomers_burst", "0", "no rate for newcomers"},
    {"password_threads 7\n", "password_threads", "7", "as many as fit into half a gigabyte"},
    {"access_control_list -0.0.0.0/0,+10.1.0.0/16\n", "access_control_list", "-0.0.0.0/0,+10.1.0.0/16", "in and out"},
    {"run_as_user www-data\n", "run_as_user", "www-data", "a user"},
    {"rate_messages_per_s 0\nrate_burst 0\n", "rate_burst", "0", "no rate, no burst"},
    {"enable_keep_alive no\n", "enable_keep_alive", "no", "a switch of CivetWeb's"},
    {"max_request_size 32K\n", "max_request_size", "32768", "CivetWeb gets plain numbers"},
};

static void test_taken(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
        enum err e = parse(taken[i].text);
        if (e || strcmp(value_of(taken[i].name), taken[i].want) != 0)
            fail_msg("%s: got %d \"%s\" %s", taken[i].reason, (int)e, value_of(taken[i].name), why.text);
    }
}

/* ---------------------------------------------------------------- what wins over what */

static char *write_temporary(const char *text)
{
    static char path[64];
    temporary_name(path, sizeof path, "config");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    return path;
}

static void test_precedence(void **state)
{
    (void)state;
    char *path = write_temporary("log_level debug\ndrain_ms 1\nhistory_on_join 1\n");
    setenv("HUBBUB_DRAIN_MS", "2", 1);
    setenv("HUBBUB_HISTORY_ON_JOIN", "2", 1);
    const char *sets[] = {"history_on_join=7", "history_on_join=3", "log_file="};
    enum err e = config_load(path, sets, 3, &config, &why);
    unsetenv("HUBBUB_DRAIN_MS");
    unsetenv("HUBBUB_HISTORY_ON_JOIN");
    unlink(path);
    assert_string_equal(e ? why.text : "", "");
    assert_int_equal(config.log_level, DIAG_DEBUG);
    assert_int_equal(config.drain_ms, 2);
    assert_int_equal(config.history_on_join, 3);
    assert_string_equal(config.log_file, "");
    assert_int_equal(config.reader_threads, 2);

    static const char *const from[][2] = {
        {"log_level", ":1"}, {"drain_ms", "environment"}, {"history_on_join", "--set"}, {"reader_threads", "default"}};
    for (size_t i = 0; i < 4; i++) {
        struct config_where where = config_where(&config, (size_t)(setting_find(from[i][0]) - setting_rows));
        assert_non_null(strstr(where.text, from[i][1]));
    }
}

static void test_environment(void **state)
{
    (void)state;
    static const struct {
        const char *name, *value, *message;
    } cases[] = {
        {"HUBBUB_LOG_LEVEL", "warn", NULL},
        {"HUBBUB_BIN", "x", NULL},
        {"HUBBUB_SEED", "x", NULL},
        {"HUBBUB_BENCH_PEERS", "x", NULL},
        {"HUBBUB_PORT", "tcp://10.0.0.1:8080", NULL},
        {"HUBBUB_PORT_8080_TCP", "x", NULL},
        {"HUBBUB_SERVICE_HOST", "x", NULL},
        {"HUBBUB", "x", NULL},
        {"HUBBUB_LOG_LEVLE", "x",
         "environment HUBBUB_LOG_LEVLE: there is no setting \"log_levle\"; did you mean \"HUBBUB_LOG_LEVEL\"?"},
        {"HUBBUB_log_level", "warn", "did you mean \"HUBBUB_LOG_LEVEL\"?"},
        {"HUBBUB_LOG_LEVEL", "", "environment HUBBUB_LOG_LEVEL: log_level \"\" must be debug"},
        {"HUBBUB_SERVER_NAME", "a\nb", "environment HUBBUB_SERVER_NAME: server_name \"a?b\" has a control character"},
        {"HUBBUB_DOCUMENT_ROOT", "/", "environment HUBBUB_DOCUMENT_ROOT: document_root is not available"},
        {"HUBBUB_", "x", "environment HUBBUB_: there is no setting \"\""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        setenv(cases[i].name, cases[i].value, 1);
        enum err e = config_load(NULL, NULL, 0, &config, &why);
        unsetenv(cases[i].name);
        if (cases[i].message ? e != ERR_INVALID || !strstr(why.text, cases[i].message) : e != OK)
            fail_msg("%s: got %d \"%s\"", cases[i].name, (int)e, why.text);
    }
}

static void test_sets(void **state)
{
    (void)state;
    static const struct {
        const char *set, *message;
    } cases[] = {
        {"log_level", "--set log_level: write name=value"},
        {"=x", "--set: there is no setting \"\""},
        {"log_levl=info", "did you mean \"log_level\"?"},
        {"log_level=x", "--set: log_level \"x\" must be debug"},
        {"server_name=a\rb", "has a control character"},
        {"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678"
         "9=x",
         "there is no setting"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        enum err e = config_load(NULL, &cases[i].set, 1, &config, &why);
        if (e != ERR_INVALID || !strstr(why.text, cases[i].message))
            fail_msg("%s: got %d \"%s\"", cases[i].set, (int)e, why.text);
    }
}

static void test_unreadable_files(void **state)
{
    (void)state;
    assert_int_equal(config_load("/nonexistent/x.conf", NULL, 0, &config, &why), ERR_IO);
    assert_string_equal(why.text, "cannot read the settings file /nonexistent/x.conf: No such file or directory");
    assert_int_equal(config_load("/tmp", NULL, 0, &config, &why), ERR_IO);
    assert_string_equal(why.text, "cannot read the settings file /tmp: Is a directory");
    assert_int_equal(config_load("/dev/zero", NULL, 0, &config, &why), ERR_INVALID);
    assert_non_null(strstr(why.text, "this is not a settings file"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_taken), cmocka_unit_test(test_precedence),       cmocka_unit_test(test_environment),
        cmocka_unit_test(test_sets),  cmocka_unit_test(test_unreadable_files),
    };
    return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
