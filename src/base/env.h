/* env.h - what the core takes from outside: the time and randomness.
 *
 * Code in hub, log, chat and store asks this and nothing else, so that a test or the simulation can move the clock and
 * repeat a run from a seed. The functions may be called from any thread. */
#ifndef HUBBUB_BASE_ENV_H
#define HUBBUB_BASE_ENV_H

#include <stddef.h>
#include <stdint.h>

struct env {
    int64_t (*wall_ms)(void *ctx);                       /* milliseconds since 1970-01-01 UTC */
    int64_t (*mono_ns)(void *ctx);                       /* nanoseconds, never backwards, from an unknown start */
    void (*random)(void *ctx, uint8_t *out, size_t len); /* unpredictable bytes (in a simulation: repeatable ones) */
    void *ctx;
};

/* The operating system's clocks and libsodium's generator; sodium_init() must have been called. Constant. */
const struct env *env_system(void);

static inline int64_t env_wall_ms(const struct env *e)
{
    return e->wall_ms(e->ctx);
}

static inline int64_t env_mono_ns(const struct env *e)
{
    return e->mono_ns(e->ctx);
}

static inline int64_t env_mono_ms(const struct env *e)
{
    return e->mono_ns(e->ctx) / 1000000;
}

static inline void env_random(const struct env *e, uint8_t *out, size_t len)
{
    e->random(e->ctx, out, len);
}

#endif
