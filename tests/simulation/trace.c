#include "trace.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void trace_init(struct trace *t, uint64_t seed, const int64_t *now_us, bool print, const char *replay_options)
{
    t->seed = seed;
    t->hash = UINT64_C(0xCBF29CE484222325);
    t->lines = 0;
    t->now_us = now_us;
    t->depth = 0;
    t->print = print;
    t->replay_options = replay_options;
}

/* FNV-1a. */
void trace_mix(struct trace *t, const void *bytes, size_t len)
{
    const uint8_t *p = bytes;
    for (size_t i = 0; i < len; i++)
        t->hash = (t->hash ^ p[i]) * UINT64_C(0x100000001B3);
}

void trace_say(struct trace *t, const char *format, ...)
{
    char *line = t->last[t->lines++ % TRACE_KEPT];
    va_list args;
    int len =
        snprintf(line, TRACE_LINE_BYTES, "%10.6f %*s", (double)*t->now_us / 1e6, t->depth > 0 ? 2 * t->depth : 0, "");
    va_start(args, format);
    len += vsnprintf(line + len, (size_t)(TRACE_LINE_BYTES - len), format, args);
    va_end(args);
    trace_mix(t, line, len < TRACE_LINE_BYTES ? (size_t)len : TRACE_LINE_BYTES - 1);
    if (t->print)
        puts(line);
}

void trace_report(const struct trace *t, const char *what)
{
    fflush(stdout);
    fprintf(stderr, "seed %" PRIu64 " failed: %s\nreplay: " SIMULATE_COMMAND " --seed %" PRIu64 "%s\n", t->seed, what,
            t->seed, t->replay_options);
    for (uint64_t i = t->lines > TRACE_KEPT ? t->lines - TRACE_KEPT : 0; !t->print && i < t->lines; i++)
        fprintf(stderr, "  %s\n", t->last[i % TRACE_KEPT]);
}

void trace_fail(struct trace *t, const char *oracle, const char *format, ...)
{
    char what[1024];
    va_list args;
    int len = snprintf(what, sizeof what, "%s: ", oracle);
    va_start(args, format);
    vsnprintf(what + len, sizeof what - (size_t)len, format, args);
    va_end(args);
    trace_report(t, what);
    exit(EXIT_FAILURE);
}
