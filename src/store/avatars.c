#include "store/connection.h"
#include "store/people.h"

static enum err count(struct store *s, int64_t user_id, bool is_picture)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_avatars_count);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, user_id);
    sqlite3_bind_int(st, 2, is_picture);
    return statement_change(s, st, ERR_NOT_FOUND);
}

enum err avatars_set(struct store *s, int64_t user_id, struct span type, struct span bytes)
{
    enum err e = count(s, user_id, bytes.len > 0);
    if (e)
        return e;
    sqlite3_stmt *st = statement_use(s, bytes.len ? STATEMENT_avatars_put : STATEMENT_avatars_delete);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, user_id);
    if (bytes.len) {
        statement_bind_text(st, 2, type);
        statement_bind_blob(st, 3, bytes);
    }
    return statement_run(s, st, ERR_STORAGE);
}

enum err avatars_get(struct store *s, int64_t user_id, struct span *type, struct span *bytes)
{
    enum err e;
    sqlite3_stmt *st = statement_use(s, STATEMENT_avatars_get);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, user_id);
    if (!statement_row(s, st, &e))
        return e ? e : ERR_NOT_FOUND;
    struct span kept_type = statement_text(st, 0), kept_bytes = statement_blob(st, 1);
    e = statement_keep(s, st, (struct span *const[]){&kept_type, &kept_bytes}, 2);
    if (!e) {
        *type = kept_type;
        *bytes = kept_bytes;
    }
    return e;
}
