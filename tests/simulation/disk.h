/* disk.h - a disk with a page cache: files whose bytes are in the cache at once and on the platters only after a
 * sync.
 *
 * Each file remembers what was written since its last sync. A process that is killed loses nothing of that; a power
 * loss loses any part of it, down to sectors of 512 bytes (https://www.sqlite.org/atomiccommit.html, 2: a sector is
 * not assumed to be written atomically, but what stands beside the written bytes is left alone, as
 * SQLITE_IOCAP_POWERSAFE_OVERWRITE promises). The directory behaves the same: a new or removed name is certain only
 * after the directory has been synced. */
#ifndef HUBBUB_SIMULATION_DISK_H
#define HUBBUB_SIMULATION_DISK_H

#include "dice.h"

struct disk;
struct disk_file;

struct disk *disk_new(void);
void disk_free(struct disk *d); /* no file may be open. NULL does nothing */

/* The file of this name; makes it when it is missing and `create` is set. The caller owns a reference. NULL: there is
 * none. */
struct disk_file *disk_open(struct disk *d, const char *name, bool create);
void disk_release(struct disk_file *f); /* NULL does nothing */

bool disk_has(const struct disk *d, const char *name, size_t *size);
bool disk_remove(struct disk *d, const char *name); /* false: there is none. Who has it open keeps it */
void disk_sync_directory(struct disk *d);

size_t disk_size(const struct disk_file *f);
size_t disk_read(const struct disk_file *f, size_t at, void *out, size_t len); /* how many bytes there were */
void disk_write(struct disk_file *f, size_t at, const void *bytes, size_t len);
void disk_truncate(struct disk_file *f, size_t size);
void disk_sync(struct disk_file *f);

/* A sync that fails as Linux does it (https://lwn.net/Articles/752063/): the pages stay readable and count as clean,
 * so that no later sync writes them. */
void disk_sync_loses(struct disk_file *f);

/* The process is gone. Of each file that has lost pages so, the dice say whether they can still be read, as they are not
 * on the platters, or what the platters have. */
void disk_evict(struct disk *d, struct dice *dice);

/* What the power comes back to: all that was synced, and of the rest what the dice say; without dice, none of it. */
struct disk *disk_after_power_loss(const struct disk *d, struct dice *dice);

#endif
