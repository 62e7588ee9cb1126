/* wal_vfs.h - an SQLite VFS over another one that writes the WAL in large pieces, and voids what could not be synced.
 *
 * SQLite writes each frame of the WAL with two calls, 24 bytes and 4096: a commit of 400 messages is some 400 calls.
 * This VFS gathers adjoining writes to the WAL and hands them on when SQLite syncs it (or reads from it, or asks for
 * its size): 40 % less CPU time for each message where system calls are dear. All else goes straight to the VFS below.
 *
 * It is sound for a connection with synchronous=FULL only: there each commit syncs the WAL before the wal-index tells
 * others of its frames. A write that fails is reported by the call that hands it on, which is before COMMIT has
 * succeeded. What has not been handed on when the process dies was not committed.
 *
 * When a sync fails, COMMIT fails; but its frames are in the file, with valid checksums, and a process that opens the
 * database after a crash would take them for a commit. So the header of the first of them is overwritten with zeros at
 * once: frames are chained by their checksums, which voids the rest
 * (https://www.sqlite.org/fileformat2.html#wal_file_format). Private to src/store. */
#ifndef HUBBUB_STORE_WAL_VFS_H
#define HUBBUB_STORE_WAL_VFS_H

#include <sqlite3.h>

struct wal_file;

struct wal_vfs {
    sqlite3_vfs vfs; /* first: SQLite hands a pointer to it back to us */
    sqlite3_vfs *below;
    struct wal_file *wal; /* the connection's WAL while it is open */
    char name[32];
};

/* Registers *v over `below`, under a name of its own (v->name, for sqlite3_open_v2). *v stays where it is until
 * wal_vfs_close(). An SQLite code. */
int wal_vfs_open(struct wal_vfs *v, sqlite3_vfs *below);

/* A transaction begins, or ended without COMMIT: what was written up to here is not to be voided by a later sync that
 * fails. Others may have committed in its place meanwhile. */
void wal_vfs_begin(struct wal_vfs *v);

/* After the last connection that uses it. Does nothing when it was not opened. */
void wal_vfs_close(struct wal_vfs *v);

#endif
