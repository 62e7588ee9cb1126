#include "config/setting.h"

#include <assert.h>
#include <string.h>

#define FIELD(name) offsetof(struct config, name), sizeof(((struct config *)0)->name)

#define TEXT(name, kind, value, least)                                                                                 \
    {                                                                                                                  \
#name, kind, false, FIELD(name), value, least, 0, NULL                                                         \
    }
#define WORD(name, kind, value)                                                                                        \
    {                                                                                                                  \
#name, kind, false, FIELD(name), value, 0, 0, NULL                                                             \
    }
#define NUMBER(name, value, min, max, unit)                                                                            \
    {                                                                                                                  \
#name, SETTING_NUMBER, false, FIELD(name), value, min, max, unit                                               \
    }
#define BYTES(name, value, min, max)                                                                                   \
    {                                                                                                                  \
#name, SETTING_BYTES, false, FIELD(name), value, min, max, "bytes"                                             \
    }
#define CIVETWEB(name, kind, value, min, max, unit)                                                                    \
    {                                                                                                                  \
#name, kind, true, FIELD(name), value, min, max, unit                                                          \
    }

#define KIB    INT64_C(1024)
#define MIB    INT64_C(1048576)
#define DAY_MS INT64_C(86400000)

/* The lower bounds are what the code can work with, not what one would want to run: tests use them to reach every
 * limit. */
