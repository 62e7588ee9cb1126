/* exposition.h - the program's metrics as text for Prometheus (version 0.0.4 of its format), in that system's units:
 * seconds and bytes. Any thread. */
#ifndef HUBBUB_HTTP_EXPOSITION_H
#define HUBBUB_HTTP_EXPOSITION_H

#include "base/buf.h"
#include "base/metrics.h"

void exposition_write(struct buf *out, const struct metrics *m, int64_t uptime_ms);

#endif
