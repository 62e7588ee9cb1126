/* mono.h - the clock that never goes back, in nanoseconds. Any thread. */
#ifndef MONO_H
#define MONO_H

#include <stdint.h>

#define MONO_SECOND ((uint64_t)1000000000)
#define MONO_MS     ((uint64_t)1000000)

uint64_t mono_ns(void);
void mono_sleep(uint64_t ns);
uint64_t mono_from_s(double seconds); /* seconds, as nanoseconds */
double mono_to_s(uint64_t ns);

#endif
