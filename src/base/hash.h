/* hash.h - SHA-256, from libsodium. Any thread. */
#ifndef HUBBUB_BASE_HASH_H
#define HUBBUB_BASE_HASH_H

#include "base/span.h"

#include <stdint.h>

enum { HASH_BYTES = 32 };

void hash_sha256(struct span data, uint8_t out[HASH_BYTES]);

/* hash = SHA-256(hash || data): a running hash over a sequence, so that two histories can be compared by 32 bytes. */
void hash_chain(uint8_t hash[HASH_BYTES], struct span data);

#endif
