/* diag.h - what the program tells its operator: one line per event, in logfmt.
 *
 *     time=2026-01-31T12:00:00.000Z level=info event=ready address=127.0.0.1:8080
 *
 * One sink for the whole process (diag_sink.h): stderr, or a file that diag_reopen() opens anew after log rotation. Any
 * thread may call, and none waits for the sink once diag_sink_start() has been called. Each event kind may write 20
 * lines in a second, then it is silent until the second is over and says how many were left out. Never pass message text
 * or secrets. */
#ifndef HUBBUB_BASE_DIAG_H
#define HUBBUB_BASE_DIAG_H

#include "base/err.h"

#include <stdbool.h>

enum diag_level { DIAG_DEBUG, DIAG_INFO, DIAG_WARN, DIAG_ERROR };

/* Sets level and sink; path NULL or "" is stderr. ERR_IO: the file cannot be opened, nothing has changed. Main thread.
 */
enum err diag_open(const char *path, enum diag_level level);

/* Opens the same file again, for log rotation, and says so there. On failure goes on with the old one and says that.
 * stderr stays as it is. Main thread. */
void diag_reopen(void);

/* Whether lines of this level are written. */
bool diag_is_on(enum diag_level level);

/* `event` is a constant snake_case word; `format` gives the rest as key=value pairs, or is "" for none. Values that
 * come from outside go through diag_quote(). errno is kept. */
void diag(enum diag_level level, const char *event, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Costs next to nothing while it is off: the arguments are not looked at. */
#define diag_debug(...) (diag_is_on(DIAG_DEBUG) ? diag(DIAG_DEBUG, __VA_ARGS__) : (void)0)
#define diag_info(...)  diag(DIAG_INFO, __VA_ARGS__)
#define diag_warn(...)  diag(DIAG_WARN, __VA_ARGS__)
#define diag_error(...) diag(DIAG_ERROR, __VA_ARGS__)

/* As diag_error(), and the process ends with status 1 as soon as the line is written (or a second has passed): nothing
 * is closed, nobody is told. For when going on would do harm. */
_Noreturn void diag_fatal(const char *event, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct diag_text {
    char s[128];
};

/* A logfmt value of any string: quoted and escaped where it must be, cut at about 100 bytes. Used as
 * diag_quote(x).s within one call. NULL is "". */
struct diag_text diag_quote(const char *value);

#endif
