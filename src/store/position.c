#include "store/connection.h"
#include "store/store.h"

#include <string.h>

enum err store_position_get(struct store *s, struct store_position *out)
{
    struct rows r = statement_rows(s, STATEMENT_applied_get, BIND_NONE);
    if (!rows_single(&r))
        return r.e;
    struct store_position p = {.epoch = sqlite3_column_int64(r.st, 0), .number = sqlite3_column_int64(r.st, 1)};
    const void *hash = sqlite3_column_blob(r.st, 2);
    if (hash && sqlite3_column_bytes(r.st, 2) == sizeof p.hash)
        memcpy(p.hash, hash, sizeof p.hash);
    enum err e = rows_end(&r);
    if (!e)
        *out = p;
    return e;
}

enum err store_position_set(struct store *s, const struct store_position *p)
{
    return statement_run(s, STATEMENT_applied_set,
                         BIND(as_i64(p->epoch), as_i64(p->number), as_bytes(p->hash, sizeof p->hash)));
}
