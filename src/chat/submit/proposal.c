#include "chat/submit/proposal.h"

#include "chat/core/submission.h"
#include "chat/submit/ack.h"
#include "directory/directory.h"
#include "directory/people.h"

#include <stddef.h>
#include <stdlib.h>

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
        ack_write(&s->shard->json, id, sub->type, sub->code, o);
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

/* On the writer's thread. */
static void send_home(struct submission *sub)
{
    const struct session *s = sub->from;
    mailbox_post(shard_mailbox(s->shard->hub_shard), &sub->task);
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

enum err proposal_make(struct session *s, struct command *c, struct span id, enum request_type type, const char *code)
{
    struct chat *chat = s->shard->chat;
    char name[HUB_NAME_BYTES], display[DIRECTORY_NAME_BYTES], fold[NAME_KEY_BYTES];
    c->actor = caller_actor(session_kind(s));
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
    sub->done = send_home;
    sub->task.run = come_back;
    enum err e = s->shard->gathers ? gather(s->shard, sub) : submission_propose(sub);
    if (e) {
        session_release(s);
        free(sub);
        return e;
    }
    return OK;
}

void proposals_gather(struct shard *shard)
{
    struct chat_shard *mine = shard_user(shard);
    mine->gathers = true;
}

void proposals_send(struct shard *shard)
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
