#include "store/connection.h"
#include "store/moderation.h"

static struct ban_row read_ban(sqlite3_stmt *st)
{
    return (struct ban_row){
        .user_id = sqlite3_column_int64(st, 0),
        .actor_id = sqlite3_column_int64(st, 1),
        .at = sqlite3_column_int64(st, 2),
        .until = sqlite3_column_int64(st, 3),
        .reason = statement_text(st, 4),
        .hides = sqlite3_column_int(st, 5) != 0,
        .id = sqlite3_column_int64(st, 6),
        .user_name = statement_text(st, 7),
        .actor_name = statement_text(st, 8),
    };
}

enum err bans_get(struct store *s, int64_t user_id, struct ban_row *out)
{
    struct rows r = statement_rows(s, STATEMENT_bans_get, BIND(as_i64(user_id)));
    if (!rows_first(&r, ERR_NOT_FOUND))
        return r.e;
    struct ban_row row = read_ban(r.st);
    enum err e = rows_keep(&r, TEXTS(&row.reason, &row.user_name, &row.actor_name));
    if (!e)
        *out = row;
    return e;
}

enum err bans_set(struct store *s, const struct ban_row *row)
{
    return statement_run(s, STATEMENT_bans_set,
                         BIND(as_i64(row->user_id), as_i64(row->actor_id), as_i64(row->at), as_i64(row->until),
                              as_text(row->reason), as_flag(row->hides)));
}

enum err bans_delete(struct store *s, int64_t user_id)
{
    return statement_change(s, STATEMENT_bans_delete, BIND(as_i64(user_id)), ERR_NOT_FOUND);
}

enum err bans_each(struct store *s, int64_t before_id, int64_t limit, void (*row)(void *ctx, const struct ban_row *),
                   void *ctx)
{
    if (limit <= 0) /* to SQLite a negative LIMIT is none */
        return OK;
    struct rows r =
        statement_rows(s, STATEMENT_bans_each, BIND(as_i64(before_id ? before_id : INT64_MAX), as_i64(limit)));
    while (rows_next(&r)) {
        const struct ban_row ban = read_ban(r.st);
        row(ctx, &ban);
    }
    return r.e;
}
