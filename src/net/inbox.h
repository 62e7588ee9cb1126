/* inbox.h - the mailbox of a loop: tasks from any thread, and a descriptor that wakes the loop up for them.
 *
 * Wake-ups coalesce: only the task that finds the inbox empty writes to the descriptor. */
#ifndef HUBBUB_NET_INBOX_H
#define HUBBUB_NET_INBOX_H

#include "base/task.h"

#include <pthread.h>
#include <stdbool.h>

struct inbox {
    struct mailbox mailbox; /* what others post through */
    pthread_mutex_t lock;
    struct task_list tasks;
    bool stopping;
    int wake_fd; /* readable while there may be something; -1: none could be had (errno) */
};

void inbox_init(struct inbox *in);
void inbox_clear(struct inbox *in); /* when it is empty and nobody posts any more */

/* Any thread: wakes the loop, which then finds `stopping`. */
void inbox_stop(struct inbox *in);

/* The loop's thread: the descriptor was readable. */
void inbox_acknowledge(struct inbox *in);

/* The loop's thread: runs what was posted before this moment; what is posted meanwhile waits for the next turn, so that
 * sockets get theirs. *ran: whether there was anything. True when the loop is to stop. */
bool inbox_run(struct inbox *in, bool *ran);

#endif
