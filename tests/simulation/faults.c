#include "faults.h"

#include "world.h"

#define BIT(op) (1u << (op))

static const struct {
    const char *name;
    unsigned ops; /* a bit per enum vfs_op */
    int code;
} kinds[FAULTS] = {
    [FAULT_NONE] = {"none", 0, SQLITE_OK},
    [FAULT_WRITE] = {"write", BIT(VFS_WRITE), SQLITE_IOERR_WRITE},
    [FAULT_FULL] = {"full", BIT(VFS_WRITE), SQLITE_FULL},
    [FAULT_SYNC] = {"sync", BIT(VFS_SYNC), SQLITE_IOERR_FSYNC},
    [FAULT_SYNC_LOSES] = {"sync_loses", BIT(VFS_SYNC), VFS_SYNC_LOSES},
    [FAULT_WRITE_AND_SYNC] = {"write_and_sync", BIT(VFS_WRITE) | BIT(VFS_SYNC) | BIT(VFS_TRUNCATE), SQLITE_IOERR},
    [FAULT_READ] = {"read", BIT(VFS_READ), SQLITE_IOERR_READ},
    [FAULT_MAP] = {"map", BIT(VFS_MAP), SQLITE_IOERR_SHMMAP},
    [FAULT_OPEN] = {"open", BIT(VFS_OPEN), SQLITE_CANTOPEN},
};

const char *fault_name(enum fault f)
{
    return kinds[f].name;
}

bool faults_has_writes(const struct faults *f)
{
    return kinds[f->now].ops & BIT(VFS_WRITE);
}

/* True: this operation is the last one, and is not carried out. */
static bool dies(struct world *w)
{
    struct faults *f = &w->faults;
    if (!f->dies_in || --f->dies_in)
        return false;
    f->dead = true;
    world_say(w, "the program dies in the middle of its I/O");
    return dice_one_in(&w->dice, 2);
}

int faults_before(void *ctx, enum vfs_op op)
{
    struct world *w = ctx;
    struct faults *f = &w->faults;
    if (f->exempt)
        return SQLITE_OK;
    if (w->turns.locks)
        trace_fail(&w->trace, "I5", "a mutex is held across I/O");
    if (op == VFS_READ || op == VFS_WRITE || op == VFS_SYNC)
        turns_interrupt(&w->turns);
    if (f->dead || (op != VFS_LOCK && op != VFS_READ && dies(w)))
        return SQLITE_IOERR;
    if (!(kinds[f->now].ops & BIT(op)) || !dice_one_in(&w->dice, f->one_in))
        return SQLITE_OK;
    return kinds[f->now].code;
}

void faults_begin(struct world *w)
{
    struct faults *f = &w->faults;
    f->now = (enum fault)dice_between(&w->dice, FAULT_NONE + 1, FAULTS - 1);
    f->one_in = DICE_PICK(&w->dice, size_t, 1, 2, 6);
    f->until_us = w->now_us + dice_between(&w->dice, 1000, 400000);
    world_count(w, faults);
    w->server.faulted = true;
    w->server.writes_failed |= faults_has_writes(f);
    world_say(w, "the disk fails: %s, one operation in %zu", fault_name(f->now), f->one_in);
}

void faults_end(struct world *w)
{
    if (w->faults.now)
        world_say(w, "the disk works again");
    w->faults.now = FAULT_NONE;
}
