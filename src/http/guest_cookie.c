#include "http/guest_cookie.h"

#include "http/header.h"
#include "http/list.h"
#include "http/server_internal.h"

static const char cookie_name[] = "hubbub_guest";

enum { YEAR_S = 365 * 86400, COOKIES_MAX = 4 /* of that name are looked at */ };

enum err guest_cookie_read(const struct exchange *x, struct guest *out)
{
    struct span value;
    enum err e = ERR_NOT_FOUND;
    for (int n = 0; n < COOKIES_MAX && header_cookie(x->request, cookie_name, n, &value); n++) {
        e = guest_from_cookie(x->server->chat, value, out);
        if (!e)
            break;
    }
    return e;
}

bool guest_cookie_secure(enum http_secure setting, const char *x_forwarded_proto)
{
    struct span first;
    if (setting != HTTP_SECURE_AUTO)
        return setting == HTTP_SECURE_YES;
    return list_next(&x_forwarded_proto, ',', &first) && list_equal(first, "https");
}

void guest_cookie_write(const struct exchange *x, const char *value, struct buf *out)
{
    bool secure = guest_cookie_secure(x->server->settings.cookie_secure, header_get(x->request, "X-Forwarded-Proto"));
    buf_printf(out, "Set-Cookie: %s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s\r\n", cookie_name,
               value ? value : "", value ? YEAR_S : 0, secure ? "; Secure" : "");
}
