#include "store/migrate.h"

#include "base/diag.h"

#include <stdio.h>

/* Whether there are tables at all, and whether schema_migrations is one of them. */
static enum err look(struct store *s, bool *empty, bool *ours)
{
    enum err e = ERR_STORAGE;
    sqlite3_stmt *st = statement_use(s, STATEMENT_schema_tables);
    if (st && statement_row(s, st, &e)) {
        *empty = sqlite3_column_int(st, 0) == 0;
        *ours = sqlite3_column_int(st, 1) != 0;
        e = statement_end(s, st);
    }
    return e;
}

/* Whether the file says that it is another program's: 0 is what SQLite writes, and what the first migration finds. */
static enum err look_at_owner(struct store *s, bool *foreign)
{
    enum { HUBBUB = 0x48756262 }; /* as in the first migration */
    enum err e = ERR_STORAGE;
    sqlite3_stmt *st = statement_use(s, STATEMENT_application_id);
    if (st && statement_row(s, st, &e)) {
        int id = sqlite3_column_int(st, 0);
        *foreign = id != 0 && id != HUBBUB;
        e = statement_end(s, st);
    }
    return e;
}

static bool text_is(sqlite3_stmt *st, int column, const char *wanted)
{
    return span_equal(statement_text(st, column), span_of(wanted));
}

enum err migrate_check(struct store *s, const struct migration *list, size_t n, size_t *applied,
                       struct store_error *why)
{
    bool empty = true, ours = false, foreign = false;
    enum err e = look(s, &empty, &ours);
    if (!e)
        e = look_at_owner(s, &foreign);
    if (e)
        return e;
    if (foreign) {
        snprintf(why->text, sizeof why->text, "has another program's application_id: it is not Hubbub's database");
        return ERR_CORRUPT;
    }
    if (!ours) {
        if (empty)
            *applied = 0;
        else
            snprintf(why->text, sizeof why->text, "has tables, but not Hubbub's: it is another program's database");
        return empty ? OK : ERR_CORRUPT;
    }

    size_t count = 0;
    sqlite3_stmt *st = statement_use(s, STATEMENT_migrations_all);
    if (!st)
        return ERR_STORAGE;
    while (statement_row(s, st, &e)) {
        enum err found = OK;
        if (sqlite3_column_int64(st, 0) > (int64_t)n)
            found = ERR_NEWER;
        else if (sqlite3_column_int64(st, 0) != (int64_t)count + 1 || !text_is(st, 1, list[count].name) ||
                 !text_is(st, 2, list[count].checksum))
            found = ERR_CORRUPT;
        if (found) {
            snprintf(
                why->text, sizeof why->text,
                found == ERR_NEWER
                    ? "has migration %lld (%.60s), which this program does not know: it was written by a newer Hubbub"
                    : "has migration %lld (%.60s), which differs from this program's or leaves out the one before it",
                (long long)sqlite3_column_int64(st, 0), (const char *)sqlite3_column_text(st, 1));
            e = statement_end(s, st);
            return e ? e : found;
        }
        count++;
    }
    if (!e)
        *applied = count;
    return e;
}

static enum err record(struct store *s, const struct migration *m)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_migrations_insert);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int(st, 1, m->version);
    statement_bind_text(st, 2, span_of(m->name));
    statement_bind_text(st, 3, span_of(m->checksum));
    return statement_run(s, st, ERR_STORAGE);
}

static enum err apply_one(struct store *s, const struct migration *m)
{
    enum err e = store_begin(s);
    if (e)
        return e;
    if (sqlite3_exec(s->db, m->sql, NULL, NULL, NULL) != SQLITE_OK) {
        store_failed(s, m->name);
        e = ERR_STORAGE;
    }
    if (!e)
        e = record(s, m);
    if (e)
        store_rollback(s);
    else
        e = store_commit(s);
    if (!e)
        diag_info("migrated", "migration=%s", m->name);
    return e;
}

enum err migrate_apply(struct store *s, const struct migration *list, size_t n, size_t applied)
{
    enum err e = OK;
    for (size_t i = applied; !e && i < n; i++)
        e = apply_one(s, &list[i]);
    return e;
}
