#include "store/connection.h"
#include "store/moderation.h"

enum err blocks_insert(struct store *s, int64_t user_id, int64_t blocked_id, int64_t at)
{
    return statement_run(s, STATEMENT_blocks_insert, BIND(as_i64(user_id), as_i64(blocked_id), as_i64(at)));
}

enum err blocks_delete(struct store *s, int64_t user_id, int64_t blocked_id)
{
    return statement_run(s, STATEMENT_blocks_delete, BIND(as_i64(user_id), as_i64(blocked_id)));
}

enum err blocks_has(struct store *s, int64_t user_id, int64_t blocked_id)
{
    return statement_has(s, STATEMENT_blocks_has, BIND(as_i64(user_id), as_i64(blocked_id)));
}

enum err blocks_each(struct store *s, int64_t user_id, void (*row)(void *ctx, int64_t blocked_id, struct span name),
                     void *ctx)
{
    struct rows r = statement_rows(s, STATEMENT_blocks_each, BIND(as_i64(user_id)));
    while (rows_next(&r))
        row(ctx, sqlite3_column_int64(r.st, 0), statement_text(r.st, 1));
    return r.e;
}
