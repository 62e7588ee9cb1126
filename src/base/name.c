/* What a name may look like, and names that are made up. What stands for all that look alike is in name_fold.c. */
#include "base/name.h"

#include "base/name_internal.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>

enum {
    TYPED_BYTES_MAX = 512, /* longer input is not even looked at; 64 characters decomposed fit */
    MARKS_MAX = 4,         /* UTS #39, 5.4: more nonspacing marks on one letter are no orthography */
};

static const char made_up_prefix[] = "guest-";
/* No vowels (so no words) and nothing that looks like another one (0 o, 1 i l, m rn). */
static const char made_up_alphabet[] = "23456789bcdfghjknpqrstvwxyz";
enum { MADE_UP_LETTERS = 10 };

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
        c = name_next(name, &i);
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
        UChar32 c = name_next(name, &i);
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
        if (!is_of_account(name_next(name, &i)))
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
