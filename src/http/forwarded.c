#include "http/forwarded.h"

#include "http/header.h"
#include "http/list.h"

#include <civetweb.h>

/* "10.0.0.1", "2001:db8::7", and with a port as some proxies write it: "10.0.0.1:4711", "[2001:db8::7]:4711". */
static bool parse_entry(struct span text, struct address *out)
{
    if (address_parse(text, out))
        return true;
    const char *bracket = memchr(text.p, ']', text.len), *colon = memchr(text.p, ':', text.len);
    if (bracket)
        text.len = (size_t)(bracket - text.p) + 1;
    else if (colon)
        text.len = (size_t)(colon - text.p);
    return (bracket || colon) && address_parse(text, out);
}

/* One walk from the front comes to the same as walking from the end: what is found further back takes the place of what
 * was found before, and what is no address makes all before it unbelievable. */
struct chain {
    const char *trusted;
    struct address client, first_proxy;
    bool has_client, has_proxy;
};

static void add_entry(struct chain *c, struct span text)
{
    struct address a;
    if (!parse_entry(text, &a)) {
        c->has_client = c->has_proxy = false;
    } else if (!address_in_list(&a, c->trusted)) {
        c->client = a;
        c->has_client = true;
    } else if (!c->has_proxy) {
        c->first_proxy = a;
        c->has_proxy = true;
    }
}

void forwarded_read(const struct mg_request_info *r, const char *trusted, struct forwarded *out)
{
    struct span item;
    struct chain chain = {.trusted = trusted};
    *out = (struct forwarded){.known = false};
    out->known = address_parse(span_of(r->remote_addr), &out->client);
    out->unclear = header_get(r, "X-Forwarded-For") || header_get(r, "Forwarded"); /* the second one is not read */
    if (!out->known || !address_in_list(&out->client, trusted))
        return;
    for (int i = 0; i < r->num_headers; i++) {
        const char *rest = r->http_headers[i].value;
        if (!list_equal(span_of(r->http_headers[i].name), "X-Forwarded-For"))
            continue;
        while (list_next(&rest, ',', &item))
            add_entry(&chain, item);
    }
    if (chain.has_client || chain.has_proxy)
        out->client = chain.has_client ? chain.client : chain.first_proxy;
    out->by_proxy = true;
    out->unclear = out->unclear && !chain.has_client;
    const char *proto = header_get(r, "X-Forwarded-Proto");
    out->https = list_next(&proto, ',', &item) && list_equal(item, "https");
}
