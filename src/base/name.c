/* What a name may look like, and names that are made up. What stands for all that look alike is in name_fold.c. */
#include "base/name.h"

#include "base/name_internal.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
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

enum { ZWNJ = 0x200C, ZWJ = 0x200D, SELECTOR = 0xFE0F, KEYCAP = 0x20E3, FLAG = 0x1F3F4, TAG_END = 0xE007F };

static bool is_pictograph(UChar32 c)
{
    return u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC);
}

/* The character before `at`, `skip` tells which are passed over; U_SENTINEL: none. */
static UChar32 look_back(const UChar *name, int32_t at, bool (*skip)(UChar32))
{
    while (at > 0) {
        const UChar unit = name[--at];
        UChar32 c = unit;
        if (U16_IS_TRAIL(unit)) {
            at--;
            c = U16_GET_SUPPLEMENTARY(name[at], unit);
        }
        if (!skip(c))
            return c;
    }
    return U_SENTINEL;
}

static bool is_transparent(UChar32 c)
{
    return u_getIntPropertyValue(c, UCHAR_JOINING_TYPE) == U_JT_TRANSPARENT;
}

/* What stands between a pictograph and the joiner behind it. */
static bool is_emoji_modifier(UChar32 c)
{
    return c == SELECTOR || u_hasBinaryProperty(c, UCHAR_EMOJI_MODIFIER);
}

static bool is_tag(UChar32 c)
{
    return c >= 0xE0020 && c <= TAG_END;
}

static bool nothing(UChar32 c)
{
    (void)c;
    return false;
}

static UChar32 look_ahead(const UChar *name, int32_t len, int32_t at, bool (*skip)(UChar32))
{
    while (at < len) {
        UChar32 c = name_next(name, &at);
        if (!skip(c))
            return c;
    }
    return U_SENTINEL;
}

/* UAX 31, A1: a letter that joins to the left before it, one that joins to the right behind it. */
static bool breaks_cursive(UChar32 before, UChar32 behind)
{
    const int left = before < 0 ? U_JT_NON_JOINING : u_getIntPropertyValue(before, UCHAR_JOINING_TYPE);
    const int right = behind < 0 ? U_JT_NON_JOINING : u_getIntPropertyValue(behind, UCHAR_JOINING_TYPE);
    return (left == U_JT_LEFT_JOINING || left == U_JT_DUAL_JOINING) &&
           (right == U_JT_RIGHT_JOINING || right == U_JT_DUAL_JOINING);
}

enum { VIRAMA_CLASS = 9 };

/* Whether the invisible character c, which ends before `next`, is needed where it stands: a joiner in Persian, in an Indic
 * script or between pictographs; the selector behind a pictograph or in a keycap; a tag of a flag. */
static bool is_needed(UChar32 c, const UChar *name, int32_t len, int32_t next)
{
    const int32_t at = next - U16_LENGTH(c);
    const UChar32 before = look_back(name, at, nothing), behind = look_ahead(name, len, next, nothing);
    if (before < 0)
        return false;
    if (c == SELECTOR)
        return is_pictograph(before) ||
               (behind == KEYCAP && ((before >= '0' && before <= '9') || before == '#' || before == '*'));
    if (is_tag(c))
        return look_back(name, at, is_tag) == FLAG && before != TAG_END;
    if (c != ZWNJ && c != ZWJ)
        return false;
    if (u_getCombiningClass(before) == VIRAMA_CLASS)
        return true;
    if (c == ZWJ)
        return is_pictograph(look_back(name, at, is_emoji_modifier)) && behind >= 0 && is_pictograph(behind);
    return breaks_cursive(look_back(name, at, is_transparent), look_ahead(name, len, next, is_transparent));
}

/* Without what only says which way the text around it runs, which keyboards and editors leave behind; and without the
 * white space at the ends that comes to light then. */
static int32_t strip_direction(UChar *text, int32_t len)
{
    int32_t kept = 0;
    for (int32_t i = 0; i < len; i++)
        if (text[i] != 0x200E && text[i] != 0x200F && text[i] != 0x061C && (kept || !u_isUWhiteSpace(text[i])))
            text[kept++] = text[i];
    while (kept && u_isUWhiteSpace(text[kept - 1]))
        kept--;
    return kept;
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
        if (!is_visible(c) && is_needed(c, name, len, i))
            continue;
        if (!is_visible(c))
            return "Names can't contain invisible or control characters.";
        if (u_charType(c) == U_SPACE_SEPARATOR && (c != ' ' || before == ' '))
            return "Use single spaces between words.";
        if (before == ' ' && U_GET_GC_MASK(c) & U_GC_M_MASK)
            return "Combining marks must follow a letter.";
        marks = is_nonspacing(c) ? marks + 1 : 0;
        if (marks > MARKS_MAX)
            return "Too many combining marks.";
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
            return "Room names can't contain / or #.";
        digits_only &= (bool)u_isdigit(c);
    }
    return digits_only ? "A room name can't be only digits: rooms also have numbers." : NULL;
}

static bool is_of_account(UChar32 c)
{
    return c == '.' || c == '_' || c == '-' || u_isalnum(c) || U_GET_GC_MASK(c) & U_GC_M_MASK;
}

static const char *fault_of_account(const UChar *name, int32_t len)
{
    for (int32_t i = 0; i < len;)
        if (!is_of_account(name_next(name, &i)))
            return "Usernames can have only letters, digits, dots, dashes and underscores.";
    if (name[len - 1] == '.' || name[len - 1] == '-')
        return "A username must end with a letter, a digit or an underscore.";
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

bool name_is_unspaced(struct span text, size_t at)
{
    static const UScriptCode scripts[] = {USCRIPT_HAN, USCRIPT_HIRAGANA, USCRIPT_KATAKANA, USCRIPT_THAI,
                                          USCRIPT_LAO, USCRIPT_KHMER,    USCRIPT_MYANMAR};
    UChar32 c;
    U8_NEXT_UNSAFE(text.p, at, c);
    for (size_t i = 0; c >= 0x80 && i < sizeof scripts / sizeof scripts[0]; i++)
        if (uscript_hasScript(c, scripts[i]))
            return true;
    return false;
}

struct kind {
    int32_t max_characters;
    const char *length_fault;
    const char *(*fault)(const UChar *name, int32_t len); /* rules of this kind alone, or NULL */
};

static const struct kind user_kind = {NAME_USER_MAX, "A name must have 1 to 32 characters.", NULL};
static const struct kind account_kind = {NAME_USER_MAX, "A username must have 1 to 32 characters.", fault_of_account};
static const struct kind place_kind = {NAME_ROOM_MAX, "A workspace name must have 1 to 64 characters.", NULL};
static const struct kind room_kind = {NAME_ROOM_MAX, "A room name must have 1 to 64 characters.", fault_of_room};

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
    if (U_SUCCESS(status))
        len = strip_direction(wide, len);
    len = unorm2_normalize(rules->nfc, wide, len, name, TYPED_BYTES_MAX, &status);
    if (U_FAILURE(status) || u_strHasMoreChar32Than(name, len, kind->max_characters))
        return kind->length_fault;
    const char *fault = len ? fault_of_characters(name, len) : kind->length_fault;
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
