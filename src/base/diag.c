#include "base/diag.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
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

static struct {
    pthread_mutex_t lock;
    int fd;
    enum diag_level level;
    char path[512];
    struct event_rate rates[EVENT_KINDS];
} sink = {.lock = PTHREAD_MUTEX_INITIALIZER, .fd = STDERR_FILENO, .level = DIAG_INFO};

static int open_file(const char *path)
{
    return open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
}

enum err diag_open(const char *path, enum diag_level level)
{
    int fd = STDERR_FILENO;
    bool to_file = path && *path;
    if (to_file && (strlen(path) >= sizeof sink.path || (fd = open_file(path)) < 0))
        return ERR_IO;
    pthread_mutex_lock(&sink.lock);
    if (sink.fd != STDERR_FILENO)
        close(sink.fd);
    sink.fd = fd;
    sink.level = level;
    snprintf(sink.path, sizeof sink.path, "%s", to_file ? path : "");
    pthread_mutex_unlock(&sink.lock);
    return OK;
}

void diag_reopen(void)
{
    if (!sink.path[0]) /* written only by the main thread, which is the one that calls here */
        return;
    int fd = open_file(sink.path);
    if (fd < 0) {
        diag_error("log_reopen_failed", "file=%s reason=%s", diag_quote(sink.path).s, diag_quote(strerror(errno)).s);
        return;
    }
    pthread_mutex_lock(&sink.lock);
    int old = sink.fd;
    sink.fd = fd;
    pthread_mutex_unlock(&sink.lock);
    close(old);
}

static struct event_rate *rate_of(const char *event)
{
    int i = 0;
    while (i < EVENT_KINDS - 1 && sink.rates[i].event && sink.rates[i].event != event)
        i++;
    if (!sink.rates[i].event)
        sink.rates[i].event = event;
    return &sink.rates[i];
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

void diag(enum diag_level level, const char *event, const char *format, ...)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    int saved_errno = errno;
    char line[LINE_MAX_BYTES];
    struct timespec now;
    struct tm utc;
    unsigned left_out;

    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);

    pthread_mutex_lock(&sink.lock);
    if (level < sink.level || !admit(event, now.tv_sec, &left_out))
        goto done;
    size_t len = strftime(line, sizeof line, "time=%Y-%m-%dT%H:%M:%S", &utc);
    len += clamp_len(snprintf(line + len, sizeof line - len, ".%03ldZ level=%s event=%s", now.tv_nsec / 1000000,
                              names[level], event),
                     sizeof line - len);
    if (left_out)
        len += clamp_len(snprintf(line + len, sizeof line - len, " left_out=%u", left_out), sizeof line - len);
    if (*format) {
        line[len++] = ' ';
        va_list args;
        va_start(args, format);
        len += clamp_len(vsnprintf(line + len, sizeof line - len - 1, format, args), sizeof line - len - 1);
        va_end(args);
    }
    if (line[len - 1] == ' ') /* nothing to say beside the event */
        len--;
    line[len++] = '\n';
    /* A full disk or a closed terminal must not stop the chat, and there is nobody left to tell. */
    ssize_t ignored = write(sink.fd, line, len);
    (void)ignored;
done:
    pthread_mutex_unlock(&sink.lock);
    errno = saved_errno;
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
