#include "directory/numbers.h"

#include "base/mem.h"
#include "base/sorted.h"

#include <stdlib.h>
#include <string.h>

/* Where the first number is that is not below this one. */
static size_t place_of(const struct numbers *n, int64_t number)
{
    return sorted_place(n->all, n->count, sizeof *n->all, number);
}

static void reserve(struct numbers *n, size_t cap)
{
    if (cap <= n->cap)
        return;
    n->cap = cap;
    n->all = mem_must_resize(n->all, cap, sizeof *n->all);
}

bool numbers_add(struct numbers *n, int64_t number)
{
    const size_t at = place_of(n, number);
    if (at < n->count && n->all[at] == number)
        return false;
    if (n->count == n->cap)
        reserve(n, n->cap + n->cap / 2 + 4);
    memmove(n->all + at + 1, n->all + at, (n->count - at) * sizeof *n->all);
    n->all[at] = number;
    n->count++;
    return true;
}

bool numbers_remove(struct numbers *n, int64_t number)
{
    const size_t at = place_of(n, number);
    if (at == n->count || n->all[at] != number)
        return false;
    n->count--;
    memmove(n->all + at, n->all + at + 1, (n->count - at) * sizeof *n->all);
    return true;
}

/* From the top down, so that it needs no second array. */
void numbers_add_all(struct numbers *n, const int64_t *more, size_t count)
{
    size_t fresh = 0;
    for (size_t i = 0, at = 0; i < count; i++) {
        while (at < n->count && n->all[at] < more[i])
            at++;
        fresh += at == n->count || n->all[at] != more[i];
    }
    reserve(n, n->count + fresh);
    size_t from = n->count, to = n->count + fresh;
    n->count = to;
    while (to > from) {
        const int64_t next = more[count - 1];
        if (from && n->all[from - 1] >= next) {
            count -= n->all[from - 1] == next;
            n->all[--to] = n->all[--from];
        } else {
            n->all[--to] = next;
            count--;
        }
    }
}

void numbers_remove_all(struct numbers *n, const int64_t *less, size_t count)
{
    size_t kept = 0;
    for (size_t at = 0, i = 0; at < n->count; at++) {
        while (i < count && less[i] < n->all[at])
            i++;
        if (i == count || less[i] != n->all[at])
            n->all[kept++] = n->all[at];
    }
    n->count = kept;
}

int64_t numbers_above(const struct numbers *n, int64_t limit)
{
    return (int64_t)(n->count - place_of(n, limit + 1));
}

void numbers_release(struct numbers *n)
{
    free(n->all);
    *n = (struct numbers){0};
}
