#include "store/checker.h"

#include "base/diag.h"
#include "store/connection.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SLICE_ROWS = 1000, STOP_LOOK_STEPS = 10000 };

struct checker {
    struct store *store;
    pthread_t thread;
    pthread_mutex_t lock; /* for the wait only */
    pthread_cond_t wake;
    _Atomic bool stopping;
    _Atomic int state;
    int64_t rows;
};

/* A table or an index of the schema. */
struct part {
    char *name, *table, *condition; /* condition: of a partial index; NULL: none */
    bool is_index, has_rowid;
};

/* ------------------------------------------------------------------ time */

static int64_t now_ns(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec * INT64_C(1000000000) + at.tv_nsec;
}

/* As long as was worked since then. */
static void rest(struct checker *c, int64_t since_ns)
{
    int64_t until_ns = 2 * now_ns() - since_ns;
    const struct timespec until = {.tv_sec = until_ns / 1000000000, .tv_nsec = until_ns % 1000000000};
    pthread_mutex_lock(&c->lock);
    while (!c->stopping && pthread_cond_timedwait(&c->wake, &c->lock, &until) == 0)
        ;
    pthread_mutex_unlock(&c->lock);
}

static int look_for_stop(void *ctx)
{
    struct checker *c = ctx;
    return atomic_load_explicit(&c->stopping, memory_order_relaxed);
}

/* ------------------------------------------------------------------ reading */

/* Being stopped is no failure. */
static void failed(struct checker *c)
{
    if (!look_for_stop(c))
        store_failed(c->store, "check");
}

/* Fetches all that the row has, so that its overflow pages are read too. */
static void touch_row(sqlite3_stmt *st)
{
    for (int i = 0; i < sqlite3_column_count(st); i++)
        (void)sqlite3_column_blob(st, i);
}

/* Runs to its end; *last is the first column of the last row, *rows how many there were. */
static enum err run(struct checker *c, sqlite3_stmt *st, int64_t *last, int64_t *rows)
{
    int code;
    *rows = 0;
    while ((code = sqlite3_step(st)) == SQLITE_ROW) {
        touch_row(st);
        *last = sqlite3_column_int64(st, 0);
        ++*rows;
    }
    if (code != SQLITE_DONE)
        failed(c);
    sqlite3_reset(st);
    return code == SQLITE_DONE ? OK : ERR_STORAGE;
}

/* The statements are made of names of the schema, so they cannot be in src/store/sql. */
static enum err prepare(struct checker *c, char *sql, sqlite3_stmt **st)
{
    int code = sql ? sqlite3_prepare_v2(c->store->db, sql, -1, st, NULL) : SQLITE_NOMEM;
    sqlite3_free(sql);
    if (code)
        failed(c);
    return code ? ERR_STORAGE : OK;
}

static enum err read_by_slices(struct checker *c, const struct part *p)
{
    sqlite3_stmt *st = NULL;
    int64_t last = INT64_MIN, rows = SLICE_ROWS;
    enum err e = prepare(
        c, sqlite3_mprintf("SELECT rowid, * FROM \"%w\" WHERE rowid > ?1 ORDER BY rowid LIMIT %d", p->name, SLICE_ROWS),
        &st);
    while (!e && rows == SLICE_ROWS) {
        int64_t since_ns = now_ns();
        sqlite3_bind_int64(st, 1, last);
        e = run(c, st, &last, &rows);
        c->rows += rows;
        if (!e)
            rest(c, since_ns);
    }
    sqlite3_finalize(st);
    return e;
}

/* count(*) of a whole table is counted in its smallest index, whichever is named; count(1) reads that one. */
static enum err read_whole(struct checker *c, const struct part *p)
{
    sqlite3_stmt *st = NULL;
    int64_t count, rows, since_ns = now_ns();
    char *sql = p->is_index ? sqlite3_mprintf("SELECT count(1) FROM \"%w\" INDEXED BY \"%w\"%s", p->table, p->name,
                                              p->condition ? p->condition : "")
                            : sqlite3_mprintf("SELECT count(*) FROM \"%w\" NOT INDEXED", p->name);
    enum err e = prepare(c, sql, &st);
    if (!e)
        e = run(c, st, &count, &rows);
    sqlite3_finalize(st);
    if (!e)
        rest(c, since_ns);
    return e;
}

/* ------------------------------------------------------------------ the parts */

