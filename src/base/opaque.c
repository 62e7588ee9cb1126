#include "base/opaque.h"

#include "base/secret.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

/* UTF-16 units. One character of three bytes becomes 18 units at most (U+FDFA), each of three bytes at most. */
enum { TYPED = OPAQUE_MAX_BYTES, FORM = TYPED / 3 * 18 + 18, FORM_BYTES = FORM * 3 };

struct scratch {
    UChar typed[TYPED], form[FORM];
    char utf8[FORM_BYTES];
};

/* All spaces are in the Basic Multilingual Plane, so each is one unit. */
static void map_spaces(UChar *text, int32_t len)
{
    for (int32_t i = 0; i < len; i++)
        if (u_charType(text[i]) == U_SPACE_SEPARATOR)
            text[i] = ' ';
}

static enum err prepare(struct span typed, struct scratch *s, struct buf *out)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t len = 0;
    const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&status);
    u_strFromUTF8(s->typed, TYPED, &len, typed.p, (int32_t)typed.len, &status);
    if (U_SUCCESS(status))
        map_spaces(s->typed, len);
    len = unorm2_normalize(nfkc, s->typed, len, s->form, FORM, &status);
    u_strToUTF8(s->utf8, FORM_BYTES, &len, s->form, len, &status);
    if (U_FAILURE(status))
        return ERR_MEMORY; /* there is room for every text, and ICU's data is loaded */
    buf_add(out, s->utf8, (size_t)len);
    return out->failed ? ERR_MEMORY : OK;
}

enum err opaque_prepare(struct span typed, struct buf *out)
{
    if (typed.len > OPAQUE_MAX_BYTES || !utf8_check(typed))
        return ERR_INVALID;
    struct scratch *s = malloc(sizeof *s);
    if (!s)
        return ERR_MEMORY;
    enum err e = prepare(typed, s, out);
    secret_wipe(s, sizeof *s);
    free(s);
    return e;
}
