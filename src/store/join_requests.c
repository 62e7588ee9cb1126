#include "store/connection.h"
#include "store/membership.h"

enum err join_requests_set(struct store *s, const struct join_request_row *row)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_join_requests_set);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, row->room_id);
    sqlite3_bind_int64(st, 2, row->user_id);
    sqlite3_bind_int64(st, 3, row->at);
    statement_bind_text(st, 4, row->text);
    return statement_run(s, st, ERR_STORAGE);
}

enum err join_requests_delete(struct store *s, int64_t room_id, int64_t user_id)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_join_requests_delete);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, room_id);
    sqlite3_bind_int64(st, 2, user_id);
    return statement_change(s, st, ERR_NOT_FOUND);
}

enum err join_requests_each(struct store *s, int64_t room_id, int64_t after_id, int64_t limit,
                            void (*row)(void *ctx, const struct join_request_row *), void *ctx)
{
    enum err e;
    if (limit <= 0) /* to SQLite a negative LIMIT is none */
        return OK;
    sqlite3_stmt *st = statement_use(s, STATEMENT_join_requests_each);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, room_id);
    sqlite3_bind_int64(st, 2, after_id);
    sqlite3_bind_int64(st, 3, limit);
    while (statement_row(s, st, &e)) {
        const struct join_request_row request = {
            .id = sqlite3_column_int64(st, 0),
            .room_id = sqlite3_column_int64(st, 1),
            .user_id = sqlite3_column_int64(st, 2),
            .at = sqlite3_column_int64(st, 3),
            .text = statement_text(st, 4),
            .user_name = statement_text(st, 5),
        };
        row(ctx, &request);
    }
    return e;
}
