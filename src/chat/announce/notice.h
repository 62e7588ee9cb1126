/* notice.h - a task that finds, on a shard's thread, the sessions that something is about. They are found there because only
 * that thread knows them. */
#ifndef HUBBUB_CHAT_ANNOUNCE_NOTICE_H
#define HUBBUB_CHAT_ANNOUNCE_NOTICE_H

#include "base/words.h"
#include "chat/session/session.h"
#include "hub/frame.h"

/* On the shard: whether and how it concerns one of its sessions. */
struct notice {
    struct task task;
    void (*run)(const struct notice *n);
    struct chat_shard *shard;
    struct frame *frame;
    int64_t id, keep_id, room;
    enum room_kind was;
    bool is_lost;
    enum err why;
    const char *reason;
    size_t count; /* of the ids */
    int64_t ids[];
};

/* Any thread: posts a copy of it, with these ids (int64), to each shard. What is durable must not go missing for somebody
 * who is connected, so this dies when memory is out. */
void notice_post(struct chat *c, const struct notice *what, struct span ids);

#endif
