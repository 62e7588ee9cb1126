/* Which names a text mentions. */
#include "rules/mention.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
    const char *text, *names; /* divided by blanks */
    const char *why;
} cases[] = {
    {"", "", "nothing"},
    {"@anna", "anna", "a name"},
    {"hello @anna, and @ben!", "anna ben", "two"},
    {"@anna @anna", "anna anna", "twice; each once is for later"},
    {"@", "", "no name"},
    {"@ anna", "", "a blank between"},
    {"@@anna", "anna", "the second one"},
    {"anna@ben.org", "", "an address"},
    {"1@ben", "", "behind a digit"},
    {".@ben -@ben (@ben) /@ben", "ben ben ben ben", "behind what is no word"},
    {"\xc3\xa9@ben", "", "behind a letter that is not ASCII"},
    {"\xe2\x80\xa6@ben", "ben", "behind dots that are one character"},
    {"@a.b_c-d", "a.b_c-d", "all that names are made of"},
    {"@anna. @ben- @cleo.-.", "anna ben cleo", "dots and dashes at the end are the text's"},
    {"@cleo_", "cleo_", "an underscore is the name's"},
    {"@...", "", "nothing else"},
    {"@anna's", "anna", "an apostrophe"},
    {"@\xc3\x89milie\xe2\x80\xa6", "\xc3\x89milie", "other letters, and a character that is none"},
    {"@\xe6\x9d\x8e\xe5\xa8\x9c\xef\xbc\x81", "\xe6\x9d\x8e\xe5\xa8\x9c", "other scripts"},
    {"@e\xcc\x81milie", "e\xcc\x81milie", "a letter with its mark"},
    {"@anna\n@ben\r\n@cleo", "anna ben cleo", "lines"},
    {"\\@anna @ben", "ben", "escaped"},
    {"\\\\@anna", "anna", "an escaped backslash"},
    {"`@anna` @ben", "ben", "code"},
    {"``@anna ` @ben`` @cleo", "cleo", "code with a backtick in it"},
    {"`@anna @ben", "anna ben", "a backtick alone"},
    {"``@anna` @ben", "anna ben", "as many have to close it"},
    {"\\`@anna`", "anna", "an escaped backtick begins nothing"},
    {"`@anna\n@ben` @cleo", "cleo", "code over two lines"},
    {"`@anna\n\n@ben` @cleo", "anna ben cleo", "but not over two paragraphs"},
    {"```\n@anna\n```\n@ben", "ben", "a block of code"},
    {"~~~ js\n@anna\n~~~\n@ben", "ben", "of the other kind"},
    {"````\n@anna\n```\n@ben\n````\n@cleo", "cleo", "as many have to close it"},
    {"```\n@anna\n~~~\n@ben", "", "and of the same kind; else it goes on to the end"},
    {"```\n@anna\n``` x\n@ben", "", "with nothing behind"},
    {"```@anna\n@ben```\n@cleo", "cleo", "words behind the fence, and a fence behind words"},
    {"see ```\n@anna\n``` @ben", "ben", "a fence behind words, which is code in a paragraph"},
    {"see ``\n@anna\n``` @ben", "anna", "as many have to close that too"},
    {"~~~ nice ~~~\n@anna", "anna", "tildes at both ends of a line"},
    {"   ```\n@anna\n   ```\n@ben", "ben", "a little indented"},
    {"@anna\n```\n@ben\n```\n@cleo", "anna cleo", "in between"},
    {"``` @anna ``` @ben", "ben", "in a line it is no block"},
    {"``\n@anna\n``\n@ben", "ben", "two are code in a line"},
    {"@anna\n\n```", "anna", "a block that only begins"},
    {"`x`@anna", "anna", "right behind code"},
    {"``@anna ```@ben`` @cleo", "cleo", "three are not two and one"},
    {"    ~~~\n@anna", "anna", "indented too far"},
    {"   ~~~\n@anna\n   ~~~", "", "as far as it may be"},
    {" ~~~\n@anna", "", "by one"},
    {"---\n@anna", "anna", "a line is no fence"},
    {"~~~\n@anna\n~~x\n@ben", "", "too few, and something behind"},
    {"~~~\n@anna\n~~~  \n@ben", "ben", "nothing but blanks behind"},
    {"see ``` x\n~~~\n@anna", "", "tildes do not close backticks"},
    {"``` x ``\n```\n@ben", "ben", "code from the beginning of the paragraph"},
    {"at ```\n@anna\n``` @ben", "ben", "a fence behind words of another length"},
    {"see \\```\n@anna\n```\n@ben", "anna", "one of them escaped"},
    {"a ```x``` b\n```\n@ben", "", "code that is closed already"},
    {"`@anna\n \n@ben` @cleo", "anna ben cleo", "a blank between two paragraphs"},
    {"@ben/x", "", "a package of one letter"},
    {"@ben/ben", "", "a package of the same name"},
    {"[x](@anna\n@ben)", "anna ben", "no target goes over two lines"},
    {"1://@ben", "ben", "no web address begins with a digit"},
    {"a1://@ben", "ben", "nor ends its scheme with one"},
    {"://@ben", "ben", "nor begins with nothing"},
    {"x/@ben", "", "a short path"},
    {"http://x.test", "", "an address to the end"},
    {"[x](", "", "a target that only begins"},
};

