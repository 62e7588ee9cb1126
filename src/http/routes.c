#include "http/routes.h"

#include "directory/people.h"
#include "http/api.h"
#include "http/assets.h"
#include "http/header.h"
#include "http/health.h"
#include "http/list.h"
#include "http/origin.h"
#include "http/request.h"
#include "http/server_internal.h"
#include "http/upgrade.h"

#include <civetweb.h>

struct verb {
    const char *method;
    int (*handle)(struct exchange *x);
};

/* An address and what may be done there. The first that fits counts. The verbs end with a NULL; GET stands for HEAD
 * as well. */
struct route {
    const char *path;
    enum { EXACTLY, BELOW } where; /* BELOW: this address, and those that go on with a slash */
    enum { SET_UP, ALWAYS } when;  /* SET_UP: when the place has an owner */
    bool known_host;               /* only where Host names this server for certain, whatever public_url is */
    const char *allow;             /* the Allow line for other verbs; NULL: the first handler answers all of them */
    struct verb verbs[3];
};

static int answer_page(struct exchange *x, bool secret_address)
{
    const struct asset *page = assets_find("/index.html");
    return page ? assets_answer(x, page, secret_address) : exchange_text(x, 404, "Not found.\n", NULL);
}

static int get_page(struct exchange *x)
{
    return answer_page(x, false);
}

/* An invitation or a one-time link. */
static int get_page_of_secret(struct exchange *x)
{
    return answer_page(x, true);
}

static int get_asset(struct exchange *x)
{
    const struct asset *asset = assets_find(x->request->local_uri_raw);
    return asset ? assets_answer(x, asset, false) : exchange_text(x, 404, "Not found.\n", NULL);
}

static const struct refusal not_our_host = {
    421, "invalid",
    "This server doesn't answer to that host name. If it should, set public_url to the address that people use.", NULL};
static const struct refusal no_such_call = {404, "not_found", "Unknown API call.", NULL};
static const struct refusal not_here = {421, "invalid", "This server is not at the address in the request.", NULL};
static const struct refusal not_that_verb = {405, "invalid", "This address does not support that method.", NULL};

static int no_api(struct exchange *x)
{
    return exchange_refuse(x, &no_such_call);
}

#define GET_ONLY  "Allow: GET, HEAD\r\n"
#define POST_ONLY "Allow: POST\r\n"
#define API       "/api/v1/"

/* The page's own router knows which screen an address means (www/lib/route.js). */
static const struct route routes[] = {
    {"/", EXACTLY, ALWAYS, false, GET_ONLY, {{"GET", get_page}}},
    {"/room", BELOW, ALWAYS, false, GET_ONLY, {{"GET", get_page}}},
    {"/direct", BELOW, ALWAYS, false, GET_ONLY, {{"GET", get_page}}},
    {"/rooms", EXACTLY, ALWAYS, false, GET_ONLY, {{"GET", get_page}}},
    {"/people", BELOW, ALWAYS, false, GET_ONLY, {{"GET", get_page}}},
    {"/settings", BELOW, ALWAYS, false, GET_ONLY, {{"GET", get_page}}},
    {"/admin", BELOW, ALWAYS, false, GET_ONLY, {{"GET", get_page}}},
    {"/sign-in", EXACTLY, ALWAYS, false, GET_ONLY, {{"GET", get_page}}},
    {"/sign-up", EXACTLY, ALWAYS, false, GET_ONLY, {{"GET", get_page}}},
    {"/invite", BELOW, ALWAYS, false, GET_ONLY, {{"GET", get_page_of_secret}}},
    {"/reset", BELOW, ALWAYS, false, GET_ONLY, {{"GET", get_page_of_secret}}},

    {API "place", EXACTLY, ALWAYS, false, GET_ONLY, {{"GET", api_place}}},
    {API "setup", EXACTLY, ALWAYS, true, POST_ONLY, {{"POST", api_setup}}},
    {API "sign_in", EXACTLY, SET_UP, false, POST_ONLY, {{"POST", api_sign_in}}},
    {API "sign_up", EXACTLY, SET_UP, false, POST_ONLY, {{"POST", api_sign_up}}},
    {API "sign_out", EXACTLY, SET_UP, false, POST_ONLY, {{"POST", api_sign_out}}},
    {API "invite", EXACTLY, SET_UP, false, GET_ONLY, {{"GET", api_invite}}},
    {API "reset", EXACTLY, SET_UP, false, GET_ONLY, {{"GET", api_reset}}},
    {API "use_reset", EXACTLY, SET_UP, false, POST_ONLY, {{"POST", api_use_reset}}},
    {API "me", EXACTLY, SET_UP, false, GET_ONLY, {{"GET", api_me}}},
    {API "set_password", EXACTLY, SET_UP, false, POST_ONLY, {{"POST", api_set_password}}},
    {API "start_totp", EXACTLY, SET_UP, false, POST_ONLY, {{"POST", api_start_totp}}},
    {API "confirm_totp", EXACTLY, SET_UP, false, POST_ONLY, {{"POST", api_confirm_totp}}},
    {API "stop_totp", EXACTLY, SET_UP, false, POST_ONLY, {{"POST", api_stop_totp}}},
    {API "avatar", BELOW, SET_UP, false, GET_ONLY, {{"GET", api_avatar}}},
    {API "guest",
     EXACTLY,
     SET_UP,
     false,
     "Allow: POST, DELETE\r\n",
     {{"POST", api_guest_post}, {"DELETE", api_guest_delete}}},
    {"/api/v1", BELOW, SET_UP, false, NULL, {{NULL, api_request}}},
    {"/api", BELOW, SET_UP, false, NULL, {{NULL, no_api}}},

    {"/healthz", EXACTLY, ALWAYS, false, GET_ONLY, {{"GET", health_answer}}},
    {"/metrics", EXACTLY, SET_UP, true, GET_ONLY, {{"GET", health_metrics}}},
    {"", BELOW, ALWAYS, false, GET_ONLY, {{"GET", get_asset}}},
};

