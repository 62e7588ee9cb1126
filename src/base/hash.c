#include "base/hash.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

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

static_assert((int)HASH_KEY_BYTES == (int)crypto_shorthash_KEYBYTES && crypto_shorthash_BYTES == sizeof(uint64_t),
              "the sizes of libsodium's SipHash-2-4");

static uint8_t short_key[HASH_KEY_BYTES];

void hash_set_key(const uint8_t key[HASH_KEY_BYTES])
{
    memcpy(short_key, key, sizeof short_key);
}

uint64_t hash_short(const void *p, size_t len)
{
    uint64_t hash;
    crypto_shorthash((unsigned char *)&hash, p, len, short_key);
    return hash;
}
