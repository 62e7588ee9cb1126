#include "store/connection.h"
#include "store/membership.h"

enum err paces_get(struct store *s, int64_t room_id, int64_t user_id, int64_t *at)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_paces_get);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, room_id);
    sqlite3_bind_int64(st, 2, user_id);
    return statement_i64(s, st, ERR_STORAGE, at);
}

enum err paces_set(struct store *s, int64_t room_id, int64_t user_id, int64_t at)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_paces_set);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, room_id);
    sqlite3_bind_int64(st, 2, user_id);
    sqlite3_bind_int64(st, 3, at);
    return statement_run(s, st, ERR_STORAGE);
}

enum err paces_clear(struct store *s, int64_t room_id)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_paces_delete);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, room_id);
    return statement_run(s, st, ERR_STORAGE);
}
