#include "http/handshake.h"

#include "http/header.h"
#include "http/list.h"
#include "http/request.h"

#include <civetweb.h>

static const struct refusal not_http_1_1 = {400, "invalid", "A WebSocket handshake needs HTTP/1.1.", NULL};
static const struct refusal not_get = {400, "invalid", "A WebSocket handshake must be a GET request.", NULL};
static const struct refusal has_body = {400, "invalid", "A WebSocket handshake can't have a body.", NULL};
static const struct refusal bad_key = {400, "invalid", "Sec-WebSocket-Key must be 16 bytes in base64.", NULL};
/* Connection: Upgrade belongs to a 426 (RFC 9110, 7.8); `close` is added by whoever answers. */
static const struct refusal no_upgrade = {
    426, "upgrade_required", "This address is for WebSockets: send Upgrade: websocket and Connection: Upgrade.",
    "Upgrade: websocket\r\nConnection: Upgrade\r\n"};
static const struct refusal bad_version = {
    426, "upgrade_required", "Use version 13 of the WebSocket protocol.",
    "Sec-WebSocket-Version: 13\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"};

static bool is_base64(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
}

bool handshake_key_valid(const char *key)
{
    if (strlen(key) != 24 || strcmp(key + 22, "==") != 0)
        return false;
    for (int i = 0; i < 22; i++) {
        if (!is_base64(key[i]))
            return false;
    }
    return true;
}

const struct refusal *handshake_check(const struct mg_request_info *r, bool https, const char *allowed_origins)
{
    if (!header_has_token(r, "Upgrade", "websocket") || !header_has_token(r, "Connection", "upgrade"))
        return &no_upgrade;
    if (strcmp(r->request_method, "GET") != 0)
        return &not_get;
    if (!request_is_http_1_1(r))
        return &not_http_1_1;
    if (request_body_bytes(r) > 0)
        return &has_body;
    if (header_count(r, "Sec-WebSocket-Version") != 1 || strcmp(header_get(r, "Sec-WebSocket-Version"), "13") != 0)
        return &bad_version;
    if (header_count(r, "Sec-WebSocket-Key") != 1 || !handshake_key_valid(header_get(r, "Sec-WebSocket-Key")))
        return &bad_key;
    return request_check_origin(r, https, allowed_origins);
}

const char *handshake_subprotocol(const struct mg_request_info *r)
{
    for (int i = 0; i < r->num_headers; i++) {
        struct span offered;
        const char *rest = r->http_headers[i].value;
        if (!list_equal(span_of(r->http_headers[i].name), "Sec-WebSocket-Protocol"))
            continue;
        while (list_next(&rest, ',', &offered)) {
            if (span_equal(offered, span_of("hubbub.v1")))
                return "hubbub.v1";
        }
    }
    return NULL;
}