/* In memory of its own and of its size, without a NUL: a sanitizer sees what is read in front of it or behind it. */
static struct span copy_of(const char *text)
{
    const size_t len = strlen(text);
    char *copy = malloc(len ? len : 1);
    assert_non_null(copy);
    memcpy(copy, text, len);
    return (struct span){copy, len};
}

static void names_are_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct span names[MENTIONS_MAX];
        char found[512] = "";
        const struct span text = copy_of(cases[i].text);
        size_t n = mention_find(text, names), len = 0;
        for (size_t k = 0; k < n; k++)
            len += (size_t)snprintf(found + len, sizeof found - len, "%s%.*s", k ? " " : "", (int)names[k].len,
                                    names[k].p);
        if (strcmp(found, cases[i].names) != 0)
            fail_msg("%s: %s: %s", cases[i].why, cases[i].text, found);
        free((void *)text.p);
    }
}

/* The rows that the page's test has too: a text, the people that there are, and whom of them it mentions. */
#define ROW(text, people, mentioned, why) {text, people, mentioned, why},
static const struct {
    const char *text, *people, *mentioned, *why;
} shared[] = {
#include "mentions.inc"
};

static bool is_among(void *ctx, struct span name)
{
    for (const char *p = ctx; *p; p += strspn(p, " ")) {
        const size_t len = strcspn(p, " ");
        if (span_equal((struct span){p, len}, name))
            return true;
        p += len;
    }
    return false;
}

static void people_are_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
        struct span names[MENTIONS_MAX];
        char found[512] = "";
        const struct span text = copy_of(shared[i].text);
        size_t n = mention_find(text, names), len = 0;
        for (size_t k = 0; k < n; k++) {
            const size_t part = mention_person(names[k], is_among, (void *)shared[i].people);
            if (part)
                len +=
                    (size_t)snprintf(found + len, sizeof found - len, "%s%.*s", len ? " " : "", (int)part, names[k].p);
        }
        if (strcmp(found, shared[i].mentioned) != 0)
            fail_msg("%s: %s: %s", shared[i].why, shared[i].text, found);
        free((void *)text.p);
    }
}

/* How far is looked back for code that a fence would close. */
static void long_paragraphs_are_not_looked_through(void **state)
{
    enum { FAR = 4096 };
    static const char begin[] = "see ```", end[] = "\n```\n@ben";
    struct span names[MENTIONS_MAX];
    char text[FAR + sizeof end];
    (void)state;
    memset(text, 'x', sizeof text);
    memcpy(text, begin, sizeof begin - 1);
    memcpy(text + FAR - 1, end, sizeof end - 1);
    assert_int_equal(mention_find((struct span){text, FAR - 1 + sizeof end - 1}, names), 1);
    text[FAR - 1] = 'x';
    memcpy(text + FAR, end, sizeof end - 1);
    assert_int_equal(mention_find((struct span){text, FAR + sizeof end - 1}, names), 0);
}

static void there_is_a_limit(void **state)
{
    char text[4 * (MENTIONS_MAX + 10) + 1] = "";
    struct span names[MENTIONS_MAX];
    (void)state;
    for (int i = 0; i < MENTIONS_MAX + 10; i++)
        strcat(text, "@ab ");
    assert_int_equal(mention_find(span_of(text), names), MENTIONS_MAX);
    assert_ptr_equal(names[MENTIONS_MAX - 1].p, text + 4 * (MENTIONS_MAX - 1) + 1);
}

/* Whatever stands before it, and whatever of it is cut off: nothing outside the text is looked at. */
static void every_part_of_a_text(void **state)
{
    static const char text[] = "a@b `@c` \\@d\n```\n@e\n```\n~~~\n\xc3\xa9@f\n~~~\n@\xc3\xa9.";
    const size_t len = sizeof text - 1;
    (void)state;
    for (size_t from = 0; from <= len; from++) {
        for (size_t to = from; to <= len; to++) {
            struct span names[MENTIONS_MAX];
            if (((unsigned char)text[from] & 0xc0) == 0x80 || ((unsigned char)text[to] & 0xc0) == 0x80)
                continue;                       /* not a text */
            char *copy = malloc(to - from + 1); /* of that size: a sanitiser sees what is beyond */
            assert_non_null(copy);
            memcpy(copy, text + from, to - from);
            size_t n = mention_find((struct span){copy, to - from}, names);
            for (size_t i = 0; i < n; i++)
                assert_true(names[i].len && names[i].p > copy && names[i].p + names[i].len <= copy + (to - from));
            free(copy);
        }
    }
}

static void everybody_has_names(void **state)
{
    static const struct {
        const char *name;
        bool want;
    } words[] = {{"room", true}, {"here", true},   {"everyone", true}, {"Everyone", true}, {"HERE", true},
                 {"all", false}, {"rooms", false}, {"roo", false},     {"boom", false},    {"", false}};
    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_int_equal(mention_is_everybody(span_of(words[i].name)), words[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found),
        cmocka_unit_test(people_are_found),
        cmocka_unit_test(long_paragraphs_are_not_looked_through),
        cmocka_unit_test(there_is_a_limit),
        cmocka_unit_test(every_part_of_a_text),
        cmocka_unit_test(everybody_has_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
