#include "chat/mention.h"

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

static bool is_behind_word(struct span text, size_t at)
{
    if (!at)
        return false;
    size_t before = at - 1;
    if ((unsigned char)text.p[before] < 0x80)
        return isalnum((unsigned char)text.p[before]) || text.p[before] == '_';
    while (before && ((unsigned char)text.p[before] & 0xc0) == 0x80)
        before--;
    return name_account_span((struct span){text.p + before, at - before}) > 0;
}

/* The name behind the @ at `at`. */
static struct span name_at(struct span text, size_t at)
{
    struct span name = {text.p + at + 1, 0};
    if (is_behind_word(text, at))
        return name;
    name.len = name_account_span((struct span){name.p, text.len - at - 1});
    while (name.len && (name.p[name.len - 1] == '.' || name.p[name.len - 1] == '-'))
        name.len--;
    return name;
}

static void look_through(struct span text, struct found *found)
{
    for (size_t i = 0; i < text.len && found->n < MENTIONS_MAX;) {
        struct span name = {NULL, 0};
        if (text.p[i] == '\\') {
            i += 2;
        } else if (text.p[i] == '`') {
            i = behind_code(text, i, run_of(text, i, '`'));
        } else if (text.p[i] == '@') {
            name = name_at(text, i);
            i += 1 + name.len;
        } else {
            i++;
        }
        if (name.len)
            found->names[found->n++] = name;
    }
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
