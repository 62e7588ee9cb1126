#include "base/name.h"

#include "base/hash.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>
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
    TYPED_BYTES_MAX = 512, /* longer input is not even looked at; 64 characters decomposed fit */
    MARKS_MAX = 4,         /* UTS #39, 5.4: more nonspacing marks on one letter are no orthography */
    WIDE = 4096,           /* UTF-16 units; one character may become 18 (U+FDFA) */
    KEY_HEAD_BYTES = 128,  /* of a key that is too long, kept in front of its digest */
    KEY_DIGEST_BYTES = 16
};

static const char made_up_prefix[] = "guest-";
/* No vowels (so no words) and nothing that looks like another one (0 o, 1 i l, m rn). */
static const char made_up_alphabet[] = "23456789bcdfghjknpqrstvwxyz";
enum { MADE_UP_LETTERS = 10 };

struct name_rules {
    USpoofChecker *spoof;
    const UNormalizer2 *nfc, *nfkc; /* ICU's own, never closed */
    char made_up_key[NAME_KEY_BYTES];
};

struct scratch {
    UChar a[WIDE], b[WIDE]; /* the steps write from one into the other */
    UChar key[WIDE];
    char utf8[3 * WIDE];
};

enum err name_rules_open(struct name_rules **out)
{
    UErrorCode status = U_ZERO_ERROR;
    enum err e = OK;
    struct name_rules *r = calloc(1, sizeof *r);
    if (!r)
        return ERR_MEMORY;
    r->spoof = uspoof_open(&status);
    r->nfc = unorm2_getNFCInstance(&status);
    r->nfkc = unorm2_getNFKCInstance(&status);
    if (U_FAILURE(status))
        e = status == U_MEMORY_ALLOCATION_ERROR ? ERR_MEMORY : ERR_IO;
    if (!e)
        e = name_fold(r, span_of(made_up_prefix), r->made_up_key);
    if (e)
        name_rules_close(r);
    else
        *out = r;
    return e;
}

void name_rules_close(struct name_rules *rules)
{
    if (!rules)
        return;
    if (rules->spoof)
        uspoof_close(rules->spoof);
    free(rules);
}

/* The character at *i, which is moved behind it. The text is well-formed: it was valid UTF-8. */
static UChar32 next_character(const UChar *s, int32_t *i)
{
    UChar first = s[(*i)++];
    return U16_IS_LEAD(first) ? U16_GET_SUPPLEMENTARY(first, s[(*i)++]) : first;
}

/* Characters with a visible category that show nothing, or stand for something that is not there. */
static bool is_blank(UChar32 c)
{
    return c == 0x2800 || c == 0xFFFC || c == 0xFFFD || c == 0x1D159;
}

static bool is_visible(UChar32 c)
{
    switch (u_charType(c)) {
    case U_UNASSIGNED:
    case U_CONTROL_CHAR:
    case U_FORMAT_CHAR:
    case U_PRIVATE_USE_CHAR:
    case U_SURROGATE:
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR:
        return false;
    default:
        return !u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) && !is_blank(c);
    }
}

/* What phones put behind a symbol to have it in colour. */
static bool is_emoji_selector(UChar32 c, UChar32 before)
{
    return c == 0xFE0F && u_hasBinaryProperty(before, UCHAR_EXTENDED_PICTOGRAPHIC);
}

static bool is_nonspacing(UChar32 c)
{
    return U_GET_GC_MASK(c) & (U_GC_MN_MASK | U_GC_ME_MASK);
}

/* NULL when each character is one that a name may have, and none stands where it may not. */
static const char *fault_of_characters(const UChar *name, int32_t len)
{
    UChar32 c, before = ' ';
    int marks = 0;
    bool alphanumeric = false;
    for (int32_t i = 0; i < len; before = c) {
        c = next_character(name, &i);
        if (is_emoji_selector(c, before))
            continue;
        if (!is_visible(c))
            return "Names cannot contain invisible or control characters.";
        if (u_charType(c) == U_SPACE_SEPARATOR && (c != ' ' || before == ' '))
            return "Between the words of a name there is one plain space.";
        if (before == ' ' && U_GET_GC_MASK(c) & U_GC_M_MASK)
            return "An accent or another mark needs a letter in front of it.";
        marks = is_nonspacing(c) ? marks + 1 : 0;
        if (marks > MARKS_MAX)
            return "That is too many marks on one letter.";
        alphanumeric |= (bool)u_isalnum(c);
    }
    return alphanumeric ? NULL : "A name needs at least one letter or digit.";
}

static const char *fault_of_room(const UChar *name, int32_t len)
{
    bool digits_only = true;
    for (int32_t i = 0; i < len;) {
        UChar32 c = next_character(name, &i);
        if (c == '/' || c == '#')
            return "Room names cannot contain / or #.";
        digits_only &= (bool)u_isdigit(c);
    }
    return digits_only ? "A room name cannot be digits alone: rooms are also found by number." : NULL;
}

