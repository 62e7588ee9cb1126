#include "base/diag.h"

#include "base/diag_sink.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    LINES_PER_SECOND = 20, /* per event kind; enough to see a pattern, too few to fill a disk */
    EVENT_KINDS = 128,     /* how many kinds are told apart; further ones share the last place */
    LINE_MAX_BYTES = 1024,
};

struct event_rate {
    const char *event; /* a constant: told apart by its address */
    time_t second;
    unsigned written, left_out;
};

static _Atomic enum diag_level least = DIAG_INFO;

static struct event_rate rates[EVENT_KINDS]; /* under the sink's lock */

enum err diag_open(const char *path, enum diag_level level)
{
    enum err e = diag_sink_open(path);
    if (!e)
        atomic_store_explicit(&least, level, memory_order_relaxed);
    return e;
}

void diag_reopen(void)
{
    const char *failed;
    if (diag_sink_reopen(&failed))
        diag_info("log_reopened", "%s", "");
    else if (failed)
        diag_error("log_reopen_failed", "file=%s reason=%s", diag_quote(failed).s, diag_quote(strerror(errno)).s);
}

bool diag_is_on(enum diag_level level)
{
    return level >= atomic_load_explicit(&least, memory_order_relaxed);
}

static struct event_rate *rate_of(const char *event)
{
    int i = 0;
    while (i < EVENT_KINDS - 1 && rates[i].event && rates[i].event != event)
        i++;
    if (!rates[i].event)
        rates[i].event = event;
    return &rates[i];
}

/* Under the lock. True: write the line; *left_out is how many lines of this kind were not written before it. */
static bool admit(const char *event, time_t second, unsigned *left_out)
{
    struct event_rate *rate = rate_of(event);
    *left_out = 0;
    if (rate->second != second) {
        *left_out = rate->left_out;
        rate->second = second;
        rate->written = rate->left_out = 0;
    }
    if (rate->written >= LINES_PER_SECOND) {
        rate->left_out++;
        return false;
    }
    rate->written++;
    return true;
}

static size_t clamp_len(int printed, size_t room)
{
    if (printed < 0)
        return 0;
    return (size_t)printed < room ? (size_t)printed : room - 1;
}

__attribute__((format(printf, 3, 0))) static void say(enum diag_level level, const char *event, const char *format,
                                                      va_list args)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    int saved_errno = errno;
    char line[LINE_MAX_BYTES];
    struct timespec now;
    struct tm utc;
    unsigned left_out;

    if (!diag_is_on(level))
        return;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);

    diag_sink_lock();
    if (!admit(event, now.tv_sec, &left_out))
        goto done;
    size_t len = strftime(line, sizeof line, "time=%Y-%m-%dT%H:%M:%S", &utc);
    len += clamp_len(snprintf(line + len, sizeof line - len, ".%03ldZ level=%s event=%s", now.tv_nsec / 1000000,
                              names[level], event),
                     sizeof line - len);
    if (left_out)
        len += clamp_len(snprintf(line + len, sizeof line - len, " left_out=%u", left_out), sizeof line - len);
    if (*format) {
        line[len++] = ' ';
        len += clamp_len(vsnprintf(line + len, sizeof line - len - 1, format, args), sizeof line - len - 1);
    }
    if (line[len - 1] == ' ') /* nothing to say beside the event */
        len--;
    line[len++] = '\n';
    diag_sink_write(line, len);
done:
    diag_sink_unlock();
    errno = saved_errno;
}

void diag(enum diag_level level, const char *event, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(level, event, format, args);
    va_end(args);
}

void diag_fatal(const char *event, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(DIAG_ERROR, event, format, args);
    va_end(args);
    diag_sink_flush();
    _exit(1);
}

struct diag_text diag_quote(const char *value)
{
    struct diag_text out;
    size_t n = 0, limit = sizeof out.s - 8;
    bool plain = value && *value;
    for (const char *c = value; plain && *c; c++)
        plain = *c > ' ' && *c != '"' && *c != '=' && *c != '\\' && *c != 0x7f;
    if (!plain)
        out.s[n++] = '"';
    for (const char *c = value; c && *c && n < limit; c++) {
        unsigned char byte = (unsigned char)*c;
        if (byte == '"' || byte == '\\') {
            out.s[n++] = '\\';
            out.s[n++] = *c;
        } else if (byte < ' ' || byte == 0x7f) {
            static const char hex[] = "0123456789abcdef";
            out.s[n++] = '\\';
            out.s[n++] = 'x';
            out.s[n++] = hex[byte >> 4];
            out.s[n++] = hex[byte & 15];
        } else {
            out.s[n++] = *c;
        }
    }
    if (!plain)
        out.s[n++] = '"';
    out.s[n] = 0;
    return out;
}
