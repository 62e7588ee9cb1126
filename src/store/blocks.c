#include "store/connection.h"
#include "store/moderation.h"

enum err blocks_insert(struct store *s, int64_t user_id, int64_t blocked_id, int64_t at)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_blocks_insert);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, user_id);
    sqlite3_bind_int64(st, 2, blocked_id);
    sqlite3_bind_int64(st, 3, at);
    return statement_run(s, st, ERR_STORAGE);
}

enum err blocks_delete(struct store *s, int64_t user_id, int64_t blocked_id)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_blocks_delete);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, user_id);
    sqlite3_bind_int64(st, 2, blocked_id);
    return statement_run(s, st, ERR_STORAGE);
}

enum err blocks_has(struct store *s, int64_t user_id, int64_t blocked_id)
{
    int64_t one;
    sqlite3_stmt *st = statement_use(s, STATEMENT_blocks_has);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, user_id);
    sqlite3_bind_int64(st, 2, blocked_id);
    return statement_i64(s, st, ERR_NOT_FOUND, &one);
}

enum err blocks_each(struct store *s, int64_t user_id, void (*row)(void *ctx, int64_t blocked_id, struct span name),
                     void *ctx)
{
    enum err e;
    sqlite3_stmt *st = statement_use(s, STATEMENT_blocks_each);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, user_id);
    while (statement_row(s, st, &e))
        row(ctx, sqlite3_column_int64(st, 0), statement_text(st, 1));
    return e;
}
