#include "chat/submission.h"

#include "base/diag.h"
#include "chat/wire.h"

#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>

struct waiter {
    pthread_mutex_t lock;
    pthread_cond_t done_cond;
    bool done;
    struct outcome outcome;
};

static struct submission *submission_new(struct chat *chat, struct buf *scratch, struct command *c)
{
    c->at_ms = env_wall_ms(chat->env);
    buf_clear(scratch);
    command_write(scratch, c);
    if (scratch->failed)
        return NULL;
    struct submission *sub = calloc(1, sizeof *sub + scratch->len);
    if (!sub)
        return NULL;
    memcpy(sub->bytes, scratch->p, scratch->len);
    sub->entry.job.command = (struct span){sub->bytes, scratch->len};
    sub->chat = chat;
    uint64_t number = atomic_fetch_add_explicit(&chat->commands, 1, memory_order_relaxed);
    memcpy(sub->entry.id, chat->run_id, sizeof chat->run_id);
    memcpy(sub->entry.id + sizeof chat->run_id, &number, sizeof number);
    return sub;
}

static enum err propose(struct submission *sub)
{
    if (atomic_load_explicit(&sub->chat->draining, memory_order_relaxed))
        return ERR_SHUTTING_DOWN;
    return log_propose(sub->chat->log, &sub->entry);
}

/* ------------------------------------------------------------------ for a session */

static void answer(struct session *s, const struct submission *sub)
{
    const struct outcome *o = &sub->outcome;
    struct span id = {sub->id, sub->id_len};
    if (o->result) {
        int64_t retry_ms = o->result == ERR_STORAGE || o->result == ERR_OVERLOADED ? SESSION_RETRY_MS : 0;
        session_error(s, id, o->result, NULL, retry_ms);
    } else if (id.len) {
        struct event_ack ack = {.id = id, .room = o->room_id, .seq = o->seq, .at = o->at, .duplicate = o->duplicate};
        session_ack(s, &ack);
    }
}

static void come_back(struct task *task)
{
    struct submission *sub = (struct submission *)((char *)task - offsetof(struct submission, task));
    struct session *s = sub->from;
    s->in_flight--;
    if (!sub->outcome.result && atomic_load_explicit(&s->who->user_id, memory_order_relaxed) == 0)
        hub_person_set_id(s->shard->chat->hub, s->who, sub->outcome.user_id);
    if (!s->gone)
        answer(s, sub);
    free(sub);
    session_release(s);
}

static enum err gather(struct chat_shard *shard, struct submission *sub)
{
    if (atomic_load_explicit(&shard->chat->draining, memory_order_relaxed))
        return ERR_SHUTTING_DOWN;
    sub->entry.job.next = NULL;
    if (shard->gathered_first)
        shard->gathered_last->job.next = &sub->entry.job;
    else
        shard->gathered_first = &sub->entry;
    shard->gathered_last = &sub->entry;
    return OK;
}

enum err submission_propose(struct session *s, struct command *c)
{
    struct chat *chat = s->shard->chat;
    char name[HUB_NAME_BYTES], fold[NAME_KEY_BYTES];
    if (s->in_flight >= SUBMISSION_IN_FLIGHT_MAX)
        return ERR_OVERLOADED;
    c->actor = s->who->kind == PERSON_GUEST ? COMMAND_ACTOR_GUEST : COMMAND_ACTOR_VISITOR;
    c->actor_id = atomic_load_explicit(&s->who->user_id, memory_order_relaxed);
    memcpy(c->actor_key, s->who->key, sizeof c->actor_key);
    c->actor_name = (struct span){name, hub_person_name(chat->hub, s->who, name)};
    if (!c->actor_id) { /* the row that this may make has a fold */
        if (name_fold(chat->names, c->actor_name, fold))
            return ERR_MEMORY;
        c->actor_fold = span_of(fold);
    }
    struct submission *sub = submission_new(chat, &s->shard->scratch, c);
    if (!sub)
        return ERR_MEMORY;
    sub->id_len = (uint16_t)c->client_id.len;
    memcpy(sub->id, c->client_id.p, c->client_id.len);
    sub->from = session_retain(s);
    sub->task.run = come_back;
    enum err e = s->shard->gathers ? gather(s->shard, sub) : propose(sub);
    if (e) {
        session_release(s);
        free(sub);
        return e;
    }
    s->in_flight++;
    return OK;
}

void session_gather(struct shard *shard)
{
    struct chat_shard *mine = shard_user(shard);
    mine->gathers = true;
}

void session_propose(struct shard *shard)
{
    struct chat_shard *mine = shard_user(shard);
    struct log_entry *first = mine->gathered_first;
    enum err why = OK;
    if (!first)
        return;
    mine->gathered_first = NULL;
    first = log_propose_list(mine->chat->log, first, &why);
    for (struct log_entry *next; first; first = next) {
        struct submission *sub = (struct submission *)first;
        next = log_entry_next(first);
        sub->outcome.result = why;
        come_back(&sub->task);
    }
}

/* ------------------------------------------------------------------ for somebody who waits */

static void wake(struct submission *sub)
{
    struct waiter *w = sub->waiter;
    pthread_mutex_lock(&w->lock);
    w->outcome = sub->outcome;
    w->done = true;
    pthread_cond_signal(&w->done_cond);
    pthread_mutex_unlock(&w->lock);
    free(sub);
}

