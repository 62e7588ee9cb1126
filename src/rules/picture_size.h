/* picture_size.h - how large a picture becomes where it is shown. A file of a few kilobytes may claim to be as wide as a
 * street: every browser that shows it would have to make room for that. Pure functions: any thread. */
#ifndef HUBBUB_RULES_PICTURE_SIZE_H
#define HUBBUB_RULES_PICTURE_SIZE_H

#include "base/span.h"

enum { PICTURE_SIDE_MAX = 2048 /* pixels; the page makes them 256 wide */ };

#define PICTURE_TOO_HUGE "A picture can have at most 2048 pixels on each side."

/* Whether a PNG, JPEG or WebP says that one of its sides is longer than PICTURE_SIDE_MAX. What says nothing is shown by
 * no browser. */
bool picture_is_huge(struct span bytes);

#endif