static bool is_of_account(UChar32 c)
{
    return c == '.' || c == '_' || c == '-' || u_isalnum(c) || U_GET_GC_MASK(c) & U_GC_M_MASK;
}

static const char *fault_of_account(const UChar *name, int32_t len)
{
    for (int32_t i = 0; i < len;)
        if (!is_of_account(next_character(name, &i)))
            return "A user name is made of letters, digits, dots, dashes and underscores.";
    return NULL;
}

size_t name_account_span(struct span text)
{
    size_t i = 0, end = 0;
    while (i < text.len) {
        UChar32 c;
        U8_NEXT_UNSAFE(text.p, i, c);
        if (!is_of_account(c))
            break;
        end = i;
    }
    return end;
}

struct kind {
    int32_t max_characters;
    const char *length_fault;
    const char *(*fault)(const UChar *name, int32_t len); /* rules of this kind alone, or NULL */
};

static const struct kind user_kind = {NAME_USER_MAX, "A name has 1 to 32 characters.", NULL};
static const struct kind account_kind = {NAME_USER_MAX, "A user name has 1 to 32 characters.", fault_of_account};
static const struct kind place_kind = {NAME_ROOM_MAX, "The name of a place has 1 to 64 characters.", NULL};
static const struct kind room_kind = {NAME_ROOM_MAX, "A room name has 1 to 64 characters.", fault_of_room};

/* NULL when the name is fine and written to out. */
static const char *fault_of(const struct name_rules *rules, const struct kind *kind, struct span typed, char *out)
{
    UChar wide[TYPED_BYTES_MAX], name[TYPED_BYTES_MAX];
    UErrorCode status = U_ZERO_ERROR;
    int32_t len;
    if (!utf8_check(typed))
        return "That is not valid UTF-8.";
    typed = utf8_trim(typed);
    if (typed.len == 0 || typed.len > TYPED_BYTES_MAX)
        return kind->length_fault;
    u_strFromUTF8(wide, TYPED_BYTES_MAX, &len, typed.p, (int32_t)typed.len, &status);
    len = unorm2_normalize(rules->nfc, wide, len, name, TYPED_BYTES_MAX, &status);
    if (U_FAILURE(status) || u_strHasMoreChar32Than(name, len, kind->max_characters))
        return kind->length_fault;
    const char *fault = fault_of_characters(name, len);
    if (!fault && kind->fault)
        fault = kind->fault(name, len);
    if (!fault) {
        u_strToUTF8(out, NAME_BYTES, NULL, name, len, &status);
        assert(U_SUCCESS(status) && "64 characters of at most 4 bytes fit");
    }
    return fault;
}

static enum err check(const struct name_rules *rules, const struct kind *kind, struct span typed, char *out,
                      const char **why)
{
    const char *fault = fault_of(rules, kind, typed, out);
    if (fault && why)
        *why = fault;
    return fault ? ERR_INVALID : OK;
}

enum err name_check_user(const struct name_rules *rules, struct span typed, char out[NAME_BYTES], const char **why)
{
    return check(rules, &user_kind, typed, out, why);
}

enum err name_check_account(const struct name_rules *rules, struct span typed, char out[NAME_BYTES], const char **why)
{
    return check(rules, &account_kind, typed, out, why);
}

enum err name_check_place(const struct name_rules *rules, struct span typed, char out[NAME_BYTES], const char **why)
{
    return check(rules, &place_kind, typed, out, why);
}

enum err name_check_room(const struct name_rules *rules, struct span typed, char out[NAME_BYTES], const char **why)
{
    return check(rules, &room_kind, typed, out, why);
}

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
        if (uscript_getScript(next_character(word, &i), status) == USCRIPT_LATIN)
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

/* A word of the name as UTF-16, without the selectors that name_check lets pass. */
static int32_t read_word(struct span word, UChar *to, UErrorCode *status)
{
    int32_t len = 0, kept = 0;
    u_strFromUTF8(to, WIDE, &len, word.p, (int32_t)word.len, status);
    for (int32_t i = 0; i < len && U_SUCCESS(*status); i++)
        if (to[i] != 0xFE0F)
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

bool name_is_made_up(const struct name_rules *rules, struct span name)
{
    char key[NAME_KEY_BYTES];
    return !name_fold(rules, name, key) && strncmp(key, rules->made_up_key, strlen(rules->made_up_key)) == 0;
}

void name_make_up(const uint8_t random[8], char out[NAME_BYTES])
{
    uint64_t number = 0;
    for (int i = 7; i >= 0; i--)
        number = number << 8 | random[i];
    const size_t letters = sizeof made_up_alphabet - 1;
    char *p = stpcpy(out, made_up_prefix);
    for (int i = 0; i < MADE_UP_LETTERS; i++) {
        *p++ = made_up_alphabet[number % letters]; /* 27^10 is so far below 2^64 that the bias is one in 90,000 */
        number /= letters;
    }
    *p = 0;
}
