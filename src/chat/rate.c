#include "chat/rate.h"

int64_t rate_take(_Atomic int64_t *bucket, const struct rate_limit *limit, int64_t now_ns)
{
    if (limit->per_s <= 0)
        return 0;
    int64_t interval_ns = 1000000000 / limit->per_s;
    int64_t full_at = atomic_load_explicit(bucket, memory_order_relaxed), next;
    do {
        int64_t from = full_at > now_ns ? full_at : now_ns;
        int64_t wait_ns = from + interval_ns - (now_ns + interval_ns * limit->burst);
        if (wait_ns > 0)
            return wait_ns;
        next = from + interval_ns;
    } while (
        !atomic_compare_exchange_weak_explicit(bucket, &full_at, next, memory_order_relaxed, memory_order_relaxed));
    return 0;
}
