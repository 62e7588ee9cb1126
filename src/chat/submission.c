#include "chat/submission.h"

#include "base/diag.h"
#include "base/diag_sink.h"
#include "chat/call.h"
#include "chat/directory.h"
#include "chat/publish.h"

#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>

struct waiter {
    pthread_mutex_t lock;
    pthread_cond_t done_cond;
    bool done;
    struct outcome outcome;
};

/* People are told apart by what they came in with, which stays, and accounts that are not connected by their number. */
static uint64_t sender_of(const struct command *c)
{
    uint64_t key;
    memcpy(&key, c->actor_key, sizeof key);
    return key ? key : (uint64_t)c->actor_id;
}

static struct submission *submission_new(struct chat *chat, struct buf *scratch, struct command *c, const char *code)
{
    size_t code_size = strlen(code) + 1;
    c->at_ms = env_wall_ms(chat->env);
    buf_clear(scratch);
    command_write(scratch, c);
    if (scratch->failed)
        return NULL;
    struct submission *sub = calloc(1, sizeof *sub + scratch->len + code_size);
    if (!sub)
        return NULL;
    memcpy(sub->bytes, scratch->p, scratch->len);
    memcpy(sub->bytes + scratch->len, code, code_size);
    sub->entry.job.command = (struct span){sub->bytes, scratch->len};
    sub->entry.job.sender = sender_of(c);
    sub->code = sub->bytes + scratch->len;
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
        /* The room's name did not come along: it would have to be kept for every message. */
        bool is_lost = o->result == ERR_NOT_FOUND && sub->type == REQUEST_SEND && !o->why;
        const char *why = is_lost ? "There is no such room." : o->why;
        session_error(s, id, o->result, why, retry_ms ? retry_ms : o->retry_after_ms);
    } else if (id.len) {
        call_write_ack(&s->shard->json, id, sub->type, sub->code, o);
        session_say(s);
    }
}

