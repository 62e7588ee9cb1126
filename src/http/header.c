#include "http/header.h"

#include "http/list.h"

#include <civetweb.h>
#include <strings.h>

const char *header_get(const struct mg_request_info *r, const char *name)
{
    for (int i = 0; i < r->num_headers; i++) {
        if (strcasecmp(r->http_headers[i].name, name) == 0)
            return r->http_headers[i].value;
    }
    return NULL;
}

int header_count(const struct mg_request_info *r, const char *name)
{
    int n = 0;
    for (int i = 0; i < r->num_headers; i++)
        n += strcasecmp(r->http_headers[i].name, name) == 0;
    return n;
}

bool header_has_token(const struct mg_request_info *r, const char *name, const char *token)
{
    for (int i = 0; i < r->num_headers; i++) {
        if (strcasecmp(r->http_headers[i].name, name) != 0)
            continue;
        const char *rest = r->http_headers[i].value;
        struct span item;
        while (list_next(&rest, ',', &item)) {
            if (list_equal(item, token))
                return true;
        }
    }
    return false;
}

/* The value of a cookie pair when it has that name: what is behind "=", without the quotes that may stand around it. */
static bool pair_value(struct span pair, const char *name, struct span *value)
{
    const char *equals = memchr(pair.p, '=', pair.len);
    if (!equals)
        return false;
    struct span key = list_trim((struct span){pair.p, (size_t)(equals - pair.p)});
    if (!span_equal(key, span_of(name)))
        return false;
    struct span found = list_trim((struct span){equals + 1, pair.len - (size_t)(equals + 1 - pair.p)});
    if (found.len >= 2 && found.p[0] == '"' && found.p[found.len - 1] == '"')
        found = (struct span){found.p + 1, found.len - 2};
    *value = found;
    return true;
}

bool header_cookie(const struct mg_request_info *r, const char *name, int n, struct span *value)
{
    for (int i = 0; i < r->num_headers; i++) {
        if (strcasecmp(r->http_headers[i].name, "Cookie") != 0)
            continue;
        const char *rest = r->http_headers[i].value;
        struct span pair, found;
        while (list_next(&rest, ';', &pair)) {
            if (pair_value(pair, name, &found) && n-- == 0) {
                *value = found;
                return true;
            }
        }
    }
    return false;
}
