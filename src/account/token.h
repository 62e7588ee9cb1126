/* token.h - random texts that open something: a session's cookie, a program's access token, the code of an invitation
 * or of a reset. 256 random bits in base64url behind a prefix that says what it is; kept as the SHA-256 of the whole
 * text, prefix included, so that the database opens nothing. Any thread. */
#ifndef HUBBUB_ACCOUNT_TOKEN_H
#define HUBBUB_ACCOUNT_TOKEN_H

#include "base/env.h"
#include "base/hash.h"
#include "base/span.h"

#define TOKEN_ACCESS  "hubbub_"
#define TOKEN_SESSION "hubbubs_"
#define TOKEN_CODE    "" /* of a link: the page's address says what it is */

enum { TOKEN_BYTES = 64 }; /* room for any of them with its NUL */

/* Makes a new one and what is kept of it. */
void token_make(const struct env *env, const char *prefix, char text[TOKEN_BYTES], uint8_t hash[HASH_BYTES]);

/* What is kept of a text that somebody brought. False: it cannot be one of this kind, and need not be looked for. */
bool token_hash(const char *prefix, struct span text, uint8_t hash[HASH_BYTES]);

#endif
