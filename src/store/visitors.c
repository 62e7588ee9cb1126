#include "store/connection.h"
#include "store/people.h"

enum err visitors_each(struct store *s, int64_t after_id, int64_t limit, int64_t made_before, int64_t at,
                       void (*row)(void *ctx, int64_t id, bool is_needed, int64_t messages), void *ctx)
{
    struct rows r = statement_rows(s, STATEMENT_visitors_each,
                                   BIND(as_i64(after_id), as_i64(limit), as_i64(made_before), as_i64(at)));
    while (rows_next(&r))
        row(ctx, sqlite3_column_int64(r.st, 0), sqlite3_column_type(r.st, 1) == SQLITE_NULL,
            sqlite3_column_int64(r.st, 1));
    return r.e;
}

enum err visitors_delete(struct store *s, int64_t id)
{
    static const enum statement statements[] = {STATEMENT_visitors_give_messages, STATEMENT_visitors_give_changes,
                                                STATEMENT_visitors_delete_silences, STATEMENT_visitors_delete_paces,
                                                STATEMENT_visitors_delete};
    enum err e = OK;
    for (size_t i = 0; !e && i < sizeof statements / sizeof statements[0]; i++)
        e = statement_run(s, statements[i], BIND(as_i64(id)));
    return e;
}
