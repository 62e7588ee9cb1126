#include "base/secret.h"

#include "base/file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

static const int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

enum err secret_init(void)
{
    return sodium_init() < 0 ? ERR_IO : OK;
}

enum err secret_make(const char *path, uint8_t key[SECRET_BYTES])
{
    randombytes_buf(key, SECRET_BYTES);
    return file_replace(path, (struct span){(const char *)key, SECRET_BYTES});
}

enum err secret_load(const char *path, uint8_t key[SECRET_BYTES])
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
    enum err e = ERR_CORRUPT;
    if (fstat(fd, &st) == 0 && st.st_size == SECRET_BYTES && read(fd, key, SECRET_BYTES) == SECRET_BYTES)
        e = OK;
    close(fd);
    return e;
}

void secret_mac(const uint8_t key[SECRET_BYTES], struct span text, char mac[SECRET_MAC_TEXT_BYTES])
{
    unsigned char code[crypto_auth_BYTES];
    crypto_auth(code, (const unsigned char *)text.p, text.len, key);
    sodium_bin2base64(mac, SECRET_MAC_TEXT_BYTES, code, sizeof code, variant);
}

bool secret_mac_matches(const uint8_t key[SECRET_BYTES], struct span text, struct span mac)
{
    unsigned char code[crypto_auth_BYTES];
    size_t len;
    return secret_unbase64(mac, code, sizeof code, &len) && len == sizeof code &&
           crypto_auth_verify(code, (const unsigned char *)text.p, text.len, key) == 0;
}

bool secret_equal(struct span a, struct span b)
{
    return a.len == b.len && sodium_memcmp(a.p, b.p, a.len) == 0;
}

void secret_wipe(void *p, size_t len)
{
    sodium_memzero(p, len);
}

static_assert((int)SECRET_PASSWORD_BYTES > (int)crypto_pwhash_STRBYTES, "a hash as libsodium writes it fits");

enum err secret_hash_password(struct span password, char out[SECRET_PASSWORD_BYTES])
{
    return crypto_pwhash_str(out, password.len ? password.p : "", password.len, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                             crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0
               ? OK
               : ERR_MEMORY; /* the only way in which it fails */
}

enum err secret_check_password(const char *hash, struct span password)
{
    errno = 0;
    if (crypto_pwhash_str_verify(hash, password.len ? password.p : "", password.len) == 0)
        return OK;
    return errno == ENOMEM ? ERR_MEMORY : ERR_WRONG_PASSWORD; /* nobody's password is wrong for want of memory */
}

bool secret_base64(struct span bytes, char *out, size_t size)
{
    if (sodium_base64_encoded_len(bytes.len, variant) > size)
        return false;
    sodium_bin2base64(out, size, (const unsigned char *)bytes.p, bytes.len, variant);
    return true;
}

bool secret_unbase64(struct span text, uint8_t *out, size_t size, size_t *len)
{
    const char *end;
    if (sodium_base642bin(out, size, text.p, text.len, NULL, len, &end, variant) != 0)
        return false;
    return (size_t)(end - text.p) == text.len; /* nothing is added to text.p, which may be NULL */
}
