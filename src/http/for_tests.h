/* for_tests.h - what only tests ask of this room. */
#ifndef HUBBUB_HTTP_FOR_TESTS_H
#define HUBBUB_HTTP_FOR_TESTS_H

#include <stdint.h>

struct gate;
struct guard;

/* How many are in. */
int64_t gate_count(struct gate *g);

/* How many connections were cut. Any thread. */
int64_t guard_cuts(const struct guard *g);

#endif