enum err submission_wait(struct chat *chat, struct command *c, struct outcome *out)
{
    struct waiter w = {.lock = PTHREAD_MUTEX_INITIALIZER, .done_cond = PTHREAD_COND_INITIALIZER};
    struct buf scratch = BUF_INIT;
    struct submission *sub = submission_new(chat, &scratch, c);
    buf_release(&scratch);
    if (!sub)
        return ERR_MEMORY;
    sub->waiter = &w;
    enum err e = propose(sub);
    if (e) {
        free(sub);
        return e;
    }
    pthread_mutex_lock(&w.lock);
    while (!w.done)
        pthread_cond_wait(&w.done_cond, &w.lock);
    pthread_mutex_unlock(&w.lock);
    *out = w.outcome;
    return w.outcome.result;
}

/* ------------------------------------------------------------------ the log's consumer, on the writer's thread */

static struct submission *submission_of(struct log_entry *e)
{
    return (struct submission *)e;
}

static enum err apply_entry(void *ctx, struct store *s, struct log_entry *e)
{
    struct chat *chat = ctx;
    struct submission *sub = submission_of(e);
    enum err read = command_read(e->job.command, &sub->command);
    if (read) {
        /* Going on would leave this node with other data than those that understood it. */
        diag_error("unknown_command", "code=%s number=%lld action=abort hint=%s", err_code(read),
                   (long long)e->at.number, diag_quote("the log was written by another version: install that one").s);
        abort();
    }
    enum err failed = apply_command(chat->apply, s, &sub->command, &sub->outcome);
    e->result = sub->outcome.result;
    return failed;
}

static enum err before_commit(void *ctx, struct store *s)
{
    struct chat *chat = ctx;
    return apply_before_commit(chat->apply, s);
}

/* What is shown beside the event: the registry of rooms, and everybody's list of them. */
static void publish_room(struct chat *chat, const char *change, int64_t id)
{
    struct room_info info;
    struct buf json = BUF_INIT;
    struct room *r = hub_room_by_id(chat->hub, id);
    hub_room_info(chat->hub, r, &info);
    struct event_room room = {
        .id = info.id, .last_seq = info.last_seq, .name = span_of(info.name), .archived = info.archived};
    event_room_changed(&json, change, &room);
    struct frame *f = wire_frame(&json, 0);
    if (f)
        hub_broadcast(chat->hub, f);
    frame_release(f);
    buf_release(&json);
}

static void publish_member(struct chat *chat, const struct submission *sub)
{
    struct buf json = BUF_INIT;
    struct event_user user = {sub->outcome.user_id, sub->command.name};
    event_member_renamed(&json, &user);
    struct frame *f = wire_frame(&json, 0);
    if (f)
        hub_broadcast(chat->hub, f);
    frame_release(f);
    buf_release(&json);
}

static void publish(struct chat *chat, struct submission *sub)
{
    const struct outcome *o = &sub->outcome;
    const struct command *c = &sub->command;
    if (c->kind == COMMAND_ROOM_ADD)
        hub_room_add(chat->hub, o->room_id, c->name, c->fold, 0, false);
    if (c->kind == COMMAND_GUEST_RENAME)
        hub_rename(chat->hub, o->user_id, c->name, c->fold);
    if (o->event)
        hub_publish(chat->hub, o->room_id, o->event);
    switch (c->kind) {
    case COMMAND_MESSAGE_SEND:
        metric_add(&chat->metrics->messages_total, 1);
        break;
    case COMMAND_ROOM_ADD:
        publish_room(chat, "created", o->room_id);
        break;
    case COMMAND_ROOM_RENAME:
        hub_room_rename(chat->hub, o->room_id, c->name, c->fold);
        publish_room(chat, "renamed", o->room_id);
        break;
    case COMMAND_ROOM_ARCHIVE:
        hub_room_set_archived(chat->hub, o->room_id, c->flag);
        publish_room(chat, c->flag ? "archived" : "unarchived", o->room_id);
        break;
    case COMMAND_GUEST_RENAME:
        publish_member(chat, sub);
        break;
    case COMMAND_GUEST_REGISTER:
    case COMMAND_KIND_END:
        break;
    }
}

static void committed(void *ctx, struct store *s, struct log_entry *first, bool stored)
{
    struct chat *chat = ctx;
    (void)s;
    apply_after_commit(chat->apply, stored);
    for (struct log_entry *e = first; e; e = log_entry_next(e)) {
        struct submission *sub = submission_of(e);
        if (!stored)
            sub->outcome.result = e->result;
        else if (!sub->outcome.result && !sub->outcome.duplicate)
            publish(chat, sub);
        else if (sub->outcome.duplicate)
            metric_add(&chat->metrics->duplicates_total, 1);
        frame_release(sub->outcome.event);
        sub->outcome.event = NULL;
    }
    hub_flush(chat->hub); /* before the answers: whoever is told "stored" finds it in the room */
    for (struct log_entry *e = first, *next; e; e = next) {
        struct submission *sub = submission_of(e);
        next = log_entry_next(e);
        if (sub->from)
            mailbox_post(shard_mailbox(sub->from->shard->hub_shard), &sub->task);
        else
            wake(sub);
    }
}

struct log_consumer submission_consumer(struct chat *chat)
{
    return (struct log_consumer){
        .apply = apply_entry, .before_commit = before_commit, .committed = committed, .ctx = chat};
}
