#include "account/glance.h"
#include "directory/people.h"
#include "http/api_internal.h"
#include "http/header.h"
#include "http/negotiate.h"
#include "http/query.h"
#include "http/server_internal.h"

#include <civetweb.h>
#include <stdio.h>
#include <stdlib.h>

static const struct refusal no_picture = {404, "not_found", "No such picture.", NULL};

enum { ETAG_BYTES = 32, DIGITS_MAX = 15 };

/* The number that the text is; 0: none. */
static int64_t parse_id(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    return digits > 0 && digits <= DIGITS_MAX && text[digits] == 0 ? strtoll(text, NULL, 10) : 0;
}

static int64_t asked_version(const struct exchange *x)
{
    char text[DIGITS_MAX + 1];
    size_t len = 0;
    if (query_get(x->request->query_string, "v", text, sizeof text - 1, &len) != OK)
        return 0;
    text[len] = 0;
    return parse_id(text);
}

static int answer_picture(struct exchange *x, int64_t id, int64_t version)
{
    struct buf type = BUF_INIT, bytes = BUF_INIT;
    char etag[ETAG_BYTES], headers[ETAG_BYTES + 16];
    snprintf(etag, sizeof etag, "\"%lld-%lld\"", (long long)id, (long long)version);
    snprintf(headers, sizeof headers, "ETag: %s\r\n", etag);
    /* Another version has another address, so a browser need not ask again; other people's caches get nothing. */
    struct answer a = {
        .status = 200,
        .cache = asked_version(x) == version ? "private, max-age=31536000, immutable" : "private, no-cache",
        .headers = headers,
    };
    enum err e = OK;
    if (negotiate_matches(header_get(x->request, "If-None-Match"), etag)) {
        a.status = 304;
    } else {
        e = glance_avatar(x->server->chat, id, &type, &bytes);
        buf_add(&type, "", 1);
        if (!e && (type.failed || bytes.failed))
            e = ERR_MEMORY;
        a.type = type.p;
        a.body = buf_span(&bytes);
    }
    int status = e == ERR_NOT_FOUND ? exchange_refuse(x, &no_picture)
                 : e                ? exchange_error(x, e, NULL)
                                    : exchange_answer(x, &a);
    buf_release(&type);
    buf_release(&bytes);
    return status;
}

int api_avatar(struct exchange *x)
{
    const char *name = x->request->local_uri_raw + sizeof "/api/v1/avatar" - 1; /* "/7", or nothing at all */
    int status;
    struct identity identity;
    struct directory_user user;
    if (!api_known(x, &identity, &status))
        return status;
    int64_t id = *name ? parse_id(name + 1) : 0;
    if (!id || !directory_user(x->server->chat->directory, id, &user) || !user.avatar_version)
        return exchange_refuse(x, &no_picture);
    return answer_picture(x, id, user.avatar_version);
}
