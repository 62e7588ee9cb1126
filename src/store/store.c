#include "store/store.h"

#include "base/diag.h"
#include "store/connection.h"
#include "store/migrate.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Memory that a connection's page cache may take. The writer's holds the pages of a large batch, so that they are
 * written once, at COMMIT; a reader's holds the inner pages of the indices and a few pages of messages. */
enum { WRITER_CACHE_KIB = 8192, READER_CACHE_KIB = 1024 };

/* mmap_size 0: an I/O error while reading is then an error of one statement; on a mapped page it is SIGBUS.
 * trusted_schema off: what a database file brings along (views, triggers) cannot call functions with side effects. */
static const char both_pragmas[] = "PRAGMA foreign_keys = ON;"
                                   "PRAGMA temp_store = MEMORY;"
                                   "PRAGMA trusted_schema = OFF;"
                                   "PRAGMA cell_size_check = ON;"
                                   "PRAGMA mmap_size = 0;";

/* Said once. What is damaged would only get worse by writing. */
static void note_damage(struct store *s)
{
    if (!s->metrics || store_is_damaged(s))
        return;
    metric_set(&s->metrics->storage_damaged, 1);
    metric_set(&s->metrics->storage_ok, 0);
    diag_error(
        "database_damaged", "effect=%s hint=%s", diag_quote("writing has stopped; what can be read is still served").s,
        diag_quote("stop the server and restore hubbub.db from a backup, or repair a copy with: sqlite3 hubbub.db "
                   ".recover")
            .s);
}

bool store_is_damaged(const struct store *s)
{
    return s->metrics && metric_get(&s->metrics->storage_damaged);
}

void store_failed(struct store *s, const char *during)
{
    s->failure_code = sqlite3_extended_errcode(s->db);
    snprintf(s->failure, sizeof s->failure, "%s", sqlite3_errmsg(s->db));
    if (!s->open)
        return;
    diag_error("storage_failed", "during=%s code=%d reason=%s", during, s->failure_code, diag_quote(s->failure).s);
    int code = s->failure_code & 0xff;
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
        note_damage(s);
}

enum err store_contradiction(const char *during, const char *reason)
{
    diag_error("storage_failed", "during=%s reason=%s", during, diag_quote(reason).s);
    return ERR_STORAGE;
}

static enum err say(struct store_error *why, enum err e, const char *path, const char *what)
{
    snprintf(why->text, sizeof why->text, "database %.200s: %.280s", path, what);
    return e;
}

/* What store_failed() kept, for people. */
static enum err explain(struct store *s, const char *path, struct store_error *why)
{
    const char *advice;
    enum err e;
    switch (s->failure_code & 0xff) {
    case SQLITE_NOMEM:
        return say(why, ERR_MEMORY, path, "out of memory");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return say(why, ERR_IN_USE, path,
                   "another program is writing to it and did not finish in time; stop that program and start again");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        e = ERR_CORRUPT;
        advice = "restore it from a backup";
        break;
    case SQLITE_FULL:
        e = ERR_IO;
        advice = "free some disk space";
        break;
    default:
        e = ERR_IO;
        advice = "check that the directory exists and that this user can write to it";
    }
    snprintf(why->text, sizeof why->text, "database %.200s: %.120s (SQLite error %d); %s", path, s->failure,
             s->failure_code, advice);
    return e;
}

/* The WAL is removed at a clean stop, so one that is there and not empty is left from a crash (or in use right now).
 * Asks the VFS, because looking through SQLite would already recover it. unix answers no for an empty file. */
static bool stopped_uncleanly(sqlite3_vfs *vfs, const char *path)
{
    int exists = 0;
    char *wal = sqlite3_mprintf("%s-wal", path);
    if (!wal)
        return true;
    if (vfs->xAccess(vfs, wal, SQLITE_ACCESS_EXISTS, &exists) != SQLITE_OK)
        exists = 1;
    sqlite3_free(wal);
    return exists;
}

static enum err exec(struct store *s, const char *sql)
{
    if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return OK;
    store_failed(s, "pragma");
    return ERR_STORAGE;
}

/* Runs a pragma that answers with one text: is it `wanted`? */
static enum err pragma_is(struct store *s, const char *pragma, const char *wanted, bool *is)
{
    sqlite3_stmt *st = NULL;
    int code = sqlite3_prepare_v2(s->db, pragma, -1, &st, NULL);
    bool equal = !code && sqlite3_step(st) == SQLITE_ROW && span_equal(statement_text(st, 0), span_of(wanted));
    if (code || sqlite3_finalize(st) != SQLITE_OK) {
        store_failed(s, "pragma");
        return ERR_STORAGE;
    }
    *is = equal;
    return OK;
}

static enum err set_pragmas(struct store *s)
{
    char pragmas[512];
    int len = snprintf(pragmas, sizeof pragmas, "%s PRAGMA cache_size = -%d;", both_pragmas,
                       s->read_only ? READER_CACHE_KIB : WRITER_CACHE_KIB);
    if (!s->read_only)
        snprintf(pragmas + len, sizeof pragmas - (size_t)len,
                 "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = %lld;", (long long)(s->wal_limit_bytes / 4));
    return exec(s, pragmas);
}

/* ROLLBACK must work when there is no memory left to prepare it with. A change of the schema makes SQLite prepare anew,
 * so this comes after the last one. */
static enum err rehearse_rollback(struct store *s)
{
    enum err e = store_read_begin(s);
    store_read_end(s);
    return e;
}

