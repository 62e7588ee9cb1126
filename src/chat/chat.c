#include "chat/chat.h"

#include "account/attempts.h"
#include "account/password.h"
#include "apply/apply.h"
#include "chat/announce/activity.h"
#include "chat/announce/consumer.h"
#include "chat/announce/disconnect.h"
#include "chat/announce/presence.h"
#include "chat/announce/publish.h"
#include "chat/refold.h"
#include "chat/session/replay.h"
#include "chat/submit/sweep.h"
#include "directory/directory.h"
#include "directory/ended.h"
#include "directory/load.h"
#include "store/membership.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_room(void *ctx, const struct room_more_row *row)
{
    hub_room_add(ctx, row->id, row->name, row->last_seq, row->archived_at != 0);
}

static void broadcast(struct shard *shard, struct frame *f)
{
    struct chat_shard *mine = shard_user(shard);
    for (struct session *s = mine->sessions; s; s = s->next)
        session_push(s, f);
}

static void take_settings(struct chat *c, const struct chat_settings *settings, struct metrics *metrics)
{
    c->settings = *settings;
    /* The longest message, however its JSON is escaped, fits several times; else nobody could ever be sent it. */
    int64_t least_bytes = 16 * settings->message_max_bytes + 65536;
    if ((int64_t)c->settings.outbox.bytes < least_bytes)
        c->settings.outbox.bytes = (uint32_t)least_bytes;
    if (c->settings.outbox.memory_bytes < 2 * (int64_t)c->settings.outbox.bytes)
        c->settings.outbox.memory_bytes = 2 * (int64_t)c->settings.outbox.bytes;
    c->settings.outbox.memory = &metrics->outbound_memory_bytes;
}

/* The parts that have nothing to read. False: no memory. */
static bool make_parts(struct chat *c)
{
    struct hub_options hub = {
        .shards = c->shard_count,
        .ring_events = c->settings.history_on_join,
        .ring_bytes_max = c->settings.ring_memory_bytes,
        .callbacks = {.deliver = replay_deliver,
                      .resume = replay_resume,
                      .expelled = session_expelled,
                      .broadcast = broadcast},
    };
    c->shards = calloc((size_t)c->shard_count, sizeof *c->shards);
    c->hub = hub_new(&hub, c->metrics);
    c->attempts = attempts_new(c->env, c->metrics);
    c->ended = ended_new(c->env);
    c->publisher = publisher_new(c);
    c->sweep = sweep_new(c);
    if (!c->shards || !c->hub || !c->attempts || !c->ended || !c->publisher || !c->sweep)
        return false;
    for (int i = 0; i < c->shard_count; i++) {
        c->shards[i].chat = c;
        c->shards[i].hub_shard = hub_shard(c->hub, i);
    }
    return true;
}

static enum err take_epoch(struct chat *c, const struct chat_options *options)
{
    struct lineage_row row = {.has_run = false};
    enum err e = OK;
    if (options->epoch)
        snprintf(row.epoch, sizeof row.epoch, "%s", options->epoch);
    else
        e = lineage_get(options->store, &row);
    memcpy(c->epoch, row.epoch, sizeof c->epoch);
    return e;
}

static enum err read_store(struct chat *c, const struct chat_options *options)
{
    struct store *s = options->store;
    struct log_consumer consumer = consumer_of(c);
    enum err e = take_epoch(c, options);
    if (!e)
        e = name_rules_open(&c->names);
    if (!e)
        e = refold_names(s, c->names);
    if (!e)
        e = apply_open(s, &c->apply);
    if (!e)
        e = directory_open(s, c->names, &c->directory);
    if (!e)
        e = rooms_more_each(s, add_room, c->hub);
    if (!e)
        e = log_open_local(s, &consumer, &options->writer, c->env, c->metrics, &c->log);
    return e;
}

enum err chat_open(const struct chat_options *options, struct chat **out)
{
    struct chat *c = calloc(1, sizeof *c);
    if (!c)
        return ERR_MEMORY;
    take_settings(c, &options->settings, options->metrics);
    c->env = options->env;
    c->metrics = options->metrics;
    c->reader = options->reader;
    c->shard_count = options->shards;
    env_random(c->env, c->run_id, sizeof c->run_id);
    memcpy(c->cookie_secret, options->cookie_secret, sizeof c->cookie_secret);
    enum err e = make_parts(c) ? read_store(c, options) : ERR_MEMORY;
    if (e)
        chat_close(c);
    else
        *out = c;
    return e;
}

enum err chat_start_passwords(struct chat *c)
{
    return password_pool_start((int)c->settings.password_threads, c->metrics, &c->passwords);
}

void chat_close(struct chat *c)
{
    if (!c)
        return;
    password_pool_stop(c->passwords);
    log_free(c->log);
    publisher_free(c->publisher);
    sweep_free(c->sweep);
    apply_close(c->apply);
    directory_close(c->directory);
    name_rules_close(c->names);
    attempts_free(c->attempts);
    ended_free(c->ended);
    hub_free(c->hub);
    for (int i = 0; c->shards && i < c->shard_count; i++) {
        table_clear(&c->shards[i].devices);
        table_clear(&c->shards[i].greetings);
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
    presence_tick(c);
    activity_tick(c);
    disconnect_tick(c);
    hub_drop_idle_rings(c->hub, env_mono_ms(c->env));
    sweep_tick(c->sweep);
}
