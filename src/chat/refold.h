/* refold.h - the folds of names that are stored, brought up to the rules in force.
 *
 * A fold depends on ICU's tables. A system upgrade that brings other ones would let a look-alike of an old name in,
 * or lock a name out. So the database says which rules made its folds, and a start under other rules makes them anew,
 * in one transaction. */
#ifndef HUBBUB_CHAT_REFOLD_H
#define HUBBUB_CHAT_REFOLD_H

#include "base/name.h"
#include "store/store.h"

/* Before anything else uses the database. Where two names look alike only under the new rules, the second keeps its
 * old fold, and diag says so. ERR_STORAGE, ERR_MEMORY: nothing has changed. */
enum err refold_names(struct store *s, const struct name_rules *rules);

#endif
