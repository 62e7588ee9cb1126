#include "store/statements.h"

#include "store/connection.h"

sqlite3_stmt *statement_use(struct store *s, enum statement id)
{
    if (!s->statements[id] && sqlite3_prepare_v3(s->db, statement_sources[id].sql, -1, SQLITE_PREPARE_PERSISTENT,
                                                 &s->statements[id], NULL) != SQLITE_OK)
        store_failed(s, statement_sources[id].name);
    return s->statements[id];
}

static const char *name_of(const struct store *s, const sqlite3_stmt *st)
{
    int id = 0;
    while (id < STATEMENT_COUNT - 1 && s->statements[id] != st)
        id++;
    return statement_sources[id].name;
}

bool statement_row(struct store *s, sqlite3_stmt *st, enum err *e)
{
    if (sqlite3_step(st) == SQLITE_ROW)
        return true;
    *e = statement_end(s, st);
    return false;
}

enum err statement_end(struct store *s, sqlite3_stmt *st)
{
    if (sqlite3_reset(st) == SQLITE_OK)
        return OK;
    store_failed(s, name_of(s, st));
    return ERR_STORAGE;
}

enum err statement_run(struct store *s, sqlite3_stmt *st, enum err unique)
{
    int code = sqlite3_step(st);
    if (code == SQLITE_CONSTRAINT_UNIQUE && unique != ERR_STORAGE) {
        sqlite3_reset(st);
        return unique;
    }
    return statement_end(s, st);
}

enum err statement_exec(struct store *s, enum statement id)
{
    sqlite3_stmt *st = statement_use(s, id);
    return st ? statement_run(s, st, ERR_STORAGE) : ERR_STORAGE;
}

enum err statement_change(struct store *s, sqlite3_stmt *st, enum err none)
{
    enum err e = statement_run(s, st, ERR_STORAGE);
    return e || sqlite3_changes(s->db) ? e : none;
}

enum err statement_i64(struct store *s, sqlite3_stmt *st, enum err none, int64_t *out)
{
    enum err e;
    if (!statement_row(s, st, &e))
        return e ? e : none;
    int64_t value = sqlite3_column_int64(st, 0);
    e = statement_end(s, st);
    if (!e)
        *out = value;
    return e;
}

void statement_bind_text(sqlite3_stmt *st, int parameter, struct span text)
{
    sqlite3_bind_text(st, parameter, text.len ? text.p : "", (int)text.len, SQLITE_STATIC);
}

void statement_bind_text_or_null(sqlite3_stmt *st, int parameter, struct span text)
{
    if (text.len)
        statement_bind_text(st, parameter, text);
    else
        sqlite3_bind_null(st, parameter);
}

void statement_bind_i64_or_null(sqlite3_stmt *st, int parameter, int64_t value)
{
    if (value)
        sqlite3_bind_int64(st, parameter, value);
    else
        sqlite3_bind_null(st, parameter);
}

void statement_bind_blob(sqlite3_stmt *st, int parameter, struct span bytes)
{
    if (bytes.len)
        sqlite3_bind_blob64(st, parameter, bytes.p, bytes.len, SQLITE_STATIC);
    else
        sqlite3_bind_null(st, parameter);
}

void statement_bind_word(sqlite3_stmt *st, int parameter, const struct words *w, unsigned number)
{
    statement_bind_text(st, parameter, span_of(words_name(w, (int)number)));
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

enum err statement_unknown_word(struct store *s, sqlite3_stmt *st)
{
    enum err e = statement_end(s, st); /* for want of memory no word is known */
    return e ? e : store_contradiction(name_of(s, st), "a word that this program does not know");
}

enum err statement_keep(struct store *s, sqlite3_stmt *st, struct span *const texts[], size_t n)
{
    size_t total = 0;
    buf_clear(&s->row);
    for (size_t i = 0; i < n; i++)
        total += texts[i]->len;
    if (buf_reserve(&s->row, total + 1)) /* all at once: what has been pointed at does not move */
        for (size_t i = 0; i < n; i++) {
            const char *kept = s->row.p + s->row.len;
            buf_add_span(&s->row, *texts[i]);
            texts[i]->p = kept;
        }
    enum err e = statement_end(s, st); /* knows as well whether a column could not be had for want of memory */
    return e || !s->row.failed ? e : store_contradiction(name_of(s, st), "out of memory");
}

void statements_close(struct store *s)
{
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        sqlite3_finalize(s->statements[i]);
        s->statements[i] = NULL;
    }
}
