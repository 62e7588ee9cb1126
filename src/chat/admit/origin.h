/* origin.h - what the people without an account who share an address can do together.
 *
 * Such a person is somebody new with each connection, so limits for each person hold nobody back. So whatever they do is
 * counted for their address as well: for an IPv4 address, or the /64 of an IPv6 address, which one machine can have all
 * of. Accounts are not counted, except when they are made.
 *
 * An origin is one such address: a token bucket for each thing that is counted. It exists while somebody holds it, and
 * until its buckets are full again. The table is bounded: beyond ORIGINS_MAX that nobody holds, the one that was used
 * last the longest ago is forgotten, as if its buckets were full. Nothing is stored. Any thread: the table has a mutex,
 * held for a look-up, and the buckets are atomics. */
#ifndef HUBBUB_CHAT_ADMIT_ORIGIN_H
#define HUBBUB_CHAT_ADMIT_ORIGIN_H

#include "base/env.h"
#include "base/err.h"
#include "base/metrics.h"

#include <stddef.h>

enum { ORIGIN_BLOCK_BYTES = 16, ORIGINS_MAX = 16384 };

struct origin;
struct origins;
struct chat_settings;

enum origin_what {
    ORIGIN_NEWCOMERS, /* accounts and guests that are made, visitors who write something */
    ORIGIN_NAMES,     /* names that people without an account ask for, whether they get them or not */
    ORIGIN_REQUESTS,  /* of any kind, on live connections */
    ORIGIN_MESSAGES,  /* and whatever else goes through the log */
    ORIGIN_BYTES,     /* of these messages */
    ORIGIN_TYPING,
    ORIGIN_READS, /* pages of history, and lists */
    ORIGIN_DRAWN, /* bytes that were sent of the past: replays, pages of history, lists */
    ORIGIN_WHATS
};

/* per_min and burst are those of newcomers (0 a minute: no limit); the rest follows from the settings, which are not
 * kept. env and metrics are borrowed. NULL: no memory. */
struct origins *origins_new(const struct env *env, struct metrics *metrics, const struct chat_settings *settings,
                            int64_t newcomers_per_min, int64_t newcomers_burst);
void origins_free(struct origins *o); /* when nobody holds an origin any more; NULL does nothing */

/* Holds the origin of a block, as address_block() gives it, until origin_leave(). NULL: no memory. */
struct origin *origin_enter(struct origins *all, const uint8_t block[ORIGIN_BLOCK_BYTES]);
void origin_leave(struct origin *o); /* NULL does nothing */

/* Takes n tokens. ERR_RATE_LIMITED with *retry_after_ms and *why, a sentence for people; counted. More than a bucket can
 * hold are given when it is full, and the next ones take the longer to come. n 0 asks whether the bucket is overdrawn.
 * NULL is an origin without limits, here and below. */
enum err origin_take(struct origin *o, enum origin_what what, int64_t n, int64_t *retry_after_ms, const char **why);

/* What was taken came to nothing. */
void origin_give_back(struct origin *o, enum origin_what what, int64_t n);

/* Takes n tokens, whether they are there or not: what is known only afterwards. */
void origin_spend(struct origin *o, enum origin_what what, int64_t n);

/* For one call: origin_take() or origin_give_back() between origin_enter() and origin_leave(). Also ERR_MEMORY. */
enum err origins_take(struct origins *all, const uint8_t block[ORIGIN_BLOCK_BYTES], enum origin_what what,
                      int64_t *retry_after_ms, const char **why);
void origins_give_back(struct origins *all, const uint8_t block[ORIGIN_BLOCK_BYTES], enum origin_what what);

#endif
