/* What a failed COMMIT leaves behind.
 *
 * In WAL mode a commit is a frame at the end of the WAL, written and then synced. When the write says that it failed, or
 * after the sync the growth of the wal-index does, SQLite answers with an error and goes on as if the frames were not
 * there: the next transaction will be written over them. But until then they are there, checksums and all, and a process
 * that opens the database after a crash finds a valid transaction: what was reported as failed would be back. wal_vfs.h
 * voids the frames when the write fails. For the other failures, and should that have failed too, the smallest possible
 * transaction is written at once, over the first of them. Only when the disk refuses all of that as well, and the
 * process dies before the next successful commit, can a transaction come back that was reported as failed; writer.h
 * says what that means. (When the sync fails nothing is reported: the process ends, see wal_vfs.h.) */
#include "store/connection.h"
#include "store/store.h"

/* For want of memory even a ROLLBACK can fail; then the transaction is still open when the next is to begin. */
static enum err none_open(struct store *s)
{
    store_rollback(s);
    return sqlite3_get_autocommit(s->db) ? OK : ERR_STORAGE;
}

enum err store_begin(struct store *s)
{
    enum err e = store_is_damaged(s) || store_is_gone(s) ? ERR_STORAGE : none_open(s);
    if (!e)
        e = statement_run(s, STATEMENT_begin_write, BIND_NONE);
    wal_vfs_begin(&s->wal_vfs);
    return e;
}

enum err store_commit(struct store *s)
{
    if (!statement_run(s, STATEMENT_commit, BIND_NONE))
        return OK;
    (void)store_probe(s);
    return ERR_STORAGE;
}

/* SQLite ends a transaction by itself after some failures and not after others:
 * https://www.sqlite.org/lang_transaction.html */
void store_rollback(struct store *s)
{
    if (!sqlite3_get_autocommit(s->db))
        (void)statement_run(s, STATEMENT_rollback, BIND_NONE);
}

enum err store_probe(struct store *s)
{
    enum err e = store_is_damaged(s) ? ERR_STORAGE : none_open(s);
    wal_vfs_begin(&s->wal_vfs);
    return e ? e : statement_run(s, STATEMENT_touch, BIND_NONE);
}

enum err store_read_begin(struct store *s)
{
    enum err e = none_open(s);
    return e ? e : statement_run(s, STATEMENT_begin_read, BIND_NONE);
}

void store_read_end(struct store *s)
{
    store_rollback(s);
}
