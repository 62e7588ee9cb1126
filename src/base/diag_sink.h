/* diag_sink.h - where the lines of diag.h go: stderr or a file, and the queue in front of it.
 *
 * A terminal that nobody reads, a full pipe or a hanging disk makes write(2) wait. So a running server writes from a
 * thread of its own: everyone else only copies a line into a queue of bounded size. A line that does not fit is dropped
 * and counted, and the count is written as soon as lines fit again.
 *
 * One sink for the whole process, like diag.h. */
#ifndef HUBBUB_BASE_DIAG_SINK_H
#define HUBBUB_BASE_DIAG_SINK_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum { DIAG_QUEUE_BYTES = 128 * 1024 }; /* waiting; as many again may be on their way to the file */

/* Main thread. path NULL or "" is stderr. A new file has mode 0640 less the umask. ERR_IO: nothing has changed. */
enum err diag_sink_open(const char *path);

/* Main thread. Opens the same path again, with the mode that the file had at diag_sink_open() if it has to be made.
 * False: the sink is as it was. Then *failed is the path that cannot be opened (see errno), or NULL: it is stderr. */
bool diag_sink_reopen(const char **failed);

/* Main thread, with all signals blocked. ERR_MEMORY: no thread; lines are then written by those who say them. */
enum err diag_sink_start(void);

/* Main thread. Writes what is queued, for at most a second, and ends the thread if it is done by then. */
void diag_sink_stop(void);

/* Any thread. Waits until what is queued has been written, for at most a second. */
void diag_sink_flush(void);

/* Any thread. Between the two one may call diag_sink_write(), which takes a copy of a whole line with its newline, or
 * writes it when there is no thread; errno may change. The lock is apart so that its holder can guard what decides
 * whether there is a line: in the simulation, threads take turns at locks, and how many those are mustn't depend on that. */
void diag_sink_lock(void);
void diag_sink_write(const char *line, size_t len);
void diag_sink_unlock(void);

#endif
