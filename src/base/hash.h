/* hash.h - SHA-256 for what is stored, and a short keyed hash for tables in memory. Both from libsodium. Any thread. */
#ifndef HUBBUB_BASE_HASH_H
#define HUBBUB_BASE_HASH_H

#include "base/span.h"

#include <stddef.h>
#include <stdint.h>

enum { HASH_BYTES = 32 };

void hash_sha256(struct span data, uint8_t out[HASH_BYTES]);

/* hash = SHA-256(hash || data): a running hash over a sequence, so that two histories can be compared by 32 bytes. */
void hash_chain(uint8_t hash[HASH_BYTES], struct span data);

enum { HASH_KEY_BYTES = 16 };

/* Sets the key of hash_short(). The server does so once with random bytes, on the main thread, before any table exists.
 * Without it the key is zero, so that tests and the simulation repeat. */
void hash_set_key(const uint8_t key[HASH_KEY_BYTES]);

/* SipHash-2-4 under that key. Clients choose names and addresses, and must not be able to choose them so that all fall
 * into one bucket. Never stored: it differs at each start. */
uint64_t hash_short(const void *p, size_t len);

#endif
