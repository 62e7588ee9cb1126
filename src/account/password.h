/* password.h - passwords: which are good enough, and the slow hash, on threads of its own.
 *
 * Argon2id through libsodium (crypto_pwhash_str, interactive limits: 64 MiB and about 70 ms each). The pool has so few
 * threads that all of them together take less than half a GiB, and a bounded queue; a wave of sign-ins waits there, on
 * its HTTP workers, and beyond PASSWORD_WAITING_MAX of them is refused, so that workers are left for everybody else.
 *
 * The pool is shared fairly between addresses (attempts_same_address()). One address has at most PASSWORD_PER_ADDRESS
 * hashes in it. The next one that is hashed is of the address that has the fewest at work, so one sign-in from elsewhere
 * waits for one hash, not for a queue. When the queue is full, who comes from an address with fewer takes the place of
 * the newest one of the address with the most. How many there may be for one account: attempts.h. */
#ifndef HUBBUB_ACCOUNT_PASSWORD_H
#define HUBBUB_ACCOUNT_PASSWORD_H

#include "base/err.h"
#include "base/metrics.h"
#include "base/span.h"

enum {
    PASSWORD_MIN = 10, /* characters */
    PASSWORD_MAX_BYTES = 1024,
    PASSWORD_HASH_BYTES = 129,
    PASSWORD_WAITING_MAX = 8,
    PASSWORD_PER_ADDRESS = 6,
    PASSWORD_THREADS_MAX = 7,
};

struct password_pool;

/* threads 1 to PASSWORD_THREADS_MAX. ERR_MEMORY. */
enum err password_pool_start(int threads, struct metrics *metrics, struct password_pool **out);
void password_pool_stop(struct password_pool *p); /* after HTTP has stopped. NULL does nothing */

/* What is typed is taken in its one form (base/opaque.h), here and below.
 *
 * The rules: at least 10 characters, valid UTF-8 without control characters, not the user name, not one of the 10,000 most common ones (nor of as
 * many further ones as the list has). ERR_INVALID with *why. Any thread. */
enum err password_check(struct span password, struct span user_name, const char **why);

/* Both wait; the texts are borrowed meanwhile. `address`: who asks, as text; empty: nobody in particular, without a
 * limit. ERR_OVERLOADED: too many wait already, of this address or in all; ERR_MEMORY. */
enum err password_hash(struct password_pool *p, struct span address, struct span password,
                       char out[PASSWORD_HASH_BYTES]);
/* ERR_WRONG_PASSWORD. `hash` empty: nobody's password; takes the same time and is wrong. *is_old (NULL: of no interest):
 * the hash is of the bytes as they were typed, from before there was the one form, and should be made anew. */
enum err password_verify(struct password_pool *p, struct span address, struct span password, struct span hash,
                         bool *is_old);

#endif
