/* assets.h - the page's files, compiled into the program (by cmake/embed.mjs), and how they are sent.
 *
 * The table is constant and sorted by path in byte order. Any thread. */
#ifndef HUBBUB_HTTP_ASSETS_H
#define HUBBUB_HTTP_ASSETS_H

#include <stdbool.h>
#include <stddef.h>

struct exchange;

struct asset {
    const char *path; /* "/assets/app-XYZ.js" */
    const char *type; /* Content-Type */
    const char *etag; /* with its quotes, from the SHA-256 of the bytes */
    const unsigned char *bytes;
    size_t size;
    const char *
        gzip_etag; /* of the gzip form, which is other bytes and so has another tag; NULL: there is none, it would not be shorter */
    const unsigned char *gzip_bytes;
    size_t gzip_size;
    bool immutable; /* the name changes with the content: a browser may keep it for ever */
};

extern const struct asset assets_table[];
extern const size_t assets_count;

/* NULL: there is no such file. */
const struct asset *assets_find(const char *path);

/* Answers GET or HEAD with the asset in the form that the client takes, or 304 when it has that already;
 * `secret_address`: nobody is to be told where it was. Returns the status. */
int assets_answer(struct exchange *x, const struct asset *asset, bool secret_address);

#endif
