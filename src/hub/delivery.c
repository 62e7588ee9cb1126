/* Frames on their way to the members of one shard.
 *
 * A delivery is one task that holds (room, frame) pairs, with expulsions in between. The shard walks the room's members
 * and queues the frame on each; it never changes the list it walks: whoever cannot take the frame is marked by its
 * owner and leaves at the end of the turn. */
#include "base/mem.h"
#include "base/sorted.h"
#include "hub/hub_internal.h"

#include <stdlib.h>

struct delivery {
    struct task task;
    struct shard *shard;
    size_t len, cap;
    struct delivery_item items[];
};

static void deliver_event(struct hub *h, struct shard_room *to, struct frame *f)
{
    for (uint32_t i = 0; i < to->len; i++) {
        struct member *m = to->members[i];
        if (!m->live || m->next_seq > frame_last_seq(f))
            continue; /* its cursor takes it from the ring; or has taken it */
        if (m->next_seq == f->first_seq) {
            m->next_seq = frame_last_seq(f) + 1;
            h->callbacks.deliver(m, f);
        } else { /* it has seen a part of what is joined here */
            m->live = false;
            h->callbacks.resume(m, OK);
        }
    }
}

static bool is_for(const struct audience *a, const struct member *m)
{
    if (!a)
        return true;
    const int64_t user = atomic_load(&m->person->user_id);
    const size_t at = sorted_place(a->users, a->count, sizeof user, user);
    return (at < a->count && a->users[at] == user) == a->is_only;
}

static void deliver_ephemeral(struct hub *h, const struct delivery_item *item)
{
    for (uint32_t i = 0; i < item->to->len; i++) {
        struct member *m = item->to->members[i];
        if (m->serial != item->except_serial && is_for(item->audience, m))
            h->callbacks.deliver(m, item->frame);
    }
    free(item->audience);
}

static void run_delivery(struct task *task)
{
    struct delivery *d = (struct delivery *)task;
    struct hub *h = d->shard->hub;
    for (size_t i = 0; i < d->len; i++) {
        struct delivery_item *item = &d->items[i];
        if (!item->frame)
            hub_run_expulsion(item->to, item->end_seq);
        else if (!item->to)
            h->callbacks.broadcast(d->shard, item->frame);
        else if (item->frame->first_seq)
            deliver_event(h, item->to, item->frame);
        else
            deliver_ephemeral(h, item);
        frame_release(item->frame);
    }
    free(d);
}

void hub_delivery_add(struct delivery **d, struct shard *s, const struct delivery_item *item)
{
    struct delivery *all = *d;
    if (!all || all->len == all->cap) {
        size_t cap = all ? all->cap * 4 : 1;
        size_t len = all ? all->len : 0;
        all = mem_must_resize(all, 1, sizeof *all + cap * sizeof(struct delivery_item));
        all->task.run = run_delivery;
        all->shard = s;
        all->len = len;
        all->cap = cap;
        *d = all;
    }
    if (item->frame)
        frame_retain(item->frame);
    all->items[all->len++] = *item;
}

void hub_delivery_post(struct delivery *d)
{
    if (d)
        mailbox_post(&d->shard->mailbox, &d->task);
}

struct resume_task {
    struct task task;
    struct shard_room *to;
    enum err e;
};

static void run_resume(struct task *task)
{
    struct resume_task *resume = (struct resume_task *)task;
    struct shard_room *to = resume->to;
    for (uint32_t i = 0; i < to->len; i++) {
        struct member *m = to->members[i];
        if (!m->waiting)
            continue;
        m->waiting = false;
        to->shard->hub->callbacks.resume(m, resume->e);
    }
    free(resume);
}

void hub_post_resume(struct shard_room *to, enum err e)
{
    struct resume_task *resume = mem_must_calloc(1, sizeof *resume);
    resume->task.run = run_resume;
    resume->to = to;
    resume->e = e;
    mailbox_post(&to->shard->mailbox, &resume->task);
}
