/* mention.h - whom a text mentions: the names behind its @, as far as Markdown shows them as text.
 *
 * A name is what user names are made of, without dots and dashes at its end. An @ behind a word belongs to an address;
 * but Chinese, Japanese and Thai have no blanks between words, so there any character can stand before it. An @ in a web
 * address, in the target of a link, in "@scope/package" or "@name@elsewhere" mentions nobody, and one in code or behind a
 * backslash is only shown. No I/O. Any thread. The page has the same rules (www/lib/mention.js). */
#ifndef HUBBUB_RULES_MENTION_H
#define HUBBUB_RULES_MENTION_H

#include "base/span.h"

enum { MENTIONS_MAX = 50 }; /* what one message mentions beyond that is not looked at */

/* The names, without their @ and as they are written, in order; they point into the text, which must be valid UTF-8.
 * How many. */
size_t mention_find(struct span text, struct span names[MENTIONS_MAX]);

/* The part of a found name that is a person's: as much of its beginning as is_person() agrees to. A name ends where it
 * ends, but it can also end at any character of a script without blanks, or before an underscore at its end, which may be
 * emphasis. 0: nobody's. */
size_t mention_person(struct span name, bool (*is_person)(void *ctx, struct span name), void *ctx);

/* Whether a name stands for everybody: room, here, everyone. */
bool mention_is_everybody(struct span name);

#endif
