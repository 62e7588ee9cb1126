/* waits.h - how many threads may wait for the database at once.
 *
 * HTTP workers wait for the writer and for the readers. When the disk hangs, or another program holds the database's lock,
 * all of them would hang with it, and nobody could be told. So at most half of them may wait for the writer and three
 * quarters for anything. Who finds no place waits for one while places come free; once none has for WAITS_STUCK_MS, it is
 * refused at once.
 *
 * Zeroed memory is one without a limit, as the command line and tests need it. Any thread; one mutex, held for a count. */
#ifndef HUBBUB_CHAT_WAITS_H
#define HUBBUB_CHAT_WAITS_H

#include "base/env.h"
#include "base/err.h"

#include <pthread.h>
#include <stdbool.h>

enum { WAITS_STUCK_MS = 1000 };

enum wait_for { WAIT_READER, WAIT_WRITER, WAIT_KINDS };

struct waits {
    pthread_mutex_t lock;
    pthread_cond_t left;
    int threads;                  /* that there are; 0: no limit */
    int count[WAIT_KINDS];        /* that wait now */
    int64_t moved_ms[WAIT_KINDS]; /* when one of them last began alone or was done */
};

/* Before anybody waits: so many threads there are in all. */
void waits_limit(struct waits *w, int threads);

/* On a thread that is about to wait. OK: waits_leave() has to follow. ERR_OVERLOADED. */
enum err waits_enter(struct waits *w, const struct env *env, enum wait_for what);
void waits_leave(struct waits *w, const struct env *env, enum wait_for what);

#endif
