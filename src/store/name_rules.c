#include "store/connection.h"

#include <stdio.h>

enum err name_rules_get(struct store *s, char version[NAME_RULES_VERSION_BYTES])
{
    enum err e;
    sqlite3_stmt *st = statement_use(s, STATEMENT_name_rules_get);
    if (!st)
        return ERR_STORAGE;
    if (!statement_row(s, st, &e))
        return e ? e : store_contradiction("name_rules_get", "the row of the table name_rules is missing");
    struct span text = statement_text(st, 0);
    snprintf(version, NAME_RULES_VERSION_BYTES, "%.*s", (int)text.len, text.p ? text.p : "");
    return statement_end(s, st);
}

enum err name_rules_set(struct store *s, const char *version)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_name_rules_set);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_text(st, 1, version, -1, SQLITE_STATIC);
    return statement_run(s, st, ERR_STORAGE);
}

static enum err each(struct store *s, enum statement id, named_fn *row, void *ctx)
{
    enum err e;
    sqlite3_stmt *st = statement_use(s, id);
    if (!st)
        return ERR_STORAGE;
    while (statement_row(s, st, &e))
        row(ctx, sqlite3_column_int64(st, 0), statement_text(st, 1), statement_text(st, 2));
    return e;
}

enum err users_named(struct store *s, named_fn *row, void *ctx)
{
    return each(s, STATEMENT_users_named, row, ctx);
}

enum err rooms_named(struct store *s, named_fn *row, void *ctx)
{
    return each(s, STATEMENT_rooms_named, row, ctx);
}
