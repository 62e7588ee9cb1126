/* readme.h - README.md of src/proto, as the tests that hold it against the code read it. */
#ifndef HUBBUB_TESTS_PROTO_README_H
#define HUBBUB_TESTS_PROTO_README_H

#include "base/span.h"
#include "unit.h"

#include <stdio.h>

enum { EXAMPLES_MAX = 128, README_BYTES = 131072 };

static char readme[README_BYTES];

/* A group's setup. */
static inline int read_readme(void **state)
{
    (void)state;
    FILE *f = fopen(SOURCE_DIR "/src/proto/README.md", "r");
    if (!f)
        return -1;
    size_t n = fread(readme, 1, sizeof readme - 1, f);
    fclose(f);
    return n > 0 && n < sizeof readme - 1 ? 0 : -1;
}

/* The bodies of the fenced blocks with this info string; how many. */
static inline size_t find_examples(const char *info, struct span examples[EXAMPLES_MAX])
{
    char fence[32];
    size_t n = 0;
    snprintf(fence, sizeof fence, "```json %s\n", info);
    for (char *at = readme; (at = strstr(at, fence));) {
        at += strlen(fence);
        char *end = strstr(at, "\n```");
        assert_non_null(end);
        assert_true(n < EXAMPLES_MAX);
        examples[n++] = (struct span){at, (size_t)(end - at)};
    }
    return n;
}

/* The two first cells of the row of a table that begins with `name` in backquotes. False: no such row between `from`
 * (text that is there once) and the next heading. */
static inline bool find_row(const char *from, const char *name, struct span *second)
{
    char start[96];
    char *at = strstr(readme, from);
    assert_non_null(at);
    char *end = strstr(at + strlen(from), "\n#");
    snprintf(start, sizeof start, "\n| `%s` |", name);
    char *row = strstr(at, start);
    if (!row || (end && row > end))
        return false;
    second->p = row + strlen(start);
    const char *bar = strchr(second->p, '|');
    assert_non_null(bar);
    second->len = (size_t)(bar - second->p);
    return true;
}

#endif
