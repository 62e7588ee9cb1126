/* table.h - structs that are found by a number: an id, or the hash of a text.
 *
 * A struct is in a table by a link that is embedded in it, so that adding it allocates nothing for it: it costs the 16
 * bytes of the link, and 4 to 8 for a share of the buckets. That is for what there is one of for each connection;
 * where memory matters less, uthash's handles (56 bytes) are the more comfortable. Several structs may have the same
 * number.
 *
 * No lock of its own. */
#ifndef HUBBUB_BASE_TABLE_H
#define HUBBUB_BASE_TABLE_H

#include "base/span.h"

#include <stddef.h>
#include <stdint.h>

/* Belongs to the table while the struct is in it; `key` may be read. */
struct table_link {
    struct table_link *next;
    uint64_t key;
};

struct table { /* zeroed: empty */
    struct table_link **buckets;
    size_t count;  /* may be read */
    unsigned bits; /* of the number of buckets */
};

/* The struct that a link is embedded in. */
#define table_owner(link, type, member) ((type *)(void *)((char *)(link)-offsetof(type, member)))

/* Dies when memory is out. */
void table_add(struct table *t, struct table_link *l, uint64_t key);
void table_remove(struct table *t, struct table_link *l);

/* One of those with this key, and the next one after it, in no particular order; NULL: none. */
struct table_link *table_find(const struct table *t, uint64_t key);
struct table_link *table_next(const struct table_link *l);

/* Forgets all; what was in it is its owner's. */
void table_clear(struct table *t);

/* The key of a text, which nobody outside can predict (hash_short()). Different texts may have the same. */
uint64_t table_hash(struct span text);

#endif
