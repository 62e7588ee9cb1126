/* What a process that died has left in the WAL.
 *
 * SQLite takes each frame that it can read there for committed. But some might never have been synced, and if their
 * sync had failed, the kernel takes their pages for clean: a sync now would succeed without writing them (wal_vfs.h),
 * and all that is committed behind them would be lost with them in a power loss. So before anything is committed or
 * copied into the database:
 *
 *     1. nobody else writes from here on (BEGIN IMMEDIATE)
 *     2. all bytes of the WAL are written anew, as they are, and synced
 *     3. SQLite is made to read them again: a page might have been dropped from the cache between the first time that
 *        it read them and step 2. That also makes it forget what a checkpoint has copied without having synced it,
 *        which another program that still has the database open has kept in the shared memory
 *     4. all of it is copied into the database and synced
 *
 * When others keep step 4 from being whole, or the disk is full, the program goes on all the same: what is in the WAL is
 * on the disk. (Step 2 needs no room, except on file systems that never write in place.) */
#include "base/diag.h"
#include "store/connection.h"
#include "store/store.h"

#include <stdio.h>
#include <string.h>

/* The wal-index begins with two copies of its header; when neither is valid, it is made anew from the WAL by whoever
 * reads next (https://www.sqlite.org/walformat.html#the_wal_index_file_format). */
enum { INDEX_HEADERS_BYTES = 96, INDEX_PAGE_BYTES = 32768 };

static int forget_index(struct store *s)
{
    sqlite3_file *file = NULL;
    void volatile *index = NULL;
    int code = sqlite3_file_control(s->db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (!code)
        code = file->pMethods->xShmMap(file, 0, INDEX_PAGE_BYTES, 0, &index);
    if (code || !index)
        return code;
    memset((void *)index, 0, INDEX_HEADERS_BYTES);
    file->pMethods->xShmBarrier(file);
    return SQLITE_OK;
}

/* Steps 1 to 3. */
static enum err rewrite(struct store *s)
{
    enum err e = statement_run(s, STATEMENT_begin_write, BIND_NONE);
    if (e)
        return e;
    int code = wal_vfs_rewrite(&s->wal_vfs);
    if (!code)
        code = forget_index(s);
    store_rollback(s);
    if (!code)
        return OK;
    s->failure_code = code;
    snprintf(s->failure, sizeof s->failure, "the write-ahead log cannot be written: %s", sqlite3_errstr(code));
    return ERR_STORAGE;
}

enum err store_recover(struct store *s)
{
    if (rewrite(s))
        return ERR_STORAGE;
    if (checkpoint_all(s))
        return OK;
    diag_error("storage_failed", "during=recovery code=%d reason=%s", s->failure_code, diag_quote(s->failure).s);
    return s->failure_code == SQLITE_FULL || s->failure_code == SQLITE_IOERR_WRITE ? OK : ERR_STORAGE;
}
