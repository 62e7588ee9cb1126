/* report.h - what a run of chatload came to, for people or as one JSON object. Main thread, after the workers ended. */
#ifndef REPORT_H
#define REPORT_H

#include "histogram.h"
#include "options.h"
#include "watch.h"
#include "worker.h"

#include <stdbool.h>
#include <stdint.h>

struct report_moment { /* a border of the measured window */
    struct watch_sample servers;
    double own_cpu_s, machine_cpu_s;
    uint64_t ns;
};

struct report {
    const struct options *options;
    int opened, failed;
    double connect_s;
    struct watch_sample before, connected, end; /* the servers: empty, with all connections, after the run */
    double tcp_kb_before, tcp_kb_connected;
    double rss_kb_peak;
    struct report_moment from, to;
    struct worker_counts counts;
    uint64_t expected, received, bytes, reads, frames, pings, blocked_sends;
    struct histogram latency;
};

void report_add_worker(struct report *, const struct worker *);
bool report_is_clean(const struct report *); /* all that was expected came, once, and nobody was cut off */
void report_print(const struct report *);    /* on stdout, in the form that the options ask for */

#endif
