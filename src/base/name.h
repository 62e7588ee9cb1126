/* name.h - which names people and rooms may have, and which names look alike.
 *
 * A name is checked once, where it comes in, and kept in its NFC form; two names are the same when their keys
 * (name_fold) are equal.
 *
 * Rules for both kinds: valid UTF-8; white space at the ends and direction marks (LRM, RLM, ALM) are taken off; no
 * controls, format characters (zero-width, bidi), private-use, unassigned or otherwise invisible characters, but for those
 * that languages and emoji need where they need them (joiners: UAX 31, 2.3; selectors, keycaps, tags of flags); inner
 * spaces are single U+0020; at most four combining marks on one letter and none at the start; at least one letter or
 * digit. */
#ifndef HUBBUB_BASE_NAME_H
#define HUBBUB_BASE_NAME_H

#include "base/err.h"
#include "base/span.h"

#include <stdint.h>

enum {
    NAME_USER_MAX = 32, /* characters (code points of the NFC form) */
    NAME_ROOM_MAX = 64,
    NAME_BYTES = 257,    /* room for any checked name with its NUL */
    NAME_KEY_BYTES = 257 /* room for any key with its NUL */
};

/* The tables behind the rules: ICU's objects, opened once. Afterwards any thread may use them, without a lock; needs
 * a few KiB of stack. */
struct name_rules;

/* Main thread, before others start. ERR_IO: ICU's data cannot be loaded; ERR_MEMORY. */
enum err name_rules_open(struct name_rules **out);
void name_rules_close(struct name_rules *rules);

/* Checks what somebody typed and writes the name to keep, NUL-terminated. Reserved names are not refused here, see
 * name_is_made_up(). ERR_INVALID: a rule is broken, and *why (unless NULL) is set to a constant sentence for people
 * that says which. */
enum err name_check_user(const struct name_rules *rules, struct span typed, char out[NAME_BYTES], const char **why);

/* The same for the user name of an account, which is written in mentions and addresses: letters (of any script, with
 * their marks), digits, '.', '_' and '-' only, and no '.' or '-' at the end: in a text it would be taken for the text's. */
enum err name_check_account(const struct name_rules *rules, struct span typed, char out[NAME_BYTES], const char **why);

/* The same for the name of the whole place: as long as a room's. */
enum err name_check_place(const struct name_rules *rules, struct span typed, char out[NAME_BYTES], const char **why);

/* The same for rooms: longer, but neither '/' nor '#' (they mean something in addresses and in IRC), and not digits
 * alone, because a room can be given by its id as well. */
enum err name_check_room(const struct name_rules *rules, struct span typed, char out[NAME_BYTES], const char **why);

/* How many bytes at the start of a text are made of what user names of accounts are made of: for finding names in
 * running text, which must be valid UTF-8. */
size_t name_account_span(struct span text);

/* Whether the character at `at` is of a script that is written without blanks between words, such as Chinese, Japanese
 * and Thai. The text is valid UTF-8, and a character begins there. */
bool name_is_unspaced(struct span text, size_t at);

/* Writes the key of a checked name, NUL-terminated UTF-8: equal for names that differ only in case, width, or by
 * characters that look alike (UTS #39), so "Anna", "ANNA" and "Аnnа" with Cyrillic letters share one. 1, l, I look
 * alike, and I and i differ only in case, so all of these are one too; likewise 0 and O. A key is for comparing, not
 * for showing. It depends on ICU's version (name_key_version): keys that were stored must be made anew when that has
 * changed. ERR_INVALID: this cannot be a checked name; ERR_MEMORY. */
enum err name_fold(const struct name_rules *rules, struct span name, char key[NAME_KEY_BYTES]);

/* Which rules made a key, e.g. "1/72.1": ours and ICU's. Constant. */
const char *name_key_version(void);

/* True when the name is, or looks like, one that name_make_up() could give: it begins with "guest-". Nobody may
 * choose such a name. False as well when memory is short. */
bool name_is_made_up(const struct name_rules *rules, struct span name);

/* Gives a name to somebody who has none, such as "guest-k7p2qdx4vh". 27^10 of them: random ones do not meet in
 * practice (a chance of 1 in 200 million against a million others), no two look alike, and none spells a word. */
void name_make_up(const uint8_t random[8], char out[NAME_BYTES]);

#endif
