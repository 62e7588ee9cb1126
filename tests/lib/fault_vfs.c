#include "fault_vfs.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The system's file follows in the same allocation. */
struct fault_file {
    sqlite3_file file;
    sqlite3_file *real;
};

static sqlite3_vfs *real_vfs;

static struct {
    pthread_mutex_t lock; /* over the rest */
    struct fault_plan plan;
    bool armed;
    int64_t calls, failed;
} faults = {.lock = PTHREAD_MUTEX_INITIALIZER};

void fault_vfs_arm(const struct fault_plan *p)
{
    pthread_mutex_lock(&faults.lock);
    faults.plan = *p;
    faults.calls = faults.failed = 0;
    faults.armed = true;
    pthread_mutex_unlock(&faults.lock);
}

void fault_vfs_disarm(void)
{
    pthread_mutex_lock(&faults.lock);
    faults.armed = false;
    pthread_mutex_unlock(&faults.lock);
}

int64_t fault_vfs_calls(void)
{
    pthread_mutex_lock(&faults.lock);
    int64_t n = faults.calls;
    pthread_mutex_unlock(&faults.lock);
    return n;
}

int64_t fault_vfs_failed(void)
{
    pthread_mutex_lock(&faults.lock);
    int64_t n = faults.failed;
    pthread_mutex_unlock(&faults.lock);
    return n;
}

static int code_of(enum fault_op op)
{
    switch (op) {
    case FAULT_WRITE:
        return SQLITE_IOERR_WRITE;
    case FAULT_SYNC:
        return SQLITE_IOERR_FSYNC;
    case FAULT_TRUNCATE:
        return SQLITE_IOERR_TRUNCATE;
    case FAULT_OPEN:
        return SQLITE_CANTOPEN;
    case FAULT_READ:
        return SQLITE_IOERR_READ;
    case FAULT_DELETE:
        return SQLITE_IOERR_DELETE;
    default:
        return SQLITE_IOERR_SHMSIZE;
    }
}

/* Counts the call. 0: it is to be carried out; else the code with which it is to fail, in *manner. */
static int fault(enum fault_op op, enum fault_manner *manner)
{
    int code = 0;
    pthread_mutex_lock(&faults.lock);
    const struct fault_plan *plan = &faults.plan;
    if (faults.armed && (plan->ops & (unsigned)op)) {
        faults.calls++;
        if (plan->before)
            plan->before(plan->ctx, op, faults.calls);
        if (faults.calls == plan->nth || (plan->for_good && faults.calls > plan->nth)) {
            faults.failed++;
            code = plan->code ? plan->code : code_of(op);
            *manner = plan->manner;
        }
    }
    pthread_mutex_unlock(&faults.lock);
    return code;
}

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((struct fault_file *)file)->real;
}

static int file_close(sqlite3_file *file)
{
    return real_of(file)->pMethods->xClose(real_of(file));
}

static int file_read(sqlite3_file *file, void *bytes, int len, sqlite3_int64 offset)
{
    enum fault_manner manner;
    int code = fault(FAULT_READ, &manner);
    return code ? code : real_of(file)->pMethods->xRead(real_of(file), bytes, len, offset);
}

static int file_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 offset)
{
    enum fault_manner manner = FAULT_ALL_DONE;
    int code = fault(FAULT_WRITE, &manner);
    int done = manner == FAULT_ALL_DONE ? len : manner == FAULT_HALF_DONE ? len / 2 : 0;
    int real_code = done ? real_of(file)->pMethods->xWrite(real_of(file), bytes, done, offset) : SQLITE_OK;
    return code ? code : real_code;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    enum fault_manner manner = FAULT_ALL_DONE;
    int code = fault(FAULT_TRUNCATE, &manner);
    int real_code = manner == FAULT_ALL_DONE ? real_of(file)->pMethods->xTruncate(real_of(file), size) : SQLITE_OK;
    return code ? code : real_code;
}

static int file_sync(sqlite3_file *file, int flags)
{
    (void)file;
    (void)flags;
    enum fault_manner manner;
    return fault(FAULT_SYNC, &manner);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return real_of(file)->pMethods->xFileSize(real_of(file), size);
}

