#include "http/origin.h"

#include "http/address.h"
#include "http/list.h"

#include <strings.h>

/* An origin taken apart. The port is empty when it is the scheme's own. */
struct origin {
    struct span scheme, host, port;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_host_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '.' || c == '-' || c == '_';
}

static bool is_address_char(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
}

/* "host", "host:port", "[v6]", "[v6]:port". */
static bool split_authority(struct span text, struct span *host, struct span *port)
{
    size_t n = 0;
    if (text.len && text.p[0] == '[') {
        n = 1;
        while (n < text.len && is_address_char(text.p[n]))
            n++;
        if (n < 3 || n >= text.len || text.p[n] != ']')
            return false;
        n++;
    } else {
        while (n < text.len && is_host_char(text.p[n]))
            n++;
    }
    *host = (struct span){text.p, n};
    *port = (struct span){text.p + n, 0};
    if (n == text.len)
        return n > 0;
    if (n == 0 || text.p[n] != ':')
        return false;
    *port = (struct span){text.p + n + 1, text.len - n - 1};
    for (size_t i = 0; i < port->len; i++) {
        if (!is_digit(port->p[i]))
            return false;
    }
    return port->len <= 5;
}

static bool is_own_port(struct span scheme, struct span port)
{
    if (list_equal(scheme, "http") || list_equal(scheme, "ws"))
        return list_equal(port, "80");
    if (list_equal(scheme, "https") || list_equal(scheme, "wss"))
        return list_equal(port, "443");
    return false;
}

/* "scheme://host[:port]" and nothing behind it. */
static bool split_origin(struct span text, struct origin *out)
{
    size_t n = 0;
    while (n < text.len && (is_host_char(text.p[n]) || text.p[n] == '+'))
        n++;
    if (n == 0 || text.len - n < 3 || memcmp(text.p + n, "://", 3) != 0)
        return false;
    out->scheme = (struct span){text.p, n};
    if (!split_authority((struct span){text.p + n + 3, text.len - n - 3}, &out->host, &out->port))
        return false;
    if (is_own_port(out->scheme, out->port))
        out->port.len = 0;
    return true;
}

static bool same_text(struct span a, struct span b)
{
    return a.len == b.len && (a.len == 0 || strncasecmp(a.p, b.p, a.len) == 0);
}

static bool is_page_of(const struct origin *o, const char *host_header, bool https)
{
    struct span host, port;
    if (!list_equal(o->scheme, "https") && (https || !list_equal(o->scheme, "http")))
        return false;
    if (!host_header || !split_authority(span_of(host_header), &host, &port))
        return false;
    if (is_own_port(o->scheme, port))
        port.len = 0;
    return same_text(o->host, host) && same_text(o->port, port);
}

bool origin_allowed(const char *origin, const char *host, bool https, const char *allowed)
{
    struct origin from, entry;
    struct span item;
    if (!origin)
        return true;
    bool known = split_origin(span_of(origin), &from);
    if (known && is_page_of(&from, host, https))
        return true;
    while (list_next(&allowed, ',', &item)) {
        if (list_equal(item, "*"))
            return true;
        if (known && split_origin(item, &entry) && same_text(entry.scheme, from.scheme) &&
            same_text(entry.host, from.host) && same_text(entry.port, from.port))
            return true;
    }
    return false;
}

static bool is_host_of(const char *url, size_t len, struct span name)
{
    struct origin o;
    const char *slashes = memmem(url, len, "://", 3);
    const char *path = slashes ? memchr(slashes + 3, '/', len - (size_t)(slashes + 3 - url)) : NULL;
    return split_origin((struct span){url, path ? (size_t)(path - url) : len}, &o) && same_text(o.host, name);
}

bool origin_host_known(const char *host, const char *public_url, const char *allowed)
{
    struct span name, port, item;
    struct address address;
    if (!split_authority(span_of(host), &name, &port))
        return false;
    if (list_equal(name, "localhost") || address_parse(name, &address))
        return true;
    if (is_host_of(public_url, strlen(public_url), name))
        return true;
    while (list_next(&allowed, ',', &item)) {
        if (is_host_of(item.p, item.len, name))
            return true;
    }
    return false;
}

bool origin_host_valid(const char *host)
{
    struct span name, port;
    return split_authority(span_of(host), &name, &port);
}
