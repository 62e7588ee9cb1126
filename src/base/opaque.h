/* opaque.h - passwords in the one form in which they are compared, however a keyboard or a system wrote them down: the
 * profile OpaqueString of RFC 8265 (any space is U+0020; case and spaces at the ends stay), but with NFKC in place of
 * NFC, which also takes full-width digits for digits. Any thread. */
#ifndef HUBBUB_BASE_OPAQUE_H
#define HUBBUB_BASE_OPAQUE_H

#include "base/buf.h"
#include "base/err.h"

enum { OPAQUE_MAX_BYTES = 1024 };

/* Appends the form of what was typed; wipe it after use. ERR_INVALID: not valid UTF-8, or longer than
 * OPAQUE_MAX_BYTES; ERR_MEMORY. */
enum err opaque_prepare(struct span typed, struct buf *out);

#endif
