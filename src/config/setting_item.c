/* The items that settings are made of, and what is said of those that are none. */
#include "config/setting_item.h"

#include "config/config_source.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

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

bool setting_decimal(struct span s, uint64_t max, uint64_t *out)
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
    if (slash && !setting_decimal((struct span){slash + 1, s.len - address.len - 1}, all, &prefix))
        return false;
    for (uint64_t bit = prefix; bit < all; bit++) {
        if (bytes[bit / 8] & (0x80u >> (bit % 8)))
            return false;
    }
    return true;
}

enum err setting_item_network(struct span item, struct config_error *why)
{
    if (is_network(item, true))
        return OK;
    return config_fail(
        why, ERR_INVALID,
        "must be addresses such as 127.0.0.1, ::1 or 10.0.0.0/8 (no bits set after the mask), separated by commas");
}

enum err setting_item_acl(struct span item, struct config_error *why)
{
    bool signed_item = item.p[0] == '+' || item.p[0] == '-';
    if (signed_item && is_network((struct span){item.p + 1, item.len - 1}, false))
        return OK;
    return config_fail(
        why, ERR_INVALID,
        "must be IPv4 networks, each with + (let in) or - (keep out) before it, such as -0.0.0.0/0,+10.0.0.0/8; "
        "the last match decides, and an address without a match is kept out");
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

enum err setting_item_port(struct span item, struct config_error *why)
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
    if (tls && setting_decimal((struct span){port.p, port.len - 1}, 65535, &number))
        return config_fail(
            why, ERR_INVALID,
            "can't end in 's' or 'r': TLS ends at a front proxy, since OpenSSL cannot read and write one live "
            "connection at once; see config/nginx.conf.sample, Caddyfile.sample and haproxy.cfg.sample");
    if (setting_decimal(port, 65535, &number) && (!has_host || is_host_or_address(host)))
        return OK;
    return config_fail(
        why, ERR_INVALID,
        "must be ports from 0 (any free one) to 65535 such as 8080, or address:port such as 127.0.0.1:8080, "
        "separated by commas");
}

/* scheme://host[:port] and nothing behind it. */
static bool split_origin(struct span item, struct span *scheme)
{
    size_t len = 0;
    while (len < item.len && (is_lower(item.p[len]) || (len > 0 && (is_digit(item.p[len]) || item.p[len] == '-'))))
        len++;
    if (len == 0 || item.len <= len + 3 || memcmp(item.p + len, "://", 3) != 0)
        return false;
    struct span host, port, rest = {item.p + len + 3, item.len - len - 3};
    uint64_t number = 1;
    split_port(rest, &host, &port);
    bool good_port = host.len == rest.len || (setting_decimal(port, 65535, &number) && number > 0);
    *scheme = (struct span){item.p, len};
    return good_port && is_host_or_address(host);
}

enum err setting_item_origin(struct span item, struct config_error *why)
{
    struct span scheme;
    if (split_origin(item, &scheme))
        return OK;
    return config_fail(why, ERR_INVALID,
                       "must be * (any), or origins as browsers send them, such as https://chat.example.org or "
                       "http://localhost:3000, with "
                       "no path or trailing slash, separated by commas");
}

enum err setting_item_page(struct span item, struct config_error *why)
{
    struct span scheme;
    if (split_origin(item, &scheme) && (span_equal(scheme, span_of("https")) || span_equal(scheme, span_of("http"))))
        return OK;
    return config_fail(
        why, ERR_INVALID,
        "must be the address that people use, such as https://chat.example.org, with no path or trailing "
        "slash");
}

enum err setting_item_user(struct span item, struct config_error *why)
{
    bool good = item.len > 0 && (is_lower(item.p[0]) || item.p[0] == '_');
    for (size_t i = 0; i < item.len && good; i++)
        good = is_lower(item.p[i]) || is_digit(item.p[i]) || item.p[i] == '_' || item.p[i] == '-';
    return good ? OK : config_fail(why, ERR_INVALID, "must be a system user name: lower-case letters, digits, _ and -");
}

/* Not those that mean something to HTTP or to Hubbub already. */
static bool is_free_header(struct span item)
{
    static const char *const taken[] = {"Authorization", "Connection", "Content-Length",    "Cookie",
                                        "Host",          "Origin",     "Transfer-Encoding", "Upgrade",
                                        "Accept",        "User-Agent", "X-Forwarded-For",   "X-Forwarded-Proto"};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        if (item.len == strlen(taken[i]) && strncasecmp(item.p, taken[i], item.len) == 0)
            return false;
    }
    return true;
}

enum err setting_item_header(struct span item, struct config_error *why)
{
    bool good = item.len > 0 && item.len <= 64;
    for (size_t i = 0; i < item.len && good; i++)
        good = is_alnum(item.p[i]) || item.p[i] == '-';
    return good && is_free_header(item)
               ? OK
               : config_fail(why, ERR_INVALID,
                             "must be the name of a header that only the proxy sets, of letters, digits and -, such as "
                             "X-Forwarded-User");
}
