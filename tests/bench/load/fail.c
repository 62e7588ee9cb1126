#include "fail.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { NOTES_MAX = 5 }; /* ten thousand connections tend to fail for one reason */

static _Atomic int notes;

static void print(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what, why);
}

void fail_exit(const char *what, const char *why)
{
    print(what, why);
    exit(FAIL_STATUS);
}

void fail_note(const char *what, const char *why)
{
    if (atomic_fetch_add(&notes, 1) < NOTES_MAX)
        print(what, why);
}

void *fail_alloc(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size ? size : 1);
    if (!memory)
        fail_exit("memory", "none left");
    return memory;
}

void *fail_realloc(void *old, size_t size)
{
    void *memory = realloc(old, size ? size : 1);
    if (!memory)
        fail_exit("memory", "none left");
    return memory;
}
