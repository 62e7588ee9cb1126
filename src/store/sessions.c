#include "store/connection.h"
#include "store/people.h"

static struct session_row read_session(sqlite3_stmt *st)
{
    return (struct session_row){
        .id = sqlite3_column_int64(st, 0),
        .user_id = sqlite3_column_int64(st, 1),
        .hash = statement_blob(st, 2),
        .device = statement_text(st, 3),
        .address = statement_text(st, 4),
        .created_at = sqlite3_column_int64(st, 5),
        .seen_at = sqlite3_column_int64(st, 6),
        .expires_at = sqlite3_column_int64(st, 7),
    };
}

static enum err delete_expired(struct store *s, int64_t user_id, int64_t now)
{
    return statement_run(s, STATEMENT_sessions_delete_expired, BIND(as_i64(user_id), as_i64(now)));
}

enum err sessions_insert(struct store *s, const struct session_row *row, int64_t *id)
{
    enum err e = delete_expired(s, row->user_id, row->created_at);
    if (e)
        return e;
    return statement_insert(s, STATEMENT_sessions_insert,
                            BIND(as_i64(row->user_id), as_blob(row->hash), as_text(row->device), as_text(row->address),
                                 as_i64(row->created_at), as_i64(row->seen_at), as_i64(row->expires_at)),
                            ERR_ID_REUSED, id);
}

enum err sessions_by_hash(struct store *s, struct span hash, struct session_row *out)
{
    struct rows r = statement_rows(s, STATEMENT_sessions_by_hash, BIND(as_blob(hash)));
    if (!rows_first(&r, ERR_NOT_FOUND))
        return r.e;
    struct session_row row = read_session(r.st);
    enum err e = rows_keep(&r, TEXTS(&row.hash, &row.device, &row.address));
    if (!e)
        *out = row;
    return e;
}

enum err sessions_touch(struct store *s, int64_t id, int64_t seen_at, int64_t expires_at, struct span address)
{
    return statement_change(s, STATEMENT_sessions_touch,
                            BIND(as_i64(id), as_i64(seen_at), as_i64(expires_at), as_text(address)), ERR_NOT_FOUND);
}

enum err sessions_delete(struct store *s, int64_t user_id, int64_t id)
{
    return statement_change(s, STATEMENT_sessions_delete, BIND(as_i64(user_id), as_i64(id)), ERR_NOT_FOUND);
}

enum err sessions_delete_others(struct store *s, int64_t user_id, int64_t keep_id)
{
    return statement_run(s, STATEMENT_sessions_delete_others, BIND(as_i64(user_id), as_i64(keep_id)));
}

enum err sessions_each(struct store *s, int64_t user_id, void (*row)(void *ctx, const struct session_row *), void *ctx)
{
    struct rows r = statement_rows(s, STATEMENT_sessions_each, BIND(as_i64(user_id)));
    while (rows_next(&r)) {
        const struct session_row session = read_session(r.st);
        row(ctx, &session);
    }
    return r.e;
}
