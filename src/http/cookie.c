#include "http/cookie.h"

#include "account/account.h"
#include "account/guest.h"
#include "http/header.h"
#include "http/server_internal.h"

enum { DAY_S = 86400 };

static const struct {
    const char *name, *secure_name;
    int max_age_s;
} cookies[] = {
    [COOKIE_SESSION] = {"hubbub_session", "__Host-hubbub_session", ACCOUNT_SESSION_DAYS *DAY_S},
    [COOKIE_GUEST] = {"hubbub_guest", "__Host-hubbub_guest", GUEST_COOKIE_DAYS *DAY_S},
};

bool cookie_secure(enum http_secure setting, bool https)
{
    return setting == HTTP_SECURE_AUTO ? https : setting == HTTP_SECURE_YES;
}

static bool is_secure(const struct exchange *x)
{
    return cookie_secure(x->server->settings.cookie_secure, x->from.https);
}

/* By TLS the name without the prefix is not looked at: anybody may have set that. */
static const char *name_of(enum cookie which, bool secure)
{
    return secure ? cookies[which].secure_name : cookies[which].name;
}

bool cookie_get(const struct exchange *x, enum cookie which, int n, struct span *value)
{
    return n < COOKIE_TRIES && header_cookie(x->request, name_of(which, is_secure(x)), n, value);
}

void cookie_set(const struct exchange *x, enum cookie which, const char *value, struct buf *headers)
{
    bool secure = is_secure(x);
    buf_printf(headers, "Set-Cookie: %s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s\r\n", name_of(which, secure),
               value ? value : "", value ? cookies[which].max_age_s : 0, secure ? "; Secure" : "");
}
