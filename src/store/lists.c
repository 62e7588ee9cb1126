#include "store/lists.h"

#include "store/connection.h"

enum err blocks_all(struct store *s, void (*row)(void *ctx, int64_t user_id, int64_t blocked_id), void *ctx)
{
    enum err e;
    sqlite3_stmt *st = statement_use(s, STATEMENT_blocks_all);
    if (!st)
        return ERR_STORAGE;
    while (statement_row(s, st, &e))
        row(ctx, sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1));
    return e;
}

enum err reports_count_waiting(struct store *s, int64_t *n)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_reports_count_waiting);
    return st ? statement_i64(s, st, ERR_STORAGE, n) : ERR_STORAGE;
}
