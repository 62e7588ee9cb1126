/* SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014): one word of state, good
 * enough to steer a test. */
#include "dice.h"

static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

void dice_init(struct dice *d, uint64_t seed, uint64_t stream)
{
    d->state = mix(mix(seed) + stream * UINT64_C(0x9E3779B97F4A7C15));
}

uint64_t dice_u64(struct dice *d)
{
    d->state += UINT64_C(0x9E3779B97F4A7C15);
    return mix(d->state);
}

size_t dice_below(struct dice *d, size_t n)
{
    return (size_t)(dice_u64(d) % n);
}

int64_t dice_between(struct dice *d, int64_t low, int64_t high)
{
    return low + (int64_t)dice_below(d, (size_t)(high - low + 1));
}

bool dice_one_in(struct dice *d, size_t n)
{
    return n && dice_below(d, n) == 0;
}

void dice_bytes(struct dice *d, uint8_t *out, size_t len)
{
    uint64_t word = 0;
    for (size_t i = 0; i < len; i++) {
        word = i % 8 ? word >> 8 : dice_u64(d);
        out[i] = (uint8_t)word;
    }
}
