/* The text of one value: checked, put into its field, and written out again. */
#include "base/utf8.h"
#include "config_source.h"
#include "setting.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_alnum(char c)
{
    return is_digit(c) || is_lower(c) || (c >= 'A' && c <= 'Z');
}

/* ---------------------------------------------------------------- one item of a list */

/* A decimal number without sign, blanks and leading zeros (CivetWeb reads those as octal). False when it is none or
 * above max. */
static bool parse_decimal(struct span s, uint64_t max, uint64_t *out)
{
    if (s.len == 0 || s.len > 19 || (s.p[0] == '0' && s.len > 1))
        return false;
    uint64_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (!is_digit(s.p[i]))
            return false;
        n = n * 10 + (uint64_t)(s.p[i] - '0');
    }
    if (n > max)
        return false;
    *out = n;
    return true;
}

static bool copy_item(struct span s, char *out, size_t size)
{
    if (s.len == 0 || s.len >= size)
        return false;
    memcpy(out, s.p, s.len);
    out[s.len] = '\0';
    return true;
}

static bool is_address(int family, struct span s, uint8_t bytes[16])
{
    char text[INET6_ADDRSTRLEN];
    return copy_item(s, text, sizeof(text)) && inet_pton(family, text, bytes) == 1;
}

/* a.b.c.d, a.b.c.d/n, and where v6 is true IPv6 likewise. The part that the mask leaves out must be zero, or it would
 * never match. */
static bool is_network(struct span s, bool v6)
{
    const char *slash = memchr(s.p, '/', s.len);
    struct span address = {s.p, slash ? (size_t)(slash - s.p) : s.len};
    uint8_t bytes[16] = {0};
    uint64_t all = 32;
    if (!is_address(AF_INET, address, bytes)) {
        if (!v6 || !is_address(AF_INET6, address, bytes))
            return false;
        all = 128;
    }
    uint64_t prefix = all;
    if (slash && !parse_decimal((struct span){slash + 1, s.len - address.len - 1}, all, &prefix))
        return false;
    for (uint64_t bit = prefix; bit < all; bit++) {
        if (bytes[bit / 8] & (0x80u >> (bit % 8)))
            return false;
    }
    return true;
}

static enum err check_network(struct span item, struct config_error *why)
{
    if (is_network(item, true))
        return OK;
    return config_fail(
        why, ERR_INVALID,
        "must be addresses such as 127.0.0.1, ::1 or 10.0.0.0/8 (nothing set behind the mask), separated by commas");
}

static enum err check_acl(struct span item, struct config_error *why)
{
    bool signed_item = item.p[0] == '+' || item.p[0] == '-';
    if (signed_item && is_network((struct span){item.p + 1, item.len - 1}, false))
        return OK;
    return config_fail(
        why, ERR_INVALID,
        "must be IPv4 networks, each with + (let in) or - (keep out) before it, such as -0.0.0.0/0,+10.0.0.0/8; "
        "the last that matches counts, and who matches none is kept out");
}

static bool is_label(const char *p, size_t len)
{
    if (len == 0 || len > 63 || p[0] == '-' || p[len - 1] == '-')
        return false;
    for (size_t i = 0; i < len; i++) {
        if (!is_alnum(p[i]) && p[i] != '-' && p[i] != '_')
            return false;
    }
    return true;
}

static bool is_host(struct span s)
{
    size_t start = 0;
    for (size_t i = 0; i <= s.len; i++) {
        if (i < s.len && s.p[i] != '.')
            continue;
        if (!is_label(s.p + start, i - start))
            return false;
        start = i + 1;
    }
    return s.len <= 253;
}

/* "host", "a.b.c.d" or "[v6]". Something of digits and dots only must be an address. */
static bool is_host_or_address(struct span s)
{
    uint8_t bytes[16];
    if (s.len >= 2 && s.p[0] == '[')
        return s.p[s.len - 1] == ']' && is_address(AF_INET6, (struct span){s.p + 1, s.len - 2}, bytes);
    bool numeric = true;
    for (size_t i = 0; i < s.len; i++)
        numeric = numeric && (is_digit(s.p[i]) || s.p[i] == '.');
    return numeric ? is_address(AF_INET, s, bytes) : is_host(s);
}

/* Splits "host:port" at the last colon that is not inside brackets. Without one, port is empty and host is everything.
 */
static void split_port(struct span s, struct span *host, struct span *port)
{
    *host = s;
    *port = (struct span){s.p + s.len, 0};
    for (size_t i = s.len; i > 0 && s.p[i - 1] != ']'; i--) {
        if (s.p[i - 1] == ':') {
            *host = (struct span){s.p, i - 1};
            *port = (struct span){s.p + i, s.len - i};
            return;
        }
    }
}

