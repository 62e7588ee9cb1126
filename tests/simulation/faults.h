/* faults.h - what goes wrong with the disk, and when: asked by the VFS before each operation of the program. */
#ifndef HUBBUB_SIMULATION_FAULTS_H
#define HUBBUB_SIMULATION_FAULTS_H

#include "vfs.h"

enum fault {
    FAULT_NONE,
    FAULT_WRITE,
    FAULT_FULL,
    FAULT_SYNC,
    FAULT_SYNC_LOSES,
    FAULT_WRITE_AND_SYNC,
    FAULT_READ,
    FAULT_MAP,
    FAULT_OPEN,
    FAULTS
};

struct faults {
    enum fault now;
    size_t one_in; /* operations of that kind fail so often */
    int64_t until_us;
    int64_t dies_in; /* so many operations from now the program is dead; 0: no */
    bool dead;       /* it has been killed, or has lost its power: nothing reaches the disk any more */
    bool exempt;     /* the simulation itself looks at the disk */
};

struct world;

/* The hook; ctx is the world. */
int faults_before(void *ctx, enum vfs_op op);

/* A fault that the dice choose begins, or ends when its time has come. */
void faults_begin(struct world *w);
void faults_end(struct world *w);

/* Whether writes fail now. */
bool faults_has_writes(const struct faults *f);

const char *fault_name(enum fault f);

#endif
