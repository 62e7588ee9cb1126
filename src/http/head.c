#include "http/head.h"

#include <assert.h>
#include <civetweb.h>
#include <stdbool.h>
#include <string.h>

static const struct refusal bad_line = {400, "invalid", "The request line or a header is malformed.", NULL};

/* tchar of RFC 9110 (5.6.2) */
static bool is_token(const char *name)
{
    static const char chars[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return *name && name[strspn(name, chars)] == 0;
}

/* What stands behind a line's CRLF, of which CivetWeb made two NULs. NULL: the line ended in another way. */
static const char *behind_line(const char *end)
{
    return end[0] == 0 && end[1] == 0 ? end + 2 : NULL;
}

/* The request line's end; CivetWeb skips all white space that follows it. */
static const char *version_end(const struct mg_request_info *r)
{
    return r->http_version + strlen(r->http_version);
}

static const char *value_end(const struct mg_header *h)
{
    return h->value + strlen(h->value);
}

/* "name:", white space, value. */
static bool is_field(const struct mg_header *h)
{
    assert(h->name && h->value);
    const char *colon = h->name + strlen(h->name);
    for (const char *c = colon + 1; c < h->value; c++) {
        if (*c != ' ' && *c != '\t')
            return false;
    }
    return is_token(h->name);
}

const struct refusal *head_check(const struct mg_request_info *r)
{
    const char *next = behind_line(version_end(r));
    if (r->num_headers >= MG_MAX_HEADERS) /* request_check() refuses that */
        return NULL;
    if (!r->num_headers) /* the empty line's CR went with the request line's end, and its LF with the head's */
        return next && next[0] == 0 && next[1] == 0 ? NULL : &bad_line;
    for (int i = 0; i < r->num_headers; i++) {
        const struct mg_header *h = &r->http_headers[i];
        if (next != h->name || !is_field(h))
            return &bad_line;
        next = behind_line(value_end(h));
    }
    return next && next[0] == '\r' && next[1] == 0 ? NULL : &bad_line;
}

const char *head_end(const struct mg_request_info *r)
{
    return 4 + (r->num_headers ? value_end(&r->http_headers[r->num_headers - 1]) : version_end(r));
}

void head_trim(struct mg_request_info *r)
{
    for (int i = 0; i < r->num_headers; i++) {
        char *value = (char *)r->http_headers[i].value; /* CivetWeb's own buffer, const only to callbacks */
        size_t len = strlen(value);
        while (len && (value[len - 1] == ' ' || value[len - 1] == '\t'))
            value[--len] = 0;
    }
}
