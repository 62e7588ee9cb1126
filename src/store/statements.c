#include "store/statements.h"

#include "store/connection.h"

#include <assert.h>

sqlite3_stmt *statement_use(struct store *s, enum statement id)
{
    if (!s->statements[id] && sqlite3_prepare_v3(s->db, statement_sources[id].sql, -1, SQLITE_PREPARE_PERSISTENT,
                                                 &s->statements[id], NULL) != SQLITE_OK)
        store_failed(s, statement_sources[id].name);
    return s->statements[id];
}

static int bind_one(sqlite3_stmt *st, int parameter, const struct value *v)
{
    switch (v->kind) {
    case VALUE_I64:
        return sqlite3_bind_int64(st, parameter, v->i64);
    case VALUE_TEXT:
        return sqlite3_bind_text64(st, parameter, v->bytes.len ? v->bytes.p : "", v->bytes.len, SQLITE_STATIC,
                                   SQLITE_UTF8);
    case VALUE_BLOB:
        return sqlite3_bind_blob64(st, parameter, v->bytes.p, v->bytes.len, SQLITE_STATIC);
    case VALUE_NULL:
    default:
        return sqlite3_bind_null(st, parameter);
    }
}

/* The statement with these values; NULL: that failed, which has been reported. */
static sqlite3_stmt *bind_all(struct store *s, enum statement id, struct values v)
{
    sqlite3_stmt *st = statement_use(s, id);
    assert(!st || (int)v.n == sqlite3_bind_parameter_count(st));
    for (size_t i = 0; st && i < v.n; i++)
        if (bind_one(st, (int)i + 1, &v.list[i]) != SQLITE_OK) {
            store_failed(s, statement_sources[id].name);
            st = NULL;
        }
    return st;
}

/* Resets it. OK; ERR_STORAGE when its last step failed, which has been reported. */
static enum err reset(struct store *s, enum statement id)
{
    if (sqlite3_reset(s->statements[id]) == SQLITE_OK)
        return OK;
    store_failed(s, statement_sources[id].name);
    return ERR_STORAGE;
}

/* ------------------------------------------------------------------ run once */

static enum err run(struct store *s, enum statement id, struct values v, enum err unique)
{
    sqlite3_stmt *st = bind_all(s, id, v);
    if (!st)
        return ERR_STORAGE;
    if (sqlite3_step(st) == SQLITE_CONSTRAINT_UNIQUE && unique != ERR_STORAGE) {
        sqlite3_reset(st);
        return unique;
    }
    return reset(s, id);
}

enum err statement_run(struct store *s, enum statement id, struct values v)
{
    return run(s, id, v, ERR_STORAGE);
}

enum err statement_update(struct store *s, enum statement id, struct values v, enum err unique, enum err none)
{
    enum err e = run(s, id, v, unique);
    return e || sqlite3_changes(s->db) ? e : none;
}

enum err statement_change(struct store *s, enum statement id, struct values v, enum err none)
{
    return statement_update(s, id, v, ERR_STORAGE, none);
}

enum err statement_insert(struct store *s, enum statement id, struct values v, enum err unique, int64_t *rowid)
{
    enum err e = run(s, id, v, unique);
    if (!e)
        *rowid = sqlite3_last_insert_rowid(s->db);
    return e;
}

enum err statement_i64(struct store *s, enum statement id, struct values v, enum err none, int64_t *out)
{
    struct rows r = statement_rows(s, id, v);
    if (!rows_first(&r, none))
        return r.e;
    int64_t value = sqlite3_column_int64(r.st, 0);
    enum err e = rows_end(&r);
    if (!e)
        *out = value;
    return e;
}

enum err statement_has(struct store *s, enum statement id, struct values v)
{
    struct rows r = statement_rows(s, id, v);
    return rows_first(&r, ERR_NOT_FOUND) ? rows_end(&r) : r.e;
}

/* ------------------------------------------------------------------ rows */

struct rows statement_rows(struct store *s, enum statement id, struct values v)
{
    return (struct rows){.store = s, .st = bind_all(s, id, v), .id = id};
}

bool rows_next(struct rows *r)
{
    if (r->st && sqlite3_step(r->st) == SQLITE_ROW)
        return true;
    r->e = r->st ? reset(r->store, r->id) : ERR_STORAGE;
    return false;
}

bool rows_first(struct rows *r, enum err none)
{
    if (rows_next(r))
        return true;
    r->e = r->e ? r->e : none;
    return false;
}

bool rows_single(struct rows *r)
{
    if (rows_next(r))
        return true;
    if (!r->e)
        r->e = store_contradiction(statement_sources[r->id].name, "the one row of its table is missing");
    return false;
}

enum err rows_end(struct rows *r)
{
    return reset(r->store, r->id);
}

enum err rows_unknown_word(struct rows *r)
{
    enum err e = rows_end(r); /* for want of memory no word is known */
    return e ? e : store_contradiction(statement_sources[r->id].name, "a word that this program does not know");
}

enum err rows_keep(struct rows *r, struct texts t)
{
    struct buf *row = &r->store->row;
    size_t total = 0;
    buf_clear(row);
    for (size_t i = 0; i < t.n; i++)
        total += t.list[i]->len;
    if (buf_reserve(row, total + 1)) /* all at once: what has been pointed at does not move */
        for (size_t i = 0; i < t.n; i++) {
            const char *kept = row->p + row->len;
            buf_add_span(row, *t.list[i]);
            t.list[i]->p = kept;
        }
    enum err e = rows_end(r); /* knows as well whether a column could not be had for want of memory */
    return e || !row->failed ? e : store_contradiction(statement_sources[r->id].name, "out of memory");
}

struct span statement_text(sqlite3_stmt *st, int column)
{
    const char *p = (const char *)sqlite3_column_text(st, column);
    return (struct span){p, p ? (size_t)sqlite3_column_bytes(st, column) : 0};
}

struct span statement_blob(sqlite3_stmt *st, int column)
{
    const char *p = sqlite3_column_blob(st, column);
    return (struct span){p, p ? (size_t)sqlite3_column_bytes(st, column) : 0};
}

int statement_word(sqlite3_stmt *st, int column, const struct words *w)
{
    return words_find(w, statement_text(st, column));
}

void statements_close(struct store *s)
{
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        sqlite3_finalize(s->statements[i]);
        s->statements[i] = NULL;
    }
}