/* Up to here nothing has been written. */
static enum err prepare_to_write(struct store *s, const char *path, size_t applied, struct store_error *why)
{
    bool wal = false;
    if (exec(s, "PRAGMA page_size = 4096") || pragma_is(s, "PRAGMA journal_mode = WAL", "wal", &wal))
        return explain(s, path, why);
    if (!wal)
        return say(why, ERR_IO, path, "its file system doesn't support write-ahead logging; use a local disk");
    checkpoint_init(s);
    return set_pragmas(s) || migrate_apply(s, migrations, migrations_count, applied) ? explain(s, path, why) : OK;
}

static enum err prepare_to_read(struct store *s, const char *path, size_t applied, struct store_error *why)
{
    if (applied < migrations_count)
        return say(why, ERR_IO, path, "is not up to date; start the server once to upgrade it");
    return set_pragmas(s) ? explain(s, path, why) : OK;
}

static void end_process(void *ctx, const char *file, int error)
{
    (void)ctx;
    diag_fatal("sync_failed", "file=%s reason=%s hint=%s", diag_quote(file).s,
               diag_quote(error ? strerror(error) : "the disk failed to sync").s,
               diag_quote("what is on the disk is uncertain, so the server exits; check the disk, then start again").s);
}

/* A connection, which has read nothing yet. */
static enum err connect_db(struct store *s, const struct store_options *o, sqlite3_vfs *vfs, struct store_error *why)
{
    const struct wal_vfs_options wal = {
        .below = vfs,
        .path = s->path,
        .has_directories = !o->vfs,
        .failed = o->sync_failed ? o->sync_failed : end_process,
        .ctx = o->ctx,
    };
    int create = o->must_exist ? 0 : SQLITE_OPEN_CREATE;
    int flags = (s->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | create) | SQLITE_OPEN_NOMUTEX |
                SQLITE_OPEN_EXRESCODE;
    if (!s->read_only && wal_vfs_open(&s->wal_vfs, &wal) != SQLITE_OK)
        return say(why, ERR_MEMORY, o->path, "out of memory");
    int code = sqlite3_open_v2(o->path, &s->db, flags, s->read_only ? o->vfs : s->wal_vfs.name);
    if (!s->db)
        return say(why, ERR_MEMORY, o->path, "out of memory");
    if (code != SQLITE_OK) {
        store_failed(s, "open");
        return explain(s, o->path, why);
    }
    /* SQLite opens for reading what it may not open for writing. */
    if (!s->read_only && sqlite3_db_readonly(s->db, "main") == 1)
        return say(why, ERR_IO, o->path, "this user can't write to it");
    sqlite3_busy_timeout(s->db, BUSY_TIMEOUT_MS);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    return OK;
}

static void checkpoint_on_close(struct store *s, bool yes)
{
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !yes, NULL);
}

static enum err open_db(struct store *s, const struct store_options *o, struct store_error *why)
{
    struct store_error reason;
    size_t applied = 0;
    sqlite3_vfs *vfs = sqlite3_vfs_find(o->vfs);
    if (!vfs)
        return say(why, ERR_IO, o->path, "no such VFS");
    bool unclean = s->unclean = !s->read_only && stopped_uncleanly(vfs, o->path);
    enum err e = connect_db(s, o, vfs, why);
    if (e)
        return e;
    /* A refusal must leave a WAL as it was: no checkpoint when the refused database is closed. */
    checkpoint_on_close(s, !unclean);
    e = migrate_check(s, migrations, migrations_count, &applied, &reason);
    if (e)
        return e == ERR_STORAGE ? explain(s, o->path, why) : say(why, e, o->path, reason.text);
    if (o->must_exist && !applied)
        return say(why, ERR_NOT_FOUND, o->path, "is empty; restore it from a backup");
    if (unclean && store_recover(s))
        return explain(s, o->path, why);
    checkpoint_on_close(s, true);
    e = s->read_only ? prepare_to_read(s, o->path, applied, why) : prepare_to_write(s, o->path, applied, why);
    if (!e && rehearse_rollback(s))
        e = explain(s, o->path, why);
    if (!e && !s->read_only && !o->vfs)
        in_place_init(s);
    return e;
}

static void close_db(struct store *s)
{
    statements_close(s);
    sqlite3_close(s->db);
    wal_vfs_close(&s->wal_vfs);
    if (store_is_gone(s))
        in_place_leave(s);
    buf_release(&s->row);
    free(s->path);
    free(s);
}

/* SQLite's count of the memory it uses costs a lock of the whole process at each allocation, and nobody reads it. Too
 * late, and harmless, when the process has used SQLite before. */
static void configure(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

enum err store_open(const struct store_options *options, struct store **out, struct store_error *why)
{
    static pthread_once_t configured = PTHREAD_ONCE_INIT;
    pthread_once(&configured, configure);
    struct store *s = calloc(1, sizeof *s);
    if (!s || !(s->path = strdup(options->path))) {
        free(s);
        return say(why, ERR_MEMORY, options->path, "out of memory");
    }
    s->read_only = options->read_only;
    s->wal_limit_bytes = options->wal_limit_bytes;
    s->metrics = options->metrics;
    enum err e = open_db(s, options, why);
    if (e) {
        close_db(s);
        return e;
    }
    s->open = true;
    *out = s;
    return OK;
}

bool store_was_unclean(const struct store *s)
{
    return s->unclean;
}

void store_close(struct store *s)
{
    if (!s)
        return;
    if (!s->read_only)
        (void)checkpoint_all(s);
    if (store_is_gone(s))
        checkpoint_on_close(s, false); /* which would also remove what has the names of its files now */
    close_db(s);
}
