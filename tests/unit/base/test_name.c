/* name: what may be a name, which names are one, and made-up names. */
#include "base/name.h"
#include "base/utf8.h"
#include "unit.h"

#include <pthread.h>
#include <string.h>

static struct name_rules *rules;

static int open_rules(void **state)
{
    (void)state;
    return name_rules_open(&rules) == OK ? 0 : -1;
}

static int close_rules(void **state)
{
    (void)state;
    name_rules_close(rules);
    return 0;
}

#define A8  "aaaaaaaa"
#define A32 A8 A8 A8 A8
#define E8  "e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301"

/* A word of the sentence that says why not; NULL: fine. */
static const struct {
    const char *typed, *user, *room, *why;
} typed[] = {
    {"Anna", NULL, NULL, "plain"},
    {"a", NULL, NULL, "one letter"},
    {"Anna B.", NULL, NULL, "space and punctuation"},
    {"  Anna\t\u3000", NULL, NULL, "white space at the ends is taken off"},
    {"J\u00FCrgen O'Neil-\u0141uk", NULL, NULL, "Latin with marks"},
    {"\u0418\u0432\u0430\u043D Smith", NULL, NULL, "two scripts"},
    {"\u5C71\u7530", NULL, NULL, "Han"},
    {"\u0645\u062D\u0645\u062F", NULL, NULL, "right to left"},
    {"\u0E1B\u0E49\u0E33", NULL, NULL, "Thai with stacked marks"},
    {"\u0915\u094D\u0937\u093F", NULL, NULL, "Devanagari conjunct without a joiner"},
    {"x\U0001F44D\U0001F3FD", NULL, NULL, "emoji with skin tone"},
    {"x\u2764\uFE0F", NULL, NULL, "emoji with its selector"},
    {"a\u0301\u0302\u0303\u0304\u0305", NULL, NULL, "four marks on a composed letter"},
    {A32, NULL, NULL, "32 characters"},
    {A32 "a", "32", NULL, "33 characters"},
    {A32 A32, "32", NULL, "64 characters"},
    {A32 A32 "a", "32", "64", "65 characters"},
    {E8 E8 E8 E8, NULL, NULL, "64 code points that compose to 32"},
    {A32 A32 A32 A32 A32 A32 A32 A32 A32 A32 A32 A32 A32 A32 A32 A32 "a", "32", "64", "beyond any buffer"},
    {"\U0001D160\U0001D160\U0001D160\U0001D160\U0001D160\U0001D160\U0001D160\U0001D160\U0001D160\U0001D160\U0001D160"
     "\U0001D160\U0001D160\U0001D160\U0001D160\U0001D160\U0001D160\U0001D160\U0001D160\U0001D160\U0001D160\U0001D160a",
     "32", "64", "23 code points that decompose to 67 in NFC"},
    {"", "32", "64", "empty"},
    {" \u00A0\u2003", "32", "64", "white space alone"},
    {"\u200E\u200F", "32", "64", "direction marks alone"},
    {"a  b", "single spaces", "single spaces", "two spaces"},
    {"a\u00A0b", "single spaces", "single spaces", "no-break space"},
    {"a\u3000b", "single spaces", "single spaces", "ideographic space"},
    {"a\tb", "control", "control", "tab inside"},
    {"a\nb", "control", "control", "newline inside"},
    {"a\xC2\x85"
     "b",
     "control", "control", "next line"},
    {"a\u2028b", "control", "control", "line separator"},
    {"a\x1B[1mb", "control", "control", "escape"},
    {"a\x7F", "control", "control", "delete"},
    {"a\u00ADb", "invisible", "invisible", "soft hyphen"},
    {"a\u200Bb", "invisible", "invisible", "zero width space"},
    {"\u200B", "invisible", "invisible", "zero width space alone"},
    {"a\u200Db", "invisible", "invisible", "zero width joiner"},
    {"\u0639\u0644\u06CC\u200C\u0631\u0636\u0627", NULL, NULL, "Persian with a non-joiner"},
    {"\u0645\u064F\u200C\u062D", NULL, NULL, "over a vowel mark"},
    {"\u0631\u200C\u0645", "invisible", "invisible", "a non-joiner behind a letter that does not join"},
    {"\u0645\u200C", "invisible", "invisible", "a non-joiner at the end"},
    {"\u0D2A\u0D4D\u200D", NULL, NULL, "Malayalam with a joiner at the end"},
    {"\u0DC1\u0DCA\u200D\u0DBB\u0DD3", NULL, NULL, "Sinhala"},
    {"\U0001F469\u200D\U0001F33E x", NULL, NULL, "two emoji joined"},
    {"\u2764\uFE0F\u200D\U0001F525 \U0001F44D\U0001F3FD\u200D\U0001F33E x", NULL, NULL, "with selector or tone"},
    {"\U0001F469\u200Dx", "invisible", "invisible", "a joiner before a letter"},
    {"\u200D\U0001F469x", "invisible", "invisible", "at the start"},
    {"\U0001F469\u200D\u200D\U0001F33Ex", "invisible", "invisible", "two joiners"},
    {"1\uFE0F\u20E3", NULL, NULL, "keycap"},
    {"\U0001F1E9\U0001F1EA Berlin", NULL, NULL, "flag"},
    {"\U0001F3F4\U000E0067\U000E0062\U000E0065\U000E007F x", NULL, NULL, "flag made of tags"},
    {"\U0001F3F4\U000E0067\U000E007F\U000E0067 x", "invisible", "invisible", "a tag behind the last one"},
    {"x\U000E0067\U000E007F", "invisible", "invisible", "tags without a flag"},
    {"\u05E9\u05DC\u05D5\u05DD\u200E", NULL, NULL, "direction marks are taken off"},
    {"a\u202Eb", "invisible", "invisible", "right-to-left override"},
    {"a\u2066b", "invisible", "invisible", "isolate"},
    {"a\u0600", "invisible", "invisible", "Arabic number sign, a format character that shows"},
    {"\uFEFFa", "invisible", "invisible", "byte order mark"},
    {"a\u034Fb", "invisible", "invisible", "grapheme joiner, a mark"},
    {"a\u115Fb", "invisible", "invisible", "Hangul filler, a letter"},
    {"\u3164", "invisible", "invisible", "Hangul filler alone"},
    {"a\u2800b", "invisible", "invisible", "braille blank, a symbol"},
    {"a\uFE0F", "invisible", "invisible", "selector behind a letter"},
    {"1\uFE0F", "invisible", "invisible", "selector behind a digit"},
    {"x\u2764\uFE0F\uFE0F", "invisible", "invisible", "selector twice"},
    {"a\U000E0041", "invisible", "invisible", "tag"},
    {"a\uE000", "invisible", "invisible", "private use"},
    {"a\U0010FFFD", "invisible", "invisible", "private use, last plane"},
    {"a\uFFFF", "invisible", "invisible", "noncharacter"},
    {"a\u0378", "invisible", "invisible", "unassigned"},
    {"a\uFFFD", "invisible", "invisible", "replacement character"},
    {"\u0301a", "mark", "mark", "mark at the start"},
    {"a \u0301b", "mark", "mark", "mark on a space"},
    {"x\u0300\u0301\u0302\u0303\u0304", "Too many combining marks", "Too many combining marks", "five marks"},
    {"...", "letter or digit", "letter or digit", "punctuation alone"},
    {"\U0001F44D", "letter or digit", "letter or digit", "emoji alone"},
    {"a\xFF", "UTF-8", "UTF-8", "not UTF-8"},
    {"\xED\xA0\x80", "UTF-8", "UTF-8", "surrogate"},
    {"a/b", NULL, "/ or #", "slash"},
    {"#a", NULL, "/ or #", "hash"},
    {"42", NULL, "only digits", "digits"},
    {"\u0664\u0662", NULL, "only digits", "Arabic digits"},
    {"4 2", NULL, NULL, "digits and a space are no id"},
    {"42a", NULL, NULL, "digits and a letter"},
};