static bool fits(const struct route *route, const char *path)
{
    size_t len = strlen(route->path);
    if (strncmp(path, route->path, len) != 0)
        return false;
    return path[len] == 0 || (route->where == BELOW && path[len] == '/');
}

static int refuse_verb(struct exchange *x, const struct route *route)
{
    if (strncmp(route->path, API, sizeof API - 1) != 0)
        return exchange_text(x, 405, "This address does not support that method.\n", route->allow);
    struct refusal no = not_that_verb;
    no.headers = route->allow;
    return exchange_refuse(x, &no);
}

static int take_route(struct exchange *x, const struct route *route)
{
    if (!route->allow) /* whatever the verb */
        return route->verbs[0].handle(x);
    const char *method = x->head ? "GET" : x->request->request_method;
    for (const struct verb *verb = route->verbs; verb->method; verb++) {
        if (strcmp(verb->method, method) == 0)
            return verb->handle(x);
    }
    return refuse_verb(x, route);
}

/* A person's browser asks again by itself, and so do clients. */
static int answer_starting(struct exchange *x)
{
    static const char again[] = "Retry-After: 1\r\nRefresh: 2\r\n";
    const char *doing = atomic_load(&x->server->doing), *path = x->request->local_uri_raw;
    char text[256];
    if (strcmp(path, "/healthz") == 0)
        return health_starting(x, doing);
    if (strncmp(path, "/api/", 5) == 0 || strcmp(path, "/ws") == 0) {
        const struct refusal no = {503, "starting", doing, again};
        return exchange_refuse(x, &no);
    }
    snprintf(text, sizeof text, "%s This page reloads automatically.\n", doing);
    return exchange_text(x, 503, text, again);
}

int routes_refuse(struct exchange *x, const struct refusal *why)
{
    x->last = true;
    x->body_left = 0;
    x->rest_unknown = true;
    return exchange_refuse(x, why);
}

/* HTTP/1.0 may do without Host, and no browser does. */
static bool is_host_known(const struct exchange *x)
{
    const struct http_settings *s = &x->server->settings;
    const char *host = header_get(x->request, "Host");
    return !host || origin_host_known(host, s->public_url, s->allowed_origins);
}

int routes_handle(struct exchange *x)
{
    const char *path = x->request->local_uri_raw;
    const struct refusal *no = request_check(x->request);
    metric_add(&x->server->metrics->http_requests_total, 1);
    if (no)
        return routes_refuse(x, no);
    const bool host_known = is_host_known(x);
    if (*x->server->settings.public_url && !host_known)
        return exchange_refuse(x, &not_our_host);
    if (!http_is_open(x->server))
        return answer_starting(x);
    if (strcmp(path, "/ws") == 0)
        return upgrade_begin(x);
    const struct route *route = routes;
    while (!fits(route, path))
        route++; /* the last one fits all: CivetWeb lets only paths through that begin with "/" */
    if (route->known_host && !host_known)
        return exchange_refuse(x, &not_our_host);
    if (route->when == SET_UP && !directory_is_set_up(x->server->chat->directory))
        return exchange_error(x, ERR_NOT_SET_UP, NULL);
    return take_route(x, route);
}

int routes_answer_lost(struct exchange *x)
{
    const struct refusal *no = request_check(x->request);
    if (no || strcmp(x->request->request_uri, "*") != 0 || strcmp(x->request->request_method, "OPTIONS") != 0)
        return routes_refuse(x, no ? no : &not_here);
    x->last = true;
    x->rest_unknown = x->body_left > 0;
    x->body_left = 0;
    return exchange_answer(x,
                           &(struct answer){.status = 204, .headers = "Allow: GET, HEAD, POST, DELETE, OPTIONS\r\n"});
}

int routes_reject(struct exchange *x, int status)
{
    const char *text = status == 505   ? "Use HTTP/1.1.\n"
                       : status == 431 ? "The request's headers are too large. See the setting max_request_size.\n"
                                       : "The request was malformed or took too long.\n";
    x->last = true;
    x->body_left = 0;
    x->rest_unknown = true;
    return exchange_text(x, status, text, NULL);
}
