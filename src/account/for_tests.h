/* for_tests.h - what only tests ask of this room. */
#ifndef HUBBUB_ACCOUNT_FOR_TESTS_H
#define HUBBUB_ACCOUNT_FOR_TESTS_H

#include <stddef.h>

struct attempts;

/* How many entries there are. */
size_t attempts_entries(struct attempts *a);

#endif