static void check_typed(const char *name, const char *fault, bool room)
{
    char out[NAME_BYTES] = "untouched";
    const char *why = NULL;
    enum err e = (room ? name_check_room : name_check_user)(rules, span_of(name), out, &why);
    if (fault) {
        assert_int_equal(e, ERR_INVALID);
        assert_non_null(why);
        if (!strstr(why, fault))
            fail_msg("said: %s", why);
        assert_string_equal(out, "untouched");
        assert_int_equal((room ? name_check_room : name_check_user)(rules, span_of(name), out, NULL), ERR_INVALID);
    } else {
        assert_int_equal(e, OK);
        assert_null(why);
        char again[NAME_BYTES]; /* what was kept is a name itself, and the same one */
        assert_int_equal((room ? name_check_room : name_check_user)(rules, span_of(out), again, NULL), OK);
        assert_string_equal(again, out);
    }
}

static void test_check(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        print_message("%s\n", typed[i].why);
        check_typed(typed[i].typed, typed[i].user, false);
        check_typed(typed[i].typed, typed[i].room, true);
    }
}

static void test_kept_form(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *kept;
    } rows[] = {
        {"  Anna  ", "Anna"},
        {"e\u0301", "\u00E9"}, /* composed */
        {"\u200F e\u200E\u0301\u061C \u200E", "\u00E9"},
        {"\u212B", "\u00C5"},              /* Angstrom sign becomes the letter */
        {"\uFF21", "\uFF21"},              /* but width stays: NFC, not NFKC */
        {"\u1100\u1161\u11A8", "\uAC01"},  /* Hangul */
        {"a\u0323\u0307", "\u1EA1\u0307"}, /* ordered */
        {"a\u0307\u0323", "\u1EA1\u0307"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[NAME_BYTES];
        assert_int_equal(name_check_user(rules, span_of(rows[i].typed), out, NULL), OK);
        assert_string_equal(out, rows[i].kept);
    }
}

