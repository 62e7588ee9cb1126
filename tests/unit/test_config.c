/* The settings: what a file may say, what is refused and in which words, what wins over what, and that the documented file
 * says what the rows of setting.c say. */
#include "config.h"
#include "setting.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct config config;
static struct config_error why;

static enum err parse(const char *text)
{
    why.text[0] = '\0';
    return config_parse_text("test.conf", text, strlen(text), &config, &why);
}

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
    {"allow_guests no\n", "allow_guests", "no", "switch"},
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

/* ---------------------------------------------------------------- what is refused */

static const struct {
    const char *text, *message, *reason;
} refused[] = {
    {"\ndata_dirr ./x\n", "test.conf:2: there is no setting \"data_dirr\"; did you mean \"data_dir\"?",
     "a letter too many"},
    {"data-dir x\n", "did you mean \"data_dir\"?", "a dash"},
    {"Log_Level info\n", "did you mean \"log_level\"?", "capitals"},
    {"lgo_level info\n", "did you mean \"log_level\"?", "letters swapped"},
    {"xyzzy 1\n", "test.conf:1: there is no setting \"xyzzy\"; hubbub --check-config lists them all", "nothing near"},
    {"\x1b[31m x\n", "there is no setting \"?[31m\"", "control characters are not repeated"},
    {"log_level\n", "test.conf:1: log_level: the value is missing; the empty value is written \"\"", "no value"},
    {"log_level # debug\n", "the value is missing", "only a comment"},
    {"log_level=debug\n", "without =", "an equals sign"},
    {"log_level = debug\n", "without =", "an equals sign between blanks"},
    {"server_name Team #1\n", "goes into double quotes", "a # that could be meant either way"},
    {"server_name \"x\n", "the closing quote is missing", "open quote"},
    {"server_name \"x\\\n", "the closing quote is missing", "open escape"},
    {"server_name \"x\\n\"\n", "must be followed by", "unknown escape"},
    {"server_name \"x\" y\n", "nothing but a comment may follow the closing quote", "more behind quotes"},
    {"server_name \"x\"#y\n", "nothing but a comment may follow the closing quote", "a comment without a space"},
    {"server_name \"\"\n", "server_name \"\" must not be empty", "empty name"},
    {"server_name a\x01z\n", "server_name \"a?z\" has a control character in it", "control character"},
    {"server_name \xFF\n", "server_name \"?\" is not valid UTF-8", "not UTF-8"},
    {"server_name 0123456789012345678901234567890123456789012345678901234567890123\n", "is too long: at most 63 bytes",
     "long"},
    {"data_dir \"\"\n", "data_dir \"\" must not be empty", "no directory"},
    {"log_level info\nlog_level info\n", "test.conf:2: log_level was given in line 1 already", "given twice"},
    {"log_level loud\n", "test.conf:1: log_level \"loud\" must be debug, info, warn or error", "no such level"},
    {"allow_guests true\n", "allow_guests \"true\" must be yes or no", "another switch"},
    {"allow_guests auto\n", "must be yes or no", "not a switch with three ways"},
    {"cookie_secure maybe\n", "must be auto, yes or no", "no such way"},
    {"ping_interval_ms 30s\n", "ping_interval_ms \"30s\" must be a whole number from 1000 to 86400000 milliseconds",
     "a unit"},
    {"ping_interval_ms 999\n", "from 1000", "too little"},
    {"ping_interval_ms 1e4\n", "must be a whole number", "an exponent"},
    {"ping_interval_ms 0x99\n", "must be a whole number", "hexadecimal"},
    {"ping_interval_ms 030000\n", "must be a whole number", "a leading zero"},
    {"ping_interval_ms +60\n", "must be a whole number", "a plus"},
    {"ping_interval_ms -60\n", "must be a whole number", "negative"},
    {"ping_interval_ms 60K\n", "must be a whole number", "K is for sizes"},
    {"max_connections 99999999999999999999999\n", "to 1000000 connections (0: no limit)", "more than 64 bits"},
    {"max_connections 9223372036854775808\n", "to 1000000", "one more than 63 bits"},
    {"message_max_bytes 63\n", "a whole number of bytes from 64 to 1048576; K at the end means times 1024",
     "too small"},
    {"message_max_bytes 2M\n", "from 64 to 1048576", "too large"},
    {"message_max_bytes K\n", "a whole number of bytes", "only a suffix"},
    {"message_max_bytes 16KB\n", "a whole number of bytes", "another suffix"},
    {"message_max_bytes 9007199254740993K\n", "a whole number of bytes", "overflow by the suffix"},
    {"history_on_join 1001\n", "from 0 to 1000 events", "too many"},
    {"tcp_nodelay yes\n", "tcp_nodelay \"yes\" must be a whole number from 0 to 1", "CivetWeb wants a number"},
    {"listening_ports 443s\n", "TLS ends at a front proxy", "TLS"},
    {"listening_ports 80r,443s\n", "TLS ends at a front proxy", "redirect to TLS"},
    {"listening_ports 127.0.0.1:443s\n", "TLS ends at a front proxy", "TLS on one address"},
    {"listening_ports 65536\n", "must be ports from 0 (any free one) to 65535", "beyond the last port"},
    {"listening_ports 010\n", "must be ports", "CivetWeb would read this as octal"},
    {"listening_ports http\n", "must be ports", "a word"},
    {"listening_ports \"\"\n", "must be ports", "none"},
    {"listening_ports 80,,81\n", "empty entry between its commas", "a comma too many"},
    {"listening_ports 80,\n", "empty entry between its commas", "a comma at the end"},
    {"listening_ports 1.2.3:80\n", "must be ports", "a short address"},
    {"listening_ports 1.2.3.256:80\n", "must be ports", "not an address"},
    {"listening_ports :80\n", "must be ports", "an empty host"},
    {"listening_ports [::1:80\n", "must be ports", "an open bracket"},
    {"listening_ports [::g]:80\n", "must be ports", "not an IPv6 address"},
    {"listening_ports -a:80\n", "must be ports", "not a host name"},
    {"listening_ports ::1\n", "must be ports", "IPv6 without brackets"},
    {"allowed_origins https://a.example/\n", "no path or slash behind", "a slash"},
    {"allowed_origins a.example\n", "origins as browsers send them", "no scheme"},
    {"allowed_origins *,https://a.example\n", "origins as browsers send them", "a star among others"},
    {"allowed_origins https://a.example:0\n", "origins as browsers send them", "port 0"},
    {"allowed_origins https://a..b\n", "origins as browsers send them", "an empty label"},
    {"allowed_origins https://\n", "origins as browsers send them", "no host"},
    {"allowed_origins null\n", "origins as browsers send them", "what sandboxed pages send"},
    {"metrics_allow localhost\n", "must be addresses such as", "a name"},
    {"metrics_allow 10.0.0.1/8\n", "nothing set behind the mask", "bits behind the mask"},
    {"metrics_allow 10.0.0.0/33\n", "must be addresses", "a long mask"},
    {"metrics_allow 10.0.0.0/\n", "must be addresses", "no mask"},
    {"metrics_allow fd00::1/8\n", "must be addresses", "bits behind the mask of IPv6"},
    {"access_control_list 10.0.0.0/8\n", "each with + (let in) or - (keep out)", "no sign"},
    {"access_control_list +fd00::/8\n", "must be IPv4 networks", "IPv6"},
    {"access_control_list +10.0.0.1/8\n", "must be IPv4 networks", "CivetWeb would never match this"},
    {"run_as_user Bad/User\n", "must be a user's name", "not a user"},
    {"document_root /srv\n", "test.conf:1: document_root is not available: Hubbub serves its page from memory",
     "files"},
    {"static_file_max_age 1\n", "no other files", "files"},
    {"cgi_interpreter /bin/sh\n", "runs no scripts", "scripts"},
    {"cgi2_pattern **.x\n", "runs no scripts", "more scripts"},
    {"ssi_pattern **.shtml\n", "runs no scripts", "includes"},
    {"lua_script_pattern **.lua\n", "runs no scripts", "Lua"},
    {"ssl_certificate x.pem\n", "TLS ends at a front proxy", "TLS"},
    {"ssl_protocol_version 4\n", "TLS ends at a front proxy", "TLS"},
    {"websocket_root x\n", "Hubbub itself keeps the live connections", "its own WebSockets"},
    {"websocket_timeout_ms 1\n", "see ping_interval_ms and idle_timeout_ms", "its own pings"},
    {"enable_websocket_ping_pong yes\n", "see ping_interval_ms", "its own pings"},
    {"authentication_domain x\n", "decided by Hubbub", "passwords"},
    {"global_auth_file x\n", "decided by Hubbub", "passwords"},
    {"throttle *=1k\n", "see rate_messages_per_s", "throttle"},
    {"access_control_allow_origin *\n", "see allowed_origins", "CORS"},
    {"additional_header X: y\n", "security headers", "headers"},
    {"decode_url no\n", "decodes addresses itself", "decoding"},
    {"idle_timeout_ms 30000\n",
     "idle_timeout_ms 30000 (test.conf:1) must be more than ping_interval_ms 30000 (default), or quiet connections are "
     "closed",
     "idle before the ping"},
    {"rate_burst 0\n", "rate_burst 0 (test.conf:1) lets nobody send", "a rate without a burst"},
    {"message_max_bytes 512K\n",
     "outbound_queue_bytes 1048576 (default) must be at least 4 times message_max_bytes 524288 (test.conf:1)",
     "a small queue"},
    {"commit_max_bytes 2M\n",
     "outbound_queue_bytes 1048576 (default) must be at least commit_max_bytes 2097152 (test.conf:1)",
     "a large commit"},
};

