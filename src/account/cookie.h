/* cookie.h - the signed cookie by which a guest is known again.
 *
 * The value is `v2.ID.NAME.NUMBER.ISSUED.MAC`: user id, name in base64url, which of the guest's cookies are good, seconds,
 * and HMAC-SHA-512-256 over what stands before it with the server's secret. It is good for GUEST_COOKIE_DAYS, or until the
 * guest forgets it, wherever else it may be kept. Any thread.
 *
 * (A signed-in browser's cookie is not signed: it is a random text, see token.h.) */
#ifndef HUBBUB_ACCOUNT_COOKIE_H
#define HUBBUB_ACCOUNT_COOKIE_H

#include "base/err.h"
#include "base/name.h"
#include "base/secret.h"

enum { GUEST_COOKIE_MAX_BYTES = 512, GUEST_COOKIE_DAYS = 365 };

struct guest {
    int64_t id, number; /* number: against the one in the database, which guest_enter() looks at */
    char name[NAME_BYTES];
    char cookie[GUEST_COOKIE_MAX_BYTES + 1]; /* the value of a fresh cookie for it */
};

/* Writes the value of a fresh cookie into g->cookie, from the rest of it. ERR_INVALID: the name is too long. */
enum err guest_cookie_write(const uint8_t secret[SECRET_BYTES], int64_t now_s, struct guest *g);

/* Checks the value of a cookie, all but its number, and fills all but out->cookie. ERR_UNAUTHORIZED: not ours, damaged, too
 * old, or made with another secret. */
enum err guest_cookie_read(const uint8_t secret[SECRET_BYTES], int64_t now_s, struct span cookie, struct guest *out);

#endif
