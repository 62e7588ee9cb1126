/* reactor_internal.h - the struct behind reactor.h, for the files of this folder. */
#ifndef HUBBUB_NET_REACTOR_INTERNAL_H
#define HUBBUB_NET_REACTOR_INTERNAL_H

#include "net/inbox.h"
#include "net/reactor.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
    REACTOR_READ_BYTES = 64 * 1024, /* per connection and turn: level-triggered, the rest comes next turn */
    REACTOR_SECOND_MS = 1000,
};

/* One connection in the table, with its ages, so that looking at all of them each second touches only those that are
 * due. Times are on the loop's clock, cut to 32 bits: only differences are of use. */
struct reactor_entry {
    struct conn *conn;
    uint32_t received_ms; /* when something came last */
    uint32_t looked_ms;   /* when tick() was due last */
};

/* What a paused transport has left of a read. */
struct reactor_kept {
    struct conn *conn;
    uint8_t *bytes;
    size_t len;
};

struct reactor_finishing { /* a connection that is being closed politely, and until when */
    struct conn *conn;
    int64_t until_ms;
};

struct reactor {
    struct reactor_options options;
    const struct env *env;
    struct metrics *metrics;
    struct inbox inbox;
    pthread_t thread;
    bool started;
    int epoll_fd;

    /* the loop's thread */
    struct reactor_entry *table; /* every connection, densely */
    uint32_t table_len, table_cap, added;
    uint32_t stuck; /* how many have a stuck_ms */
    _Atomic uint32_t count;
    struct reactor_kept *kept;
    size_t kept_len, kept_cap;
    bool has_resumed; /* some of those kept go on in the next turn */
    struct reactor_finishing *finishing;
    size_t finishing_len, finishing_cap;
    struct conn *dirty, **dirty_tail; /* first in, first out */
    struct conn **dead;               /* room for table_cap of them, so that killing cannot fail */
    uint32_t dead_len;
    int64_t now_ms;  /* the loop's clock */
    int64_t mono_ms; /* the system's at the same moment */
    int64_t next_second_ms;
    uint8_t read_buffer[REACTOR_READ_BYTES];
};

/* conn.c */
void reactor_set_stuck(struct conn *c, uint32_t since_ms); /* 0: it isn't */
void reactor_receive(struct conn *c);                      /* reads what has come, once */
void reactor_send(struct conn *c);                         /* sends until nothing is left or the socket is full */
void reactor_go_on(struct reactor *r);         /* hands over what was kept for those who have been resumed */
void reactor_forget_kept(struct conn *c);      /* what was kept for it */
void reactor_forget_finishing(struct conn *c); /* when it is closed */

/* watch.c: what happens each second. */
void reactor_watch(struct reactor *r);

#endif
