#include "store/connection.h"
#include "store/store.h"

#include <stdio.h>

enum err name_rules_get(struct store *s, char version[NAME_RULES_VERSION_BYTES])
{
    struct rows r = statement_rows(s, STATEMENT_name_rules_get, BIND_NONE);
    if (!rows_single(&r))
        return r.e;
    struct span text = statement_text(r.st, 0);
    snprintf(version, NAME_RULES_VERSION_BYTES, "%.*s", (int)text.len, text.p ? text.p : "");
    return rows_end(&r);
}

enum err name_rules_set(struct store *s, const char *version)
{
    return statement_run(s, STATEMENT_name_rules_set, BIND(as_text(span_of(version))));
}

static enum err each(struct store *s, enum statement id, named_fn *row, void *ctx)
{
    struct rows r = statement_rows(s, id, BIND_NONE);
    while (rows_next(&r))
        row(ctx, sqlite3_column_int64(r.st, 0), statement_text(r.st, 1), statement_text(r.st, 2));
    return r.e;
}

enum err users_named(struct store *s, named_fn *row, void *ctx)
{
    return each(s, STATEMENT_users_named, row, ctx);
}

enum err rooms_named(struct store *s, named_fn *row, void *ctx)
{
    return each(s, STATEMENT_rooms_named, row, ctx);
}
