/* mem.h - allocation for the few places that cannot go on without it.
 *
 * Where a failed allocation can be answered (a request, a connection), code calls malloc and answers. Where an event
 * that is already durable would go missing for somebody who is connected, dying is the honest answer: everything
 * acknowledged is on disk, and clients resume. */
#ifndef HUBBUB_BASE_MEM_H
#define HUBBUB_BASE_MEM_H

#include "base/span.h"

#include <stddef.h>

/* Like calloc and realloc(array), but say so and abort() when memory is out. Any thread. */
void *mem_must_calloc(size_t n, size_t size);
void *mem_must_resize(void *p, size_t n, size_t size);

/* A copy of the bytes with a NUL behind; the caller frees it. Likewise. */
char *mem_must_copy(struct span s);

#endif
