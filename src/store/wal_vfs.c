#include "store/wal_vfs.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* SQLite's unix VFS writes at most 128 KiB - 1 with one call. */
enum { GATHER_BYTES = 64 * 1024, FRAME_HEADER_BYTES = 24, NONE = -1 };

/* A WAL file. The file of the VFS below follows it in the same allocation, which is SQLite's. */
struct wal_file {
    sqlite3_file file;
    sqlite3_file *below;
    char *gathered; /* `len` bytes that belong at `offset` */
    sqlite3_int64 offset;
    int len;
    sqlite3_int64 unsynced; /* the lowest offset handed on since the last sync that succeeded; NONE */
    struct wal_vfs *vfs;
};

static struct wal_file *wal_of(sqlite3_file *file)
{
    return (struct wal_file *)file;
}

static sqlite3_file *below(sqlite3_file *file)
{
    return wal_of(file)->below;
}

static int write_below(struct wal_file *w, const void *bytes, int len, sqlite3_int64 offset)
{
    if (w->unsynced == NONE || offset < w->unsynced)
        w->unsynced = offset;
    return w->below->pMethods->xWrite(w->below, bytes, len, offset);
}

/* Whatever comes of it, nothing is left: SQLite takes the failure as that of the whole transaction and writes it
 * anew. */
static int hand_on(struct wal_file *w)
{
    int len = w->len;
    w->len = 0;
    return len ? write_below(w, w->gathered, len, w->offset) : SQLITE_OK;
}

static int wal_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 offset)
{
    struct wal_file *w = wal_of(file);
    int code = SQLITE_OK;
    if (w->len && (offset != w->offset + w->len || len > GATHER_BYTES - w->len))
        code = hand_on(w);
    if (code)
        return code;
    if (len > GATHER_BYTES)
        return write_below(w, bytes, len, offset);
    if (!w->len)
        w->offset = offset;
    memcpy(w->gathered + w->len, bytes, (size_t)len);
    w->len += len;
    return SQLITE_OK;
}

/* What was gathered and never synced was never committed, so it need not be written. */
static int wal_close(sqlite3_file *file)
{
    wal_of(file)->vfs->wal = NULL;
    sqlite3_free(wal_of(file)->gathered);
    return below(file)->pMethods->xClose(below(file));
}

static int wal_read(sqlite3_file *file, void *bytes, int len, sqlite3_int64 offset)
{
    int code = hand_on(wal_of(file));
    return code ? code : below(file)->pMethods->xRead(below(file), bytes, len, offset);
}

static int wal_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    int code = hand_on(wal_of(file));
    return code ? code : below(file)->pMethods->xTruncate(below(file), size);
}

/* The first thing that was written since the last good sync is the first frame of the transaction, or the header of a
 * WAL that starts over, and has nothing but checkpointed frames behind it. SQLite will write over either next time. */
static void void_unsynced(struct wal_file *w)
{
    static const char zeros[FRAME_HEADER_BYTES];
    if (w->unsynced != NONE)
        (void)w->below->pMethods->xWrite(w->below, zeros, sizeof zeros, w->unsynced);
}

static int wal_sync(sqlite3_file *file, int flags)
{
    struct wal_file *w = wal_of(file);
    int code = hand_on(w);
    if (!code)
        code = w->below->pMethods->xSync(w->below, flags);
    if (code)
        void_unsynced(w);
    w->unsynced = NONE;
    return code;
}

static int wal_file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    int code = hand_on(wal_of(file));
    return code ? code : below(file)->pMethods->xFileSize(below(file), size);
}

static int wal_lock(sqlite3_file *file, int lock)
{
    return below(file)->pMethods->xLock(below(file), lock);
}

static int wal_unlock(sqlite3_file *file, int lock)
{
    return below(file)->pMethods->xUnlock(below(file), lock);
}

static int wal_check_reserved_lock(sqlite3_file *file, int *reserved)
{
    return below(file)->pMethods->xCheckReservedLock(below(file), reserved);
}

static int wal_file_control(sqlite3_file *file, int op, void *arg)
{
    return below(file)->pMethods->xFileControl(below(file), op, arg);
}

static int wal_sector_size(sqlite3_file *file)
{
    return below(file)->pMethods->xSectorSize(below(file));
}

static int wal_device_characteristics(sqlite3_file *file)
{
    return below(file)->pMethods->xDeviceCharacteristics(below(file));
}

