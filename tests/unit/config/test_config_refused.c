/* The settings: what is refused, and in which words. */
#include "config_text.h"

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
    {"log_level\n", "test.conf:1: log_level: the value is missing; write \"\" for an empty value", "no value"},
    {"log_level # debug\n", "the value is missing", "only a comment"},
    {"log_level=debug\n", "without =", "an equals sign"},
    {"log_level = debug\n", "without =", "an equals sign between blanks"},
    {"server_name Team #1\n", "in double quotes", "a # that could be meant either way"},
    {"server_name \"x\n", "the closing quote is missing", "open quote"},
    {"server_name \"x\\\n", "the closing quote is missing", "open escape"},
    {"server_name \"x\\n\"\n", "must be followed by", "unknown escape"},
    {"server_name \"x\" y\n", "only a comment can follow the closing quote", "more behind quotes"},
    {"server_name \"x\"#y\n", "only a comment can follow the closing quote", "a comment without a space"},
    {"server_name \"\"\n", "server_name \"\" must not be empty", "empty name"},
    {"server_name a\x01z\n", "server_name \"a?z\" has a control character in it", "control character"},
    {"server_name \xFF\n", "server_name \"?\" is not valid UTF-8", "not UTF-8"},
    {"server_name 0123456789012345678901234567890123456789012345678901234567890123\n", "is too long: at most 63 bytes",
     "long"},
    {"data_dir \"\"\n", "data_dir \"\" must not be empty", "no directory"},
    {"log_level info\nlog_level info\n", "test.conf:2: log_level was already set in line 1", "given twice"},
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
    {"allowed_origins https://a.example/\n", "no path or trailing slash", "a slash"},
    {"allowed_origins a.example\n", "origins as browsers send them", "no scheme"},
    {"allowed_origins *,https://a.example\n", "origins as browsers send them", "a star among others"},
    {"allowed_origins https://a.example:0\n", "origins as browsers send them", "port 0"},
    {"allowed_origins https://a..b\n", "origins as browsers send them", "an empty label"},
    {"allowed_origins https://\n", "origins as browsers send them", "no host"},
    {"allowed_origins null\n", "origins as browsers send them", "what sandboxed pages send"},
    {"metrics_allow localhost\n", "must be addresses such as", "a name"},
    {"metrics_allow 10.0.0.1/8\n", "no bits set after the mask", "bits behind the mask"},
    {"metrics_allow 10.0.0.0/33\n", "must be addresses", "a long mask"},
    {"metrics_allow 10.0.0.0/\n", "must be addresses", "no mask"},
    {"metrics_allow fd00::1/8\n", "must be addresses", "bits behind the mask of IPv6"},
    {"access_control_list 10.0.0.0/8\n", "each with + (let in) or - (keep out)", "no sign"},
    {"access_control_list +fd00::/8\n", "must be IPv4 networks", "IPv6"},
    {"access_control_list +10.0.0.1/8\n", "must be IPv4 networks", "CivetWeb would never match this"},
    {"signup yes\n", "signup \"yes\" must be invite, open or closed", "a switch it is not"},
    {"trusted_proxies proxy.example\n", "must be addresses such as", "a name"},
    {"auth_proxy_header X Forwarded\n", "must be the name of a header", "two words"},
    {"auth_proxy_header X_User\n", "must be the name of a header", "proxies drop such a name"},
    {"auth_proxy_header X-User:\n", "must be the name of a header", "a colon"},
    {"auth_proxy_header cookie\n", "that only the proxy sets", "one that browsers send"},
    {"auth_proxy_header X-Forwarded-For\n", "that only the proxy sets", "one that means something else"},
    {"auth_proxy_header X-User\ntrusted_proxies \"\"\n",
     "auth_proxy_header \"X-User\" (test.conf:1) is accepted only from trusted_proxies, and there are none "
     "(test.conf:2)",
     "nobody may send it"},
    {"public_url chat.example.org\n", "must be the address that people use", "no scheme"},
    {"public_url https://chat.example.org/\n", "no path or trailing slash", "a slash"},
    {"public_url ftp://chat.example.org\n", "must be the address that people use", "another scheme"},
    {"password_threads 0\n", "from 1 to 7 threads", "nobody could sign in"},
    {"password_threads 8\n", "from 1 to 7 threads", "more than half a gigabyte"},
    {"rate_guest_burst 0\n", "rate_guest_burst 0 (test.conf:1) lets nobody post", "a rate for guests without a burst"},
    {"rate_newcomers_burst 0\n",
     "rate_newcomers_burst 0 (test.conf:1) lets nobody new in: it must be at least 1, or rate_newcomers_per_min 0",
     "a rate for newcomers without a burst"},
    {"rate_newcomers_per_min -1\n", "from 0 to 100000 new people per minute", "fewer than none"},
    {"run_as_user Bad/User\n", "must be a system user name", "not a user"},
    {"document_root /srv\n", "test.conf:1: document_root is not available: Hubbub serves its page from memory",
     "files"},
    {"static_file_max_age 1\n", "no other files", "files"},
    {"cgi_interpreter /bin/sh\n", "runs no scripts", "scripts"},
    {"cgi2_pattern **.x\n", "runs no scripts", "more scripts"},
    {"ssi_pattern **.shtml\n", "runs no scripts", "includes"},
    {"lua_script_pattern **.lua\n", "runs no scripts", "Lua"},
    {"ssl_certificate x.pem\n", "TLS ends at a front proxy", "TLS"},
    {"ssl_protocol_version 4\n", "TLS ends at a front proxy", "TLS"},
    {"websocket_root x\n", "Hubbub handles live connections itself", "its own WebSockets"},
    {"websocket_timeout_ms 1\n", "see ping_interval_ms and idle_timeout_ms", "its own pings"},
    {"enable_websocket_ping_pong yes\n", "see ping_interval_ms", "its own pings"},
    {"authentication_domain x\n", "Hubbub itself decides who has access", "passwords"},
    {"global_auth_file x\n", "Hubbub itself decides who has access", "passwords"},
    {"throttle *=1k\n", "see rate_messages_per_s", "throttle"},
    {"access_control_allow_origin *\n", "see allowed_origins", "CORS"},
    {"additional_header X: y\n", "security headers", "headers"},
    {"decode_url no\n", "decodes addresses itself", "decoding"},
    {"idle_timeout_ms 30000\n",
     "idle_timeout_ms 30000 (test.conf:1) must be more than ping_interval_ms 30000 (default), or quiet connections are "
     "closed",
     "idle before the ping"},
    {"rate_burst 0\n", "rate_burst 0 (test.conf:1) lets nobody post", "a rate without a burst"},
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
    assert_non_null(strstr(why.text, "f:2: the line contains a zero byte"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_line_length_and_zero_byte),
    };
    return cmocka_run_group_tests_name("config_refused", tests, NULL, NULL);
}
