#include "store/connection.h"
#include "store/membership.h"

enum err mentions_insert(struct store *s, int64_t room_id, int64_t seq, const int64_t *users, size_t n)
{
    enum err e = OK;
    for (size_t i = 0; !e && i < n; i++) {
        sqlite3_stmt *st = statement_use(s, STATEMENT_mentions_insert);
        if (!st)
            return ERR_STORAGE;
        sqlite3_bind_int64(st, 1, users[i]);
        sqlite3_bind_int64(st, 2, room_id);
        sqlite3_bind_int64(st, 3, seq);
        e = statement_run(s, st, ERR_STORAGE);
    }
    return e;
}

enum err mentions_of(struct store *s, int64_t room_id, int64_t seq, void (*row)(void *ctx, int64_t user_id), void *ctx)
{
    enum err e;
    sqlite3_stmt *st = statement_use(s, STATEMENT_mentions_of);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, room_id);
    sqlite3_bind_int64(st, 2, seq);
    while (statement_row(s, st, &e))
        row(ctx, sqlite3_column_int64(st, 0));
    return e;
}

enum err mentions_delete(struct store *s, int64_t room_id, int64_t seq)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_mentions_delete);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, room_id);
    sqlite3_bind_int64(st, 2, seq);
    return statement_run(s, st, ERR_STORAGE);
}