static enum err check_port(struct span item, struct config_error *why)
{
    struct span host, port;
    split_port(item, &host, &port);
    bool has_host = host.len < item.len;
    if (!has_host) {
        port = host;
        if (port.p[0] == '+') /* IPv6 as well, in a CivetWeb that has it */
            port = (struct span){port.p + 1, port.len - 1};
    }
    uint64_t number;
    bool tls = port.len > 1 && (port.p[port.len - 1] == 's' || port.p[port.len - 1] == 'r');
    if (tls && parse_decimal((struct span){port.p, port.len - 1}, 65535, &number))
        return config_fail(
            why, ERR_INVALID,
            "may not end in 's' or 'r': TLS ends at a front proxy, since OpenSSL cannot read and write one live "
            "connection at once; see config/nginx.conf.sample, Caddyfile.sample and haproxy.cfg.sample");
    if (parse_decimal(port, 65535, &number) && (!has_host || is_host_or_address(host)))
        return OK;
    return config_fail(
        why, ERR_INVALID,
        "must be ports from 0 (any free one) to 65535 such as 8080, or address:port such as 127.0.0.1:8080, "
        "separated by commas");
}

static enum err check_origin(struct span item, struct config_error *why)
{
    size_t scheme = 0;
    while (scheme < item.len &&
           (is_lower(item.p[scheme]) || (scheme > 0 && (is_digit(item.p[scheme]) || item.p[scheme] == '-'))))
        scheme++;
    bool has_scheme = scheme > 0 && item.len > scheme + 3 && memcmp(item.p + scheme, "://", 3) == 0;
    if (has_scheme) {
        struct span host, port, rest = {item.p + scheme + 3, item.len - scheme - 3};
        uint64_t number = 1;
        split_port(rest, &host, &port);
        bool good_port = host.len == rest.len || (parse_decimal(port, 65535, &number) && number > 0);
        if (good_port && is_host_or_address(host))
            return OK;
    }
    return config_fail(why, ERR_INVALID,
                       "must be * (any), or origins as browsers send them, such as https://chat.example.org or "
                       "http://localhost:3000, with "
                       "no path or slash behind, separated by commas");
}

/* ---------------------------------------------------------------- texts */

/* Checks each item of a comma separated list and writes the list without its blanks to `out`, which has room for the
 * whole value. */
static enum err check_list(const char *value, enum err (*check)(struct span, struct config_error *), char *out,
                           struct config_error *why)
{
    size_t len = 0;
    for (const char *p = value;;) {
        size_t item_len = strcspn(p, ",");
        struct span item = utf8_trim((struct span){p, item_len});
        if (item.len == 0)
            return config_fail(why, ERR_INVALID, "must not have an empty entry between its commas");
        enum err e = check(item, why);
        if (e)
            return e;
        memcpy(out + len, item.p, item.len);
        len += item.len;
        p += item_len;
        out[len] = *p;
        if (*p == '\0')
            return OK;
        len++;
        p++;
    }
}

static enum err check_user(const char *value, struct config_error *why)
{
    bool good = is_lower(value[0]) || value[0] == '_';
    for (const char *p = value; *p && good; p++)
        good = is_lower(*p) || is_digit(*p) || *p == '_' || *p == '-';
    return good ? OK : config_fail(why, ERR_INVALID, "must be a user's name: lower-case letters, digits, _ and -");
}

static enum err parse_text(const struct setting *s, const char *value, char *field, struct config_error *why)
{
    size_t len = strlen(value);
    if (len >= s->size)
        return config_fail(why, ERR_INVALID, "is too long: at most %zu bytes", s->size - 1);
    if (!utf8_check((struct span){value, len}))
        return config_fail(why, ERR_INVALID, "is not valid UTF-8");
    if (len == 0 && s->min > 0)
        return config_fail(why, ERR_INVALID, "must not be empty");

    char text[CONFIG_TEXT_MAX];
    memcpy(text, value, len + 1);
    enum err e = OK;
    switch (s->kind) {
    case SETTING_PORTS:
        e = len == 0 ? check_port(span_of("-"), why) : check_list(value, check_port, text, why);
        break;
    case SETTING_ORIGINS:
        if (len > 0 && strcmp(value, "*") != 0)
            e = check_list(value, check_origin, text, why);
        break;
    case SETTING_NETWORKS:
        if (len > 0)
            e = check_list(value, check_network, text, why);
        break;
    case SETTING_ACL:
        if (len > 0)
            e = check_list(value, check_acl, text, why);
        break;
    case SETTING_USER:
        if (len > 0)
            e = check_user(value, why);
        break;
    default:
        break;
    }
    if (e)
        return e;
    memcpy(field, text, strlen(text) + 1);
    return OK;
}

