#include "http/assets.h"

#include "http/exchange.h"
#include "http/header.h"
#include "http/negotiate.h"

#include <civetweb.h>
#include <stdlib.h>

/* What the page may do: load its own scripts and styles, no inline ones, talk to its own server, and be framed by
 * nobody. Browsers since 2022 let 'self' stand for ws: and wss: to the same host too. */
static const char policy_of_page[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

static int compare_path(const void *path, const void *asset)
{
    return strcmp(path, ((const struct asset *)asset)->path);
}

const struct asset *assets_find(const char *path)
{
    return bsearch(path, assets_table, assets_count, sizeof assets_table[0], compare_path);
}

int assets_answer(struct exchange *x, const struct asset *asset, bool secret_address)
{
    bool gzip = asset->gzip_etag && negotiate_gzip(header_get(x->request, "Accept-Encoding"));
    const char *etag = gzip ? asset->gzip_etag : asset->etag;
    bool has_it = negotiate_matches(header_get(x->request, "If-None-Match"), etag);

    struct buf headers = BUF_INIT;
    buf_printf(&headers, "ETag: %s\r\n", etag);
    if (asset->gzip_etag)
        buf_add_str(&headers, "Vary: Accept-Encoding\r\n");
    if (gzip && !has_it)
        buf_add_str(&headers, "Content-Encoding: gzip\r\n");
    buf_add(&headers, "", 1);

    struct answer a = {
        .status = has_it ? 304 : 200,
        .type = has_it ? NULL : asset->type,
        .cache = asset->immutable ? "public, max-age=31536000, immutable" : "no-cache",
        .headers = headers.failed ? NULL : headers.p,
        .policy = policy_of_page,
        .no_referrer = secret_address,
    };
    if (!has_it)
        a.body = gzip ? (struct span){(const char *)asset->gzip_bytes, asset->gzip_size}
                      : (struct span){(const char *)asset->bytes, asset->size};
    if (headers.failed)
        a = (struct answer){.status = 503};
    int status = exchange_answer(x, &a);
    buf_release(&headers);
    return status;
}
