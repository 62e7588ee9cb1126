#include "vfs.h"

#include "base/mem.h"
#include "vfs_locks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What SQLite's unix VFS says of most file systems. */
enum { SECTOR_SIZE = 4096, NAME_MAX_BYTES = 64 };

struct vfs {
    sqlite3_vfs base; /* first: SQLite's pointer is ours */
    struct vfs_hooks hooks;
    struct disk *disk;
    struct vfs_node *nodes;
};

/* SQLite allocates these, szOsFile bytes each. */
struct vfs_file {
    sqlite3_file base; /* first, for the same reason */
    struct vfs *vfs;
    struct vfs_node *node;
    struct vfs_holder holder;
    char name[NAME_MAX_BYTES];
    bool delete_on_close;
    bool sync_directory; /* with the next sync: the file may be new */
};

static struct vfs_file *file_of(sqlite3_file *f)
{
    return (struct vfs_file *)f;
}

static struct vfs *vfs_of(sqlite3_vfs *v)
{
    return (struct vfs *)v;
}

static int before(struct vfs *v, enum vfs_op op)
{
    return v->hooks.before ? v->hooks.before(v->hooks.ctx, op) : SQLITE_OK;
}

/* ------------------------------------------------------------------ a file */

static int file_close(sqlite3_file *file)
{
    struct vfs_file *f = file_of(file);
    vfs_node_unlock(f->node, &f->holder, SQLITE_LOCK_NONE);
    vfs_node_shm_unmap(f->node, &f->holder);
    if (f->delete_on_close)
        disk_remove(f->vfs->disk, f->name);
    vfs_node_close(&f->vfs->nodes, f->node);
    return SQLITE_OK;
}

static int file_read(sqlite3_file *file, void *out, int len, sqlite3_int64 at)
{
    struct vfs_file *f = file_of(file);
    int code = before(f->vfs, VFS_READ);
    if (code)
        return code;
    size_t got = disk_read(f->node->file, (size_t)at, out, (size_t)len);
    if (got == (size_t)len)
        return SQLITE_OK;
    memset((uint8_t *)out + got, 0, (size_t)len - got);
    return SQLITE_IOERR_SHORT_READ;
}

static int file_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 at)
{
    struct vfs_file *f = file_of(file);
    int code = before(f->vfs, VFS_WRITE);
    if (!code)
        disk_write(f->node->file, (size_t)at, bytes, (size_t)len);
    return code;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct vfs_file *f = file_of(file);
    int code = before(f->vfs, VFS_TRUNCATE);
    if (!code)
        disk_truncate(f->node->file, (size_t)size);
    return code;
}

static int file_sync(sqlite3_file *file, int flags)
{
    struct vfs_file *f = file_of(file);
    (void)flags;
    int code = before(f->vfs, VFS_SYNC);
    if (code == VFS_SYNC_LOSES)
        disk_sync_loses(f->node->file);
    if (code)
        return code == VFS_SYNC_LOSES ? SQLITE_IOERR_FSYNC : code;
    disk_sync(f->node->file);
    if (f->sync_directory)
        disk_sync_directory(f->vfs->disk);
    f->sync_directory = false;
    return SQLITE_OK;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    *size = (sqlite3_int64)disk_size(file_of(file)->node->file);
    return SQLITE_OK;
}

static int file_lock(sqlite3_file *file, int level)
{
    struct vfs_file *f = file_of(file);
    int code = before(f->vfs, VFS_LOCK);
    return code ? code : vfs_node_lock(f->node, &f->holder, level);
}

static int file_unlock(sqlite3_file *file, int level)
{
    struct vfs_file *f = file_of(file);
    vfs_node_unlock(f->node, &f->holder, level);
    return SQLITE_OK;
}

static int file_is_reserved(sqlite3_file *file, int *out)
{
    *out = vfs_node_is_reserved(file_of(file)->node);
    return SQLITE_OK;
}

static int file_control(sqlite3_file *file, int op, void *arg)
{
    (void)file;
    (void)op;
    (void)arg;
    return SQLITE_NOTFOUND;
}

static int file_sector_size(sqlite3_file *file)
{
    (void)file;
    return SECTOR_SIZE;
}

static int file_characteristics(sqlite3_file *file)
{
    (void)file;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int file_shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **out)
{
    struct vfs_file *f = file_of(file);
    int code = before(f->vfs, VFS_MAP);
    return code ? code : vfs_node_shm_map(f->node, &f->holder, region, size, extend, out);
}

static int file_shm_lock(sqlite3_file *file, int first, int count, int flags)
{
    struct vfs_file *f = file_of(file);
    int code = flags & SQLITE_SHM_UNLOCK ? SQLITE_OK : before(f->vfs, VFS_LOCK);
    return code ? code : vfs_node_shm_lock(f->node, &f->holder, first, count, flags);
}

