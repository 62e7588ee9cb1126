#include "base/hash.h"

#include <sodium.h>

void hash_sha256(struct span data, uint8_t out[HASH_BYTES])
{
    crypto_hash_sha256(out, (const unsigned char *)data.p, data.len);
}

void hash_chain(uint8_t hash[HASH_BYTES], struct span data)
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, hash, HASH_BYTES);
    crypto_hash_sha256_update(&state, (const unsigned char *)data.p, data.len);
    crypto_hash_sha256_final(&state, hash);
}
