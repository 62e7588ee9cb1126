#include "vfs_locks.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

struct vfs_node *vfs_node_open(struct vfs_node **nodes, struct disk_file *f)
{
    struct vfs_node *n = *nodes;
    while (n && n->file != f)
        n = n->next;
    if (n) {
        disk_release(f);
    } else {
        n = mem_must_calloc(1, sizeof *n);
        n->file = f;
        n->next = *nodes;
        *nodes = n;
    }
    n->open++;
    return n;
}

void vfs_node_close(struct vfs_node **nodes, struct vfs_node *n)
{
    if (--n->open)
        return;
    while (*nodes != n)
        nodes = &(*nodes)->next;
    *nodes = n->next;
    disk_release(n->file);
    free(n);
}

int vfs_node_lock(struct vfs_node *n, struct vfs_holder *h, int level)
{
    if (h->level >= level)
        return SQLITE_OK;
    if (n->reserved && n->reserved != h && (level > SQLITE_LOCK_SHARED || n->pending))
        return SQLITE_BUSY;
    if (level == SQLITE_LOCK_SHARED) {
        n->shared++;
    } else {
        n->reserved = h;
        if (level == SQLITE_LOCK_EXCLUSIVE) {
            n->pending = true;
            if (n->shared > 1) {
                h->level = SQLITE_LOCK_PENDING;
                return SQLITE_BUSY;
            }
        }
    }
    h->level = level;
    return SQLITE_OK;
}

void vfs_node_unlock(struct vfs_node *n, struct vfs_holder *h, int level)
{
    if (h->level <= level)
        return;
    if (h->level > SQLITE_LOCK_SHARED) {
        n->reserved = NULL;
        n->pending = false;
    }
    if (level == SQLITE_LOCK_NONE)
        n->shared--;
    h->level = level;
}

bool vfs_node_is_reserved(const struct vfs_node *n)
{
    return n->reserved != NULL;
}

static void shm_release(struct vfs_node *n, struct vfs_holder *h, int i)
{
    unsigned bit = 1u << i;
    if (h->shm_shared & bit)
        n->shm_shared[i]--;
    if (h->shm_exclusive & bit)
        n->shm_exclusive[i] = NULL;
    h->shm_shared &= ~bit;
    h->shm_exclusive &= ~bit;
}

int vfs_node_shm_lock(struct vfs_node *n, struct vfs_holder *h, int first, int count, int flags)
{
    bool shared = flags & SQLITE_SHM_SHARED;
    for (int i = first; i < first + count && flags & SQLITE_SHM_LOCK; i++) {
        int others = n->shm_shared[i] - (h->shm_shared >> i & 1 ? 1 : 0);
        if ((n->shm_exclusive[i] && n->shm_exclusive[i] != h) || (!shared && others))
            return SQLITE_BUSY;
    }
    for (int i = first; i < first + count; i++) {
        unsigned bit = 1u << i;
        if (flags & SQLITE_SHM_UNLOCK) {
            shm_release(n, h, i);
        } else if (shared && !(h->shm_shared & bit)) {
            n->shm_shared[i]++;
            h->shm_shared |= bit;
        } else if (!shared) {
            n->shm_exclusive[i] = h;
            h->shm_exclusive |= bit;
        }
    }
    return SQLITE_OK;
}

int vfs_node_shm_map(struct vfs_node *n, struct vfs_holder *h, int region, int size, bool extend, void volatile **out)
{
    if (region >= VFS_SHM_REGIONS)
        return SQLITE_IOERR_SHMSIZE;
    if (!h->mapped)
        n->mapped++;
    h->mapped = true;
    if (!n->regions[region] && extend)
        n->regions[region] = mem_must_calloc(1, (size_t)size);
    *out = n->regions[region];
    return SQLITE_OK;
}

void vfs_node_shm_unmap(struct vfs_node *n, struct vfs_holder *h)
{
    for (int i = 0; i < SQLITE_SHM_NLOCK; i++)
        shm_release(n, h, i);
    if (!h->mapped)
        return;
    h->mapped = false;
    if (--n->mapped)
        return;
    for (int i = 0; i < VFS_SHM_REGIONS; i++) {
        free(n->regions[i]);
        n->regions[i] = NULL;
    }
}
