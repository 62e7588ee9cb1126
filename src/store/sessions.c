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
    sqlite3_stmt *st = statement_use(s, STATEMENT_sessions_delete_expired);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, user_id);
    sqlite3_bind_int64(st, 2, now);
    return statement_run(s, st, ERR_STORAGE);
}

enum err sessions_insert(struct store *s, const struct session_row *row, int64_t *id)
{
    enum err e = delete_expired(s, row->user_id, row->created_at);
    if (e)
        return e;
    sqlite3_stmt *st = statement_use(s, STATEMENT_sessions_insert);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, row->user_id);
    statement_bind_blob(st, 2, row->hash);
    statement_bind_text(st, 3, row->device);
    statement_bind_text(st, 4, row->address);
    sqlite3_bind_int64(st, 5, row->created_at);
    sqlite3_bind_int64(st, 6, row->seen_at);
    sqlite3_bind_int64(st, 7, row->expires_at);
    e = statement_run(s, st, ERR_ID_REUSED);
    if (!e)
        *id = sqlite3_last_insert_rowid(s->db);
    return e;
}

enum err sessions_by_hash(struct store *s, struct span hash, struct session_row *out)
{
    enum err e;
    sqlite3_stmt *st = statement_use(s, STATEMENT_sessions_by_hash);
    if (!st)
        return ERR_STORAGE;
    statement_bind_blob(st, 1, hash);
    if (!statement_row(s, st, &e))
        return e ? e : ERR_NOT_FOUND;
    struct session_row row = read_session(st);
    e = statement_keep(s, st, (struct span *const[]){&row.hash, &row.device, &row.address}, 3);
    if (!e)
        *out = row;
    return e;
}

enum err sessions_touch(struct store *s, int64_t id, int64_t seen_at, int64_t expires_at, struct span address)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_sessions_touch);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, id);
    sqlite3_bind_int64(st, 2, seen_at);
    sqlite3_bind_int64(st, 3, expires_at);
    statement_bind_text(st, 4, address);
    return statement_change(s, st, ERR_NOT_FOUND);
}

enum err sessions_delete(struct store *s, int64_t user_id, int64_t id)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_sessions_delete);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, user_id);
    sqlite3_bind_int64(st, 2, id);
    return statement_change(s, st, ERR_NOT_FOUND);
}

enum err sessions_delete_others(struct store *s, int64_t user_id, int64_t keep_id)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_sessions_delete_others);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, user_id);
    sqlite3_bind_int64(st, 2, keep_id);
    return statement_run(s, st, ERR_STORAGE);
}

enum err sessions_each(struct store *s, int64_t user_id, void (*row)(void *ctx, const struct session_row *), void *ctx)
{
    enum err e;
    sqlite3_stmt *st = statement_use(s, STATEMENT_sessions_each);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, user_id);
    while (statement_row(s, st, &e)) {
        const struct session_row session = read_session(st);
        row(ctx, &session);
    }
    return e;
}
