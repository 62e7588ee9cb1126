/* played_clock.h - an env whose monotonic clock a test sets. For one test program. */
#ifndef HUBBUB_TESTS_PLAYED_CLOCK_H
#define HUBBUB_TESTS_PLAYED_CLOCK_H

#include "base/env.h"

static int64_t now_ns;

static inline int64_t mono_ns(void *ctx)
{
    (void)ctx;
    return now_ns;
}

static const struct env clock_env = {.mono_ns = mono_ns};

#endif
