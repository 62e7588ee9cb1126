#include "base/hash.h"
#include "base/name_internal.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

/* How a key is made, word by word:
 *
 *     latin look -> NFKC -> upper case -> skeleton -> fold -> skeleton -> fold
 *
 * UTS #39 compares what is seen and knows nothing of case; we want both, so one key must stand for whole classes of
 * look-alikes and case pairs. Upper case comes first because most look-alikes of other scripts are capitals (Cyrillic
 * ТВНМК, Greek ΤΒΗΜΚ): their small forms look like nothing in Latin, and folding first would lose them. The second
 * skeleton is for small letters that look alike (m and rn).
 *
 * What upper case would lose in turn are small letters of which only the small form looks Latin (Greek ν and v,
 * Armenian ո and n). In a word that has Latin letters they are taken for what they look like, before anything else. A
 * word of one script keeps its own case pairs: merging ν with v and Ν with N as well would make all of "Ben" and "Bev"
 * one. */

enum {
    WIDE = 4096,          /* UTF-16 units; one character may become 18 (U+FDFA) */
    KEY_HEAD_BYTES = 128, /* of a key that is too long, kept in front of its digest */
    KEY_DIGEST_BYTES = 16
};

struct scratch {
    UChar a[WIDE], b[WIDE]; /* the steps write from one into the other */
    UChar key[WIDE];
    char utf8[3 * WIDE];
};

/* A step reads from[0..len), writes to[0..WIDE) and returns the new length. As all of ICU it does nothing after a
 * failure. */
typedef int32_t step(const struct name_rules *rules, const UChar *from, int32_t len, UChar *to, UErrorCode *status);

static int32_t to_nfkc(const struct name_rules *rules, const UChar *from, int32_t len, UChar *to, UErrorCode *status)
{
    return unorm2_normalize(rules->nfkc, from, len, to, WIDE, status);
}

static int32_t to_upper(const struct name_rules *rules, const UChar *from, int32_t len, UChar *to, UErrorCode *status)
{
    (void)rules;
    return u_strToUpper(to, WIDE, from, len, "", status); /* "": no language's own rules, such as Turkish ones */
}

static int32_t to_folded(const struct name_rules *rules, const UChar *from, int32_t len, UChar *to, UErrorCode *status)
{
    (void)rules;
    return u_strFoldCase(to, WIDE, from, len, U_FOLD_CASE_DEFAULT, status);
}

static int32_t to_skeleton(const struct name_rules *rules, const UChar *from, int32_t len, UChar *to,
                           UErrorCode *status)
{
    return uspoof_getSkeleton(rules->spoof, 0, from, len, to, WIDE, status);
}

static bool has_latin(const UChar *word, int32_t len, UErrorCode *status)
{
    for (int32_t i = 0; i < len;)
        if (uscript_getScript(name_next(word, &i), status) == USCRIPT_LATIN)
            return true;
    return false;
}

static bool is_ascii(const UChar *s, int32_t len)
{
    for (int32_t i = 0; i < len; i++)
        if (s[i] >= 0x80)
            return false;
    return true;
}

/* In a word with Latin letters, writes ASCII for each character that looks like it; other words are copied. */
static int32_t to_latin_look(const struct name_rules *rules, const UChar *from, int32_t len, UChar *to,
                             UErrorCode *status)
{
    bool latin = has_latin(from, len, status);
    int32_t to_len = 0;
    for (int32_t i = 0, next = 0; i < len && U_SUCCESS(*status); i = next) {
        U16_FWD_1(from, next, len);
        int32_t n = 0;
        if (latin && from[i] >= 0x80) {
            n = uspoof_getSkeleton(rules->spoof, 0, from + i, next - i, to + to_len, WIDE - to_len, status);
            if (U_SUCCESS(*status) && !is_ascii(to + to_len, n))
                n = 0;
        }
        if (n == 0) {
            n = next - i;
            if (to_len + n > WIDE)
                *status = U_BUFFER_OVERFLOW_ERROR;
            else
                u_memcpy(to + to_len, from + i, n);
        }
        to_len += n;
    }
    return to_len;
}

