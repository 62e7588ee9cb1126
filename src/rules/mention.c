#include "rules/mention.h"

#include "base/name.h"

#include <ctype.h>
#include <strings.h>

struct found {
    struct span *names;
    size_t n;
};

/* ------------------------------------------------------------------ within a paragraph */

static size_t run_of(struct span text, size_t at, char mark)
{
    size_t n = 0;
    while (at + n < text.len && text.p[at + n] == mark)
        n++;
    return n;
}

/* Behind the code that begins with the n backticks at `at`; it ends with as many. None: they are text. */
static size_t behind_code(struct span text, size_t at, size_t n)
{
    for (size_t i = at + n; i < text.len;) {
        size_t run = run_of(text, i, '`');
        if (run == n)
            return i + n;
        i += run ? run : 1;
    }
    return at + n;
}

/* Where the character begins that ends before `at`. */
static size_t before(struct span text, size_t at)
{
    while (--at && ((unsigned char)text.p[at] & 0xc0) == 0x80)
        ;
    return at;
}

/* Whether a letter or digit stands before `at`, so that a word would go on there. */
static bool is_behind_letter(struct span text, size_t at)
{
    if (!at)
        return false;
    const size_t begin = before(text, at);
    if ((unsigned char)text.p[begin] < 0x80)
        return isalnum((unsigned char)text.p[begin]);
    return name_account_span((struct span){text.p + begin, at - begin}) > 0 && !name_is_unspaced(text, begin);
}

/* Whether the @ at `at` belongs to what stands before it. Underscores that follow no letter are emphasis. A slash belongs
 * to the path before it, unless that is a mention, which ends at `mentioned`. */
static bool is_behind_word(struct span text, size_t at, size_t mentioned)
{
    if (at && text.p[at - 1] == '/' && at - 1 != mentioned)
        at--;
    while (at && text.p[at - 1] == '_')
        at--;
    return is_behind_letter(text, at);
}

/* Whether the text goes on as a package or as an address elsewhere does behind the name that ends at `end`. */
static bool goes_on(struct span text, struct span name, size_t end)
{
    if (end + 1 >= text.len || (text.p[end] != '/' && text.p[end] != '@'))
        return false;
    struct span next = {text.p + end + 1, text.len - end - 1};
    next.len = name_account_span(next);
    return next.len && (text.p[end] == '/' || !span_equal(next, name)); /* @ben@ben is only impatient */
}

/* The name behind the @ at `at`. */
static struct span name_at(struct span text, size_t at, size_t mentioned)
{
    struct span name = {text.p + at + 1, 0};
    if (is_behind_word(text, at, mentioned))
        return name;
    name.len = name_account_span((struct span){name.p, text.len - at - 1});
    const size_t end = at + 1 + name.len;
    while (name.len && (name.p[name.len - 1] == '.' || name.p[name.len - 1] == '-'))
        name.len--;
    if (goes_on(text, name, end))
        name.len = 0;
    return name;
}

static bool begins_with(struct span text, size_t at, const char *what)
{
    const size_t len = strlen(what);
    return text.len - at >= len && memcmp(text.p + at, what, len) == 0;
}

/* Behind the target of a link, "](...)", or the web address that goes on with "://" at `at`. Neither: `at`. */
static size_t behind_address(struct span text, size_t at)
{
    size_t end = at;
    if (begins_with(text, at, "](")) {
        while (end < text.len && text.p[end] != ')' && text.p[end] != '\n')
            end++;
        return end < text.len && text.p[end] == ')' ? end + 1 : at;
    }
    if (!begins_with(text, at, "://") || !at || !isalpha((unsigned char)text.p[at - 1]))
        return at;
    while (end < text.len && !strchr(" \t\r\n<>\"", text.p[end]))
        end++;
    return end;
}