static void test_longest_name_fits(void **state)
{
    (void)state;
    char text[NAME_BYTES] = "", out[NAME_BYTES];
    for (int i = 0; i < NAME_ROOM_MAX; i++)
        strcat(text, "\U00020000"); /* a letter of four bytes */
    assert_int_equal(name_check_room(rules, span_of(text), out, NULL), OK);
    assert_int_equal(strlen(out), NAME_BYTES - 1);
    assert_string_equal(out, text);
}

static const struct {
    const char *a, *b;
    bool same;
    const char *why;
} pairs[] = {
    {"Anna", "anna", true, "case"},
    {"ANNA", "anna", true, "case"},
    {"Anna", "Ana", false, "another name"},
    {"\u0639\u0644\u06CC\u200C\u0631\u0636\u0627", "\u0639\u0644\u06CC\u0631\u0636\u0627", true, "a non-joiner"},
    {"\U0001F3F4\U000E0067\U000E007F x", "\U0001F3F4 x", true, "tags"},
    {"\U0001F469\u200D\U0001F33E x", "\U0001F469\U0001F33E x", true, "a joiner"},
    {"Anna", "Anna B", false, "longer"},
    {"Anna B", "AnnaB", false, "the space counts"},
    {"\u00C4rger", "\u00E4rger", true, "case with umlaut"},
    {"\u00C4rger", "Arger", false, "an umlaut is another letter"},
    {"Stra\u00DFe", "STRASSE", true, "sharp s"},
    {"\u03A3\u03AF\u03C3\u03C5\u03C6\u03BF\u03C2", "\u03A3\u038A\u03A3\u03A5\u03A6\u039F\u03A3", true,
     "Greek case, final sigma"},
    {"\u0418\u0412\u0410\u041D", "\u0438\u0432\u0430\u043D", true, "Cyrillic case"},
    {"\u0413\u043E\u0440", "\u0433\u043E\u0440", true, "Cyrillic case, where only the small form looks Latin"},
    {"\u1E9E", "\u00DF", true, "capital sharp s"},
    {"\uFF21\uFF4E\uFF4E\uFF41", "Anna", true, "width"},
    {"\uFB01n", "fin", true, "ligature"},
    {"\u0410nna", "Anna", true, "Cyrillic capital A"},
    {"Ann\u0430", "Anna", true, "Cyrillic small a"},
    {"\u0422om", "Tom", true, "a Cyrillic capital whose small form does not look Latin"},
    {"\u0442om", "Tom", true, "and that small form"},
    {"\u039Dick", "Nick", true, "Greek capital nu is N"},
    {"\u03BDictor", "Victor", true, "Greek small nu is v"},
    {"\u0578ick", "nick", true, "Armenian small letter"},
    {"\u03F2arl", "Carl", true, "Greek lunate sigma, which NFKC would make an s"},
    {"\u0261oogle", "google", true, "another Latin g"},
    {"\u0261oogl\u00E9", "googl\u00E9", true, "beside a letter that is not ASCII"},
    {"\u041D\u041E\u041C\u0415", "HOME", true, "all Cyrillic"},
    {"Bill", "Bi11", true, "1 and l"},
    {"Bill", "BiII", true, "I and l"},
    {"Ivan", "lvan", true, "I and l at the start"},
    {"Ivan", "ivan", true, "I and i"},
    {"Bob", "B0b", true, "0 and o"},
    {"BOB", "B0B", true, "0 and O"},
    {"modern", "rnodern", true, "m and rn"},
    {"MODERN", "rnodern", true, "m and rn through case"},
    {"Ben", "Bev", false, "not merged by way of Greek"},
    {"Buy", "Byu", false, "nor these"},
    {"Tim", "Tom", false, "other letters"},
    {"x\u2764\uFE0F", "x\u2764", true, "selector"},
    {"\u5C71\u7530", "\u5C71\u672C", false, "Han"},
};

