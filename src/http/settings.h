/* settings.h - what the HTTP layer goes by, and what it says when it cannot start. Plain data. */
#ifndef HUBBUB_HTTP_SETTINGS_H
#define HUBBUB_HTTP_SETTINGS_H

#include <stdint.h>

enum http_secure { HTTP_SECURE_AUTO, HTTP_SECURE_YES, HTTP_SECURE_NO };

struct http_settings {
    const char *const *civetweb;                          /* name, value, ..., NULL for mg_start() */
    const char *allowed_origins;                          /* comma separated; "*" is any */
    const char *public_url;                               /* how people reach the page; "": not said */
    const char *metrics_allow;                            /* comma separated addresses or CIDR */
    const char *trusted_proxies;                          /* the same; see forwarded.h */
    const char *auth_proxy_header;                        /* of those; "": none */
    int64_t max_connections, max_connections_per_address; /* live WebSockets; 0: no limit */
    int64_t rate_newcomers_per_min, rate_newcomers_burst; /* from one address; 0 a minute: no limit */
    int64_t message_max_bytes;
    enum http_secure cookie_secure;
};

struct http_error {
    char text[512]; /* one line for people: what, where, what to do */
};

#endif
