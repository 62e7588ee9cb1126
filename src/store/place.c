#include "store/connection.h"
#include "store/people.h"

enum err place_get(struct store *s, struct place_row *out)
{
    enum err e;
    sqlite3_stmt *st = statement_use(s, STATEMENT_place_get);
    if (!st)
        return ERR_STORAGE;
    if (!statement_row(s, st, &e))
        return e ? e : store_contradiction("place_get", "the row of the table place is missing");
    struct place_row row = {
        .name = statement_text(st, 0),
        .set_up_at = sqlite3_column_int64(st, 1),
        .require_totp = sqlite3_column_int(st, 2) != 0,
    };
    e = statement_keep(s, st, (struct span *const[]){&row.name}, 1);
    if (!e)
        *out = row;
    return e;
}

enum err place_set(struct store *s, const struct place_row *row)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_place_set);
    if (!st)
        return ERR_STORAGE;
    statement_bind_text(st, 1, row->name);
    sqlite3_bind_int64(st, 2, row->set_up_at);
    sqlite3_bind_int(st, 3, row->require_totp);
    return statement_run(s, st, ERR_STORAGE);
}
