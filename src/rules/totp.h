/* totp.h - the second factor: codes of six digits out of a shared secret and the time (RFC 6238, with SHA-1 and steps
 * of 30 s, which is what every authenticator app does). liboath inside. Pure: any thread. */
#ifndef HUBBUB_RULES_TOTP_H
#define HUBBUB_RULES_TOTP_H

#include "base/buf.h"
#include "base/span.h"

#include <stdint.h>

enum {
    TOTP_STEP_S = 30,
    TOTP_DIGITS = 6,
    TOTP_SECRET_BYTES = 20, /* of a new one: as long as SHA-1's result (RFC 4226, 4) */
    TOTP_SECRET_TEXT_BYTES = 33,
};

/* The time step whose code this is: the one of now, or one to either side, as clocks differ and people type; -1: of
 * none of them. White space in the code does not count. */
int64_t totp_step(struct span secret, struct span code, int64_t now_s);

/* The time step of now, and the latest one whose code is good now. */
int64_t totp_step_of(int64_t now_s);
int64_t totp_latest_step(int64_t now_s);

/* Whether a text is six digits, but for white space: a code of an app, right or wrong. */
bool totp_is_code(struct span text);

/* The secret in base32 without padding, as apps take it. `secret` has TOTP_SECRET_BYTES. False: no memory. */
bool totp_write_secret(const uint8_t secret[TOTP_SECRET_BYTES], char out[TOTP_SECRET_TEXT_BYTES]);

/* The other way round; case and spaces do not count. False: it is no such secret. */
bool totp_read_secret(struct span text, uint8_t out[TOTP_SECRET_BYTES]);

/* Appends otpauth://totp/ISSUER:ACCOUNT?secret=...&issuer=ISSUER, which apps read from a QR code. */
void totp_write_uri(struct buf *out, struct span secret_text, struct span issuer, struct span account);

#endif