const struct setting setting_rows[] = {
    CIVETWEB(listening_ports, SETTING_PORTS, "8080", 0, 0, NULL),
    TEXT(data_dir, SETTING_PATH, "./data", 1),
    TEXT(server_name, SETTING_TEXT, "Hubbub", 1),
    WORD(public_url, SETTING_PAGE, ""),

    TEXT(log_file, SETTING_PATH, "", 0),
    WORD(log_level, SETTING_LEVEL, "info"),

    WORD(signup, SETTING_SIGNUP, "invite"),
    WORD(allow_guests, SETTING_BOOL, "no"),
    WORD(allowed_origins, SETTING_ORIGINS, ""),
    WORD(metrics_allow, SETTING_NETWORKS, "127.0.0.1"),
    WORD(trusted_proxies, SETTING_NETWORKS, "127.0.0.1,::1"),
    WORD(auth_proxy_header, SETTING_HEADER, ""),
    WORD(cookie_secure, SETTING_TRISTATE, "auto"),

    NUMBER(max_connections, "10000", 0, 1000000, "connections (0: no limit)"),
    NUMBER(max_connections_per_address, "1000", 0, 1000000, "connections (0: no limit)"),
    BYTES(message_max_bytes, "16K", 64, MIB),
    NUMBER(rate_messages_per_s, "5", 0, 100000, "messages per second (0: no limit)"),
    NUMBER(rate_burst, "20", 0, 1000000, "messages"),
    NUMBER(rate_guest_messages_per_s, "2", 0, 100000, "messages per second (0: no limit)"),
    NUMBER(rate_guest_burst, "10", 0, 1000000, "messages"),
    NUMBER(rate_address_people, "10", 0, 100000, "people (0: no limit)"),
    BYTES(rate_address_bytes_per_s, "32K", 0, 1024 * MIB),
    BYTES(replay_bytes_per_s, "1M", 0, 1024 * MIB),
    NUMBER(rate_newcomers_per_min, "6", 0, 100000, "new people per minute (0: no limit)"),
    NUMBER(rate_newcomers_burst, "60", 0, 1000000, "new people"),
    NUMBER(rooms_per_day, "50", 0, 100000, "rooms per day (0: no limit)"),
    NUMBER(directs_per_day, "200", 0, 100000, "conversations per day (0: no limit)"),
    NUMBER(added_per_day, "100", 0, 100000, "rooms per day (0: no limit)"),

    NUMBER(history_on_join, "200", 0, 1000, "events"),
    BYTES(ring_memory_bytes, "64M", 64 * KIB, 65536 * MIB),

    NUMBER(outbound_queue_frames, "256", 4, 16384, "frames"),
    BYTES(outbound_queue_bytes, "1M", 4 * KIB, 256 * MIB),
    BYTES(outbound_memory_bytes, "128M", 8 * KIB, 65536 * MIB),
    BYTES(socket_send_buffer_bytes, "256K", 4 * KIB, 16 * MIB),

    NUMBER(command_queue, "65536", 1, 1048576, "commands"),
    NUMBER(commit_max_commands, "1024", 1, 65536, "commands"),
    BYTES(commit_max_bytes, "256K", KIB, 64 * MIB),
    NUMBER(reader_queue, "4096", 1, 1048576, "jobs"),
    BYTES(wal_limit_bytes, "64M", 256 * KIB, 1024 * MIB),

    NUMBER(ping_interval_ms, "30000", 1000, DAY_MS, "milliseconds"),
    NUMBER(idle_timeout_ms, "75000", 100, DAY_MS, "milliseconds"),
    NUMBER(stall_timeout_ms, "20000", 100, DAY_MS, "milliseconds"),
    NUMBER(drain_ms, "5000", 0, 600000, "milliseconds"),
    NUMBER(reconnect_spread_ms, "3000", 0, 600000, "milliseconds"),

    NUMBER(reactor_threads, "1", 1, 64, "threads"),
    NUMBER(reader_threads, "2", 1, 64, "threads"),
    NUMBER(password_threads, "2", 1, 7, "threads"),

    CIVETWEB(num_threads, SETTING_NUMBER, "14", 1, 1024, "threads"),
    CIVETWEB(connection_queue, SETTING_NUMBER, "256", 1, 65536, "connections"),
    CIVETWEB(listen_backlog, SETTING_NUMBER, "4096", 1, 65535, "connections"),
    CIVETWEB(request_timeout_ms, SETTING_NUMBER, "5000", 100, 600000, "milliseconds"),
    CIVETWEB(max_request_size, SETTING_BYTES, "16K", KIB, MIB, "bytes"),
    CIVETWEB(enable_keep_alive, SETTING_BOOL, "yes", 0, 0, NULL),
    CIVETWEB(keep_alive_timeout_ms, SETTING_NUMBER, "500", 1, 600000, "milliseconds"),
    CIVETWEB(linger_timeout_ms, SETTING_NUMBER, "-1", -1, 600000, "milliseconds (-1: the system default)"),
    CIVETWEB(tcp_nodelay, SETTING_NUMBER, "1", 0, 1, "(1: send small packets at once)"),
    CIVETWEB(access_log_file, SETTING_PATH, "", 0, 0, NULL),
    CIVETWEB(error_log_file, SETTING_PATH, "", 0, 0, NULL),
    CIVETWEB(access_control_list, SETTING_ACL, "", 0, 0, NULL),
    CIVETWEB(run_as_user, SETTING_USER, "", 0, 0, NULL),
};

const size_t setting_count = sizeof setting_rows / sizeof setting_rows[0];
static_assert(sizeof setting_rows / sizeof setting_rows[0] <= CONFIG_SETTINGS_MAX,
              "struct config has a place for each");

static const char no_files[] = "is not available: Hubbub serves its page from memory and no other files";
static const char no_scripts[] = "is not available: Hubbub runs no scripts";
static const char no_auth[] =
    "is not available: Hubbub itself decides who has access; see signup, allow_guests and allowed_origins";
static const char no_ws[] =
    "is not available: Hubbub handles live connections itself; see ping_interval_ms and idle_timeout_ms";
static const char no_tls[] =
    "is not available: TLS ends at a front proxy, since OpenSSL cannot read and write one live connection at "
    "once; see config/nginx.conf.sample, Caddyfile.sample and haproxy.cfg.sample";
static const char no_throttle[] =
    "is not available: see rate_messages_per_s, rate_burst and max_connections_per_address";
static const char no_headers[] =
    "is not available: Hubbub sets its own security headers; for other origins see allowed_origins";
