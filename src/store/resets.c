#include "store/connection.h"
#include "store/people.h"

enum err resets_insert(struct store *s, const struct reset_row *row)
{
    enum err e = resets_delete_user(s, row->user_id);
    if (e)
        return e;
    return statement_change(s, STATEMENT_resets_insert,
                            BIND(as_blob(row->hash), as_i64(row->user_id), as_i64(row->created_by),
                                 as_i64(row->created_at), as_i64(row->expires_at)),
                            ERR_ID_REUSED);
}

enum err resets_by_hash(struct store *s, struct span hash, struct reset_row *out)
{
    struct rows r = statement_rows(s, STATEMENT_resets_by_hash, BIND(as_blob(hash)));
    if (!rows_first(&r, ERR_NOT_FOUND))
        return r.e;
    struct reset_row row = {
        .hash = statement_blob(r.st, 0),
        .user_id = sqlite3_column_int64(r.st, 1),
        .created_by = sqlite3_column_int64(r.st, 2),
        .created_at = sqlite3_column_int64(r.st, 3),
        .expires_at = sqlite3_column_int64(r.st, 4),
    };
    enum err e = rows_keep(&r, TEXTS(&row.hash));
    if (!e)
        *out = row;
    return e;
}

enum err resets_delete_user(struct store *s, int64_t user_id)
{
    return statement_run(s, STATEMENT_resets_delete_user, BIND(as_i64(user_id)));
}
