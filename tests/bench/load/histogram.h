/* histogram.h - how often a time of about this length was seen.
 *
 * Buckets grow with the value: 128 to each power of two, so a percentile is off by less than 0.8 percent, whether it is
 * a microsecond or a minute. Plain data without a lock: one per thread, added up at the end. A zeroed one is empty. */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>

enum {
    HISTOGRAM_STEPS = 128,                   /* buckets per power of two */
    HISTOGRAM_BUCKETS = HISTOGRAM_STEPS * 40 /* the last begins at about 2^45 ns, ten hours */
};

struct histogram {
    uint64_t count, max;
    double sum;
    uint64_t buckets[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *, uint64_t ns);
void histogram_merge(struct histogram *into, const struct histogram *from);
double histogram_percentile_ms(const struct histogram *, double share); /* share 0..1; 0 when empty */
double histogram_mean_ms(const struct histogram *);                     /* 0 when empty */
double histogram_max_ms(const struct histogram *);

#endif
