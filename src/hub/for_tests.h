/* for_tests.h - what only tests ask of this room. */
#ifndef HUBBUB_HUB_FOR_TESTS_H
#define HUBBUB_HUB_FOR_TESTS_H

#include <stdint.h>

struct hub;
struct member;

/* The last event that the member may see; INT64_MAX: it has no end. What is read as HUB_TOO_OLD says is never beyond it. */
int64_t hub_member_end(struct hub *h, const struct member *m);

#endif
