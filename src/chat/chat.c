#include "chat/chat.h"

#include "chat/apply.h"
#include "chat/awareness.h"
#include "chat/refold.h"
#include "chat/replay.h"
#include "chat/submission.h"

#include <stdlib.h>

static void add_room(void *ctx, const struct room_row *row)
{
    hub_room_add(ctx, row->id, row->name, row->fold, row->last_seq, row->archived_at != 0);
}

static void broadcast(struct shard *shard, struct frame *f)
{
    struct chat_shard *mine = shard_user(shard);
    for (struct session *s = mine->sessions; s; s = s->next)
        session_push(s, f);
}

enum err chat_open(const struct chat_options *options, struct chat **out)
{
    enum err e = ERR_MEMORY;
    struct chat *c = calloc(1, sizeof *c);
    if (!c)
        return ERR_MEMORY;
    c->settings = options->settings;
    /* The longest message, however its JSON is escaped, fits several times; else nobody could ever be sent it. */
    int64_t least_bytes = 16 * options->settings.message_max_bytes + 65536;
    if ((int64_t)c->settings.outbox.bytes < least_bytes)
        c->settings.outbox.bytes = (uint32_t)least_bytes;
    c->env = options->env;
    c->metrics = options->metrics;
    c->reader = options->reader;
    c->shard_count = options->shards;
    env_random(c->env, c->run_id, sizeof c->run_id);
    memcpy(c->cookie_secret, options->cookie_secret, sizeof c->cookie_secret);
    c->shards = calloc((size_t)options->shards, sizeof *c->shards);
    struct hub_options hub = {
        .shards = options->shards,
        .ring_events = options->settings.history_on_join,
        .callbacks = {.deliver = replay_deliver, .resume = replay_resume, .broadcast = broadcast},
    };
    c->hub = hub_new(&hub, options->metrics);
    if (!c->shards || !c->hub)
        goto failed;
    for (int i = 0; i < options->shards; i++) {
        c->shards[i].chat = c;
        c->shards[i].hub_shard = hub_shard(c->hub, i);
    }
    if ((e = name_rules_open(&c->names)) || (e = refold_names(options->store, c->names)) ||
        (e = apply_open(options->store, &c->apply)))
        goto failed;
    apply_rooms_each(c->apply, add_room, c->hub);
    struct log_consumer consumer = submission_consumer(c);
    if ((e = log_open_local(options->store, &consumer, &options->writer, options->env, options->metrics, &c->log)))
        goto failed;
    *out = c;
    return OK;
failed:
    chat_close(c);
    return e;
}

void chat_close(struct chat *c)
{
    if (!c)
        return;
    log_free(c->log);
    apply_close(c->apply);
    name_rules_close(c->names);
    hub_free(c->hub);
    for (int i = 0; c->shards && i < c->shard_count; i++) {
        buf_release(&c->shards[i].json);
        buf_release(&c->shards[i].scratch);
    }
    free(c->shards);
    free(c);
}

void chat_attach(struct chat *c, int i, const struct mailbox *mailbox)
{
    shard_attach(c->shards[i].hub_shard, mailbox, &c->shards[i]);
}

void chat_drain(struct chat *c)
{
    atomic_store(&c->draining, true);
}

void chat_tick(struct chat *c)
{
    awareness_tick(c);
}
