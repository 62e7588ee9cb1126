/* keyed_uthash.h - uthash with the keyed hash of hash.h in place of its own, which anybody can compute.
 *
 * Every table here is keyed by something that clients choose or influence, so no file includes <uthash.h> itself. Where
 * a failed allocation can be answered, define HASH_NONFATAL_OOM before. */
#ifndef HUBBUB_BASE_KEYED_UTHASH_H
#define HUBBUB_BASE_KEYED_UTHASH_H

#include "base/hash.h"

/* uthash's macros convert between signed and unsigned freely, in the files that use them. */
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wconversion"

#define HASH_FUNCTION(key, len, out) ((out) = (unsigned)hash_short((key), (len)))
#include <uthash.h>

#endif
