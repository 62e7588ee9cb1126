/* mention.h - whom a text mentions: the names behind its @, as far as Markdown shows them as text.
 *
 * A name is what user names are made of, without dots and dashes at its end. An @ behind a word belongs to an address,
 * and one in code or behind a backslash is only shown. No I/O. Any thread. */
#ifndef HUBBUB_CHAT_MENTION_H
#define HUBBUB_CHAT_MENTION_H

#include "base/span.h"

enum { MENTIONS_MAX = 50 }; /* what one message mentions beyond that is not looked at */

/* The names, without their @ and as they are written, in order; they point into the text, which must be valid UTF-8.
 * How many. */
size_t mention_find(struct span text, struct span names[MENTIONS_MAX]);

/* Whether a name stands for everybody: room, here, everyone. */
bool mention_is_everybody(struct span name);

#endif
