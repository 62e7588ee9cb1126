#include "rules/totp.h"

#include "base/secret.h"

#include <ctype.h>
#include <liboath/oath.h>
#include <stdlib.h>

/* Takes white space out. False: what is left does not fit. */
static bool squeeze(struct span text, char *out, size_t size, size_t *len)
{
    *len = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (isspace((unsigned char)text.p[i]))
            continue;
        if (*len == size)
            return false;
        out[(*len)++] = text.p[i];
    }
    return true;
}

static bool read_code(struct span text, char digits[TOTP_DIGITS])
{
    size_t len;
    if (!squeeze(text, digits, TOTP_DIGITS, &len) || len != TOTP_DIGITS)
        return false;
    for (size_t i = 0; i < len; i++)
        if (digits[i] < '0' || digits[i] > '9')
            return false;
    return true;
}

bool totp_is_code(struct span text)
{
    char digits[TOTP_DIGITS];
    return read_code(text, digits);
}

int64_t totp_step_of(int64_t now_s)
{
    return now_s / TOTP_STEP_S;
}

int64_t totp_latest_step(int64_t now_s)
{
    return totp_step_of(now_s) + 1;
}

int64_t totp_step(struct span secret, struct span code, int64_t now_s)
{
    char typed[TOTP_DIGITS], right[TOTP_DIGITS + 1];
    const int64_t now = totp_step_of(now_s), latest = totp_latest_step(now_s);
    int64_t found = -1;
    if (!read_code(code, typed) || secret.len == 0 || oath_init() != OATH_OK) /* which does nothing the second time */
        return -1;
    for (int64_t step = now > 0 ? now - 1 : 0; step <= latest; step++) {
        /* HOTP of the step's number: that is all that TOTP is (RFC 6238, 4.2). */
        if (oath_hotp_generate(secret.p, secret.len, (uint64_t)step, TOTP_DIGITS, false, OATH_HOTP_DYNAMIC_TRUNCATION,
                               right) != OATH_OK)
            return -1;
        if (secret_equal((struct span){typed, TOTP_DIGITS}, (struct span){right, TOTP_DIGITS}))
            found = step;
    }
    secret_wipe(right, sizeof right);
    return found;
}

bool totp_write_secret(const uint8_t secret[TOTP_SECRET_BYTES], char out[TOTP_SECRET_TEXT_BYTES])
{
    char *text;
    size_t len;
    if (oath_base32_encode((const char *)secret, TOTP_SECRET_BYTES, &text, &len) != OATH_OK)
        return false;
    const bool fits = len < TOTP_SECRET_TEXT_BYTES; /* 20 bytes make 32 letters, and no padding */
    if (fits)
        memcpy(out, text, len + 1);
    secret_wipe(text, len);
    free(text);
    return fits;
}

bool totp_read_secret(struct span text, uint8_t out[TOTP_SECRET_BYTES])
{
    char squeezed[TOTP_SECRET_TEXT_BYTES - 1], *bytes = NULL;
    size_t len, bytes_len = 0;
    if (!squeeze(text, squeezed, sizeof squeezed, &len) || oath_base32_decode(squeezed, len, &bytes, &bytes_len))
        return false;
    const bool is_secret = bytes_len == TOTP_SECRET_BYTES;
    if (is_secret)
        memcpy(out, bytes, TOTP_SECRET_BYTES);
    secret_wipe(bytes, bytes_len);
    secret_wipe(squeezed, sizeof squeezed);
    free(bytes);
    return is_secret;
}

/* All but RFC 3986's unreserved characters as %XX: also the colon, which divides issuer and account. */
static void add_encoded(struct buf *out, struct span text)
{
    for (size_t i = 0; i < text.len; i++) {
        const unsigned char c = (unsigned char)text.p[i];
        if (c < 0x80 && (isalnum(c) || memchr("-._~", c, 4)))
            buf_add_char(out, (char)c);
        else
            buf_printf(out, "%%%02X", c);
    }
}

void totp_write_uri(struct buf *out, struct span secret_text, struct span issuer, struct span account)
{
    buf_add_str(out, "otpauth://totp/");
    add_encoded(out, issuer);
    buf_add_char(out, ':');
    add_encoded(out, account);
    buf_add_str(out, "?secret=");
    add_encoded(out, secret_text);
    buf_add_str(out, "&issuer=");
    add_encoded(out, issuer);
}
