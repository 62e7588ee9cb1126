/* numbers.h - a set of numbers in ascending order, made to count those above a limit. Not thread-safe; out of memory
 * ends the process. */
#ifndef HUBBUB_DIRECTORY_NUMBERS_H
#define HUBBUB_DIRECTORY_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct numbers { /* zeroed: empty */
    int64_t *all;
    size_t count, cap;
};

/* False: it was there. Cheap for a number above all others. */
bool numbers_add(struct numbers *n, int64_t number);
bool numbers_remove(struct numbers *n, int64_t number); /* false: it was not there */
/* The same with many at once, which ascend: takes as long as both together are. */
void numbers_add_all(struct numbers *n, const int64_t *more, size_t count);
void numbers_remove_all(struct numbers *n, const int64_t *less, size_t count);
/* How many are above the limit. */
int64_t numbers_above(const struct numbers *n, int64_t limit);
void numbers_release(struct numbers *n);

#endif
