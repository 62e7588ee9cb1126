#include "chat/core/submission.h"

#include <pthread.h>
#include <stdlib.h>

/* People are told apart by what they came in with, which stays, and accounts that are not connected by their number. */
static uint64_t sender_of(const struct command *c)
{
    uint64_t key;
    memcpy(&key, c->actor_key, sizeof key);
    return key ? key : (uint64_t)c->actor_id;
}

struct submission *submission_new(struct chat *chat, struct buf *scratch, struct command *c, const char *code)
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

enum err submission_propose(struct submission *sub)
{
    if (atomic_load_explicit(&sub->chat->draining, memory_order_relaxed))
        return ERR_SHUTTING_DOWN;
    return log_propose(sub->chat->log, &sub->entry);
}

void submission_done(struct submission *sub)
{
    if (sub->done)
        sub->done(sub);
    else
        free(sub);
}

/* ------------------------------------------------------------------ for somebody who waits, or nobody */

struct waiter {
    pthread_mutex_t lock;
    pthread_cond_t done_cond;
    bool done;
    struct outcome outcome;
};

static void wake(struct submission *sub)
{
    struct waiter *w = sub->from;
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
    sub->from = w;
    sub->done = w ? wake : NULL;
    enum err e = submission_propose(sub);
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
