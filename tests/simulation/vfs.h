/* vfs.h - an SQLite VFS over a simulated disk, in which any operation can fail.
 *
 * Locks and the WAL's shared memory are what the process has: they live as long as a connection is open and are gone
 * after a restart. The properties that SQLite asks for (sector size, power-safe overwrite, when a directory is
 * synced, what an empty file answers) are those of its unix VFS. https://www.sqlite.org/c3ref/io_methods.html,
 * https://www.sqlite.org/c3ref/vfs.html */
#ifndef HUBBUB_SIMULATION_VFS_H
#define HUBBUB_SIMULATION_VFS_H

#include "disk.h"

#include <sqlite3.h>

enum vfs_op { VFS_OPEN, VFS_READ, VFS_WRITE, VFS_TRUNCATE, VFS_SYNC, VFS_DELETE, VFS_LOCK, VFS_MAP };

/* As a result of before() for a VFS_SYNC: fail as disk_sync_loses(). */
enum { VFS_SYNC_LOSES = -1 };

struct vfs_hooks {
    /* Before each operation: SQLITE_OK lets it happen, anything else is its result. */
    int (*before)(void *ctx, enum vfs_op op);
    /* Somebody waits for a lock. */
    void (*sleep_us)(void *ctx, int64_t us);
    int64_t (*wall_ms)(void *ctx);
    void (*random)(void *ctx, uint8_t *out, size_t len);
    void *ctx;
};

struct vfs;

/* Makes it known to SQLite; `is_default` also makes it the one that SQLite takes the seed of its own random numbers
 * from. */
struct vfs *vfs_new(const char *name, const struct vfs_hooks *hooks, bool is_default);
void vfs_free(struct vfs *v); /* NULL does nothing */

/* The disk it works on from now on (borrowed). No connection may be open. */
void vfs_insert(struct vfs *v, struct disk *d);

#endif
