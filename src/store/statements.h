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

/* The prepared statement, ready to be bound. NULL: it could not be prepared; storage_failed has been reported. */
sqlite3_stmt *statement_use(struct store *s, enum statement id);

/* One step. True: there is a row, and a statement_end() must follow. False: it is over, with *e as statement_end()
 * gives it. */
bool statement_row(struct store *s, sqlite3_stmt *st, enum err *e);

/* Resets it. OK; ERR_STORAGE when its last step failed, which has been reported. */
enum err statement_end(struct store *s, sqlite3_stmt *st);

/* For a statement that gives no rows: step and end. Where a UNIQUE index refuses, the result is `unique`, and unless
 * that is ERR_STORAGE it is not reported as a failure. */
enum err statement_run(struct store *s, sqlite3_stmt *st, enum err unique);

/* The same for a statement without parameters. */
enum err statement_exec(struct store *s, enum statement id);

/* The same, for a statement that finds its rows itself: `none` when it has inserted, changed or deleted none. */
enum err statement_change(struct store *s, sqlite3_stmt *st, enum err none);

/* Runs a statement that gives one integer; `none` when it gives no row. */
enum err statement_i64(struct store *s, sqlite3_stmt *st, enum err none, int64_t *out);

/* The bytes are borrowed: they must live until the statement has been ended. An empty span is ''. */
void statement_bind_text(sqlite3_stmt *st, int parameter, struct span text);
void statement_bind_text_or_null(sqlite3_stmt *st, int parameter, struct span text); /* an empty span is NULL */
void statement_bind_i64_or_null(sqlite3_stmt *st, int parameter, int64_t value);     /* 0 is NULL */
void statement_bind_blob(sqlite3_stmt *st, int parameter, struct span bytes);        /* an empty span is NULL */
void statement_bind_word(sqlite3_stmt *st, int parameter, const struct words *w, unsigned number);

/* A text or blob column of the current row, valid until the next step or end. NULL is empty. */
struct span statement_text(sqlite3_stmt *st, int column);
struct span statement_blob(sqlite3_stmt *st, int column);

/* The number of the word in a column of the current row; -1: none of them. Then statement_unknown_word() ends it. */
int statement_word(sqlite3_stmt *st, int column, const struct words *w);

/* Ends a statement whose row holds a word that this program does not know, which is reported; ERR_STORAGE. */
enum err statement_unknown_word(struct store *s, sqlite3_stmt *st);

/* Copies n texts of the current row into s->row, where they stay until the next look-up, points them there, and ends
 * the statement, which so need not stay open. OK; ERR_STORAGE: a text could not be had, which has been reported. */
enum err statement_keep(struct store *s, sqlite3_stmt *st, struct span *const texts[], size_t n);

/* Ends whatever is still running and frees all. */
void statements_close(struct store *s);

#endif
