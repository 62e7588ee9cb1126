#include "store/connection.h"
#include "store/people.h"

static enum err count(struct store *s, int64_t user_id, bool is_picture)
{
    return statement_change(s, STATEMENT_avatars_count, BIND(as_i64(user_id), as_flag(is_picture)), ERR_NOT_FOUND);
}

enum err avatars_set(struct store *s, int64_t user_id, struct span type, struct span bytes)
{
    enum err e = count(s, user_id, bytes.len > 0);
    if (e)
        return e;
    if (!bytes.len)
        return statement_run(s, STATEMENT_avatars_delete, BIND(as_i64(user_id)));
    return statement_run(s, STATEMENT_avatars_put, BIND(as_i64(user_id), as_text(type), as_blob(bytes)));
}

enum err avatars_get(struct store *s, int64_t user_id, struct span *type, struct span *bytes)
{
    struct rows r = statement_rows(s, STATEMENT_avatars_get, BIND(as_i64(user_id)));
    if (!rows_first(&r, ERR_NOT_FOUND))
        return r.e;
    struct span kept_type = statement_text(r.st, 0), kept_bytes = statement_blob(r.st, 1);
    enum err e = rows_keep(&r, TEXTS(&kept_type, &kept_bytes));
    if (!e) {
        *type = kept_type;
        *bytes = kept_bytes;
    }
    return e;
}
