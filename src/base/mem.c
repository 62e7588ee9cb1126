#include "base/mem.h"

#include "base/diag.h"
#include "base/diag_sink.h"

#include <stdlib.h>
#include <string.h>

static void *must(void *p)
{
    if (!p) {
        diag_error("out_of_memory", "action=abort");
        diag_sink_flush();
        abort();
    }
    return p;
}

void *mem_must_calloc(size_t n, size_t size)
{
    return must(calloc(n, size));
}

void *mem_must_resize(void *p, size_t n, size_t size)
{
    return must(reallocarray(p, n, size));
}

char *mem_must_copy(struct span s)
{
    char *copy = mem_must_calloc(s.len + 1, 1);
    if (s.len)
        memcpy(copy, s.p, s.len);
    return copy;
}