static void test_keys(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char a[NAME_BYTES], b[NAME_BYTES], key_a[NAME_KEY_BYTES], key_b[NAME_KEY_BYTES];
        assert_int_equal(name_check_user(rules, span_of(pairs[i].a), a, NULL), OK);
        assert_int_equal(name_check_user(rules, span_of(pairs[i].b), b, NULL), OK);
        assert_int_equal(name_fold(rules, span_of(a), key_a), OK);
        assert_int_equal(name_fold(rules, span_of(b), key_b), OK);
        if ((strcmp(key_a, key_b) == 0) != pairs[i].same)
            fail_msg("%s: '%s' has '%s', '%s' has '%s'", pairs[i].why, a, key_a, b, key_b);
    }
}

static void test_keys_are_bounded(void **state)
{
    (void)state;
    static const char *const widest[] = {"\uFDFA", "\u321D", "\u102A", "\uFDFB", "\uAF66", "\u3300"};
    for (size_t i = 0; i < sizeof widest / sizeof *widest; i++) {
        char a[NAME_BYTES] = "", b[NAME_BYTES], key_a[NAME_KEY_BYTES], key_b[NAME_KEY_BYTES];
        for (int k = 0; k < NAME_ROOM_MAX - 1; k++)
            strcat(a, widest[i]);
        strcpy(b, a);
        strcat(a, "a");
        strcat(b, "b");
        assert_int_equal(name_fold(rules, span_of(a), key_a), OK);
        assert_int_equal(name_fold(rules, span_of(b), key_b), OK);
        assert_string_not_equal(key_a, key_b); /* long keys end in a digest of all */
        assert_true(utf8_check(span_of(key_a)));
        assert_true(strlen(key_a) < NAME_KEY_BYTES);
        a[strlen(a) - 1] = 'A';
        assert_int_equal(name_fold(rules, span_of(a), key_b), OK);
        assert_string_equal(key_a, key_b);
    }
}

static void test_fold_refuses_what_is_no_name(void **state)
{
    (void)state;
    char key[NAME_KEY_BYTES], longest[NAME_BYTES + 1];
    memset(longest, 'a', sizeof longest);
    assert_int_equal(name_fold(rules, (struct span){longest, NAME_BYTES - 1}, key), OK);
    assert_int_equal(name_fold(rules, (struct span){longest, NAME_BYTES}, key), ERR_INVALID);
    longest[NAME_BYTES - 2] = 'm'; /* looks like rn, so the key would be one byte too long */
    assert_int_equal(name_fold(rules, (struct span){longest, NAME_BYTES - 1}, key), OK);
    assert_int_equal(strlen(key), 128 + 1 + 32);
    assert_int_equal(name_fold(rules, span_of(""), key), ERR_INVALID);
    assert_int_equal(name_fold(rules, span_of("\xFF"), key), ERR_INVALID);
    assert_int_equal(name_fold(rules, span_of("\uFE0F"), key), ERR_INVALID); /* would have an empty key */
    assert_int_equal(name_fold(rules, (struct span){"a\0b", 3}, key), ERR_INVALID);
    assert_non_null(strchr(name_key_version(), '/'));
}

