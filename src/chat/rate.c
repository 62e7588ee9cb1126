#include "chat/rate.h"

int64_t rate_take(_Atomic int64_t *bucket, const struct rate_limit *limit, int64_t now_ns)
{
    return limit->per_s > 0 ? rate_take_every(bucket, 1000000000 / limit->per_s, limit->burst, now_ns) : 0;
}

int64_t rate_take_every(_Atomic int64_t *bucket, int64_t interval_ns, int64_t burst, int64_t now_ns)
{
    int64_t full_at = atomic_load_explicit(bucket, memory_order_relaxed), next;
    do {
        int64_t from = full_at > now_ns ? full_at : now_ns;
        int64_t wait_ns = from + interval_ns - (now_ns + interval_ns * burst);
        if (wait_ns > 0)
            return wait_ns;
        next = from + interval_ns;
    } while (
        !atomic_compare_exchange_weak_explicit(bucket, &full_at, next, memory_order_relaxed, memory_order_relaxed));
    return 0;
}

void rate_give_back(_Atomic int64_t *bucket, int64_t interval_ns)
{
    atomic_fetch_sub_explicit(bucket, interval_ns, memory_order_relaxed);
}
