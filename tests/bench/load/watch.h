/* watch.h - what the servers use, out of /proc. Main thread. */
#ifndef WATCH_H
#define WATCH_H

#include <stdbool.h>

struct watch_sample { /* of the given processes and all their descendants together */
    double cpu_s;
    double rss_kb;
    double pss_kb; /* deep only: memory that processes share is counted once */
    int threads, processes;
    int descriptors; /* deep only */
};

struct watch_sample watch_take(const int *pids, int pid_count, bool deep);
double watch_tcp_kb(void);      /* kernel memory in all TCP sockets of the machine */
double watch_machine_cpu(void); /* CPU seconds used by everything on the machine, stolen time included */
double watch_own_cpu(void);     /* CPU seconds used by this process */

#endif
