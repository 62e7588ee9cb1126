/* for_tests.h - what only tests ask of this room. */
#ifndef HUBBUB_CHAT_ADMIT_FOR_TESTS_H
#define HUBBUB_CHAT_ADMIT_FOR_TESTS_H

#include <stddef.h>

struct origins;

/* How many are remembered. */
size_t origins_count(struct origins *all);

#endif
