/* metrics.h - the program's counters, gauges and histograms, as plain data.
 *
 * One struct that main owns and hands to the parts. Everything is a relaxed atomic: any thread adds, /metrics reads
 * at any time, and the numbers need not agree with each other to the last one. */
#ifndef HUBBUB_BASE_METRICS_H
#define HUBBUB_BASE_METRICS_H

#include <stdatomic.h>
#include <stdint.h>

typedef _Atomic int64_t metric;

/* Why a connection ended, one counter each. */
enum metrics_close {
    CLOSE_BY_PEER,
    CLOSE_LOST,     /* the socket failed or vanished */
    CLOSE_IDLE,     /* nothing heard for the idle limit */
    CLOSE_PROTOCOL, /* 1002, 1003, 1007 */
    CLOSE_TOO_BIG,  /* 1009 */
    CLOSE_FLOOD,    /* 1008 */
    CLOSE_TOO_SLOW, /* 1013 */
    CLOSE_RESTART,  /* 1012 */
    CLOSE_INTERNAL, /* 1011 */
    CLOSE_ENDED,    /* 1008: signed out, the token revoked, or banned */
    CLOSE_REASONS
};

enum { METRICS_BUCKETS = 20 }; /* bucket i counts values up to 2^i units; the last one counts the rest too */

struct metrics_histogram {
    metric bucket[METRICS_BUCKETS];
    metric count, sum;
};

struct metrics {
    metric connections_open, connections_total, connections_refused;
    metric closes[CLOSE_REASONS];
    metric requests_total, requests_refused, requests_rate_limited;
    metric messages_total;          /* messages that became durable */
    metric duplicates_total;        /* sends that were answered from an earlier one */
    metric deliveries_total;        /* frames handed to outbound queues, live ones and replays */
    metric outbound_memory_bytes;   /* what all outbound queues hold, see hub/outbox.h */
    metric ephemeral_dropped_total; /* typing and presence that a long queue shed */
    metric bytes_sent_total, bytes_received_total;
    metric ring_bytes; /* memory of the rooms' last events */
    metric rooms, resumes_total, resets_total, replayed_total;
    metric command_queue, command_queue_refused_total;
    metric reader_queue, reader_queue_refused_total;
    metric commits_total, commit_failures_total;
    metric storage_ok;                                 /* 1 while the last commit succeeded */
    metric database_bytes, wal_bytes, disk_free_bytes; /* the files' sizes, and what is left on their disk */
    metric checkpoints_total, checkpoint_failures_total;
    metric storage_damaged; /* 1 once a damaged page of the database was found: nothing is written then */
    metric http_requests_total;
    metric logins_total, logins_refused_total; /* sign-ins that gave a session; that were wrong or banned, and own
                                                  passwords that were wrong where one has to show it once more */
    metric secrets_refused_total;              /* what nobody guesses: cookies, tokens and links worth nothing */
    metric logins_rate_limited_total;          /* guesses that were not looked at, as too many had been wrong */
    metric newcomers_rate_limited_total;       /* accounts, guests and visitors refused, as too many were new */
    metric addresses_rate_limited_total;       /* what else people without an account were refused, as their address had
                                             done too much */
    metric drawn_bytes_total;                  /* replays, pages of history and lists */
    metric password_hashes_total;
    struct metrics_histogram commit_batch; /* commands per commit */
    struct metrics_histogram commit_us;    /* microseconds from BEGIN to the end of COMMIT */
    struct metrics_histogram history_us;   /* microseconds to read and encode a page */
    struct metrics_histogram loop_lag_us;  /* microseconds a reactor spent in one loop turn */
    struct metrics_histogram welcome_us;   /* microseconds to write and queue the first frame of a connection */
    struct metrics_histogram password_us;  /* microseconds to hash one password, without the wait for a thread */
};

static inline void metric_add(metric *m, int64_t n)
{
    atomic_fetch_add_explicit(m, n, memory_order_relaxed);
}

static inline void metric_set(metric *m, int64_t n)
{
    atomic_store_explicit(m, n, memory_order_relaxed);
}

static inline int64_t metric_get(const metric *m)
{
    return atomic_load_explicit(m, memory_order_relaxed);
}

/* Counts one value, in the histogram's unit. */
void metrics_observe(struct metrics_histogram *h, int64_t value);

/* The label of a close reason on /metrics, e.g. "too_slow". */
const char *metrics_close_name(enum metrics_close reason);

#endif
