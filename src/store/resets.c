#include "store/connection.h"
#include "store/people.h"

enum err resets_insert(struct store *s, const struct reset_row *row)
{
    enum err e = resets_delete_user(s, row->user_id);
    if (e)
        return e;
    sqlite3_stmt *st = statement_use(s, STATEMENT_resets_insert);
    if (!st)
        return ERR_STORAGE;
    statement_bind_blob(st, 1, row->hash);
    sqlite3_bind_int64(st, 2, row->user_id);
    sqlite3_bind_int64(st, 3, row->created_by);
    sqlite3_bind_int64(st, 4, row->created_at);
    sqlite3_bind_int64(st, 5, row->expires_at);
    return statement_change(s, st, ERR_ID_REUSED);
}

enum err resets_by_hash(struct store *s, struct span hash, struct reset_row *out)
{
    enum err e;
    sqlite3_stmt *st = statement_use(s, STATEMENT_resets_by_hash);
    if (!st)
        return ERR_STORAGE;
    statement_bind_blob(st, 1, hash);
    if (!statement_row(s, st, &e))
        return e ? e : ERR_NOT_FOUND;
    struct reset_row row = {
        .hash = statement_blob(st, 0),
        .user_id = sqlite3_column_int64(st, 1),
        .created_by = sqlite3_column_int64(st, 2),
        .created_at = sqlite3_column_int64(st, 3),
        .expires_at = sqlite3_column_int64(st, 4),
    };
    e = statement_keep(s, st, (struct span *const[]){&row.hash}, 1);
    if (!e)
        *out = row;
    return e;
}

enum err resets_delete_user(struct store *s, int64_t user_id)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_resets_delete_user);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, user_id);
    return statement_run(s, st, ERR_STORAGE);
}
