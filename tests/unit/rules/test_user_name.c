/* user_name: which names guests and accounts may have. */
#include "rules/user_name.h"
#include "unit.h"

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

#define A32 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct {
    const char *typed;
    bool guest, account;
    const char *why;
} names[] = {
    {"anna", true, true, "plain"},
    {"Anna.B_2-x", true, true, "with all that may be between"},
    {" anna ", true, true, "white space at the ends is taken off"},
    {"J\u00FCrgen", true, true, "Latin with marks"},
    {"\u0418\u0432\u0430\u043D", true, true, "Cyrillic"},
    {"\u0915\u094D\u0937\u093F", true, true, "Devanagari, whose vowels are marks"},
    {"\u5C71\u7530", true, true, "Han"},
    {"7", true, true, "a digit"},
    {A32, true, true, "32 characters"},
    {A32 "a", false, false, "33 characters"},
    {"Anna B", true, false, "a space ends a mention"},
    {"anna@example.org", true, false, "an at sign"},
    {"anna/ben", true, false, "a slash"},
    {"<b>anna</b>", true, false, "markup"},
    {"anna\u2764", true, false, "a symbol"},
    {"anna'--", true, false, "a quote"},
    {"...", false, false, "nothing but dots"},
    {"anna.", true, false, "a dot at the end, which a mention leaves out"},
    {"anna-", true, false, "a dash at the end"},
    {"anna_", true, true, "an underscore at the end"},
    {"a\u0639\u06CC\u200C\u0631", true, false, "a joiner"},
    {"an\u200Bna", false, false, "zero width"},
    {"\u202Eanna", false, false, "bidi override"},
    {"", false, false, "empty"},
    {"guest-k7p2qdx4vh", false, false, "like a made-up one"},
    {"Guest-me", false, false, "beginning like one"},
    {"everyone", false, false, "a mention"},
    {"Here", false, false, "in another case"},
    {"r\u043E\u043Em", false, false, "with Cyrillic letters that look the same"},
    {"channel", false, false, "a mention"},
    {"ALL", false, false, "a mention"},
    {"all.in", true, true, "only the whole word"},
};

static void check(void **state)
{
    (void)state;
    char name[NAME_BYTES], fold[NAME_KEY_BYTES];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *why = NULL;
        enum err e = user_name_check(rules, USER_GUEST, span_of(names[i].typed), name, fold, &why);
        if ((e == OK) != names[i].guest || (e && (e != ERR_INVALID || !why)))
            fail_msg("guest, %s: %s", names[i].why, why ? why : "fine");
        why = NULL;
        e = user_name_check(rules, USER_ACCOUNT, span_of(names[i].typed), name, fold, &why);
        if ((e == OK) != names[i].account || (e && (e != ERR_INVALID || !why)))
            fail_msg("account, %s: %s", names[i].why, why ? why : "fine");
        if (!e && !user_name_is_plain(span_of(name)))
            fail_msg("%s: not plain", names[i].why);
    }
    assert_int_equal(user_name_check(rules, USER_ACCOUNT, span_of(" Anna "), name, fold, NULL), OK);
    assert_string_equal(name, "Anna");
    char other[NAME_KEY_BYTES];
    assert_int_equal(user_name_check(rules, USER_ACCOUNT, span_of("\u0410nna"), name, other, NULL), OK);
    assert_string_equal(fold, other);
}

static void display_names(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        enum err want;
    } cases[] = {
        {"Anna Berg", OK},      {"", OK}, {"everyone", OK}, {"an\u200Bna", ERR_INVALID}, {"   ", ERR_INVALID},
        {A32 "a", ERR_INVALID},
    };
    char out[NAME_BYTES];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *why = NULL;
        assert_int_equal(user_name_check_display(rules, span_of(cases[i].typed), out, &why), cases[i].want);
        if (!cases[i].want)
            assert_string_equal(out, cases[i].typed);
    }
}

static void plain(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool want;
    } cases[] = {{"anna.b_2-x", true}, {"\u5C71", true}, {"azAZ09", true}, {"\x80\x81", true}, {"", false},
                 {"a b", false},       {"a/b", false},   {"a@b", false},   {"a:b", false},     {"a[b", false},
                 {"a{b", false},       {"a`b", false},   {"/a", false},    {"a\x7f", false},   {"a\n", false},
                 {"a.", false},        {"a-", false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_true(user_name_is_plain(span_of(cases[i].name)) == cases[i].want);
    char longest[NAME_BYTES];
    memset(longest, 'a', sizeof longest);
    assert_true(user_name_is_plain((struct span){longest, NAME_BYTES - 1}));
    assert_false(user_name_is_plain((struct span){longest, NAME_BYTES}));
}

/* Whatever is in the caller's memory from before. */
static void the_first_fault_is_told(void **state)
{
    (void)state;
    char name[NAME_BYTES] = "guest-me", fold[NAME_KEY_BYTES];
    const char *empty = NULL, *why = NULL;
    assert_int_equal(name_check_user(rules, span_of(""), name, &empty), ERR_INVALID);
    assert_int_equal(name_fold(rules, span_of("here"), fold), OK);
    strcpy(name, "guest-me");
    assert_int_equal(user_name_check(rules, USER_GUEST, span_of(""), name, fold, &why), ERR_INVALID);
    assert_string_equal(why, empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(check), cmocka_unit_test(display_names),
                                       cmocka_unit_test(plain), cmocka_unit_test(the_first_fault_is_told)};
    return cmocka_run_group_tests(tests, open_rules, close_rules);
}
