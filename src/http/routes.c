#include "http/routes.h"

#include "http/api.h"
#include "http/assets.h"
#include "http/health.h"
#include "http/list.h"
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
    bool below;        /* and everything below it */
    const char *allow; /* the Allow line for other verbs */
    struct verb verbs[3];
};

static int get_page(struct exchange *x)
{
    const struct asset *page = assets_find("/index.html");
    return page ? assets_answer(x, page) : exchange_text(x, 404, "Not found.\n", NULL);
}

static int get_asset(struct exchange *x)
{
    const struct asset *asset = assets_find(x->request->local_uri_raw);
    return asset ? assets_answer(x, asset) : exchange_text(x, 404, "Not found.\n", NULL);
}

static const struct refusal no_such_call = {404, "not_found", "There is no such call.", NULL};
static const struct refusal not_that_verb = {405, "invalid", "That cannot be done here.", NULL};

static int no_api(struct exchange *x)
{
    return exchange_refuse(x, &no_such_call);
}

#define GET_ONLY "Allow: GET, HEAD\r\n"

static const struct route routes[] = {
    {"/", false, GET_ONLY, {{"GET", get_page}}},
    {"/room/", true, GET_ONLY, {{"GET", get_page}}},
    {"/api/v1/guest", false, "Allow: POST, DELETE\r\n", {{"POST", api_guest_post}, {"DELETE", api_guest_delete}}},
    {"/api/v1/me", false, GET_ONLY, {{"GET", api_me}}},
    {"/api/", true, NULL, {{NULL, no_api}}},
    {"/healthz", false, GET_ONLY, {{"GET", health_answer}}},
    {"/metrics", false, GET_ONLY, {{"GET", health_metrics}}},
    {"/", true, GET_ONLY, {{"GET", get_asset}}},
};

static bool fits(const struct route *route, const char *path)
{
    return route->below ? strncmp(path, route->path, strlen(route->path)) == 0 : strcmp(path, route->path) == 0;
}

static int refuse_verb(struct exchange *x, const struct route *route)
{
    if (strncmp(route->path, "/api/", 5) != 0)
        return exchange_text(x, 405, "That cannot be done here.\n", route->allow);
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

int routes_handle(struct exchange *x)
{
    const char *path = x->request->local_uri_raw;
    const struct refusal *no = request_check(x->request);
    metric_add(&x->server->metrics->http_requests_total, 1);
    if (no) {
        x->last = true; /* where this request ends, nobody can say */
        x->body_left = 0;
        return exchange_refuse(x, no);
    }
    if (strcmp(path, "/ws") == 0)
        return upgrade_begin(x);
    const struct route *route = routes;
    while (!fits(route, path))
        route++; /* the last one fits all: CivetWeb lets only paths through that begin with "/" */
    return take_route(x, route);
}

int routes_reject(struct exchange *x, int status)
{
    const char *text = status == 505 ? "HTTP/1.1 is spoken here.\n"
                                     : "The request was malformed, too large, or did not come in time.\n";
    x->last = true;
    x->body_left = 0;
    return exchange_text(x, status, text, NULL);
}
