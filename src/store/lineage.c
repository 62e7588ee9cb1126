#include "store/connection.h"
#include "store/store.h"

#include <string.h>

enum err lineage_get(struct store *s, struct lineage_row *out)
{
    struct rows r = statement_rows(s, STATEMENT_lineage_get, BIND_NONE);
    if (!rows_single(&r))
        return r.e;
    struct lineage_row row = {.has_run = sqlite3_column_bytes(r.st, 1) == sizeof row.run};
    struct span epoch = statement_text(r.st, 0);
    if (epoch.len < sizeof row.epoch)
        memcpy(row.epoch, epoch.p, epoch.len);
    if (row.has_run)
        memcpy(row.run, sqlite3_column_blob(r.st, 1), sizeof row.run);
    enum err e = rows_end(&r);
    if (!e)
        *out = row;
    return e;
}

enum err lineage_set(struct store *s, const struct lineage_row *row)
{
    return statement_run(s, STATEMENT_lineage_set,
                         BIND(as_text(span_of(row->epoch)), as_bytes(row->run, sizeof row->run)));
}
