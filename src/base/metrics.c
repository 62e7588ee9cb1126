#include "base/metrics.h"

#include <stddef.h>

void metrics_observe(struct metrics_histogram *h, int64_t value)
{
    size_t i = 0;
    while (i < METRICS_BUCKETS - 1 && value > (INT64_C(1) << i))
        i++;
    metric_add(&h->bucket[i], 1);
    metric_add(&h->count, 1);
    metric_add(&h->sum, value);
}

const char *metrics_close_name(enum metrics_close reason)
{
    static const char *const names[CLOSE_REASONS] = {
        [CLOSE_BY_PEER] = "by_peer",   [CLOSE_LOST] = "lost",       [CLOSE_IDLE] = "idle",
        [CLOSE_PROTOCOL] = "protocol", [CLOSE_TOO_BIG] = "too_big", [CLOSE_FLOOD] = "flood",
        [CLOSE_TOO_SLOW] = "too_slow", [CLOSE_RESTART] = "restart", [CLOSE_INTERNAL] = "internal",
        [CLOSE_ENDED] = "ended",
    };
    return names[reason];
}
