#include "store/connection.h"

enum err rooms_each(struct store *s, void (*row)(void *ctx, const struct room_row *), void *ctx)
{
    enum err e = ERR_STORAGE;
    sqlite3_stmt *st = statement_use(s, STATEMENT_rooms_all);
    while (st && statement_row(s, st, &e)) {
        const struct room_row r = {
            .id = sqlite3_column_int64(st, 0),
            .name = statement_text(st, 1),
            .fold = statement_text(st, 2),
            .last_seq = sqlite3_column_int64(st, 3),
            .created_at = sqlite3_column_int64(st, 4),
            .archived_at = sqlite3_column_int64(st, 5),
        };
        row(ctx, &r);
    }
    return e;
}

enum err rooms_insert(struct store *s, struct span name, struct span fold, int64_t at, int64_t *id)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_rooms_insert);
    if (!st)
        return ERR_STORAGE;
    statement_bind_text(st, 1, name);
    statement_bind_text(st, 2, fold);
    sqlite3_bind_int64(st, 3, at);
    enum err e = statement_run(s, st, ERR_NAME_TAKEN);
    if (!e)
        *id = sqlite3_last_insert_rowid(s->db);
    return e;
}

/* Runs an UPDATE of the row with this id. */
static enum err update(struct store *s, sqlite3_stmt *st, int64_t id)
{
    sqlite3_bind_int64(st, 1, id);
    enum err e = statement_run(s, st, ERR_NAME_TAKEN);
    return e || sqlite3_changes(s->db) ? e : ERR_NOT_FOUND;
}

enum err rooms_set_last_seq(struct store *s, int64_t id, int64_t last_seq)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_rooms_set_last_seq);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 2, last_seq);
    return update(s, st, id);
}

enum err rooms_set_name(struct store *s, int64_t id, struct span name, struct span fold)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_rooms_set_name);
    if (!st)
        return ERR_STORAGE;
    statement_bind_text(st, 2, name);
    statement_bind_text(st, 3, fold);
    return update(s, st, id);
}

enum err rooms_set_archived_at(struct store *s, int64_t id, int64_t at)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_rooms_set_archived_at);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 2, at);
    return update(s, st, id);
}