/* Version 1: shared memory and mapping are matters of the database file. */
static const sqlite3_io_methods wal_methods = {
    .iVersion = 1,
    .xClose = wal_close,
    .xRead = wal_read,
    .xWrite = wal_write,
    .xTruncate = wal_truncate,
    .xSync = wal_sync,
    .xFileSize = wal_file_size,
    .xLock = wal_lock,
    .xUnlock = wal_unlock,
    .xCheckReservedLock = wal_check_reserved_lock,
    .xFileControl = wal_file_control,
    .xSectorSize = wal_sector_size,
    .xDeviceCharacteristics = wal_device_characteristics,
};

static sqlite3_vfs *vfs_below(sqlite3_vfs *vfs)
{
    return ((struct wal_vfs *)vfs)->below;
}

static int vfs_open(sqlite3_vfs *vfs, sqlite3_filename path, sqlite3_file *file, int flags, int *flags_out)
{
    sqlite3_vfs *b = vfs_below(vfs);
    if (!(flags & SQLITE_OPEN_WAL))
        return b->xOpen(b, path, file, flags, flags_out);
    struct wal_file *w = wal_of(file);
    memset(w, 0, sizeof *w);
    w->below = (sqlite3_file *)(w + 1);
    w->gathered = sqlite3_malloc(GATHER_BYTES);
    int code = w->gathered ? b->xOpen(b, path, w->below, flags, flags_out) : SQLITE_NOMEM;
    if (code) {
        sqlite3_free(w->gathered);
        return code;
    }
    w->file.pMethods = &wal_methods;
    w->unsynced = NONE;
    w->vfs = (struct wal_vfs *)vfs;
    w->vfs->wal = w;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int sync_dir)
{
    return vfs_below(vfs)->xDelete(vfs_below(vfs), path, sync_dir);
}

static int vfs_access(sqlite3_vfs *vfs, const char *path, int flags, int *out)
{
    return vfs_below(vfs)->xAccess(vfs_below(vfs), path, flags, out);
}

static int vfs_full_pathname(sqlite3_vfs *vfs, const char *path, int size, char *out)
{
    return vfs_below(vfs)->xFullPathname(vfs_below(vfs), path, size, out);
}

static int vfs_randomness(sqlite3_vfs *vfs, int size, char *out)
{
    return vfs_below(vfs)->xRandomness(vfs_below(vfs), size, out);
}

static int vfs_sleep(sqlite3_vfs *vfs, int microseconds)
{
    return vfs_below(vfs)->xSleep(vfs_below(vfs), microseconds);
}

static int vfs_current_time(sqlite3_vfs *vfs, double *julian_day)
{
    return vfs_below(vfs)->xCurrentTime(vfs_below(vfs), julian_day);
}

static int vfs_current_time_ms(sqlite3_vfs *vfs, sqlite3_int64 *julian_ms)
{
    return vfs_below(vfs)->xCurrentTimeInt64(vfs_below(vfs), julian_ms);
}

static int vfs_last_error(sqlite3_vfs *vfs, int size, char *out)
{
    return vfs_below(vfs)->xGetLastError ? vfs_below(vfs)->xGetLastError(vfs_below(vfs), size, out) : 0;
}

int wal_vfs_open(struct wal_vfs *v, sqlite3_vfs *below_vfs)
{
    bool has_ms = below_vfs->iVersion >= 2 && below_vfs->xCurrentTimeInt64;
    v->below = below_vfs;
    snprintf(v->name, sizeof v->name, "wal-%p", (void *)v);
    v->vfs = (sqlite3_vfs){
        .iVersion = has_ms ? 2 : 1,
        .szOsFile = (int)sizeof(struct wal_file) + below_vfs->szOsFile,
        .mxPathname = below_vfs->mxPathname,
        .zName = v->name,
        .xOpen = vfs_open,
        .xDelete = vfs_delete,
        .xAccess = vfs_access,
        .xFullPathname = vfs_full_pathname,
        .xRandomness = vfs_randomness,
        .xSleep = vfs_sleep,
        .xCurrentTime = vfs_current_time,
        .xGetLastError = vfs_last_error,
        .xCurrentTimeInt64 = has_ms ? vfs_current_time_ms : NULL,
    };
    return sqlite3_vfs_register(&v->vfs, 0);
}

void wal_vfs_close(struct wal_vfs *v)
{
    if (v->below)
        sqlite3_vfs_unregister(&v->vfs);
    v->below = NULL;
}

void wal_vfs_begin(struct wal_vfs *v)
{
    if (v->wal)
        v->wal->unsynced = NONE;
}
