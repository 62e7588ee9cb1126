#include "account/token.h"

#include "base/secret.h"

enum { RANDOM_BYTES = 32, RANDOM_TEXT = 43 };

void token_make(const struct env *env, const char *prefix, char text[TOKEN_BYTES], uint8_t hash[HASH_BYTES])
{
    uint8_t random[RANDOM_BYTES];
    const size_t len = strlen(prefix);
    env_random(env, random, sizeof random);
    memcpy(text, prefix, len);
    secret_base64((struct span){(const char *)random, sizeof random}, text + len, TOKEN_BYTES - len);
    hash_sha256(span_of(text), hash);
    secret_wipe(random, sizeof random);
}

bool token_hash(const char *prefix, struct span text, uint8_t hash[HASH_BYTES])
{
    const size_t len = strlen(prefix);
    if (text.len != len + RANDOM_TEXT || memcmp(text.p, prefix, len) != 0)
        return false;
    hash_sha256(text, hash);
    return true;
}
