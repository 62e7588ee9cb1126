#include "rules/rate.h"

int64_t rate_take(_Atomic int64_t *bucket, const struct rate_limit *limit, int64_t now_ns)
{
    return limit->per_s > 0 ? rate_take_every(bucket, 1000000000 / limit->per_s, limit->burst, now_ns) : 0;
}

int64_t rate_take_every(_Atomic int64_t *bucket, int64_t interval_ns, int64_t burst, int64_t now_ns)
{
    return rate_take_many(bucket, interval_ns, burst, 1, now_ns);
}

int64_t rate_take_many(_Atomic int64_t *bucket, int64_t interval_ns, int64_t burst, int64_t n, int64_t now_ns)
{
    const int64_t needs = n < burst ? n : burst;
    int64_t full_at = atomic_load_explicit(bucket, memory_order_relaxed), next;
    do {
        int64_t from = full_at > now_ns ? full_at : now_ns;
        int64_t wait_ns = from + interval_ns * needs - (now_ns + interval_ns * burst);
        if (wait_ns > 0)
            return wait_ns;
        next = from + interval_ns * n;
    } while (
        !atomic_compare_exchange_weak_explicit(bucket, &full_at, next, memory_order_relaxed, memory_order_relaxed));
    return 0;
}

void rate_spend(_Atomic int64_t *bucket, int64_t cost_ns, int64_t now_ns)
{
    int64_t full_at = atomic_load_explicit(bucket, memory_order_relaxed), next;
    do
        next = (full_at > now_ns ? full_at : now_ns) + cost_ns;
    while (!atomic_compare_exchange_weak_explicit(bucket, &full_at, next, memory_order_relaxed, memory_order_relaxed));
}

void rate_give_back(_Atomic int64_t *bucket, int64_t cost_ns)
{
    atomic_fetch_sub_explicit(bucket, cost_ns, memory_order_relaxed);
}
