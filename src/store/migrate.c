#include "store/migrate.h"

#include "base/diag.h"
#include "base/env.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Whether there are tables at all, and whether schema_migrations is one of them. */
static enum err look(struct store *s, bool *empty, bool *ours)
{
    struct rows r = statement_rows(s, STATEMENT_schema_tables, BIND_NONE);
    if (!rows_first(&r, ERR_STORAGE))
        return r.e;
    *empty = sqlite3_column_int(r.st, 0) == 0;
    *ours = sqlite3_column_int(r.st, 1) != 0;
    return rows_end(&r);
}

/* Whether the file says that it is another program's: 0 is what SQLite writes, and what the first migration finds. */
static enum err look_at_owner(struct store *s, bool *foreign)
{
    enum { HUBBUB = 0x48756262 }; /* as in the first migration */
    struct rows r = statement_rows(s, STATEMENT_application_id, BIND_NONE);
    if (!rows_first(&r, ERR_STORAGE))
        return r.e;
    int id = sqlite3_column_int(r.st, 0);
    *foreign = id != 0 && id != HUBBUB;
    return rows_end(&r);
}

/* Whether the column has the checksum of the migration, or of an earlier wording. */
static bool is_checksum_of(const struct migration *m, struct span found)
{
    size_t len = strlen(m->checksum);
    if (span_equal(found, span_of(m->checksum)))
        return true;
    for (const char *at = m->earlier; *at; at += len + 1)
        if (span_equal(found, (struct span){at, len}))
            return true;
    return false;
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
    struct rows r = statement_rows(s, STATEMENT_migrations_all, BIND_NONE);
    while (rows_next(&r)) {
        enum err found = OK;
        if (sqlite3_column_int64(r.st, 0) > (int64_t)n)
            found = ERR_NEWER;
        else if (sqlite3_column_int64(r.st, 0) != (int64_t)count + 1 || !text_is(r.st, 1, list[count].name) ||
                 !is_checksum_of(&list[count], statement_text(r.st, 2)))
            found = ERR_CORRUPT;
        if (found) {
            snprintf(
                why->text, sizeof why->text,
                found == ERR_NEWER
                    ? "has migration %lld (%.60s), which this program does not know: it was written by a newer Hubbub"
                    : "has migration %lld (%.60s), which differs from this program's or leaves out the one before it",
                (long long)sqlite3_column_int64(r.st, 0), (const char *)sqlite3_column_text(r.st, 1));
            e = rows_end(&r);
            return e ? e : found;
        }
        count++;
    }
    if (!r.e)
        *applied = count;
    return r.e;
}

static enum err record(struct store *s, const struct migration *m)
{
    return statement_run(s, STATEMENT_migrations_insert,
                         BIND(as_i64(m->version), as_text(span_of(m->name)), as_text(span_of(m->checksum))));
}

/* ------------------------------------------------------------------ how far it is */

enum { PROGRESS_STEPS = 1000000, PROGRESS_SAID_MS = 5000 };

struct progress {
    struct store *store;
    const struct migration *migration;
    int statement;
    int64_t begun_ms, said_ms;
};

/* For the log alone. */
static int64_t now_ms(void)
{
    return env_mono_ms(env_system());
}

/* What has been written so far is the only measure of a statement that is under way: one that changes a whole table
 * writes as much as the table has. */
static int say_progress(void *ctx)
{
    struct progress *p = ctx;
    int pages = 0, highest;
    int64_t ms = now_ms();
    if (ms - p->said_ms < PROGRESS_SAID_MS)
        return 0;
    p->said_ms = ms;
    (void)sqlite3_db_status(p->store->db, SQLITE_DBSTATUS_CACHE_WRITE, &pages, &highest, 0);
    diag_info("migrating", "migration=%s statement=%d seconds=%" PRId64 " written_mib=%d", p->migration->name,
              p->statement, (ms - p->begun_ms) / 1000, pages / 256);
    return 0;
}

/* One statement of the SQL at *at; *at is behind it then. */
static int run_statement(struct store *s, const char **at)
{
    sqlite3_stmt *st = NULL;
    int code = sqlite3_prepare_v2(s->db, *at, -1, &st, at);
    if (code || !st)
        return code;
    while (sqlite3_step(st) == SQLITE_ROW)
        ;
    return sqlite3_finalize(st);
}

static enum err run_all(struct store *s, const struct migration *m, struct progress *p)
{
    int code = SQLITE_OK;
    sqlite3_progress_handler(s->db, PROGRESS_STEPS, say_progress, p);
    for (const char *at = m->sql; *at && !code; p->statement++)
        code = run_statement(s, &at);
    if (code)
        store_failed(s, m->name);
    sqlite3_progress_handler(s->db, 0, NULL, NULL);
    return code ? ERR_STORAGE : OK;
}

static enum err apply_one(struct store *s, const struct migration *m)
{
    struct progress p = {.store = s, .migration = m, .statement = 1, .begun_ms = now_ms()};
    p.said_ms = p.begun_ms;
    diag_info("migrating", "migration=%s about=%s", m->name, diag_quote(m->about).s);
    enum err e = store_begin(s);
    if (e)
        return e;
    e = run_all(s, m, &p);
    if (!e)
        e = record(s, m);
    if (e)
        store_rollback(s);
    else
        e = store_commit(s);
    if (!e)
        diag_info("migrated", "migration=%s ms=%" PRId64, m->name, now_ms() - p.begun_ms);
    return e;
}

enum err migrate_apply(struct store *s, const struct migration *list, size_t n, size_t applied)
{
    enum err e = OK;
    for (size_t i = applied; !e && i < n; i++)
        e = apply_one(s, &list[i]);
    return e;
}
