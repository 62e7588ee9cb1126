/* newcomers.h - how many new people may come from one address: accounts and guests. Visitors keep no name, and are
 * bounded by the connections that an address may have.
 *
 * A token bucket for each address (its /64 with IPv6): a class that comes in at once finds it full, a program that
 * takes one name after another finds it empty. Whoever is refused for another reason gives the token back, so that a
 * name that is taken already costs nothing. The table is bounded: beyond NEWCOMERS_MAX addresses the one that was used
 * last the longest ago is forgotten, as if its bucket were full. Nothing is stored. Any thread; one mutex, held for a
 * look-up. */
#ifndef HUBBUB_HTTP_NEWCOMERS_H
#define HUBBUB_HTTP_NEWCOMERS_H

#include "base/env.h"
#include "base/err.h"
#include "base/metrics.h"
#include "http/address.h"

enum { NEWCOMERS_MAX = 16384 };

struct newcomers;

/* per_min 0: no limit. The env and the metrics are borrowed. NULL: no memory. */
struct newcomers *newcomers_new(const struct env *env, struct metrics *metrics, int64_t per_min, int64_t burst);
void newcomers_free(struct newcomers *n); /* NULL does nothing */

/* Takes a token. ERR_RATE_LIMITED with *retry_after_ms and a sentence for people, counted; ERR_MEMORY. */
enum err newcomers_take(struct newcomers *n, const struct address *from, int64_t *retry_after_ms, const char **why);

/* After a newcomers_take() that was OK: nobody new came of it. */
void newcomers_give_back(struct newcomers *n, const struct address *from);

/* How many addresses are remembered, for tests. */
size_t newcomers_entries(struct newcomers *n);

#endif
