/* utf8.h - strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
 *
 * The validator takes text in pieces of any size and says no at the first byte that no valid text can contain there,
 * which is what RFC 6455 asks of a WebSocket receiver. It holds three bytes of state and no memory. All functions
 * here are pure: any thread. */
#ifndef HUBBUB_BASE_UTF8_H
#define HUBBUB_BASE_UTF8_H

#include "base/span.h"

#include <stdint.h>

/* Where a validator is inside a character. All zeros ({0}) is the start, and the state after each whole character. */
struct utf8 {
    uint8_t need;      /* continuation bytes still to come */
    uint8_t low, high; /* what the next one may be, while need > 0 */
};

/* Takes the next piece. False: not UTF-8, whatever may follow; the state is of no use then until it is zeroed. */
bool utf8_feed(struct utf8 *u, const void *bytes, size_t len);

/* True between characters: the text may end here. */
static inline bool utf8_whole(const struct utf8 *u)
{
    return u->need == 0;
}

/* True when all of it is valid and ends with a whole character. The empty text is valid. */
bool utf8_check(struct span text);

/* The number of code points. The text must be valid. */
size_t utf8_count(struct span text);

/* The text without Unicode White_Space at both ends (U+0085, U+00A0, U+2028, U+3000 and their kind included). Points
 * into the same bytes; what is between is left alone. The text must be valid. */
struct span utf8_trim(struct span text);

/* Whether nothing in it can be seen: white space, controls, and what only joins, fills, directs or varies what stands
 * beside it (Unicode's Default_Ignorable_Code_Point, the blank braille pattern U+2800, the interlinear marks U+FFF9 to
 * U+FFFB). The empty text is blank. The page has the same rule. The text must be valid. */
bool utf8_is_blank(struct span text);

/* Whether there is a control character in it (C0, DEL or C1), which a terminal would obey. `lines`: tabs and newlines
 * (U+000A) are fine. The text must be valid. */
bool utf8_has_controls(struct span text, bool lines);

/* Whether there is nothing in it that isn't writing, and nothing that turns the direction of the text beside it: no
 * controls (as above), no separators U+2028 and U+2029, and no embeddings, overrides and isolates of bidirectional text.
 * The marks U+200E and U+200F, and joiners, are writing. The text must be valid. */
bool utf8_is_plain(struct span text, bool lines);

/* The longest beginning of at most max_bytes that does not cut a character in two. The text must be valid. */
struct span utf8_cut(struct span text, size_t max_bytes);

#endif
