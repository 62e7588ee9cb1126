/* What a client can write into a request's head, through everything here that reads it: framing, handshake, origin, cookies, query, accepted
 * encodings, forwarding proxies; and the header Allow-List as if it were the setting metrics_allow. The input is a head as it comes over the wire. */
#include "../lib/http_head.h"
#include "http/address.h"
#include "http/forwarded.h"
#include "http/handshake.h"
#include "http/header.h"
#include "http/negotiate.h"
#include "http/origin.h"
#include "http/query.h"
#include "http/request.h"

#include <stdint.h>
#include <stdlib.h>
#include <strings.h>

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void read_query(const struct mg_request_info *r)
{
    char out[64];
    size_t len = 0;
    const char *query = strchr(r->request_uri, '?');
    enum err e = query_get(query ? query + 1 : NULL, "name", out, sizeof out, &len);
    must(e == OK || e == ERR_NOT_FOUND || e == ERR_INVALID || e == ERR_TOO_BIG);
    must(len <= sizeof out);
    if (e == OK)
        must(strstr(query, "name"));
}

static void read_cookies(const struct mg_request_info *r)
{
    struct span value;
    for (int n = 0; header_cookie(r, "hubbub_guest", n, &value); n++)
        must(!memchr(value.p, ';', value.len));
}

/* The page's own origin, and no other, may without being listed. */
static void read_origin(const struct mg_request_info *r)
{
    const char *origin = header_get(r, "Origin"), *host = header_get(r, "Host");
    must(origin_allowed(origin, host, false, "*"));
    must(!origin_allowed(origin, host, true, "") || origin_allowed(origin, host, false, ""));
    if (origin && origin_allowed(origin, host, false, "")) {
        char name[8192];
        must(host && origin_host_valid(host));
        must(strncasecmp(origin, "http", 4) == 0);
        snprintf(name, sizeof name, "%.*s", (int)strcspn(host, *host == '[' ? "]" : ":"), host);
        must(strcasestr(origin, name));
    }
}

static void read_list(const char *list)
{
    struct address v4, v6;
    must(address_parse(span_of("192.0.2.7"), &v4) && address_parse(span_of("2001:db8::7"), &v6));
    if (address_in_list(&v4, list) || address_in_list(&v6, list))
        must(strpbrk(list, ".:"));
}

/* Nobody but a trusted proxy can say that it is somebody else; and who a proxy says it is, is no proxy, or that is noted. */
static void read_forwarded(struct mg_request_info *r)
{
    static const char proxies[] = "127.0.0.1, 10.0.0.0/8";
    struct forwarded f;
    struct address stranger;
    must(address_parse(span_of("192.0.2.7"), &stranger));
    strcpy(r->remote_addr, "192.0.2.7");
    forwarded_read(r, proxies, &f);
    must(f.known && !f.by_proxy && !f.https && address_equal(&f.client, &stranger));
    strcpy(r->remote_addr, "127.0.0.1");
    forwarded_read(r, proxies, &f);
    must(f.known && f.by_proxy);
    must(!header_get(r, "X-Forwarded-For") || f.unclear == address_in_list(&f.client, proxies));
}

static void read_handshake(const struct mg_request_info *r)
{
    const char *protocol = handshake_subprotocol(r);
    must(!protocol || header_count(r, "Sec-WebSocket-Protocol") > 0);
    if (request_check(r))
        return;
    must(request_body_bytes(r) >= 0);
    if (handshake_check(r, false, "https://friend.example") == NULL) {
        must(strcmp(r->request_method, "GET") == 0 && strlen(header_get(r, "Sec-WebSocket-Key")) == 24);
        must(request_body_bytes(r) == 0 && header_count(r, "Transfer-Encoding") == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct http_head h;
    char text[sizeof h.text];
    if (size >= sizeof text || memchr(data, 0, size)) /* CivetWeb lets no NUL through */
        return 0;
    memcpy(text, data, size);
    text[size] = 0;
    http_head_parse(&h, text);
    read_query(&h.info);
    read_cookies(&h.info);
    read_origin(&h.info);
    read_handshake(&h.info);
    read_forwarded(&h.info);
    if (header_get(&h.info, "Allow-List"))
        read_list(header_get(&h.info, "Allow-List"));
    if (negotiate_gzip(header_get(&h.info, "Accept-Encoding")))
        must(strcasestr(header_get(&h.info, "Accept-Encoding"), "gzip") ||
             strchr(header_get(&h.info, "Accept-Encoding"), '*'));
    if (negotiate_matches(header_get(&h.info, "If-None-Match"), "\"tag\""))
        must(strpbrk(header_get(&h.info, "If-None-Match"), "\"*"));
    return 0;
}