static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        enum err e = parse(refused[i].text);
        if (e != ERR_INVALID || !strstr(why.text, refused[i].message) || strchr(why.text, '\n'))
            fail_msg("%s: got %d \"%s\"", refused[i].reason, (int)e, why.text);
    }
}

static void test_line_length_and_zero_byte(void **state)
{
    (void)state;
    char text[CONFIG_LINE_MAX + 3];
    memset(text, 'x', sizeof(text));
    text[0] = '#';
    text[CONFIG_LINE_MAX] = '\r';
    text[CONFIG_LINE_MAX + 1] = '\n';
    assert_int_equal(config_parse_text("f", text, CONFIG_LINE_MAX + 2, &config, &why), OK);
    text[CONFIG_LINE_MAX] = 'x';
    assert_int_equal(config_parse_text("f", text, CONFIG_LINE_MAX + 2, &config, &why), ERR_INVALID);
    assert_string_equal(why.text, "f:1: the line is longer than 2048 bytes");
    assert_int_equal(config_parse_text("f", "\nlog_level\0 x\n", 14, &config, &why), ERR_INVALID);
    assert_non_null(strstr(why.text, "f:2: there is a zero byte"));
}

/* ---------------------------------------------------------------- what wins over what */

static char *write_temporary(const char *text)
{
    static char path[] = "/tmp/hubbub-config-XXXXXX";
    memcpy(path + sizeof(path) - 7, "XXXXXX", 7);
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
    assert_non_null(strstr(why.text, "this is no settings file"));
}

/* ---------------------------------------------------------------- what comes out */

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
    assert_string_equal(civetweb_option("num_threads"), "16");
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
        "access_control_list +10.0.0.0/8\nlog_level warn\nallow_guests no\ncookie_secure no\n";
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
    for (size_t i = 0; i < CONFIG_SETTINGS; i++) {
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

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < CONFIG_SETTINGS; i++) {
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
    for (size_t i = 0; i < CONFIG_SETTINGS; i++) {
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
        cmocka_unit_test(test_taken),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_line_length_and_zero_byte),
        cmocka_unit_test(test_precedence),
        cmocka_unit_test(test_environment),
        cmocka_unit_test(test_sets),
        cmocka_unit_test(test_unreadable_files),
        cmocka_unit_test(test_civetweb_options),
        cmocka_unit_test(test_print_round_trip),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_documented_file),
    };
    return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
