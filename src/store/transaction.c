/* What a failed COMMIT leaves behind.
 *
 * In WAL mode a commit is a frame at the end of the WAL, written and then synced. When the sync fails (or the growth of the
 * wal-index after it), SQLite answers with an error and goes on as if the frames were not there: the next transaction
 * will be written over them. But until then they are there, checksums and all, and a process that opens the database after a
 * crash finds a valid transaction: what was reported as failed would be back. So after a failed COMMIT the smallest possible
 * transaction is written at once, over the first of those frames: the checksums of WAL frames are chained, so that what follows
 * it is void (https://www.sqlite.org/fileformat2.html#wal_file_format). It serves even when its own sync fails: the bytes are
 * then in the file as the operating system sees it, and only a power failure can still tell. Only when the disk refuses to write as well, and the
 * machine dies before the next successful commit, can a transaction come back that was reported as failed; writer.h says
 * what that means to a client. */
#include "store/connection.h"

enum err store_begin(struct store *s)
{
    return statement_exec(s, STATEMENT_begin_write);
}

enum err store_commit(struct store *s)
{
    if (!statement_exec(s, STATEMENT_commit))
        return OK;
    store_rollback(s);
    store_probe(s);
    return ERR_STORAGE;
}

/* SQLite ends a transaction by itself after some failures and not after others: https://www.sqlite.org/lang_transaction.html */
void store_rollback(struct store *s)
{
    if (!sqlite3_get_autocommit(s->db))
        (void)statement_exec(s, STATEMENT_rollback);
}

enum err store_probe(struct store *s)
{
    return statement_exec(s, STATEMENT_touch);
}

enum err store_read_begin(struct store *s)
{
    return statement_exec(s, STATEMENT_begin_read);
}

void store_read_end(struct store *s)
{
    store_rollback(s);
}
