#include "store/connection.h"
#include "store/people.h"

enum err visitors_each(struct store *s, int64_t after_id, int64_t limit, int64_t made_before, int64_t at,
                       void (*row)(void *ctx, int64_t id, bool is_needed, int64_t messages), void *ctx)
{
    enum err e;
    sqlite3_stmt *st = statement_use(s, STATEMENT_visitors_each);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, after_id);
    sqlite3_bind_int64(st, 2, limit);
    sqlite3_bind_int64(st, 3, made_before);
    sqlite3_bind_int64(st, 4, at);
    while (statement_row(s, st, &e))
        row(ctx, sqlite3_column_int64(st, 0), sqlite3_column_type(st, 1) == SQLITE_NULL, sqlite3_column_int64(st, 1));
    return e;
}

enum err visitors_delete(struct store *s, int64_t id)
{
    static const enum statement statements[] = {STATEMENT_visitors_give_messages, STATEMENT_visitors_give_changes,
                                                STATEMENT_visitors_delete_silences, STATEMENT_visitors_delete_paces,
                                                STATEMENT_visitors_delete};
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) {
        sqlite3_stmt *st = statement_use(s, statements[i]);
        if (!st)
            return ERR_STORAGE;
        sqlite3_bind_int64(st, 1, id);
        enum err e = statement_run(s, st, ERR_STORAGE);
        if (e)
            return e;
    }
    return OK;
}
