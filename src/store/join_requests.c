#include "store/connection.h"
#include "store/membership.h"

enum err join_requests_set(struct store *s, const struct join_request_row *row)
{
    return statement_run(s, STATEMENT_join_requests_set,
                         BIND(as_i64(row->room_id), as_i64(row->user_id), as_i64(row->at), as_text(row->text)));
}

enum err join_requests_delete(struct store *s, int64_t room_id, int64_t user_id)
{
    return statement_change(s, STATEMENT_join_requests_delete, BIND(as_i64(room_id), as_i64(user_id)), ERR_NOT_FOUND);
}

enum err join_requests_each(struct store *s, int64_t room_id, int64_t after_id, int64_t limit,
                            void (*row)(void *ctx, const struct join_request_row *), void *ctx)
{
    if (limit <= 0) /* to SQLite a negative LIMIT is none */
        return OK;
    struct rows r =
        statement_rows(s, STATEMENT_join_requests_each, BIND(as_i64(room_id), as_i64(after_id), as_i64(limit)));
    while (rows_next(&r)) {
        const struct join_request_row request = {
            .id = sqlite3_column_int64(r.st, 0),
            .room_id = sqlite3_column_int64(r.st, 1),
            .user_id = sqlite3_column_int64(r.st, 2),
            .at = sqlite3_column_int64(r.st, 3),
            .text = statement_text(r.st, 4),
            .user_name = statement_text(r.st, 5),
        };
        row(ctx, &request);
    }
    return r.e;
}