static void test_made_up(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool want;
    } rows[] = {
        {"guest-1a2b3c", true}, {"Guest-Anna", true},        {"GUEST-x", true}, {"gu\u0435st-x", true},
        {"\uFF47uest-x", true}, {"gue\u0455t-\u00E9", true}, {"guest", false},  {"guest x", false},
        {"my guest-x", false},  {"guests-x", false},         {"Anna", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (name_is_made_up(rules, span_of(rows[i].name)) != rows[i].want)
            fail_msg("%s", rows[i].name);
}

static void test_make_up(void **state)
{
    (void)state;
    uint8_t random[8] = {0};
    char name[NAME_BYTES], other[NAME_BYTES], kept[NAME_BYTES], key[NAME_KEY_BYTES];
    bool seen[128] = {false};
    name_make_up((const uint8_t[8]){1}, name);
    assert_string_equal(name, "guest-3222222222");
    name_make_up((const uint8_t[8]){54}, name);
    assert_string_equal(name, "guest-2422222222");
    for (int i = 0; i < 2000; i++) {
        for (size_t k = 0; k < sizeof random; k++)
            random[k] = (uint8_t)(random[k] * 5 + 7 * k + (size_t)i + 3);
        name_make_up(random, name);
        assert_int_equal(strlen(name), 16);
        assert_true(name_is_made_up(rules, span_of(name)));
        assert_int_equal(name_check_user(rules, span_of(name), kept, NULL), OK);
        assert_string_equal(kept, name);
        assert_int_equal(name_fold(rules, span_of(name), key), OK);
        assert_string_equal(key, name); /* so two made-up names look alike only when they are the same */
        for (const char *p = name + 6; *p; p++)
            seen[(int)*p] = true;
        random[i % 8] ^= 1;
        name_make_up(random, other);
        assert_string_not_equal(name, other);
        random[i % 8] ^= 1;
        name_make_up(random, other);
        assert_string_equal(name, other);
    }
    int letters = 0;
    for (size_t i = 0; i < sizeof seen; i++)
        letters += seen[i];
    assert_int_equal(letters, 27);
}

static const char folded_name[] = "\u0410nn\u00E4 \u0418\u0432\u0430\u043D";
static char folded_key[NAME_KEY_BYTES];

static void *fold_many(void *arg)
{
    char name[NAME_BYTES], key[NAME_KEY_BYTES];
    for (int i = 0; i < 200; i++)
        if (name_check_user(rules, span_of(folded_name), name, NULL) || name_fold(rules, span_of(name), key) ||
            strcmp(key, folded_key) != 0)
            return arg;
    return NULL;
}

/* The HTTP server's threads have stacks of 100 KiB, and the tables are shared. */
static void test_small_stacks(void **state)
{
    (void)state;
    pthread_t threads[4];
    pthread_attr_t attr;
    assert_int_equal(name_fold(rules, span_of(folded_name), folded_key), OK);
    pthread_attr_init(&attr);
    assert_int_equal(pthread_attr_setstacksize(&attr, 64 * 1024), 0);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], &attr, fold_many, rules), 0);
    for (size_t i = 0; i < 4; i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    pthread_attr_destroy(&attr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check),
        cmocka_unit_test(test_kept_form),
        cmocka_unit_test(test_longest_name_fits),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_keys_are_bounded),
        cmocka_unit_test(test_fold_refuses_what_is_no_name),
        cmocka_unit_test(test_made_up),
        cmocka_unit_test(test_make_up),
        cmocka_unit_test(test_small_stacks),
    };
    return cmocka_run_group_tests(tests, open_rules, close_rules);
}
