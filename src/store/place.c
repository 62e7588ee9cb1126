#include "store/connection.h"
#include "store/people.h"

enum err place_get(struct store *s, struct place_row *out)
{
    struct rows r = statement_rows(s, STATEMENT_place_get, BIND_NONE);
    if (!rows_single(&r))
        return r.e;
    struct place_row row = {
        .name = statement_text(r.st, 0),
        .set_up_at = sqlite3_column_int64(r.st, 1),
        .require_totp = sqlite3_column_int(r.st, 2) != 0,
    };
    enum err e = rows_keep(&r, TEXTS(&row.name));
    if (!e)
        *out = row;
    return e;
}

enum err place_set(struct store *s, const struct place_row *row)
{
    return statement_run(s, STATEMENT_place_set,
                         BIND(as_text(row->name), as_i64(row->set_up_at), as_flag(row->require_totp)));
}
