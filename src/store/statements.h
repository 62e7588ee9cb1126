/* statements.h - the SQL of this layer: migrations/ and src/store/sql/, compiled in by cmake/embed_sql.mjs, and a
 * store's prepared statements. A new statement needs its SQL there and nothing here: the build names it STATEMENT_ and
 * the name of its "-- name:" line.
 *
 * Each statement is prepared at its first use, stays prepared until the store is closed, and is reset after each use,
 * on every path: a statement that is left running keeps a read transaction open, and with it the WAL from being reset.
 * Private to src/store. */
#ifndef HUBBUB_STORE_STATEMENTS_H
#define HUBBUB_STORE_STATEMENTS_H

#include "base/err.h"
#include "base/words.h"
#include "store/statement_ids.h"

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

struct store;

struct statement_source {
    const char *name;
    /* What its plan searches by: index names, "rowid", "primary key", comma separated; or "none" and why. */
    const char *index;
    const char *sql;
};

extern const struct statement_source statement_sources[STATEMENT_COUNT];

struct migration {
    int version;
    const char *name;     /* the file's name without .sql, e.g. "0001_initial" */
    const char *checksum; /* SHA-256 of the file, 64 hexadecimal digits */
    const char *sql;
    const char *about;   /* for people: what it makes */
    const char *earlier; /* checksums of earlier wordings that did the same, each with a blank behind it; "": none */
};

extern const struct migration migrations[];
extern const size_t migrations_count;

/* ------------------------------------------------------------------ the values of parameters */

/* A value for one parameter. The bytes are borrowed: they must live until the statement has been run or its rows have
 * ended. Nothing is allocated. */
struct value {
    enum { VALUE_NULL, VALUE_I64, VALUE_TEXT, VALUE_BLOB } kind;
    int64_t i64;
    struct span bytes;
};

static inline struct value as_i64(int64_t i64)
{
    return (struct value){.kind = VALUE_I64, .i64 = i64};
}

static inline struct value as_i64_or_null(int64_t i64) /* 0 is NULL */
{
    return (struct value){.kind = i64 ? VALUE_I64 : VALUE_NULL, .i64 = i64};
}

static inline struct value as_flag(bool flag)
{
    return as_i64(flag);
}

static inline struct value as_text(struct span text) /* an empty span is '' */
{
    return (struct value){.kind = VALUE_TEXT, .bytes = text};
}

static inline struct value as_text_or_null(struct span text) /* an empty span is NULL */
{
    return (struct value){.kind = text.len ? VALUE_TEXT : VALUE_NULL, .bytes = text};
}

static inline struct value as_blob(struct span bytes) /* an empty span is NULL */
{
    return (struct value){.kind = bytes.len ? VALUE_BLOB : VALUE_NULL, .bytes = bytes};
}

static inline struct value as_bytes(const uint8_t *p, size_t n)
{
    return as_blob((struct span){(const char *)p, n});
}

static inline struct value as_word(const struct words *w, unsigned number)
{
    return as_text(span_of(words_name(w, (int)number)));
}

/* All values of a statement: parameter ?1 is the first. A debug build holds their number against the SQL. */
struct values {
    const struct value *list;
    size_t n;
};

/* BIND(as_i64(id), as_text(name)): the values, until the end of the block. */
#define BIND(...)                                                                                                      \
    ((struct values){(const struct value[]){__VA_ARGS__},                                                              \
                     sizeof(const struct value[]){__VA_ARGS__} / sizeof(struct value)})

/* For a statement without parameters. */
#define BIND_NONE ((struct values){NULL, 0})

/* ------------------------------------------------------------------ statements that are run once
 *
 * Each binds, steps and resets. ERR_STORAGE: it could not be prepared or has failed, which has been reported. */

enum err statement_run(struct store *s, enum statement id, struct values v);

/* Of one that finds its rows itself: `none` when it has inserted, changed or deleted none. */
enum err statement_change(struct store *s, enum statement id, struct values v, enum err none);

/* The same, where a UNIQUE index may refuse: then `unique`, which is not reported. */
enum err statement_update(struct store *s, enum statement id, struct values v, enum err unique, enum err none);

/* Of an INSERT of one row: its rowid. `unique` as above. */
enum err statement_insert(struct store *s, enum statement id, struct values v, enum err unique, int64_t *rowid);

/* Of one that gives one integer; `none` when it gives no row. */
enum err statement_i64(struct store *s, enum statement id, struct values v, enum err none, int64_t *out);

/* Whether it gives any row: OK or ERR_NOT_FOUND. */
enum err statement_has(struct store *s, enum statement id, struct values v);

/* ------------------------------------------------------------------ statements that give rows
 *
 * All rows:                                         One row:
 *     struct rows r = statement_rows(s, id, v);         struct rows r = statement_rows(s, id, v);
 *     while (rows_next(&r))                             if (!rows_first(&r, ERR_NOT_FOUND))
 *         use the columns of r.st;                          return r.e;
 *     return r.e;                                       copy the columns of r.st;
 *                                                       return rows_end(&r);
 * They must not be left in any other way than these, rows_keep() or rows_unknown_word(). */

struct rows {
    struct store *store;
    sqlite3_stmt *st; /* stands on the current row; NULL: it could not be prepared, and there is none */
    enum statement id;
    enum err e; /* once there is no more row: OK, or ERR_STORAGE, which has been reported */
};

struct rows statement_rows(struct store *s, enum statement id, struct values v);

/* True: there is a row. False: all is over, with r->e. */
bool rows_next(struct rows *r);

/* The same of a statement that gives one row at most: false with r->e `none` when it gives none. */
bool rows_first(struct rows *r, enum err none);

/* The same of a table that has exactly one row: that it has none is reported, ERR_STORAGE. */
bool rows_single(struct rows *r);

/* Ends before the last row; the result of the last step. */
enum err rows_end(struct rows *r);

/* Ends at a row that holds a word which this program does not know, which is reported; ERR_STORAGE. */
enum err rows_unknown_word(struct rows *r);

/* Copies texts of the current row into the store, where they stay until the next look-up, points them there, and ends
 * the rows. OK; ERR_STORAGE: a text could not be had, which has been reported. */
struct texts {
    struct span *const *list;
    size_t n;
};
#define TEXTS(...)                                                                                                     \
    ((struct texts){(struct span *const[]){__VA_ARGS__},                                                               \
                    sizeof(struct span *const[]){__VA_ARGS__} / sizeof(struct span *)})
enum err rows_keep(struct rows *r, struct texts t);

/* A text or blob column of the current row, valid until the next step or end. NULL is empty. */
struct span statement_text(sqlite3_stmt *st, int column);
struct span statement_blob(sqlite3_stmt *st, int column);

/* The number of the word in a column of the current row; -1: none of them. Then rows_unknown_word() ends it. */
int statement_word(sqlite3_stmt *st, int column, const struct words *w);

/* ------------------------------------------------------------------ their life */

/* Prepares it unless it is; NULL: that failed, which has been reported. */
sqlite3_stmt *statement_use(struct store *s, enum statement id);

/* Ends whatever is still running and frees all. */
void statements_close(struct store *s);

#endif
