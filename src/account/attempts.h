/* attempts.h - how fast passwords can be guessed.
 *
 * Wrong guesses are counted for three things: for an account from one address (a *pair*), for the account from
 * anywhere, and for the address whatever the account. The first few of each are free; then one has to wait before the
 * next guess is looked at, a second, two, four, up to a limit. What has to wait is refused without being looked at, and
 * does not count. Half an hour takes one wrong guess back.
 *
 *     pair      5 free, then up to 15 minutes: somebody who has forgotten a password, or tries one
 *     account  20 free, then up to 1 minute:   many addresses that try one account
 *     address  20 free, then up to 15 minutes: one address that tries many accounts
 *
 * The account's count must not become a way to lock its owner out: whoever keeps guessing it from many addresses would
 * keep it waiting. So it holds only for strangers. A pair is *known* once the right password has come from it, or when
 * the account has a session from that address; of a known pair only its own guesses count. So the owner signs in from
 * where they have been before, whatever is tried elsewhere; sessions are not touched by any of this; and from a new
 * address, during an attack, a one-time link of an admin helps, as using it makes the address known. What somebody at
 * the owner's own address does costs the owner at most 15 minutes. For the same reason the address's count does not
 * hold for known pairs: in a school, one child's guesses keep nobody out who has been in before.
 *
 * Guesses that come at the same time are counted while they are looked at, or many at once would be one; but only where
 * one has been wrong already, so that a class can sign in together. Right or wrong, of one pair 2 are looked at at once,
 * and of one account 4 (known pairs apart): each takes a slow hash, and others wait for theirs.
 *
 * An IPv6 address counts as the /64 that it is in, as one machine can have all of those. The account is the folded
 * name, whether there is one or not, so that nothing here tells. The table is bounded: beyond ATTEMPTS_MAX entries the
 * one that was used last the longest ago is forgotten; whoever wants that has to guess a third as often as there are
 * entries, each guess a slow hash. Nothing is stored: a restart forgets all. Any thread; one mutex, held for look-ups.
 */
#ifndef HUBBUB_ACCOUNT_ATTEMPTS_H
#define HUBBUB_ACCOUNT_ATTEMPTS_H

#include "base/env.h"
#include "base/err.h"
#include "base/metrics.h"
#include "base/span.h"

enum {
    ATTEMPTS_MAX = 65536,
    ATTEMPTS_FREE_PAIR = 5,
    ATTEMPTS_FREE_ACCOUNT = 20,
    ATTEMPTS_FREE_ADDRESS = 20,
    ATTEMPTS_AT_ONCE_PAIR = 2,
    ATTEMPTS_AT_ONCE_ACCOUNT = 4,
    ATTEMPTS_FORGET_MS = 30 * 60 * 1000,
};

struct attempts;

/* Both borrowed. NULL: no memory. */
struct attempts *attempts_new(const struct env *env, struct metrics *metrics);
void attempts_free(struct attempts *a); /* NULL does nothing */

enum { ATTEMPT_KEY_BYTES = 16, ATTEMPT_COUNTS = 3 };

/* A guess that is being looked at. */
struct attempt {
    uint8_t keys[ATTEMPT_COUNTS][ATTEMPT_KEY_BYTES];
    int count; /* of the keys: 1 for a known pair */
};

enum attempt_end {
    ATTEMPT_WRONG,
    ATTEMPT_RIGHT,
    ATTEMPT_UNSEEN, /* nobody knows: the server had too much to do, or half of the answer is missing */
};

/* Before a guess is looked at. `account`: the fold; `address` as text, "" where there is none (then only the account
 * and the pair count); `known`: the account has a session from there. OK: attempts_end() has to follow.
 * ERR_RATE_LIMITED with *retry_after_ms, counted in logins_rate_limited_total. */
enum err attempts_begin(struct attempts *a, struct span account, struct span address, bool known, struct attempt *out,
                        int64_t *retry_after_ms);
void attempts_end(struct attempts *a, const struct attempt *attempt, enum attempt_end how);

/* Makes a pair known: its owner has shown otherwise who they are. */
void attempts_trust(struct attempts *a, struct span account, struct span address);

/* Whether two addresses, as text, count as the same one. */
bool attempts_same_address(struct span a, struct span b);

#endif
