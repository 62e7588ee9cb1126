/* reactor.h - an epoll loop that owns live sockets.
 *
 * One turn of the loop: wait; read what has come (one shared 64 KiB buffer) and hand it to the transports; run the
 * tasks that other threads have posted; send what has gathered for each connection, with one sendmsg of up to 64
 * pieces each; close what is to be closed. Joining what a turn brings into one send is what makes fan-out cheap: a
 * send costs more than everything else together.
 *
 * Ages (idle_ms, stall_ms, linger_ms) are counted on the loop's own clock, which stands still while the process does
 * not run: after a freeze, nobody is closed for what they could not say or read in it.
 *
 * Nobody but the loop's thread touches its connections. The exceptions are reactor_mailbox() (post a task) and
 * reactor_stop(). */
#ifndef HUBBUB_NET_REACTOR_H
#define HUBBUB_NET_REACTOR_H

#include "base/env.h"
#include "base/err.h"
#include "base/metrics.h"
#include "base/task.h"
#include "net/conn.h"

enum { REACTOR_IOV_MAX = 64 };

struct reactor_options {
    int64_t tick_ms;                 /* each connection gets tick() this often: ping_interval_ms */
    int64_t idle_ms;                 /* and when it has been silent for so long: idle_timeout_ms */
    int64_t stall_ms;                /* how long a peer can take nothing while something waits for it */
    int64_t linger_ms;               /* how long a finishing connection may take to read what is left */
    int64_t send_buffer_bytes;       /* what the kernel may hold for a connection that does not read */
    void (*every_second)(void *ctx); /* on the loop's thread; may be NULL */
    void (*after_reading)(void *ctx,
                          struct reactor *r); /* on the loop's thread, when a turn has read what came; may be NULL */
    void *ctx;
};

/* NULL: no memory or no descriptors (errno). */
struct reactor *reactor_new(const struct reactor_options *options, const struct env *env, struct metrics *metrics);
enum err reactor_start(struct reactor *r, int number); /* starts the thread; `number` is for its name */
void reactor_stop(struct reactor *r);                  /* cuts off all connections, ends the thread */

/* After all reactors have stopped, on any one thread: runs what is left in the mailbox, which may post to other
 * reactors; true when there was something. Repeat until all say no: what travels in tasks is freed by running them. */
bool reactor_run_left(struct reactor *r);

void reactor_free(struct reactor *r); /* then; NULL does nothing */

/* Any thread posts; the tasks run on the loop's thread. */
const struct mailbox *reactor_mailbox(struct reactor *r);

/* The loop's thread: takes a connected socket (made non-blocking, TCP_NODELAY, send buffer capped) and a conn whose
 * `transport` is set. On failure the socket is closed and the conn stays the caller's; `closed` is not called. */
enum err reactor_add(struct reactor *r, struct conn *c, int fd);

/* The loop's thread: its own clock, see above, at the beginning of this turn. */
int64_t reactor_now_ms(const struct reactor *r);

/* The loop's thread: there is something to gather. It is sent at the end of this turn. */
void conn_wake(struct conn *c);

/* The loop's thread: sends now what the socket takes, rather than at the end of the turn; nothing when the socket is
 * full already. For a queue that is full only because the turn brought so much. */
void conn_flush(struct conn *c);

/* The loop's thread: reads nothing more from the socket until conn_resume(), so that the peer's own TCP makes it wait.
 * A transport calls it within received(), and leaves there what it does not want yet: at most 64 KiB, which the reactor
 * keeps. Silence while paused does not count as idle. A connection that breaks meanwhile is closed. */
void conn_pause(struct conn *c);

/* The loop's thread, at any time, also within received(): hands over what was left, from the next turn on, and then
 * reads again. Nothing when it isn't paused. */
void conn_resume(struct conn *c);

/* The loop's thread: send what gather() still gives, then shut down and close; cut off after linger_ms. What still
 * comes in is thrown away. */
void conn_finish(struct conn *c);

/* The loop's thread: close at the end of this turn, whatever is unsent. */
void conn_kill(struct conn *c);

/* Any thread, an estimate: how many connections it has. */
size_t reactor_connections(const struct reactor *r);

#endif