static int file_lock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int file_unlock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int file_check_reserved_lock(sqlite3_file *file, int *reserved)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), reserved);
}

static int file_control(sqlite3_file *file, int op, void *arg)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), op, arg);
}

static int file_sector_size(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int file_device_characteristics(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int file_shm_map(sqlite3_file *file, int page, int page_size, int extend, void volatile **out)
{
    enum fault_manner manner;
    int code = extend ? fault(FAULT_SHM_MAP, &manner) : SQLITE_OK;
    return code ? code : real_of(file)->pMethods->xShmMap(real_of(file), page, page_size, extend, out);
}

static int file_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, n, flags);
}

static void file_shm_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int file_shm_unmap(sqlite3_file *file, int remove)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

/* Version 2: with shared memory, without mapping, so that every access comes through here. */
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
    .xCheckReservedLock = file_check_reserved_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_device_characteristics,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

static int vfs_open(sqlite3_vfs *vfs, sqlite3_filename path, sqlite3_file *file, int flags, int *flags_out)
{
    (void)vfs;
    enum fault_manner manner;
    struct fault_file *f = (struct fault_file *)file;
    f->file.pMethods = NULL;
    int code = fault(FAULT_OPEN, &manner);
    if (code)
        return code;
    f->real = (sqlite3_file *)(f + 1);
    code = real_vfs->xOpen(real_vfs, path, f->real, flags, flags_out);
    if (!code)
        f->file.pMethods = &methods;
    return code;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int sync_dir)
{
    (void)vfs;
    enum fault_manner manner;
    int code = fault(FAULT_DELETE, &manner);
    return code ? code : real_vfs->xDelete(real_vfs, path, sync_dir);
}

int fault_vfs_register(void)
{
    static sqlite3_vfs vfs;
    if (real_vfs)
        return SQLITE_OK;
    real_vfs = sqlite3_vfs_find(NULL);
    vfs = *real_vfs; /* unix: its other calls look at nothing but pAppData, which is copied */
    vfs.zName = FAULT_VFS_NAME;
    vfs.szOsFile = (int)sizeof(struct fault_file) + real_vfs->szOsFile;
    vfs.pNext = NULL;
    vfs.xOpen = vfs_open;
    vfs.xDelete = vfs_delete;
    return sqlite3_vfs_register(&vfs, 0);
}

static bool read_ops(char *names, unsigned *ops)
{
    static const struct {
        const char *name;
        unsigned op;
    } known[] = {
        {"write", FAULT_WRITE}, {"sync", FAULT_SYNC},     {"truncate", FAULT_TRUNCATE}, {"open", FAULT_OPEN},
        {"read", FAULT_READ},   {"delete", FAULT_DELETE}, {"shm", FAULT_SHM_MAP},       {"all", FAULT_ALL},
    };
    char *rest;
    *ops = 0;
    for (char *name = strtok_r(names, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
        size_t i = 0;
        while (i < sizeof known / sizeof known[0] && strcmp(name, known[i].name) != 0)
            i++;
        if (i == sizeof known / sizeof known[0])
            return false;
        *ops |= known[i].op;
    }
    return *ops != 0;
}

enum err fault_vfs_from_text(const char *text)
{
    char copy[256], *rest;
    struct fault_plan p = {.nth = 1};
    if (strlen(text) >= sizeof copy)
        return ERR_INVALID;
    strcpy(copy, text);
    for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        if (strncmp(word, "nth=", 4) == 0)
            p.nth = strtoll(word + 4, NULL, 10);
        else if (strncmp(word, "code=", 5) == 0)
            p.code = atoi(word + 5);
        else if (strcmp(word, "forgood") == 0)
            p.for_good = true;
        else if (strcmp(word, "manner=all") == 0)
            p.manner = FAULT_ALL_DONE;
        else if (strcmp(word, "manner=half") == 0)
            p.manner = FAULT_HALF_DONE;
        else if (!read_ops(word, &p.ops))
            return ERR_INVALID;
    }
    if (!p.ops || p.nth < 1)
        return ERR_INVALID;
    fault_vfs_arm(&p);
    return OK;
}
