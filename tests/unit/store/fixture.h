/* fixture.h - a temporary directory with a database in it, and a look at the database from outside the store layer. */
#ifndef HUBBUB_TESTS_STORE_FIXTURE_H
#define HUBBUB_TESTS_STORE_FIXTURE_H

#include "base/diag.h"
#include "store/for_tests.h"
#include "store/store.h"
#include "temporary.h"
#include "unit.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fixture {
    char dir[64], path[96];
    struct store *s;
};

#define SPAN(text) ((struct span){(text), sizeof(text) - 1})

static inline void fixture_remove(const struct fixture *f)
{
    char journal[128];
    snprintf(journal, sizeof journal, "%s-journal", f->path);
    unlink(journal);
    (void)temporary_remove(f->dir, f->path);
}

/* An empty directory and the name of a database in it. */
static inline void fixture_dir(struct fixture *f)
{
    *f = (struct fixture){0};
    assert_true(temporary_database(f->dir, f->path, "store"));
}

static inline void fixture_reopen(struct fixture *f)
{
    struct store_error why = {""};
    store_close(f->s);
    f->s = NULL;
    enum err e = store_open(&(struct store_options){.path = f->path}, &f->s, &why);
    if (e)
        fail_msg("store_open: %s", why.text);
}

/* cmocka setup and teardown: a fresh store. */
static inline int fixture_setup(void **state)
{
    struct fixture *f = malloc(sizeof *f);
    assert_non_null(f);
    diag_open(NULL, DIAG_WARN);
    fixture_dir(f);
    fixture_reopen(f);
    *state = f;
    return 0;
}

static inline int fixture_teardown(void **state)
{
    struct fixture *f = *state;
    store_close(f->s);
    fixture_remove(f);
    free(f);
    return 0;
}

static inline sqlite3 *outside_open(const char *path)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 5000);
    return db;
}

/* Runs SQL on a connection of its own, as a person at a prompt would. */
static inline void outside_exec(const char *path, const char *sql)
{
    char *message = NULL;
    sqlite3 *db = outside_open(path);
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    sqlite3_close(db);
}

static inline void outside_append(char out[4096], const char *text)
{
    strncat(out, text, 4095 - strlen(out));
}

static inline int outside_add_row(void *ctx, int columns, char **values, char **names)
{
    (void)names;
    for (int i = 0; i < columns; i++) {
        outside_append(ctx, values[i] ? values[i] : "NULL");
        outside_append(ctx, i + 1 < columns ? "|" : "\n");
    }
    return 0;
}

/* The answer to a query as sqlite3 prints it: columns divided by |, rows by newlines. `out` holds 4096 bytes. */
static inline const char *outside_query(const char *path, const char *sql, char out[4096])
{
    char *message = NULL;
    sqlite3 *db = outside_open(path);
    out[0] = 0;
    if (sqlite3_exec(db, sql, outside_add_row, out, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    sqlite3_close(db);
    return out;
}

/* Another user, whose fold is the name. */
static inline int64_t fixture_user(const struct fixture *f, enum user_kind kind, const char *name)
{
    int64_t id = -1;
    struct user_row row = {.kind = kind, .name = span_of(name), .fold = span_of(name), .created_at = 1000};
    assert_true(strlen(name) <= sizeof row.key);
    memcpy(row.key, name, strlen(name));
    assert_int_equal(users_insert(f->s, &row, &id), OK);
    return id;
}

/* Thirty-two times the same letter, in the place of a SHA-256. */
static inline struct span fixture_hash(char letter)
{
    static char hashes[128][32];
    char *h = hashes[(unsigned char)letter % 128];
    return (struct span){memset(h, letter, sizeof hashes[0]), sizeof hashes[0]};
}

/* What callbacks are given, line by line, to be held against a text. */
struct lines {
    char text[4096];
};

static inline void __attribute__((format(printf, 2, 3))) lines_add(struct lines *l, const char *format, ...)
{
    size_t len = strlen(l->text);
    va_list args;
    va_start(args, format);
    vsnprintf(l->text + len, sizeof l->text - len, format, args);
    va_end(args);
}

/* For "%.*s". */
#define SPAN_ARGS(span) (int)(span).len, (span).len ? (span).p : ""

static inline void assert_span(struct span got, const char *wanted)
{
    assert_int_equal(got.len, strlen(wanted));
    assert_memory_equal(got.p, wanted, got.len);
}

#endif
