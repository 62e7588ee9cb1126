/* lists.h - what lists and counts need beside the rows of single nouns. As in store.h and people.h: one thread at a time
 * per store, ERR_STORAGE from any function. */
#ifndef HUBBUB_STORE_LISTS_H
#define HUBBUB_STORE_LISTS_H

#include "store/store.h"

/* Who has blocked whom, ordered by both. Once at start. */
enum err blocks_all(struct store *s, void (*row)(void *ctx, int64_t user_id, int64_t blocked_id), void *ctx);

/* How many reports wait to be handled. */
enum err reports_count_waiting(struct store *s, int64_t *n);

#endif
