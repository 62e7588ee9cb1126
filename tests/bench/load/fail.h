/* fail.h - how the load generators give up, complain, and get memory.
 *
 * They are tools: what they cannot do without (memory, epoll) ends the program with status 2 and one line on stderr.
 * Any thread may call everything here. */
#ifndef FAIL_H
#define FAIL_H

#include <stddef.h>

enum { FAIL_STATUS = 2 }; /* exit status: the measurement could not be set up, or was asked for wrongly */

_Noreturn void fail_exit(const char *what, const char *why); /* prints "PROGRAM: what: why" and exits */
void fail_note(const char *what, const char *why);           /* the same, going on; only the first five are printed */

void *fail_alloc(size_t count, size_t size); /* zeroed; never NULL */
void *fail_realloc(void *old, size_t size);  /* never NULL */

#endif
