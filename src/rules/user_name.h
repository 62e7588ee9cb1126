/* user_name.h - which names people may have here: base/name.h says what a name is at all, this says which of them are
 * given to whom. Where names come in, not in apply: what looks alike depends on ICU's tables. Any thread. */
#ifndef HUBBUB_RULES_USER_NAME_H
#define HUBBUB_RULES_USER_NAME_H

#include "base/name.h"
#include "store/store.h"

/* Checks a user name that somebody chooses, as a guest or for an account (kind), and writes it and its fold. Nobody may
 * be called what visitors without a name are called, nor what a mention of many is called. ERR_INVALID
 * with *why, a constant sentence for people; ERR_MEMORY. */
enum err user_name_check(const struct name_rules *rules, enum user_kind kind, struct span typed, char name[NAME_BYTES],
                         char fold[NAME_KEY_BYTES], const char **why);

/* Checks the name that is shown beside or instead of the user name, which need not be unique; an empty one is fine, and
 * means none. ERR_INVALID with *why. */
enum err user_name_check_display(const struct name_rules *rules, struct span typed, char out[NAME_BYTES],
                                 const char **why);

/* What apply can look at in an account's name without ICU: that it is one, and that its ASCII characters are such as an
 * account's name may have and may end with. A rename that a guest asked for may come when the guest has become an account. */
bool user_name_is_plain(struct span name);

#endif
