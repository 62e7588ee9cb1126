/* query.h - a database as a person at a prompt sees it, beside the program that has it open. */
#ifndef HUBBUB_TESTS_QUERY_H
#define HUBBUB_TESTS_QUERY_H

#include "unit.h"

#include <sqlite3.h>

/* The first number that the statement gives. */
static inline int64_t query_number(const char *path, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *st;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    sqlite3_close(db);
    return n;
}

#endif
