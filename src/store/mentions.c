#include "store/connection.h"
#include "store/membership.h"

enum err mentions_insert(struct store *s, int64_t room_id, int64_t seq, const int64_t *users, size_t n)
{
    enum err e = OK;
    for (size_t i = 0; !e && i < n; i++)
        e = statement_run(s, STATEMENT_mentions_insert, BIND(as_i64(users[i]), as_i64(room_id), as_i64(seq)));
    return e;
}

enum err mentions_of(struct store *s, int64_t room_id, int64_t seq, void (*row)(void *ctx, int64_t user_id), void *ctx)
{
    struct rows r = statement_rows(s, STATEMENT_mentions_of, BIND(as_i64(room_id), as_i64(seq)));
    while (rows_next(&r))
        row(ctx, sqlite3_column_int64(r.st, 0));
    return r.e;
}

enum err mentions_delete(struct store *s, int64_t room_id, int64_t seq)
{
    return statement_run(s, STATEMENT_mentions_delete, BIND(as_i64(room_id), as_i64(seq)));
}
