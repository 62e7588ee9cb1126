/* lists.h - what lists and counts need beside the rows of single nouns. As in store.h and people.h: one thread at a time
 * per store, ERR_STORAGE from any function. */
#ifndef HUBBUB_STORE_LISTS_H
#define HUBBUB_STORE_LISTS_H

#include "store/store.h"

/* Who has blocked whom, ordered by both. Once at start. */
enum err blocks_all(struct store *s, void (*row)(void *ctx, int64_t user_id, int64_t blocked_id), void *ctx);

/* The numbers of an author's messages that aren't deleted, in no order. */
enum err messages_by_author(struct store *s, int64_t author_id, void (*row)(void *ctx, int64_t room_id, int64_t number),
                            void *ctx);
/* The numbers of all deleted messages, by room, ascending. Once at start. */
enum err messages_gone(struct store *s, void (*row)(void *ctx, int64_t room_id, int64_t number), void *ctx);
/* Whom an author's messages mention (0: everybody), in no order, some more than once. */
enum err mentions_by_author(struct store *s, int64_t author_id,
                            void (*row)(void *ctx, int64_t room_id, int64_t user_id), void *ctx);
/* Whose messages are hidden by their ban. Once at start. */
enum err bans_hiding(struct store *s, void (*row)(void *ctx, int64_t user_id), void *ctx);

/* How many reports of a room wait to be handled; and of each room of which any do, in order of their ids. */
enum err reports_count_waiting(struct store *s, int64_t room_id, int64_t *n);
enum err reports_count_each(struct store *s, void (*row)(void *ctx, int64_t room_id, int64_t n), void *ctx);

/* The same of requests to join a room. */
enum err join_requests_count(struct store *s, int64_t room_id, int64_t *n);
enum err join_requests_count_each(struct store *s, void (*row)(void *ctx, int64_t room_id, int64_t n), void *ctx);

#endif
