/* vfs_locks.h - what the connections of one process share about an open file: its locks, and the shared memory of the
 * WAL. */
#ifndef HUBBUB_SIMULATION_VFS_LOCKS_H
#define HUBBUB_SIMULATION_VFS_LOCKS_H

#include "disk.h"

#include <sqlite3.h>

enum { VFS_SHM_REGIONS = 64 };

struct vfs_node {
    struct vfs_node *next;
    struct disk_file *file;
    int open;             /* connections that have it open */
    int shared;           /* of them hold at least SQLITE_LOCK_SHARED */
    const void *reserved; /* who holds SQLITE_LOCK_RESERVED or more */
    bool pending;         /* the holder waits for readers to go, or is alone */
    int mapped;           /* connections that use the shared memory */
    void *regions[VFS_SHM_REGIONS];
    int shm_shared[SQLITE_SHM_NLOCK];
    const void *shm_exclusive[SQLITE_SHM_NLOCK];
};

/* What one connection holds. */
struct vfs_holder {
    int level; /* SQLITE_LOCK_... */
    bool mapped;
    unsigned shm_shared, shm_exclusive; /* a bit per lock */
};

struct vfs_node *vfs_node_open(struct vfs_node **nodes, struct disk_file *f); /* takes the reference */
void vfs_node_close(struct vfs_node **nodes, struct vfs_node *n);

/* The methods of the same names. `h` identifies the connection. */
int vfs_node_lock(struct vfs_node *n, struct vfs_holder *h, int level);
void vfs_node_unlock(struct vfs_node *n, struct vfs_holder *h, int level);
bool vfs_node_is_reserved(const struct vfs_node *n);
int vfs_node_shm_lock(struct vfs_node *n, struct vfs_holder *h, int first, int count, int flags);
int vfs_node_shm_map(struct vfs_node *n, struct vfs_holder *h, int region, int size, bool extend, void volatile **out);
void vfs_node_shm_unmap(struct vfs_node *n, struct vfs_holder *h);

#endif
