/* options.h - what chatload was asked for, read once from its command line. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "arguments.h"

#include <netinet/in.h>
#include <stdbool.h>

enum {
    OPTIONS_SOURCE_MAX = 64,
    OPTIONS_SIZE_MAX = 1 << 16 /* bytes of a body */
};

struct options {
    const char *host, *path, *label;
    const char *joined;      /* NULL: open is joined */
    const char *slow_source; /* NULL: like the others */
    const char *message;     /* see template.h */
    struct arguments_texts headers, hellos;
    struct arguments_numbers pids;
    int port, conns, threads, groups, senders, window, slow, slow_rcvbuf, bystanders, size;
    int sources; /* loopback addresses to connect from; 0: the kernel's choice */
    double connect_per_s, connect_timeout_s;
    double rate; /* messages a second in all; 0: closed loop */
    double settle_s, warmup_s, duration_s, drain_s, stall_s;
    bool idle, json;

    struct sockaddr_in to, from[OPTIONS_SOURCE_MAX], slow_from; /* made out of the above */
};

/* Fills out from the command line, or exits as arguments_parse does. The texts stay argv's. */
void options_parse(struct options *out, int argc, char **argv);

#endif
