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
    enum err e;
    sqlite3_stmt *st = statement_use(s, STATEMENT_bans_get);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, user_id);
    if (!statement_row(s, st, &e))
        return e ? e : ERR_NOT_FOUND;
    struct ban_row row = read_ban(st);
    e = statement_keep(s, st, (struct span *const[]){&row.reason, &row.user_name, &row.actor_name}, 3);
    if (!e)
        *out = row;
    return e;
}

enum err bans_set(struct store *s, const struct ban_row *row)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_bans_set);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, row->user_id);
    sqlite3_bind_int64(st, 2, row->actor_id);
    sqlite3_bind_int64(st, 3, row->at);
    sqlite3_bind_int64(st, 4, row->until);
    statement_bind_text(st, 5, row->reason);
    sqlite3_bind_int(st, 6, row->hides);
    return statement_run(s, st, ERR_STORAGE);
}

enum err bans_delete(struct store *s, int64_t user_id)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_bans_delete);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, user_id);
    return statement_change(s, st, ERR_NOT_FOUND);
}

enum err bans_each(struct store *s, int64_t before_id, int64_t limit, void (*row)(void *ctx, const struct ban_row *),
                   void *ctx)
{
    enum err e;
    if (limit <= 0) /* to SQLite a negative LIMIT is none */
        return OK;
    sqlite3_stmt *st = statement_use(s, STATEMENT_bans_each);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, before_id ? before_id : INT64_MAX);
    sqlite3_bind_int64(st, 2, limit);
    while (statement_row(s, st, &e)) {
        const struct ban_row ban = read_ban(st);
        row(ctx, &ban);
    }
    return e;
}