/* ---------------------------------------------------------------- words and numbers */

static const char *const levels[] = {
    [DIAG_DEBUG] = "debug", [DIAG_INFO] = "info", [DIAG_WARN] = "warn", [DIAG_ERROR] = "error"};
static const char *const tristates[] = {[CONFIG_AUTO] = "auto", [CONFIG_YES] = "yes", [CONFIG_NO] = "no"};

/* The index of the value in the words, or -1. */
static int word_index(const char *value, const char *const *words, int n)
{
    for (int i = 0; i < n; i++) {
        if (strcmp(value, words[i]) == 0)
            return i;
    }
    return -1;
}

static enum err refuse_number(const struct setting *s, struct config_error *why)
{
    if (s->kind == SETTING_BYTES)
        return config_fail(why, ERR_INVALID,
                           "must be a whole number of bytes from %" PRId64 " to %" PRId64
                           "; K at the end means times 1024, M times 1048576",
                           s->min, s->max);
    return config_fail(why, ERR_INVALID, "must be a whole number from %" PRId64 " to %" PRId64 " %s", s->min, s->max,
                       s->unit);
}

static enum err parse_number(const struct setting *s, const char *value, int64_t *field, struct config_error *why)
{
    struct span digits = span_of(value);
    bool negative = digits.len > 0 && digits.p[0] == '-';
    if (negative)
        digits = (struct span){digits.p + 1, digits.len - 1};
    uint64_t factor = 1;
    if (s->kind == SETTING_BYTES && digits.len > 0) {
        char last = digits.p[digits.len - 1];
        factor = last == 'K' || last == 'k' ? 1024 : last == 'M' || last == 'm' ? 1048576 : 1;
        digits.len -= factor > 1;
    }
    uint64_t magnitude;
    if (!parse_decimal(digits, (uint64_t)INT64_MAX / factor, &magnitude))
        return refuse_number(s, why);
    int64_t n = (int64_t)(magnitude * factor);
    n = negative ? -n : n;
    if (n < s->min || n > s->max)
        return refuse_number(s, why);
    *field = n;
    return OK;
}

enum err setting_parse(const struct setting *s, const char *value, struct config *c, struct config_error *why)
{
    void *field = (char *)c + s->offset;
    int word;
    switch (s->kind) {
    case SETTING_NUMBER:
    case SETTING_BYTES:
        return parse_number(s, value, field, why);
    case SETTING_BOOL:
        word = word_index(value, tristates + CONFIG_YES, 2);
        if (word < 0)
            return config_fail(why, ERR_INVALID, "must be yes or no");
        *(bool *)field = word == 0;
        return OK;
    case SETTING_TRISTATE:
        word = word_index(value, tristates, 3);
        if (word < 0)
            return config_fail(why, ERR_INVALID, "must be auto, yes or no");
        *(enum config_tristate *)field = (enum config_tristate)word;
        return OK;
    case SETTING_LEVEL:
        word = word_index(value, levels, 4);
        if (word < 0)
            return config_fail(why, ERR_INVALID, "must be debug, info, warn or error");
        *(enum diag_level *)field = (enum diag_level)word;
        return OK;
    default:
        return parse_text(s, value, field, why);
    }
}

static void format_number(int64_t n, bool short_bytes, char out[CONFIG_TEXT_MAX])
{
    const char *suffix = "";
    if (short_bytes && n > 0 && n % 1048576 == 0) {
        n /= 1048576;
        suffix = "M";
    } else if (short_bytes && n > 0 && n % 1024 == 0) {
        n /= 1024;
        suffix = "K";
    }
    snprintf(out, CONFIG_TEXT_MAX, "%" PRId64 "%s", n, suffix);
}

void setting_format(const struct setting *s, const struct config *c, bool short_bytes, char out[CONFIG_TEXT_MAX])
{
    const void *field = (const char *)c + s->offset;
    switch (s->kind) {
    case SETTING_NUMBER:
        format_number(*(const int64_t *)field, false, out);
        break;
    case SETTING_BYTES:
        format_number(*(const int64_t *)field, short_bytes, out);
        break;
    case SETTING_BOOL:
        snprintf(out, CONFIG_TEXT_MAX, "%s", *(const bool *)field ? "yes" : "no");
        break;
    case SETTING_TRISTATE:
        snprintf(out, CONFIG_TEXT_MAX, "%s", tristates[*(const enum config_tristate *)field]);
        break;
    case SETTING_LEVEL:
        snprintf(out, CONFIG_TEXT_MAX, "%s", levels[*(const enum diag_level *)field]);
        break;
    default:
        snprintf(out, CONFIG_TEXT_MAX, "%s", (const char *)field);
        break;
    }
}
