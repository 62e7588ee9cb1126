/* wal_vfs.h - an SQLite VFS over another one that writes the WAL in large pieces, and for which a failed sync is the
 * end.
 *
 * SQLite writes each frame of the WAL with two calls, 24 bytes and 4096: a commit of 400 messages is some 400 calls.
 * This VFS gathers adjoining writes to the WAL and hands them on when SQLite syncs it (or reads from it, or asks for
 * its size): 40 % less CPU time for each message where system calls are dear. It is sound for a connection with
 * synchronous=FULL only: there each commit syncs the WAL before the wal-index tells others of its frames. A write that
 * fails is reported by the call that hands it on, which is before COMMIT has succeeded. What has not been handed on
 * when the process dies was not committed.
 *
 * When the write that ends a commit fails, COMMIT fails; but its frames can be in the file, with valid checksums, and a
 * process that opens the database after a crash would take them for a commit. So the header of the first of them is
 * overwritten with zeros at once: frames are chained by their checksums, which voids the rest
 * (https://www.sqlite.org/fileformat2.html#wal_file_format).
 *
 * After a failed sync, Linux marks the pages that it could not write as clean: they can still be read, but no later
 * sync writes them, and it succeeds (https://lwn.net/Articles/752063/). SQLite does not know that. It would chain new
 * commits behind frames that never reach the disk, and reset a WAL whose pages never reached the database. So the first
 * failed sync of the WAL, the database, the rollback journal or their directory is handed to `failed`, which ends the
 * process; SQLite's own VFS does not even look at what the sync of a directory comes to. Private to src/store. */
#ifndef HUBBUB_STORE_WAL_VFS_H
#define HUBBUB_STORE_WAL_VFS_H

#include <sqlite3.h>
#include <stdbool.h>

struct wal_file;
struct wal_vfs;

/* The methods of a file of the VFS below, with ours in the place of those that write. */
struct wal_vfs_methods {
    sqlite3_io_methods methods; /* first: SQLite hands a pointer to it back to us */
    const sqlite3_io_methods *below;
    struct wal_vfs *vfs;
    const char *suffix; /* of the file's name behind the database's */
};

struct wal_vfs_options {
    sqlite3_vfs *below;
    const char *path;     /* the database (borrowed) */
    bool has_directories; /* the paths are those of the operating system, so that directories can be synced */
    /* A sync has failed, with errno `error` (0: not known). When it returns, nothing is written any more. */
    void (*failed)(void *ctx, const char *file, int error);
    void *ctx;
};

struct wal_vfs {
    sqlite3_vfs vfs; /* first: SQLite hands a pointer to it back to us */
    struct wal_vfs_options o;
    struct wal_vfs_methods database, journal;
    struct wal_file *wal; /* the connection's WAL while it is open */
    bool directory_due;   /* the next sync is also one of the directory: a file may be new */
    bool dead;            /* a sync has failed */
    char name[32];
};

/* Registers *v under a name of its own (v->name, for sqlite3_open_v2). *v stays where it is until wal_vfs_close(). An
 * SQLite code. */
int wal_vfs_open(struct wal_vfs *v, const struct wal_vfs_options *options);

/* A transaction begins, or ended without COMMIT: what was written up to here is not to be voided by a later write that
 * fails. Others may have committed in its place meanwhile. */
void wal_vfs_begin(struct wal_vfs *v);

/* Writes all bytes of the WAL anew, as they are, and syncs it: afterwards they are on the disk, whatever an earlier
 * sync came to. Nobody else writes to it meanwhile. An SQLite code; OK when there is no WAL. */
int wal_vfs_rewrite(struct wal_vfs *v);

/* After the last connection that uses it. Does nothing when it was not opened. */
void wal_vfs_close(struct wal_vfs *v);

#endif
