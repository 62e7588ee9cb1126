/* buf.h - bytes that grow while something is being written.
 *
 * Invariant: len <= cap, and p is NULL exactly when cap is 0. A failed allocation sets `failed` and makes all later
 * writes do nothing, so a writer checks once, at the end. Not safe to share between threads. */
#ifndef HUBBUB_BASE_BUF_H
#define HUBBUB_BASE_BUF_H

#include "base/span.h"

#include <stdint.h>

struct buf {
    char *p;
    size_t len, cap;
    bool failed;
};

#define BUF_INIT                                                                                                       \
    {                                                                                                                  \
        NULL, 0, 0, false                                                                                              \
    }

/* Makes room for more_bytes behind len. False when memory is short (and `failed` is set). */
bool buf_reserve(struct buf *b, size_t more_bytes);

void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_add_span(struct buf *b, struct span s);
void buf_add_str(struct buf *b, const char *s);
void buf_add_char(struct buf *b, char c);
void buf_add_i64(struct buf *b, int64_t value); /* decimal */
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Empties it and keeps the memory. */
void buf_clear(struct buf *b);
/* Gives the memory back; the buf is as after BUF_INIT. NULL does nothing. */
void buf_release(struct buf *b);

static inline struct span buf_span(const struct buf *b)
{
    return (struct span){b->p, b->len};
}

#endif
