#include "chat/announce/notice.h"

#include "base/mem.h"

#include <stdlib.h>

static void run_notice(struct task *task)
{
    struct notice *n = (struct notice *)task;
    n->run(n);
    frame_release(n->frame);
    free(n);
}

void notice_post(struct chat *c, const struct notice *what, struct span ids)
{
    for (int i = 0; i < c->shard_count; i++) {
        struct notice *n = mem_must_calloc(1, sizeof *n + ids.len);
        *n = *what;
        n->task.run = run_notice;
        n->shard = &c->shards[i];
        if (n->frame)
            frame_retain(n->frame);
        if (ids.len)
            memcpy(n->ids, ids.p, ids.len);
        n->count = ids.len / sizeof(int64_t);
        mailbox_post(shard_mailbox(n->shard->hub_shard), &n->task);
    }
}
