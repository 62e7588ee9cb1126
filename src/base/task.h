/* task.h - a piece of work for another thread, and the queue that takes it there.
 *
 * Threads here talk by posting tasks: a task is embedded in whatever it is about, so that posting allocates nothing
 * and cannot fail. Nobody touches what another thread owns. A mailbox is the face of a queue with one reading thread
 * (a reactor, or the simulation's loop): any thread may post; the tasks run on the reading thread, in the order in
 * which they were posted; wake-ups coalesce. */
#ifndef HUBBUB_BASE_TASK_H
#define HUBBUB_BASE_TASK_H

#include <stddef.h>

struct task {
    struct task *next;              /* belongs to the queue while the task is in one */
    void (*run)(struct task *self); /* may free or repost the task */
};

/* First in, first out, intrusive. `tail` points at the last `next`, so that push has no special case. No lock of its
 * own. */
struct task_list {
    struct task *head;
    struct task **tail;
    size_t len;
};

struct mailbox {
    void (*post)(void *ctx, struct task *task); /* any thread; takes the task until it runs */
    void *ctx;
};

static inline void task_list_init(struct task_list *l)
{
    l->head = NULL;
    l->tail = &l->head;
    l->len = 0;
}

static inline void task_list_push(struct task_list *l, struct task *t)
{
    t->next = NULL;
    *l->tail = t;
    l->tail = &t->next;
    l->len++;
}

static inline struct task *task_list_pop(struct task_list *l)
{
    struct task *t = l->head;
    if (!t)
        return NULL;
    l->head = t->next;
    if (!l->head)
        l->tail = &l->head;
    l->len--;
    return t;
}

/* Moves all of `from` to the end of `to`. */
static inline void task_list_move(struct task_list *to, struct task_list *from)
{
    if (!from->head)
        return;
    *to->tail = from->head;
    to->tail = from->tail;
    to->len += from->len;
    task_list_init(from);
}

static inline void mailbox_post(const struct mailbox *m, struct task *t)
{
    m->post(m->ctx, t);
}

#endif
