#include "store/wal_vfs.h"

#include "base/file.h"

#include <errno.h>
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
    sqlite3_int64 unsynced; /* the lowest offset handed on since the last sync; NONE */
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

/* ------------------------------------------------------------------ syncs */

static int fail(struct wal_vfs *v, const char *file, int error)
{
    v->dead = true;
    v->o.failed(v->o.ctx, file, error);
    return SQLITE_IOERR_FSYNC;
}

/* What has a new name is lost with the name, so the directory comes before what is in its files. */
static int sync_directory(struct wal_vfs *v)
{
    if (!v->directory_due || !v->o.has_directories)
        return SQLITE_OK;
    v->directory_due = false;
    return file_sync_parent(v->o.path) ? fail(v, "the directory of the database", errno) : SQLITE_OK;
}

static int sync_file(struct wal_vfs *v, sqlite3_file *file, const sqlite3_io_methods *methods, const char *suffix,
                     int flags)
{
    char name[1024];
    int error = 0;
    int code = v->dead ? SQLITE_IOERR_FSYNC : sync_directory(v);
    if (code || !methods->xSync(file, flags))
        return code;
    (void)methods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &error);
    snprintf(name, sizeof name, "%s%s", v->o.path, suffix);
    return fail(v, name, error);
}

static struct wal_vfs_methods *methods_of(sqlite3_file *file)
{
    return (struct wal_vfs_methods *)file->pMethods;
}

static int guarded_sync(sqlite3_file *file, int flags)
{
    const struct wal_vfs_methods *m = methods_of(file);
    return sync_file(m->vfs, file, m->below, m->suffix, flags);
}

static int guarded_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 offset)
{
    const struct wal_vfs_methods *m = methods_of(file);
    return m->vfs->dead ? SQLITE_IOERR_WRITE : m->below->xWrite(file, bytes, len, offset);
}

static int guarded_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    const struct wal_vfs_methods *m = methods_of(file);
    return m->vfs->dead ? SQLITE_IOERR_TRUNCATE : m->below->xTruncate(file, size);
}

static void guard(struct wal_vfs_methods *m, sqlite3_file *file, struct wal_vfs *v, const char *suffix)
{
    *m = (struct wal_vfs_methods){*file->pMethods, file->pMethods, v, suffix};
    m->methods.xSync = guarded_sync;
    m->methods.xWrite = guarded_write;
    m->methods.xTruncate = guarded_truncate;
    file->pMethods = &m->methods;
}

/* ------------------------------------------------------------------ the WAL */

static int write_below(struct wal_file *w, const void *bytes, int len, sqlite3_int64 offset)
{
    if (w->vfs->dead)
        return SQLITE_IOERR_WRITE;
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
    int code = wal_of(file)->vfs->dead ? SQLITE_IOERR_TRUNCATE : hand_on(wal_of(file));
    return code ? code : below(file)->pMethods->xTruncate(below(file), size);
}

/* The first thing that was written since the last sync is the first frame of the transaction, or the header of a WAL
 * that starts over, and has nothing but checkpointed frames behind it. SQLite will write over either next time. */
static void void_unsynced(struct wal_file *w)
{
    static const char zeros[FRAME_HEADER_BYTES];
    if (w->unsynced != NONE && !w->vfs->dead)
        (void)w->below->pMethods->xWrite(w->below, zeros, sizeof zeros, w->unsynced);
}

static int wal_sync(sqlite3_file *file, int flags)
{
    struct wal_file *w = wal_of(file);
    int code = hand_on(w);
    if (code)
        void_unsynced(w);
    w->unsynced = NONE;
    return code ? code : sync_file(w->vfs, w->below, w->below->pMethods, "-wal", flags);
}

static int wal_file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    int code = hand_on(wal_of(file));
    return code ? code : below(file)->pMethods->xFileSize(below(file), size);
}

int wal_vfs_rewrite(struct wal_vfs *v)
{
    struct wal_file *w = v->wal;
    sqlite3_int64 size = 0;
    int code = w ? wal_file_size(&w->file, &size) : SQLITE_OK;
    for (sqlite3_int64 at = 0; at < size && !code; at += GATHER_BYTES) {
        int len = size - at < GATHER_BYTES ? (int)(size - at) : GATHER_BYTES;
        code = w->below->pMethods->xRead(w->below, w->gathered, len, at);
        if (!code)
            code = write_below(w, w->gathered, len, at);
        w->unsynced = NONE; /* none of it is to be voided */
    }
    return code || !w ? code : wal_sync(&w->file, SQLITE_SYNC_FULL);
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

/* ------------------------------------------------------------------ the VFS */

static struct wal_vfs *ours(sqlite3_vfs *vfs)
{
    return (struct wal_vfs *)vfs;
}

static sqlite3_vfs *vfs_below(sqlite3_vfs *vfs)
{
    return ours(vfs)->o.below;
}

static int open_wal(struct wal_vfs *v, sqlite3_filename path, struct wal_file *w, int flags, int *flags_out)
{
    memset(w, 0, sizeof *w);
    w->below = (sqlite3_file *)(w + 1);
    w->gathered = sqlite3_malloc(GATHER_BYTES);
    int code = w->gathered ? v->o.below->xOpen(v->o.below, path, w->below, flags, flags_out) : SQLITE_NOMEM;
    if (code) {
        sqlite3_free(w->gathered);
        return code;
    }
    w->file.pMethods = &wal_methods;
    w->unsynced = NONE;
    w->vfs = v;
    v->wal = w;
    return SQLITE_OK;
}

static int vfs_open(sqlite3_vfs *vfs, sqlite3_filename path, sqlite3_file *file, int flags, int *flags_out)
{
    struct wal_vfs *v = ours(vfs);
    int code = flags & SQLITE_OPEN_WAL ? open_wal(v, path, wal_of(file), flags, flags_out)
                                       : v->o.below->xOpen(v->o.below, path, file, flags, flags_out);
    if (code)
        return code;
    v->directory_due |= (flags & SQLITE_OPEN_CREATE) != 0;
    if (flags & SQLITE_OPEN_MAIN_DB)
        guard(&v->database, file, v, "");
    else if (flags & SQLITE_OPEN_MAIN_JOURNAL)
        guard(&v->journal, file, v, "-journal");
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int sync_dir)
{
    struct wal_vfs *v = ours(vfs);
    int code = v->dead ? SQLITE_IOERR_DELETE : v->o.below->xDelete(v->o.below, path, sync_dir);
    return code == SQLITE_IOERR_DIR_FSYNC ? fail(v, "the directory of the database", errno) : code;
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

int wal_vfs_open(struct wal_vfs *v, const struct wal_vfs_options *options)
{
    sqlite3_vfs *below_vfs = options->below;
    bool has_ms = below_vfs->iVersion >= 2 && below_vfs->xCurrentTimeInt64;
    *v = (struct wal_vfs){.o = *options};
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

void wal_vfs_begin(struct wal_vfs *v)
{
    if (v->wal)
        v->wal->unsynced = NONE;
}

void wal_vfs_close(struct wal_vfs *v)
{
    if (v->o.below)
        sqlite3_vfs_unregister(&v->vfs);
    v->o.below = NULL;
}