static void come_back(struct task *task)
{
    struct submission *sub = (struct submission *)((char *)task - offsetof(struct submission, task));
    struct session *s = sub->from;
    /* The first row of a visitor; or another one, when the first has been swept. */
    if (!sub->outcome.result && sub->outcome.user_id && atomic_load(&s->who->kind) == PERSON_VISITOR &&
        atomic_load_explicit(&s->who->user_id, memory_order_relaxed) != sub->outcome.user_id)
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

enum err submission_propose_call(struct session *s, struct command *c, struct span id, enum request_type type,
                                 const char *code)
{
    struct chat *chat = s->shard->chat;
    char name[HUB_NAME_BYTES], display[DIRECTORY_NAME_BYTES], fold[NAME_KEY_BYTES];
    static const enum command_actor actors[] = {[USER_SYSTEM] = COMMAND_ACTOR_SYSTEM,
                                                [USER_VISITOR] = COMMAND_ACTOR_VISITOR,
                                                [USER_GUEST] = COMMAND_ACTOR_GUEST,
                                                [USER_ACCOUNT] = COMMAND_ACTOR_ACCOUNT};
    c->actor = actors[session_kind(s)];
    c->actor_id = atomic_load_explicit(&s->who->user_id, memory_order_relaxed);
    memcpy(c->actor_key, s->who->key, sizeof c->actor_key);
    c->actor_name = (struct span){name, hub_person_name(chat->hub, s->who, name)};
    if (session_device(s) && !command_is(c->kind, COMMAND_IS_QUIET)) {
        directory_display_name(chat->directory, c->actor_id, display);
        c->actor_display = span_of(display);
    }
    if (!c->actor_id) { /* the row that this may make has a fold */
        if (name_fold(chat->names, c->actor_name, fold))
            return ERR_MEMORY;
        c->actor_fold = span_of(fold);
    }
    struct submission *sub = submission_new(chat, &s->shard->scratch, c, code);
    if (!sub)
        return ERR_MEMORY;
    sub->type = type;
    sub->id_len = (uint16_t)id.len;
    if (id.len)
        memcpy(sub->id, id.p, id.len);
    sub->from = session_retain(s);
    sub->task.run = come_back;
    enum err e = s->shard->gathers ? gather(s->shard, sub) : propose(sub);
    if (e) {
        session_release(s);
        free(sub);
        return e;
    }
    return OK;
}

enum err submission_propose(struct session *s, struct command *c)
{
    return submission_propose_call(s, c, c->client_id, REQUEST_SEND, "");
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

/* ------------------------------------------------------------------ for somebody who waits, or nobody */

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

static enum err propose_for(struct chat *chat, struct command *c, struct waiter *w)
{
    struct buf scratch = BUF_INIT;
    struct submission *sub = submission_new(chat, &scratch, c, "");
    buf_release(&scratch);
    if (!sub)
        return ERR_MEMORY;
    sub->waiter = w;
    enum err e = propose(sub);
    if (e)
        free(sub);
    return e;
}

enum err submission_wait(struct chat *chat, struct command *c, struct outcome *out)
{
    struct waiter w = {.lock = PTHREAD_MUTEX_INITIALIZER, .done_cond = PTHREAD_COND_INITIALIZER};
    enum err e = waits_enter(&chat->waits, chat->env, WAIT_WRITER);
    if (e)
        return e;
    e = propose_for(chat, c, &w);
    pthread_mutex_lock(&w.lock);
    while (!e && !w.done)
        pthread_cond_wait(&w.done_cond, &w.lock);
    pthread_mutex_unlock(&w.lock);
    waits_leave(&chat->waits, chat->env, WAIT_WRITER);
    if (e)
        return e;
    *out = w.outcome;
    return w.outcome.result;
}

enum err submission_forget(struct chat *chat, struct command *c)
{
    return propose_for(chat, c, NULL);
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
    struct command *c = publisher_command(chat->publisher);
    enum err read = command_read(e->job.command, c);
    if (read) {
        /* Going on would leave this node with other data than those that understood it. */
        diag_error("unknown_command", "code=%s number=%lld action=abort hint=%s", err_code(read),
                   (long long)e->at.number,
                   diag_quote("the log was written by another version; install that version").s);
        diag_sink_flush();
        abort();
    }
    enum err failed = apply_command(chat->apply, s, c, &sub->outcome);
    e->result = sub->outcome.result;
    return failed;
}

static enum err before_commit(void *ctx, struct store *s)
{
    struct chat *chat = ctx;
    return apply_before_commit(chat->apply, s);
}

static void publish(struct chat *chat, struct store *s, struct log_entry *first)
{
    for (struct log_entry *e = first; e; e = log_entry_next(e)) {
        struct submission *sub = submission_of(e);
        publish_take(chat->publisher, s, &sub->outcome);
        if (sub->outcome.duplicate)
            metric_add(&chat->metrics->duplicates_total, 1);
    }
    bool has_more = publish_flush(chat->publisher, s);
    for (struct log_entry *e = first; has_more && e; e = log_entry_next(e))
        publish_tell(chat->publisher, &submission_of(e)->outcome);
}

static void committed(void *ctx, struct store *s, struct log_entry *first, bool stored)
{
    struct chat *chat = ctx;
    apply_after_commit(chat->apply, stored);
    if (stored)
        publish(chat, s, first);
    for (struct log_entry *e = first, *next; e; e = next) {
        struct submission *sub = submission_of(e);
        next = log_entry_next(e);
        outcome_clear(&sub->outcome);
        if (!stored)
            sub->outcome.result = e->result;
        if (sub->from)
            mailbox_post(shard_mailbox(sub->from->shard->hub_shard), &sub->task);
        else if (sub->waiter)
            wake(sub);
        else
            free(sub);
    }
}

struct log_consumer submission_consumer(struct chat *chat)
{
    return (struct log_consumer){
        .apply = apply_entry, .before_commit = before_commit, .committed = committed, .ctx = chat};
}
