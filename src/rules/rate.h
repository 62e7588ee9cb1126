/* rate.h - token buckets, as one number each.
 *
 * The generic cell rate algorithm (ITU-T I.371): instead of counting tokens it remembers when the bucket will be full
 * again. So a bucket is one int64, 0 is a full one, and a compare-and-swap makes it safe for several threads. */
#ifndef HUBBUB_RULES_RATE_H
#define HUBBUB_RULES_RATE_H

#include <stdatomic.h>
#include <stdint.h>

struct rate_limit {
    int64_t per_s; /* 0: no limit */
    int64_t burst; /* at least 1 */
};

/* Takes a token. 0 when there was one; else how many nanoseconds until there is, and the bucket is as it was. */
int64_t rate_take(_Atomic int64_t *bucket, const struct rate_limit *limit, int64_t now_ns);

/* The same for limits below one a second: a token comes every interval_ns, which is above 0. */
int64_t rate_take_every(_Atomic int64_t *bucket, int64_t interval_ns, int64_t burst, int64_t now_ns);

/* n tokens at once. More than the burst are given when the bucket is full, and leave it that much emptier than empty; 0
 * are given unless it is emptier than empty. */
int64_t rate_take_many(_Atomic int64_t *bucket, int64_t interval_ns, int64_t burst, int64_t n, int64_t now_ns);

/* Takes what n tokens together take to come, cost_ns, whether they are there or not. */
void rate_spend(_Atomic int64_t *bucket, int64_t cost_ns, int64_t now_ns);

/* Puts back what was taken for nothing: one interval for each token. */
void rate_give_back(_Atomic int64_t *bucket, int64_t cost_ns);

#endif
