#include "chat/query/query.h"

#include "account/look_up.h"
#include "chat/admit/allowance.h"
#include "chat/admit/missing.h"
#include "chat/admit/room_by_name.h"
#include "chat/admit/standing.h"
#include "chat/query/history.h"
#include "chat/query/query_internal.h"
#include "chat/session/replay.h"
#include "rules/wire.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ lists */

void query_begin(struct query *x, const char *name)
{
    x->count = 0;
    x->more = false;
    buf_add_str(x->json, ",\"");
    buf_add_str(x->json, name);
    buf_add_str(x->json, "\":[");
}

bool query_next(struct query *x)
{
    x->more = x->more || x->count == x->limit || (x->count && x->json->len > x->limit_bytes);
    if (x->more)
        return false;
    if (x->count++)
        buf_add_char(x->json, ',');
    return true;
}

int64_t query_rows(const struct query *x)
{
    return x->limit < SIZE_MAX / 4 ? (int64_t)x->limit + 1 : INT64_MAX;
}

void query_end(struct query *x)
{
    json_add_flag(x->json, "],\"more\":", x->more);
}

void query_add_user(struct query *x, const char *head, int64_t user_id, struct span name)
{
    struct directory_user *u = &x->listing.user;
    struct event_user user = {user_id, name, {NULL, 0}};
    if (directory_user(x->chat->directory, user_id, u))
        user = (struct event_user){user_id, span_of(u->name), span_of(u->display_name)};
    buf_add_str(x->json, head);
    event_add_user(x->json, &user);
}

void query_reopen(struct query *x)
{
    if (!x->json->failed)
        x->json->len--;
}

/* ------------------------------------------------------------------ the questions */

#define QUERY(type, name, ...) [REQUEST_##type] = query_##name,
static answer_fn *const answers[REQUEST_TYPES] = {
#include "proto/verbs.def"
};

static bool is_about_room(const struct request *q)
{
    return !request_is(q->type, VERB_ROOM_IS_FILTER) && (q->room.id || q->room.name.len);
}

static enum err admit(struct query *x)
{
    const struct request *q = x->q;
    /* People are asked for by the room to which the caller wants to add them. */
    enum request_type about = q->type == REQUEST_PEOPLE ? REQUEST_ADD_MEMBER : q->type;
    enum err e = standing_admit(x->chat, x->who, q->type, x->why);
    if (!e && is_about_room(q))
        e = rooms_reach(x->chat, x->who, about, &q->room, &x->room_id);
    if (!e && !request_is(q->type, VERB_CHECKED_LATER))
        e = standing_check(x->chat, x->who, q->type, x->room_id, 0, x->why);
    return e;
}

enum err query_answer(struct chat *c, struct store *s, const struct caller *who, const struct request *q,
                      struct buf *json, const char **why)
{
    struct query x = {.chat = c,
                      .store = s,
                      .who = who,
                      .q = q,
                      .json = json,
                      .why = why,
                      .now_ms = env_wall_ms(c->env),
                      .limit_bytes = json->len + history_limit_bytes(c),
                      .limit = fields_has(&q->f, F_LIMIT) ? (size_t)q->f.n[F_LIMIT] : SIZE_MAX};
    const size_t begun = json->len; /* of what is refused half way nothing is left */
    enum err e = admit(&x);
    if (e)
        return e;
    listing_init(&x.listing);
    json_add_text(json, "{\"type\":", span_of(request_name(q->type)));
    if (q->id.len)
        json_add_text(json, ",\"id\":", q->id);
    e = answers[q->type](&x);
    buf_add_char(json, '}');
    listing_clear(&x.listing);
    if (!e && json->failed)
        e = ERR_MEMORY;
    if (e)
        json->len = begun;
    return e;
}

/* ------------------------------------------------------------------ for somebody who waits */

struct waiting {
    struct chat *chat;
    const struct caller *who;
    const struct request *q;
    const struct history_range *range; /* of REQUEST_HISTORY */
    struct buf *json;
    const char **why;
};

static enum err read_answer(struct store *s, void *ctx)
{
    const struct waiting *w = ctx;
    if (w->range)
        return history_write(s, w->range, w->q->id, history_limit_bytes(w->chat), w->json);
    return query_answer(w->chat, s, w->who, w->q, w->json, w->why);
}

static enum err plan_history(struct chat *c, const struct caller *who, const struct request *q,
                             struct history_range *range, const char **why)
{
    enum err e = standing_admit(c, who, REQUEST_HISTORY, why);
    struct room *r = NULL;
    if (!e)
        e = rooms_find(c, who, REQUEST_HISTORY, &q->room, &r);
    return e ? e : history_plan(c, who, r, q, range);
}

enum err query_wait(struct chat *c, const struct caller *who, const struct request *q, struct buf *json,
                    const char **why)
{
    struct history_range range;
    struct waiting w = {c, who, q, NULL, json, why};
    if (q->type == REQUEST_HISTORY) {
        enum err e = plan_history(c, who, q, &range, why);
        if (e)
            return e;
        w.range = &range;
    }
    return look_up_page(c, read_answer, &w);
}

/* ------------------------------------------------------------------ for a session */

struct query_job {
    struct reader_job job;
    struct task task;
    struct session *s; /* a reference */
    struct caller who;
    struct request q;
    struct frame *frame;
    const char *why;
    enum err result;
};

static void run_query(struct reader_job *job, struct store *store)
{
    struct query_job *j = (struct query_job *)job;
    struct chat *chat = j->s->shard->chat;
    struct buf json = BUF_INIT;
    j->result = store && !j->s->gone ? query_answer(chat, store, &j->who, &j->q, &json, &j->why) : ERR_SHUTTING_DOWN;
    if (!j->result && !(j->frame = wire_frame(&json, 0)))
        j->result = ERR_MEMORY;
    buf_release(&json);
    mailbox_post(shard_mailbox(j->s->shard->hub_shard), &j->task);
}

static void come_back(struct task *task)
{
    struct query_job *j = (struct query_job *)((char *)task - offsetof(struct query_job, task));
    struct session *s = j->s;
    int64_t retry_ms = j->result == ERR_STORAGE || j->result == ERR_MEMORY ? SESSION_RETRY_MS : 0;
    char words[MISSING_BYTES];
    if (!s->gone && j->result && !j->why)
        j->why = missing_words(s->shard->chat, &j->who, &j->q, j->result, words);
    if (!s->gone && j->result)
        session_error(s, j->q.id, j->result, j->why, retry_ms);
    else if (!s->gone)
        session_push(s, j->frame);
    if (!s->gone && j->frame)
        allowance_drawn(s->shard->chat, session_origin(s), j->frame->len);
    frame_release(j->frame);
    request_release(&j->q);
    replay_end_read(s);
    free(j);
}

enum err query_start(struct session *s, struct request *q, const char **why)
{
    (void)why;
    if (!session_may_begin_read(s))
        return ERR_OVERLOADED;
    struct query_job *j = calloc(1, sizeof *j);
    if (!j)
        return ERR_MEMORY;
    j->job.run = run_query;
    j->task.run = come_back;
    j->q = *q;
    session_caller(s, &j->who);
    j->s = session_begin_read(s);
    enum err e = reader_submit(s->shard->chat->reader, &j->job);
    if (e) {
        replay_end_read(s);
        free(j);
        return e;
    }
    q->json = NULL;
    return OK;
}
