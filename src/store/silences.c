#include "store/connection.h"
#include "store/membership.h"

enum err silences_get(struct store *s, int64_t room_id, int64_t user_id, int64_t *until)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_silences_get);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, room_id);
    sqlite3_bind_int64(st, 2, user_id);
    return statement_i64(s, st, ERR_STORAGE, until);
}

enum err silences_set(struct store *s, int64_t room_id, int64_t user_id, int64_t until)
{
    sqlite3_stmt *st = statement_use(s, until ? STATEMENT_silences_set : STATEMENT_silences_delete);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, room_id);
    sqlite3_bind_int64(st, 2, user_id);
    if (until)
        sqlite3_bind_int64(st, 3, until);
    return statement_run(s, st, ERR_STORAGE);
}
