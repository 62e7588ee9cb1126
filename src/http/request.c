#include "http/request.h"

#include "http/header.h"
#include "http/list.h"
#include "http/origin.h"

#include <civetweb.h>
#include <stdlib.h>

enum { LENGTH_DIGITS_MAX = 15 }; /* no sum of such lengths overflows */

static const struct refusal too_many_headers = {431, "too_big", "The request has too many headers.", NULL};
static const struct refusal two_lengths = {400, "invalid", "Send Content-Length or Transfer-Encoding, not both.", NULL};
static const struct refusal bad_length = {400, "invalid", "Content-Length must be one number.", NULL};
static const struct refusal no_length = {411, "invalid", "Send the body with Content-Length.", NULL};
static const struct refusal bad_host = {400, "invalid", "The request needs one valid Host header.", NULL};
static const struct refusal bad_expect = {417, "invalid", "Unsupported Expect header.", NULL};
static const struct refusal foreign_page = {403, "forbidden", "Pages of other sites can't do that.", NULL};

bool request_is_http_1_1(const struct mg_request_info *r)
{
    return r->http_version && strcmp(r->http_version, "1.1") == 0;
}

static bool is_length(const char *value)
{
    size_t digits = strspn(value, "0123456789");
    return digits > 0 && digits <= LENGTH_DIGITS_MAX && value[digits] == 0;
}

static const struct refusal *check_framing(const struct mg_request_info *r)
{
    int lengths = header_count(r, "Content-Length");
    if (header_count(r, "Transfer-Encoding") > 0)
        return lengths ? &two_lengths : &no_length;
    if (lengths > 1 || (lengths == 1 && !is_length(header_get(r, "Content-Length"))))
        return &bad_length;
    return NULL;
}

static const struct refusal *check_host(const struct mg_request_info *r)
{
    int hosts = header_count(r, "Host");
    if (hosts == 0)
        return request_is_http_1_1(r) ? &bad_host : NULL;
    return hosts > 1 || !origin_host_valid(header_get(r, "Host")) ? &bad_host : NULL;
}

const struct refusal *request_check(const struct mg_request_info *r)
{
    const struct refusal *no = NULL;
    if (r->num_headers >= MG_MAX_HEADERS) /* there may have been more, and CivetWeb dropped them */
        return &too_many_headers;
    if ((no = check_framing(r)) || (no = check_host(r)))
        return no;
    const char *expect = header_get(r, "Expect");
    const bool can = !expect || (header_count(r, "Expect") == 1 && list_equal(span_of(expect), "100-continue"));
    return can ? NULL : &bad_expect;
}

long long request_body_bytes(const struct mg_request_info *r)
{
    const char *length = header_get(r, "Content-Length");
    return length ? strtoll(length, NULL, 10) : 0;
}

const struct refusal *request_check_origin(const struct mg_request_info *r, bool https, const char *allowed)
{
    int origins = header_count(r, "Origin");
    if (origins > 1 || !origin_allowed(header_get(r, "Origin"), header_get(r, "Host"), https, allowed))
        return &foreign_page;
    const char *site = header_get(r, "Sec-Fetch-Site");
    bool ours = !site || list_equal(span_of(site), "same-origin") || list_equal(span_of(site), "none");
    return origins == 0 && !ours ? &foreign_page : NULL;
}

bool request_names_page(const struct mg_request_info *r)
{
    return header_get(r, "Origin") || header_get(r, "Sec-Fetch-Site");
}
