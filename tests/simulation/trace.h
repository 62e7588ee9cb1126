/* trace.h - what has happened in a run, line by line: the last lines are kept for the report of a failure, and a hash
 * over all of it tells whether two runs were the same. */
#ifndef HUBBUB_SIMULATION_TRACE_H
#define HUBBUB_SIMULATION_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TRACE_KEPT = 40, TRACE_LINE_BYTES = 240 };

struct trace {
    uint64_t seed, hash, lines;
    const int64_t *now_us;      /* the simulated clock, which each line begins with */
    int depth;                  /* how many interrupted threads there are: lines are set in by it */
    bool print;                 /* each line as it happens */
    const char *replay_options; /* what, beside the seed, has to be given to repeat the run; "" for nothing */
    char last[TRACE_KEPT][TRACE_LINE_BYTES];
};

void trace_init(struct trace *t, uint64_t seed, const int64_t *now_us, bool print, const char *replay_options);
void trace_say(struct trace *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Goes into the hash without being written down. */
void trace_mix(struct trace *t, const void *bytes, size_t len);

/* An oracle has found something: reports the seed, the reason, how to replay it and the last lines, and ends the
 * program. */
_Noreturn void trace_fail(struct trace *t, const char *oracle, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The report of trace_fail() without ending: for a signal handler. */
void trace_report(const struct trace *t, const char *what);

#endif