static const char no_decode[] = "is not available: Hubbub decodes addresses itself";
static const char no_http2[] =
    "is not available: WebSockets start from HTTP/1.1; a front proxy can speak HTTP/2 to browsers";

/* CivetWeb's other options, and those of its sample program. A star at the end stands for the rest of a name. */
static const struct {
    const char *pattern;
    const char *why;
} forbidden[] = {
    {"document_root", no_files},
    {"fallback_document_root", no_files},
    {"index_files", no_files},
    {"enable_directory_listing", no_files},
    {"enable_webdav", no_files},
    {"hide_files_patterns", no_files},
    {"extra_mime_types", no_files},
    {"static_file_*", no_files},
    {"url_rewrite_patterns", no_files},
    {"allow_sendfile_call", no_files},
    {"error_pages", no_files},
    {"allow_index_script_resource", no_scripts},
    {"cgi*", no_scripts},
    {"ssi_*", no_scripts},
    {"lua_*", no_scripts},
    {"duktape_*", no_scripts},
    {"websocket_*", no_ws},
    {"enable_websocket_*", no_ws},
    {"fallback_websocket_root", no_ws},
    {"put_delete_auth_file", no_auth},
    {"protect_uri", no_auth},
    {"authentication_domain", no_auth},
    {"enable_auth_domain_check", no_auth},
    {"global_auth_file", no_auth},
    {"ssl_*", no_tls},
    {"strict_transport_security_max_age", no_tls},
    {"throttle", no_throttle},
    {"access_control_allow_*", no_headers},
    {"additional_header", no_headers},
    {"decode_url", no_decode},
    {"decode_query_string", no_decode},
    {"enable_http2", no_http2},
};

const struct setting *setting_find(const char *name)
{
    for (size_t i = 0; i < setting_count; i++) {
        if (strcmp(setting_rows[i].name, name) == 0)
            return &setting_rows[i];
    }
    return NULL;
}

const char *setting_forbidden(const char *name)
{
    for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
        const char *pattern = forbidden[i].pattern;
        size_t len = strlen(pattern);
        bool matches = pattern[len - 1] == '*' ? strncmp(name, pattern, len - 1) == 0 : strcmp(name, pattern) == 0;
        if (matches)
            return forbidden[i].why;
    }
    return NULL;
}

enum { NAME_MAX_LEN = 64 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static char folded(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    return (char)(c == '-' ? '_' : c);
}

/* How many letters have to be added, removed, changed or swapped with their neighbour to make a out of b (optimal
 * string alignment). Case, and a dash for an underscore, count nothing. Both at most NAME_MAX_LEN long. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t rows[3][NAME_MAX_LEN + 1];
    size_t a_len = strlen(a), b_len = strlen(b);
    assert(a_len <= NAME_MAX_LEN && b_len <= NAME_MAX_LEN);

    for (size_t j = 0; j <= b_len; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t *now = rows[i % 3];
        const size_t *last = rows[(i + 2) % 3];
        const size_t *last_but_one = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t change = last[j - 1] + (folded(a[i - 1]) != folded(b[j - 1]));
            now[j] = least(change, least(last[j], now[j - 1]) + 1);
            bool swapped =
                i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) && folded(a[i - 2]) == folded(b[j - 1]);
            if (swapped)
                now[j] = least(now[j], last_but_one[j - 2] + 1);
        }
    }
    return rows[a_len % 3][b_len];
}

const char *setting_nearest(const char *name)
{
    size_t len = strlen(name);
    if (len < 3 || len > NAME_MAX_LEN)
        return NULL;
    size_t nearest = 1 + len / 4; /* beyond that, the guess would puzzle more than it helps */
    const char *found = NULL;
    for (size_t i = 0; i < setting_count; i++) {
        size_t distance = edit_distance(name, setting_rows[i].name);
        if (distance < nearest + (found == NULL)) {
            nearest = distance;
            found = setting_rows[i].name;
        }
    }
    return found;
}
