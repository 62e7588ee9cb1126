/* track.h - which numbers of one sender a receiver has seen: the highest, and the 32 below it.
 *
 * Enough to tell a repeated number from a late one, in eight bytes for each pair of sender and receiver. What is older
 * than that window counts as repeated. A zeroed track has seen nothing; numbers begin at 1. */
#ifndef TRACK_H
#define TRACK_H

#include <stdint.h>

struct track {
    uint32_t highest;
    uint32_t below; /* bit n: highest - 1 - n was seen */
};

enum track_verdict { TRACK_NEW, TRACK_LATE /* first time, after a higher one */, TRACK_AGAIN };

enum track_verdict track_see(struct track *, uint32_t number);

#endif
