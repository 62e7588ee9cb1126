/* look_up.h - a look into the database for somebody who waits.
 *
 * For HTTP workers and the command line: a session's questions come back as tasks instead (query.h), as its thread may
 * not wait. */
#ifndef HUBBUB_ACCOUNT_LOOK_UP_H
#define HUBBUB_ACCOUNT_LOOK_UP_H

#include "chat/core/core.h"

typedef enum err look_fn(struct store *s, void *ctx);

/* Runs `read` once on a reader thread, with its store, and waits until it has returned; what it returns is returned.
 * What it wants to keep it copies into `ctx`, as rows are borrowed. Not on a reader, a reactor or the writer.
 * ERR_OVERLOADED: the readers' queue is full; ERR_SHUTTING_DOWN: they have stopped: `read` did not run. */
enum err look_up(struct chat *c, look_fn *read, void *ctx);

/* The same for a list or a page of history, which waits behind other people's: look_up() is for a few rows. */
enum err look_up_page(struct chat *c, look_fn *read, void *ctx);

#endif
