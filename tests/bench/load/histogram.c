/* Below HISTOGRAM_STEPS a value is its own bucket. Above, the highest bit picks the power of two and the seven bits
 * below it the step, so the index is a shift and a mask, cheap enough for every single delivery. */
#include "histogram.h"

enum { STEP_BITS = 7 };
_Static_assert(1 << STEP_BITS == HISTOGRAM_STEPS, "the step is cut out of the value by its bits");

static const double NS_PER_MS = 1e6;

static unsigned bucket_of(uint64_t value)
{
    if (value < HISTOGRAM_STEPS)
        return (unsigned)value;
    unsigned top = 63u - (unsigned)__builtin_clzll(value);
    unsigned step = (unsigned)(value >> (top - STEP_BITS)) & (HISTOGRAM_STEPS - 1);
    unsigned index = (top - STEP_BITS + 1) * HISTOGRAM_STEPS + step;
    return index < HISTOGRAM_BUCKETS ? index : HISTOGRAM_BUCKETS - 1;
}

static uint64_t middle_of(unsigned bucket)
{
    if (bucket < HISTOGRAM_STEPS)
        return bucket;
    unsigned shift = bucket / HISTOGRAM_STEPS - 1;
    uint64_t low = (uint64_t)(HISTOGRAM_STEPS + bucket % HISTOGRAM_STEPS) << shift;
    return low + ((uint64_t)1 << shift >> 1);
}

void histogram_add(struct histogram *h, uint64_t ns)
{
    h->buckets[bucket_of(ns)]++;
    h->count++;
    h->sum += (double)ns;
    if (ns > h->max)
        h->max = ns;
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
        into->buckets[i] += from->buckets[i];
    into->count += from->count;
    into->sum += from->sum;
    if (from->max > into->max)
        into->max = from->max;
}

double histogram_percentile_ms(const struct histogram *h, double share)
{
    uint64_t wanted = (uint64_t)(share * (double)h->count + 0.5), seen = 0;
    if (!wanted)
        wanted = 1;
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS && h->count; i++) {
        seen += h->buckets[i];
        if (seen >= wanted) {
            uint64_t value = middle_of(i);
            return (double)(value < h->max ? value : h->max) / NS_PER_MS;
        }
    }
    return 0;
}

double histogram_mean_ms(const struct histogram *h)
{
    return h->count ? h->sum / (double)h->count / NS_PER_MS : 0;
}

double histogram_max_ms(const struct histogram *h)
{
    return (double)h->max / NS_PER_MS;
}
