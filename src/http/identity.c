#include "http/identity.h"

#include "account/account.h"
#include "base/utf8.h"
#include "directory/people.h"
#include "http/cookie.h"
#include "http/header.h"
#include "http/list.h"
#include "http/server_internal.h"

#include <stdio.h>
#include <strings.h>

static void set_address(const struct exchange *x, struct caller *who)
{
    snprintf(who->address, sizeof who->address, "%s", x->address);
}

/* ------------------------------------------------------------------ one way each; ERR_NOT_FOUND: not that way */

/* Another scheme than Bearer is meant for a proxy on the way. */
static bool find_token(const struct exchange *x, struct span *token)
{
    static const char scheme[] = "Bearer";
    enum { LEN = sizeof scheme - 1 };
    const char *value = header_get(x->request, "Authorization");
    if (!value || strncasecmp(value, scheme, LEN) != 0 || (value[LEN] && value[LEN] != ' '))
        return false;
    *token = list_trim(span_of(value + LEN));
    return true;
}

static enum err by_token(const struct exchange *x, struct caller *out, const char **why)
{
    struct span token;
    if (!find_token(x, &token))
        return ERR_NOT_FOUND;
    *why = "This access token is not valid.";
    if (header_count(x->request, "Authorization") > 1)
        return ERR_UNAUTHORIZED;
    enum err e = account_by_token(x->server->chat, token, out, why);
    if (e != ERR_UNAUTHORIZED)
        *why = NULL;
    return e;
}

enum err identity_of_session(const struct exchange *x, struct caller *out, struct span *cookie)
{
    struct span value;
    enum err e = ERR_NOT_FOUND;
    for (int n = 0; cookie_get(x, COOKIE_SESSION, n, &value); n++) {
        e = account_by_session(x->server->chat, value, span_of(x->address), out);
        *cookie = value;
        if (e != ERR_UNAUTHORIZED)
            break;
    }
    if (!e)
        set_address(x, out);
    return e;
}

/* Whom a trusted proxy names; NULL: nobody. */
static const char *proxys_name(const struct exchange *x)
{
    const char *header = x->server->settings.auth_proxy_header;
    const char *value = header && *header && x->from.by_proxy ? header_get(x->request, header) : NULL;
    return value && *value ? value : NULL;
}

/* Two such headers are one too many: the second may be the client's own. */
static enum err by_proxy(const struct exchange *x, struct caller *out, const char **why)
{
    const char *value = proxys_name(x);
    if (!value)
        return ERR_NOT_FOUND;
    if (header_count(x->request, x->server->settings.auth_proxy_header) > 1 || !utf8_check(span_of(value)))
        return ERR_UNAUTHORIZED;
    return account_by_proxy(x->server->chat, span_of(value), span_of(x->address), out, why);
}

enum err identity_of_guest(const struct exchange *x, struct guest *out)
{
    struct chat *chat = x->server->chat;
    struct directory_user user;
    struct span value;
    enum err e = ERR_NOT_FOUND;
    for (int n = 0; e && cookie_get(x, COOKIE_GUEST, n, &value); n++)
        e = guest_from_cookie(chat, value, out);
    if (e)
        return e;
    const bool is_guest = directory_user(chat->directory, out->id, &user) && user.kind == USER_GUEST;
    return is_guest && user.cookie_number == out->number ? OK : ERR_UNAUTHORIZED;
}

static enum err by_guest(const struct exchange *x, struct identity *out)
{
    struct chat *chat = x->server->chat;
    int64_t until;
    if (!chat->settings.allow_guests)
        return ERR_NOT_FOUND;
    enum err e = identity_of_guest(x, &out->guest);
    if (e)
        return e;
    if (directory_is_banned(chat->directory, out->guest.id, env_wall_ms(chat->env), &until))
        return ERR_BANNED;
    out->who = (struct caller){.kind = COMMAND_ACTOR_GUEST,
                               .user_id = out->guest.id,
                               .cookie_number = out->guest.number,
                               .scope = SCOPE_ADMIN};
    return OK;
}

/* ------------------------------------------------------------------ all of them */

bool identity_comes_along(const struct exchange *x)
{
    struct span ignored;
    return !find_token(x, &ignored) &&
           (cookie_get(x, COOKIE_SESSION, 0, &ignored) || cookie_get(x, COOKIE_GUEST, 0, &ignored) || proxys_name(x));
}

/* One of the two is old or not the proxy's, and nobody can tell which: the one who is named, or the one whose browser it
 * is, would act for the other. */
static enum err agree(const struct exchange *x, const struct caller *session, const char **why)
{
    struct caller named;
    enum err e = by_proxy(x, &named, why);
    if (e == ERR_NOT_FOUND || (!e && named.user_id == session->user_id))
        return OK;
    if (!e)
        *why = "You are signed in here as somebody else than at the proxy. Reload the page.";
    return e ? e : ERR_UNAUTHORIZED;
}

enum err identity_of(const struct exchange *x, struct identity *out, const char **why)
{
    const char *unused;
    *out = (struct identity){.who.kind = COMMAND_ACTOR_VISITOR};
    why = why ? why : &unused;
    *why = NULL;
    enum err e = by_token(x, &out->who, why);
    if (e == ERR_NOT_FOUND) {
        enum err session = identity_of_session(x, &out->who, &out->cookie);
        e = session ? session : agree(x, &out->who, why);
        if (session == ERR_NOT_FOUND || session == ERR_UNAUTHORIZED)
            e = by_proxy(x, &out->who, why);
        if (e == ERR_NOT_FOUND)
            e = session == ERR_NOT_FOUND ? by_guest(x, out) : session;
    }
    if (e == ERR_NOT_FOUND) {
        out->who = (struct caller){.kind = COMMAND_ACTOR_VISITOR, .scope = SCOPE_ADMIN};
        e = OK;
    }
    if (!out->who.session_id)
        out->cookie = (struct span){NULL, 0};
    set_address(x, &out->who);
    return e;
}
