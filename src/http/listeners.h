/* listeners.h - the sockets that CivetWeb listens on, which it does not show: found by looking, as in takeover.c.
 * Main thread. */
#ifndef HUBBUB_HTTP_LISTENERS_H
#define HUBBUB_HTTP_LISTENERS_H

#include "base/err.h"
#include "http/settings.h"

#include <stddef.h>

struct mg_context;

/* Writes the address of the first one, as "127.0.0.1:8080"; returns the highest of their descriptors, or -1 when
 * there is none below limit. */
int listeners_address(const struct mg_context *ctx, int limit, char *address, size_t size);

/* Opens a connection to the first of them and closes it at once. */
void listeners_greet(const struct mg_context *ctx, int limit);

/* Lets the kernel hand over a connection only when its first bytes are there, so that one that says nothing (browsers
 * open some in advance) does not hold a worker. */
void listeners_wait_for_data(const struct mg_context *ctx, int limit);

/* Stops listening, so that CivetWeb's accepting thread wakes up at once; by itself it looks every 2 seconds whether
 * it has to stop. To be followed by mg_stop(). */
void listeners_shut(const struct mg_context *ctx, int limit);

/* What CivetWeb said when it could not start, as a line for people and an err: ERR_IN_USE, ERR_INVALID, ERR_IO. */
enum err listeners_explain(const char *complaint, struct http_error *why);

#endif