static void look_through(struct span text, struct found *found)
{
    size_t mentioned = 0, behind;
    for (size_t i = 0; i < text.len && found->n < MENTIONS_MAX;) {
        struct span name = {NULL, 0};
        if (text.p[i] == '\\') {
            i += 2;
        } else if (text.p[i] == '`') {
            i = behind_code(text, i, run_of(text, i, '`'));
        } else if (text.p[i] == '@') {
            name = name_at(text, i, mentioned);
            i += 1 + name.len;
            mentioned = name.len ? i : mentioned;
        } else {
            behind = behind_address(text, i);
            i = behind > i ? behind : i + 1;
        }
        if (name.len)
            found->names[found->n++] = name;
    }
}

size_t mention_person(struct span name, bool (*is_person)(void *ctx, struct span name), void *ctx)
{
    size_t bare = name.len; /* without underscores at the end */
    while (bare && name.p[bare - 1] == '_')
        bare--;
    for (size_t end = name.len, begin; end; end = begin) {
        begin = before(name, end);
        const bool can_end = end >= bare || name_is_unspaced(name, begin) || name_is_unspaced(name, end);
        if (can_end && is_person(ctx, (struct span){name.p, end}))
            return end;
    }
    return 0;
}

/* ------------------------------------------------------------------ line by line */

/* What a line that begins a block of code begins with: three backticks or more, or tildes, and none of them behind. */
struct fence {
    char mark; /* 0: it is none */
    size_t len;
};

static struct fence fence_of(struct span line)
{
    size_t at = run_of(line, 0, ' ');
    struct fence f = {.mark = at < line.len && at <= 3 ? line.p[at] : 0};
    if (f.mark != '`' && f.mark != '~')
        return (struct fence){0};
    f.len = run_of(line, at, f.mark);
    at += f.len;
    if (f.len < 3 || (at < line.len && memchr(line.p + at, f.mark, line.len - at)))
        return (struct fence){0};
    return f;
}

/* A block of code ends with the line that ends with its fence, whatever stands before it. */
static bool ends_with(struct span line, struct fence f)
{
    size_t end = line.len, n = 0;
    while (end && isspace((unsigned char)line.p[end - 1]))
        end--;
    while (n < end && line.p[end - 1 - n] == f.mark)
        n++;
    return n >= f.len;
}

enum { LOOK_BACK_MAX = 4096 }; /* bytes of a paragraph; each of its lines that could be a fence asks */

/* Whether code begins in the paragraph that as many backticks close: then they begin no block. */
static bool is_left_open(struct span paragraph, struct fence f)
{
    if (f.mark != '`' || paragraph.len > LOOK_BACK_MAX)
        return false;
    for (size_t i = 0; i < paragraph.len;) {
        size_t n = run_of(paragraph, i, '`');
        size_t behind = n ? behind_code(paragraph, i, n) : i + 1 + (paragraph.p[i] == '\\');
        if (n == f.len && behind == i + n)
            return true;
        i = behind;
    }
    return false;
}

static bool is_blank(struct span line)
{
    size_t at = 0;
    while (at < line.len && isspace((unsigned char)line.p[at]))
        at++;
    return at == line.len;
}

size_t mention_find(struct span text, struct span names[MENTIONS_MAX])
{
    struct found found = {names, 0};
    struct fence open = {0};
    size_t paragraph = 0; /* where it begins: what is between backticks does not reach beyond it */
    for (size_t at = 0, next; at < text.len; at = next) {
        const char *end = memchr(text.p + at, '\n', text.len - at);
        struct span line = {text.p + at, (end ? (size_t)(end - text.p) : text.len) - at};
        next = at + line.len + (end != NULL);
        struct fence f = fence_of(line);
        struct span before = {text.p + paragraph, at - paragraph};
        bool closes = open.mark && ends_with(line, open);
        if (!open.mark && (is_blank(line) || (f.mark && !is_left_open(before, f)))) {
            look_through(before, &found);
            open = f;
            paragraph = next;
        } else if (closes) {
            open = (struct fence){0};
            paragraph = next;
        }
    }
    if (!open.mark)
        look_through((struct span){text.p + paragraph, text.len - paragraph}, &found);
    return found.n;
}

bool mention_is_everybody(struct span name)
{
    static const char *const words[] = {"room", "here", "everyone"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (name.len == strlen(words[i]) && strncasecmp(name.p, words[i], name.len) == 0)
            return true;
    return false;
}
