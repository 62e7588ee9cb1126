#include "chat/session/shed.h"

enum { RETRY_NS = 100000000 }; /* when nothing could be done here, the next attempt comes after a tenth of a second */

static size_t size_of(const struct session *s)
{
    return s->gone ? 0 : outbox_memory(&s->outbox); /* those that are closing politely hold theirs until it is sent */
}

/* What the queues hold, shared frames counted for each, and the largest of them. */
static int64_t sum(const struct chat_shard *shard, size_t *largest)
{
    int64_t all = 0;
    *largest = 0;
    for (const struct session *s = shard->sessions; s; s = s->next) {
        size_t size = size_of(s);
        all += (int64_t)size;
        if (size > *largest)
            *largest = size;
    }
    return all;
}

static bool is_over(const struct outbox_limits *limits, int64_t bytes)
{
    return metric_get(limits->memory) > bytes;
}

/* One round: those that have more than half of what the largest has. Each round halves it at least. */
static void cut_largest(struct chat_shard *shard, size_t largest, int64_t enough_bytes)
{
    const struct outbox_limits *limits = &shard->chat->settings.outbox;
    for (struct session *s = shard->sessions; s && is_over(limits, enough_bytes); s = s->next) {
        if (size_of(s) > largest / 2)
            s->io->flush(s->conn);
        if (size_of(s) > largest / 2)
            session_cut(s);
    }
}

static void shed(struct chat_shard *shard)
{
    const struct chat *chat = shard->chat;
    const int64_t most = chat->settings.outbox.memory_bytes;
    const int64_t enough = most - most / 16; /* so that not every push has to look at all queues */
    size_t largest;
    int64_t now_ns = env_mono_ns(chat->env);
    if (now_ns < shard->shed_again_ns)
        return;
    while (is_over(&chat->settings.outbox, enough) && sum(shard, &largest) > most / chat->shard_count)
        cut_largest(shard, largest, enough);
    if (is_over(&chat->settings.outbox, most))
        shard->shed_again_ns = now_ns + RETRY_NS;
}

void shed_if_full(struct chat_shard *shard)
{
    const struct outbox_limits *limits = &shard->chat->settings.outbox;
    if (is_over(limits, limits->memory_bytes) && !shard->sheds) {
        shard->sheds = true; /* what is sent meanwhile makes room for replays, which push */
        shed(shard);
        shard->sheds = false;
    }
}
