/* name_internal.h - what name.c and name_fold.c share. */
#ifndef HUBBUB_BASE_NAME_INTERNAL_H
#define HUBBUB_BASE_NAME_INTERNAL_H

#include "base/name.h"

#include <unicode/unorm2.h>
#include <unicode/uspoof.h>
#include <unicode/utf16.h>

struct name_rules {
    USpoofChecker *spoof;
    const UNormalizer2 *nfc, *nfkc; /* ICU's own, never closed */
    char made_up_key[NAME_KEY_BYTES];
};

/* The character at *i, which is moved behind it. The text is well-formed: it was valid UTF-8. */
static inline UChar32 name_next(const UChar *s, int32_t *i)
{
    UChar first = s[(*i)++];
    return U16_IS_LEAD(first) ? U16_GET_SUPPLEMENTARY(first, s[(*i)++]) : first;
}

#endif
