/* for_tests.h - what only the simulation asks of this room. */
#ifndef HUBBUB_CHAT_SUBMIT_FOR_TESTS_H
#define HUBBUB_CHAT_SUBMIT_FOR_TESTS_H

#include <stdbool.h>

struct sweep;

/* Whether a reader has been asked to look, or does. */
bool sweep_is_looking(const struct sweep *w);

#endif
