/* statements.h - the SQL of this layer: migrations/ and src/store/sql/, compiled in by cmake/embed_sql.mjs, and a
 * store's prepared statements.
 *
 * Each statement is prepared at its first use, stays prepared until the store is closed, and is reset after each use,
 * on every path: a statement that is left running keeps a read transaction open, and with it the WAL from being reset.
 * Private to src/store. */
#ifndef HUBBUB_STORE_STATEMENTS_H
#define HUBBUB_STORE_STATEMENTS_H

#include "base/err.h"
#include "base/span.h"

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

struct store;

/* All names; embed_sql.mjs makes one without SQL, or SQL without its name here, an error of the build. */
#define STATEMENTS(X)                                                                                                  \
    X(begin_write)                                                                                                     \
    X(begin_read)                                                                                                      \
    X(commit)                                                                                                          \
    X(rollback)                                                                                                        \
    X(touch)                                                                                                           \
    X(schema_tables)                                                                                                   \
    X(application_id)                                                                                                  \
    X(migrations_all)                                                                                                  \
    X(migrations_insert)                                                                                               \
    X(applied_get)                                                                                                     \
    X(applied_set)                                                                                                     \
    X(name_rules_get)                                                                                                  \
    X(name_rules_set)                                                                                                  \
    X(users_named)                                                                                                     \
    X(rooms_all)                                                                                                       \
    X(rooms_insert)                                                                                                    \
    X(rooms_set_last_seq)                                                                                              \
    X(rooms_set_name)                                                                                                  \
    X(rooms_set_archived_at)                                                                                           \
    X(users_by_key)                                                                                                    \
    X(users_by_id)                                                                                                     \
    X(users_by_fold)                                                                                                   \
    X(users_insert)                                                                                                    \
    X(users_set_name)                                                                                                  \
    X(messages_insert)                                                                                                 \
    X(messages_by_client_id)                                                                                           \
    X(messages_exists)                                                                                                 \
    X(changes_insert)                                                                                                  \
    X(events_after)                                                                                                    \
    X(events_floor)

#define STATEMENTS_ENUM(name) STATEMENT_##name,
enum statement { STATEMENTS(STATEMENTS_ENUM) STATEMENT_COUNT };
#undef STATEMENTS_ENUM

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

/* The bytes are borrowed: they must live until the statement has been ended. An empty span is ''. */
void statement_bind_text(sqlite3_stmt *st, int parameter, struct span text);
void statement_bind_text_or_null(sqlite3_stmt *st, int parameter, struct span text); /* an empty span is NULL */
void statement_bind_i64_or_null(sqlite3_stmt *st, int parameter, int64_t value);     /* 0 is NULL */

/* A text column of the current row, valid until the next step or end. NULL is empty. */
struct span statement_text(sqlite3_stmt *st, int column);

/* Ends whatever is still running and frees all. */
void statements_close(struct store *s);

#endif
