/* waits.h - how many threads may wait for the database at once.
 *
 * HTTP workers wait for the writer and for the readers. When the disk hangs, or another program holds the database's lock,
 * all of them would hang with it, and nobody could be told. So at most half of them may wait for the writer, and an eighth
 * of them, but at least one, waits for nothing. A thread that finds no place waits for one while places come free; once
 * none has for WAITS_STUCK_MS, it is refused at once.
 *
 * Zeroed memory is one without a limit, as the command line and tests need it. Any thread. To enter and to leave takes no
 * lock, unless somebody waits for a place. */
#ifndef HUBBUB_CHAT_CORE_WAITS_H
#define HUBBUB_CHAT_CORE_WAITS_H

#include "base/env.h"
#include "base/err.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

enum { WAITS_STUCK_MS = 1000 };

enum wait_for { WAIT_READER, WAIT_WRITER, WAIT_KINDS };

struct waits {
    int threads;                          /* that there are; 0: no limit */
    _Atomic uint32_t taken;               /* how many wait now: 16 bits for each kind */
    _Atomic int64_t moved_ms[WAIT_KINDS]; /* when one of them last began alone or was done */
    _Atomic int places_wanted;            /* by threads that wait for a place */
    pthread_mutex_t lock;                 /* over what follows */
    pthread_cond_t free[WAIT_KINDS];      /* there may be a place */
    int asleep[WAIT_KINDS];
};

/* Before anybody waits: so many threads there are in all. */
void waits_limit(struct waits *w, int threads);

/* On a thread that is about to wait. OK: waits_leave() has to follow. ERR_OVERLOADED. */
enum err waits_enter(struct waits *w, const struct env *env, enum wait_for what);
void waits_leave(struct waits *w, const struct env *env, enum wait_for what);

/* How many wait now. */
int waits_count(const struct waits *w, enum wait_for what);

#endif
