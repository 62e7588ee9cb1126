#include "account/cookie.h"

#include <stdio.h>

enum { DAY_S = 24 * 3600 };

enum err guest_cookie_write(const uint8_t secret[SECRET_BYTES], int64_t now_s, struct guest *g)
{
    char name[NAME_BYTES * 2], mac[SECRET_MAC_TEXT_BYTES];
    if (!secret_base64(span_of(g->name), name, sizeof name))
        return ERR_INVALID;
    int len = snprintf(g->cookie, sizeof g->cookie, "v2.%lld.%s.%lld.%lld", (long long)g->id, name,
                       (long long)g->number, (long long)now_s);
    if (len < 0 || (size_t)len + 1 + SECRET_MAC_TEXT_BYTES > sizeof g->cookie)
        return ERR_INVALID;
    secret_mac(secret, (struct span){g->cookie, (size_t)len}, mac);
    g->cookie[len] = '.';
    memcpy(g->cookie + len + 1, mac, sizeof mac);
    return OK;
}

/* Splits off what stands before the next dot. */
static bool next_part(struct span *rest, struct span *part)
{
    const char *dot = memchr(rest->p, '.', rest->len);
    size_t len = dot ? (size_t)(dot - rest->p) : rest->len;
    *part = (struct span){rest->p, len};
    rest->p += len + (dot != NULL);
    rest->len -= len + (dot != NULL);
    return len > 0;
}

static bool next_number(struct span *rest, int64_t *number)
{
    struct span part;
    if (!next_part(rest, &part) || part.len > 18)
        return false;
    *number = 0;
    for (size_t i = 0; i < part.len; i++) {
        if (part.p[i] < '0' || part.p[i] > '9')
            return false;
        *number = *number * 10 + (part.p[i] - '0');
    }
    return true;
}

static bool read_parts(struct span rest, struct guest *out, int64_t *issued_s)
{
    struct span version, name;
    size_t name_len;
    if (!next_part(&rest, &version) || !span_equal(version, span_of("v2")) || !next_number(&rest, &out->id) ||
        !next_part(&rest, &name) || !next_number(&rest, &out->number) || !next_number(&rest, issued_s) || rest.len)
        return false;
    if (!secret_unbase64(name, (uint8_t *)out->name, sizeof out->name - 1, &name_len))
        return false;
    out->name[name_len] = 0;
    return out->id > 0;
}

enum err guest_cookie_read(const uint8_t secret[SECRET_BYTES], int64_t now_s, struct span cookie, struct guest *out)
{
    const char *last_dot =
        cookie.len && cookie.len <= GUEST_COOKIE_MAX_BYTES ? memrchr(cookie.p, '.', cookie.len) : NULL;
    if (!last_dot)
        return ERR_UNAUTHORIZED;
    struct span text = {cookie.p, (size_t)(last_dot - cookie.p)};
    struct span mac = {last_dot + 1, cookie.len - text.len - 1};
    int64_t issued_s;
    if (!secret_mac_matches(secret, text, mac) || !read_parts(text, out, &issued_s))
        return ERR_UNAUTHORIZED;
    return issued_s + (int64_t)GUEST_COOKIE_DAYS * DAY_S <= now_s ? ERR_UNAUTHORIZED : OK;
}