static step *const steps[] = {to_latin_look, to_nfkc, to_upper, to_skeleton, to_folded, to_skeleton, to_folded};
enum { STEPS = sizeof steps / sizeof *steps };

/* Takes the word in s->a through all steps; the result is in s->a or s->b. */
static const UChar *fold_word(const struct name_rules *rules, struct scratch *s, int32_t *len, UErrorCode *status)
{
    UChar *from = s->a, *to = s->b;
    for (size_t i = 0; i < STEPS; i++) {
        *len = steps[i](rules, from, *len, to, status);
        UChar *swap = from;
        from = to;
        to = swap;
    }
    return from;
}

/* What name_check lets pass although it shows nothing: selectors, joiners, and tags, which are surrogates here. */
static bool is_silent(const UChar *s, int32_t *i, int32_t len)
{
    const UChar c = s[*i];
    if (c == 0xDB40 && *i + 1 < len && s[*i + 1] >= 0xDC20 && s[*i + 1] <= 0xDC7F) {
        ++*i;
        return true;
    }
    return c == 0xFE0F || (c >= 0x200C && c <= 0x200F) || c == 0x061C;
}

/* A word of the name as UTF-16, without what shows nothing. */
static int32_t read_word(struct span word, UChar *to, UErrorCode *status)
{
    int32_t len = 0, kept = 0;
    u_strFromUTF8(to, WIDE, &len, word.p, (int32_t)word.len, status);
    for (int32_t i = 0; i < len && U_SUCCESS(*status); i++)
        if (!is_silent(to, &i, len))
            to[kept++] = to[i];
    return kept;
}

static enum err write_key(struct scratch *s, int32_t len, char key[NAME_KEY_BYTES], UErrorCode *status)
{
    int32_t bytes = 0;
    u_strToUTF8(s->utf8, sizeof s->utf8, &bytes, s->key, len, status);
    if (U_FAILURE(*status))
        return *status == U_MEMORY_ALLOCATION_ERROR ? ERR_MEMORY : ERR_INVALID;
    if (bytes == 0)
        return ERR_INVALID;
    struct span whole = {s->utf8, (size_t)bytes};
    if (whole.len < NAME_KEY_BYTES) {
        memcpy(key, whole.p, whole.len);
        key[whole.len] = 0;
        return OK;
    }
    uint8_t digest[HASH_BYTES];
    hash_sha256(whole, digest);
    struct span head = utf8_cut(whole, KEY_HEAD_BYTES);
    int at = snprintf(key, NAME_KEY_BYTES, "%.*s~", (int)head.len, head.p);
    for (int i = 0; i < KEY_DIGEST_BYTES; i++)
        at += snprintf(key + at, NAME_KEY_BYTES - (size_t)at, "%02x", digest[i]);
    return OK;
}

enum err name_fold(const struct name_rules *rules, struct span name, char key[NAME_KEY_BYTES])
{
    if (name.len == 0 || name.len >= NAME_BYTES || !utf8_check(name) || memchr(name.p, 0, name.len))
        return ERR_INVALID;
    struct scratch *s = malloc(sizeof *s); /* too much for the small stacks this runs on */
    if (!s)
        return ERR_MEMORY;
    UErrorCode status = U_ZERO_ERROR;
    int32_t len = 0;
    while (U_SUCCESS(status)) {
        const char *space = memchr(name.p, ' ', name.len);
        struct span word = {name.p, space ? (size_t)(space - name.p) : name.len};
        int32_t word_len = read_word(word, s->a, &status);
        const UChar *folded = fold_word(rules, s, &word_len, &status);
        if (U_SUCCESS(status) && len + word_len + 1 > WIDE)
            status = U_BUFFER_OVERFLOW_ERROR;
        if (U_FAILURE(status))
            break;
        u_memcpy(s->key + len, folded, word_len);
        len += word_len;
        if (!space)
            break;
        s->key[len++] = ' ';
        name.p += word.len + 1;
        name.len -= word.len + 1;
    }
    enum err e = write_key(s, len, key, &status);
    free(s);
    return e;
}

const char *name_key_version(void)
{
    return "1/" U_ICU_VERSION;
}