static void free_parts(struct part *parts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(parts[i].name);
        free(parts[i].table);
        free(parts[i].condition);
    }
    free(parts);
}

static char *copy_column(sqlite3_stmt *st, int i)
{
    const char *text = (const char *)sqlite3_column_text(st, i);
    return text ? strdup(text) : NULL;
}

static bool add_part(sqlite3_stmt *st, struct part **parts, size_t *n)
{
    struct part *grown = realloc(*parts, (*n + 1) * sizeof *grown);
    if (!grown)
        return false;
    *parts = grown;
    struct part *p = &grown[(*n)++];
    *p = (struct part){
        .name = copy_column(st, 0),
        .table = copy_column(st, 1),
        .is_index = sqlite3_column_int(st, 2) != 0,
        .has_rowid = sqlite3_column_int(st, 3) != 0,
        .condition = copy_column(st, 4),
    };
    return p->name && p->table;
}

static enum err list_parts(struct checker *c, struct part **parts, size_t *n)
{
    static const char all[] =
        "SELECT s.name, s.tbl_name, s.type = 'index', s.type = 'table' AND l.wr = 0,"
        " CASE WHEN s.type = 'index' AND instr(s.sql, ' WHERE ') THEN substr(s.sql, instr(s.sql, ' WHERE ')) END"
        " FROM sqlite_schema AS s LEFT JOIN pragma_table_list AS l ON l.schema = 'main' AND l.name = s.name"
        " WHERE s.type IN ('table', 'index') AND s.name NOT LIKE 'sqlite_autoindex_%'";
    sqlite3_stmt *st = NULL;
    int code = SQLITE_DONE;
    enum err e = prepare(c, sqlite3_mprintf("%s", all), &st);
    while (!e && (code = sqlite3_step(st)) == SQLITE_ROW)
        if (!add_part(st, parts, n))
            e = ERR_MEMORY;
    if (!e && code != SQLITE_DONE) {
        failed(c);
        e = ERR_STORAGE;
    }
    sqlite3_finalize(st);
    return e;
}

/* ------------------------------------------------------------------ life */

static enum err check_all(struct checker *c)
{
    struct part *parts = NULL;
    size_t n = 0;
    enum err e = list_parts(c, &parts, &n);
    for (size_t i = 0; i < n && !e && !look_for_stop(c); i++)
        e = parts[i].has_rowid ? read_by_slices(c, &parts[i]) : read_whole(c, &parts[i]);
    free_parts(parts, n);
    return e;
}

static void *run_thread(void *arg)
{
    struct checker *c = arg;
    int64_t since_ns = now_ns();
    pthread_setname_np(pthread_self(), "checker");
    enum err e = check_all(c);
    enum checker_state state = CHECKER_FAILED;
    if (!e && !look_for_stop(c))
        state = CHECKER_SOUND;
    else if (store_is_damaged(c->store))
        state = CHECKER_DAMAGED;
    if (state == CHECKER_SOUND)
        diag_info("checked", "rows=%" PRId64 " ms=%" PRId64, c->rows, (now_ns() - since_ns) / 1000000);
    atomic_store(&c->state, (int)state);
    return NULL;
}

static void free_checker(struct checker *c)
{
    store_close(c->store);
    pthread_cond_destroy(&c->wake);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

enum err checker_start(const struct store_options *options, struct checker **out, struct store_error *why)
{
    struct store_options read_only = *options;
    read_only.read_only = true;
    struct checker *c = calloc(1, sizeof *c);
    if (!c) {
        snprintf(why->text, sizeof why->text, "out of memory");
        return ERR_MEMORY;
    }
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&c->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&c->lock, NULL);
    atomic_init(&c->state, CHECKER_RUNS);
    enum err e = store_open(&read_only, &c->store, why);
    if (!e) {
        sqlite3_progress_handler(c->store->db, STOP_LOOK_STEPS, look_for_stop, c);
        e = pthread_create(&c->thread, NULL, run_thread, c) ? ERR_MEMORY : OK;
    }
    if (e)
        free_checker(c);
    else
        *out = c;
    return e;
}

enum checker_state checker_state(const struct checker *c)
{
    return (enum checker_state)atomic_load(&c->state);
}

void checker_stop(struct checker *c)
{
    if (!c)
        return;
    pthread_mutex_lock(&c->lock);
    c->stopping = true;
    pthread_cond_signal(&c->wake);
    pthread_mutex_unlock(&c->lock);
    pthread_join(c->thread, NULL);
    free_checker(c);
}
