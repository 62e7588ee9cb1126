#include "store/connection.h"

#include <string.h>

enum err store_position_get(struct store *s, struct store_position *out)
{
    enum err e;
    sqlite3_stmt *st = statement_use(s, STATEMENT_applied_get);
    if (!st)
        return ERR_STORAGE;
    if (!statement_row(s, st, &e))
        return e ? e : store_contradiction("applied_get", "the row of the table applied is missing");
    struct store_position p = {.epoch = sqlite3_column_int64(st, 0), .number = sqlite3_column_int64(st, 1)};
    const void *hash = sqlite3_column_blob(st, 2);
    if (hash && sqlite3_column_bytes(st, 2) == sizeof p.hash)
        memcpy(p.hash, hash, sizeof p.hash);
    e = statement_end(s, st);
    if (!e)
        *out = p;
    return e;
}

enum err store_position_set(struct store *s, const struct store_position *p)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_applied_set);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, p->epoch);
    sqlite3_bind_int64(st, 2, p->number);
    sqlite3_bind_blob(st, 3, p->hash, sizeof p->hash, SQLITE_STATIC);
    return statement_run(s, st, ERR_STORAGE);
}