static void file_shm_barrier(sqlite3_file *file)
{
    (void)file; /* there is one thread */
}

static int file_shm_unmap(sqlite3_file *file, int remove)
{
    (void)remove;
    vfs_node_shm_unmap(file_of(file)->node, &file_of(file)->holder);
    return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_is_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

/* ------------------------------------------------------------------ the file system */

static int fs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *out, int flags, int *out_flags)
{
    struct vfs *v = vfs_of(vfs);
    struct vfs_file *f = file_of(out);
    memset(f, 0, sizeof *f);
    int code = before(v, VFS_OPEN);
    if (code || !name) /* temporary files without a name: the store keeps those in memory */
        return code ? code : SQLITE_CANTOPEN;
    struct disk_file *file = disk_open(v->disk, name, flags & SQLITE_OPEN_CREATE);
    if (!file)
        return SQLITE_CANTOPEN;
    f->vfs = v;
    f->node = vfs_node_open(&v->nodes, file);
    snprintf(f->name, sizeof f->name, "%s", name);
    f->delete_on_close = flags & SQLITE_OPEN_DELETEONCLOSE;
    f->sync_directory =
        flags & SQLITE_OPEN_CREATE && flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL);
    f->base.pMethods = &methods;
    if (out_flags)
        *out_flags = flags;
    return SQLITE_OK;
}

static int fs_delete(sqlite3_vfs *vfs, const char *name, int sync_directory)
{
    struct vfs *v = vfs_of(vfs);
    int code = before(v, VFS_DELETE);
    if (code)
        return code;
    if (!disk_remove(v->disk, name))
        return SQLITE_IOERR_DELETE_NOENT;
    if (sync_directory)
        disk_sync_directory(v->disk);
    return SQLITE_OK;
}

static int fs_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    size_t size = 0;
    bool there = disk_has(vfs_of(vfs)->disk, name, &size);
    *out = there && (flags != SQLITE_ACCESS_EXISTS || size > 0);
    return SQLITE_OK;
}

static int fs_full_pathname(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
    (void)vfs;
    sqlite3_snprintf(size, out, "%s", name);
    return SQLITE_OK;
}

static int fs_randomness(sqlite3_vfs *vfs, int len, char *out)
{
    struct vfs *v = vfs_of(vfs);
    v->hooks.random(v->hooks.ctx, (uint8_t *)out, (size_t)len);
    return len;
}

static int fs_sleep(sqlite3_vfs *vfs, int us)
{
    struct vfs *v = vfs_of(vfs);
    v->hooks.sleep_us(v->hooks.ctx, us);
    return us;
}

static int fs_current_time_ms(sqlite3_vfs *vfs, sqlite3_int64 *out)
{
    struct vfs *v = vfs_of(vfs);
    *out = INT64_C(210866760000000) + v->hooks.wall_ms(v->hooks.ctx); /* Julian days began so many ms before 1970 */
    return SQLITE_OK;
}

static int fs_current_time(sqlite3_vfs *vfs, double *out)
{
    sqlite3_int64 ms;
    fs_current_time_ms(vfs, &ms);
    *out = (double)ms / 86400000.0;
    return SQLITE_OK;
}

static int fs_last_error(sqlite3_vfs *vfs, int len, char *out)
{
    (void)vfs;
    (void)len;
    (void)out;
    return 0;
}

struct vfs *vfs_new(const char *name, const struct vfs_hooks *hooks, bool is_default)
{
    struct vfs *v = mem_must_calloc(1, sizeof *v);
    v->hooks = *hooks;
    v->base = (sqlite3_vfs){
        .iVersion = 2,
        .szOsFile = sizeof(struct vfs_file),
        .mxPathname = NAME_MAX_BYTES - 1,
        .zName = name,
        .xOpen = fs_open,
        .xDelete = fs_delete,
        .xAccess = fs_access,
        .xFullPathname = fs_full_pathname,
        .xRandomness = fs_randomness,
        .xSleep = fs_sleep,
        .xCurrentTime = fs_current_time,
        .xGetLastError = fs_last_error,
        .xCurrentTimeInt64 = fs_current_time_ms,
    };
    if (sqlite3_vfs_register(&v->base, is_default) != SQLITE_OK)
        abort();
    return v;
}

void vfs_free(struct vfs *v)
{
    if (!v)
        return;
    sqlite3_vfs_unregister(&v->base);
    free(v);
}

void vfs_insert(struct vfs *v, struct disk *d)
{
    v->disk = d;
}
