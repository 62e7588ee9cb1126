/* secret.h - the server's secret key, and what is done with it: codes that show that a text came from here; and how
 * secrets in general are compared and wiped. libsodium inside. Any thread. */
#ifndef HUBBUB_BASE_SECRET_H
#define HUBBUB_BASE_SECRET_H

#include "base/err.h"
#include "base/span.h"

#include <stdint.h>

enum { SECRET_BYTES = 32, SECRET_MAC_TEXT_BYTES = 44 /* base64url without padding, and NUL */ };

/* Once, before anything else here and before env_system()'s randomness. ERR_IO. */
enum err secret_init(void);

/* Reads the key from the file. ERR_NOT_FOUND: there is none; ERR_IO (see errno); ERR_CORRUPT: not a key. */
enum err secret_load(const char *path, uint8_t key[SECRET_BYTES]);

/* Makes a random key and the file with it, whole or not at all (see file.h). ERR_IO (see errno). */
enum err secret_make(const char *path, uint8_t key[SECRET_BYTES]);

/* The code of a text (HMAC-SHA-512-256), as base64url. */
void secret_mac(const uint8_t key[SECRET_BYTES], struct span text, char mac[SECRET_MAC_TEXT_BYTES]);

/* Whether mac is the code of this text; takes the same time whatever differs. */
bool secret_mac_matches(const uint8_t key[SECRET_BYTES], struct span text, struct span mac);

/* Whether two secrets are the same; takes the same time whatever differs, but for their lengths. */
bool secret_equal(struct span a, struct span b);

/* Overwrites what is not needed any more, which no compiler takes out. p may be NULL when len is 0. */
void secret_wipe(void *p, size_t len);

enum { SECRET_PASSWORD_BYTES = 129 };

/* The slow hash of a password: Argon2id, with a salt of its own, at libsodium's interactive limits (64 MiB, about
 * 70 ms), as a NUL-terminated text that says all that comparing needs. ERR_MEMORY. */
enum err secret_hash_password(struct span password, char out[SECRET_PASSWORD_BYTES]);

/* Whether it is the one that was hashed; takes as long. ERR_WRONG_PASSWORD, also when `hash` is no such text;
 * ERR_MEMORY. */
enum err secret_check_password(const char *hash, struct span password);

/* base64url without padding, NUL-terminated; false when it does not fit. */
bool secret_base64(struct span bytes, char *out, size_t size);
bool secret_unbase64(struct span text, uint8_t *out, size_t size, size_t *len);

#endif
