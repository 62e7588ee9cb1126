#include "store/connection.h"

#include <string.h>

enum err lineage_get(struct store *s, struct lineage_row *out)
{
    enum err e;
    sqlite3_stmt *st = statement_use(s, STATEMENT_lineage_get);
    if (!st)
        return ERR_STORAGE;
    if (!statement_row(s, st, &e))
        return e ? e : store_contradiction("lineage_get", "the row of the table lineage is missing");
    struct lineage_row row = {.has_run = sqlite3_column_bytes(st, 1) == sizeof row.run};
    struct span epoch = statement_text(st, 0);
    if (epoch.len < sizeof row.epoch)
        memcpy(row.epoch, epoch.p, epoch.len);
    if (row.has_run)
        memcpy(row.run, sqlite3_column_blob(st, 1), sizeof row.run);
    e = statement_end(s, st);
    if (!e)
        *out = row;
    return e;
}

enum err lineage_set(struct store *s, const struct lineage_row *row)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_lineage_set);
    if (!st)
        return ERR_STORAGE;
    statement_bind_text(st, 1, span_of(row->epoch));
    sqlite3_bind_blob(st, 2, row->run, sizeof row->run, SQLITE_STATIC);
    return statement_run(s, st, ERR_STORAGE);
}
