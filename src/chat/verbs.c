/* What a session may ask: one table for what it carries out itself; the rest goes through call.h or query.h. The checks
 * in front of all verbs are made here, once. */
#include "base/diag.h"
#include "chat/admit/allowance.h"
#include "chat/admit/missing.h"
#include "chat/admit/room_by_name.h"
#include "chat/admit/standing.h"
#include "chat/announce/presence.h"
#include "chat/query/history.h"
#include "chat/query/query.h"
#include "chat/session/replay.h"
#include "chat/session/session.h"
#include "chat/session/typing.h"
#include "chat/session_life.h"
#include "chat/submit/call.h"
#include "chat/submit/message.h"
#include "chat/submit/proposal.h"
#include "directory/rooms.h"

#include <stdlib.h>

/* Adds the member, if the session may read the room. It is asked before, so that nobody who may not is seen in the room
 * for a moment; and again after, for the reason that hub_join() gives. */
static enum err enter(struct session *s, struct room *r, struct member *m, int64_t after, int64_t *last_seq,
                      int64_t *floor_seq)
{
    struct chat *chat = s->shard->chat;
    enum err e = session_may_read(s, room_id(r), floor_seq);
    if (e)
        return e;
    hub_join(chat->hub, s->shard->hub_shard, r, m, after, last_seq);
    e = session_may_read(s, room_id(r), floor_seq);
    if (e)
        hub_leave(chat->hub, m);
    else if (m->next_seq <= *floor_seq)
        hub_seek(chat->hub, m, *floor_seq + 1);
    return e;
}

/* Whether the client counts from an event that is not in this numbering, or does not say in which it is: the database was
 * restored, or copied, or set back. What it has been told may be ahead of what the hub has published, but not of the
 * directory. After no event, all numberings are the same. */
static bool is_of_another_epoch(struct chat *chat, const struct request *q, int64_t room, int64_t last_seq)
{
    struct directory_room known = {.last_seq = 0};
    if (q->after < 0 || (q->after == 0 && !q->epoch.p))
        return false;
    if (!q->epoch.p || !span_equal(q->epoch, span_of(chat->epoch)))
        return true;
    return q->after > last_seq &&
           (!directory_room(chat->directory, room, 0, &known, NULL, NULL) || q->after > known.last_seq);
}

static enum err do_join(struct session *s, struct room *r, const struct request *q, const char **why)
{
    (void)why;
    struct chat *chat = s->shard->chat;
    struct member *m = session_member(s, r);
    int64_t last_seq, floor_seq;
    if (m)
        session_leave(s, m);
    m = calloc(1, sizeof *m);
    if (!m)
        return ERR_MEMORY;
    m->owner = s;
    m->person = s->who;
    /* Beyond the last event: none of the past. The hub keeps at least one event. */
    int64_t after = q->after < 0 && chat->settings.history_on_join == 0 ? INT64_MAX : q->after;
    enum err e = enter(s, r, m, after, &last_seq, &floor_seq);
    if (e) {
        free(m);
        return e;
    }
    /* Whoever has just become a member may be ahead of the events that are being published. */
    struct event_ack ack = {
        .id = q->id, .room = room_id(r), .has_last_seq = true, .last_seq = last_seq > floor_seq ? last_seq : floor_seq};
    session_ack(s, &ack);
    if (q->after >= 0)
        metric_add(&chat->metrics->resumes_total, 1);
    presence_show(s, r);
    m->next_of_owner = s->members; /* only now: when what was said above found the outbox full, replays have gone on */
    s->members = m;
    /* Who was here before, and again since, has seen what is no longer for them: a gap, so they begin anew. */
    bool has_gap = (q->after >= 0 && q->after < floor_seq) || is_of_another_epoch(chat, q, room_id(r), ack.last_seq);
    replay_start(s, m, q->after >= 0, has_gap);
    return OK;
}

static enum err do_leave(struct session *s, struct room *r, const struct request *q, const char **why)
{
    (void)why;
    int64_t floor_seq;
    struct member *m = session_member(s, r);
    if (!m) /* of a room that is not for them nobody learns that it is there */
        return session_may_read(s, room_id(r), &floor_seq) ? ERR_NOT_FOUND : ERR_NOT_JOINED;
    session_leave(s, m);
    struct event_ack ack = {.id = q->id, .room = room_id(r)};
    session_ack(s, &ack);
    return OK;
}

static enum err do_ping(struct session *s, struct room *r, const struct request *q, const char **why)
{
    (void)r;
    (void)why;
    struct event_ack ack = {.id = q->id};
    session_ack(s, &ack);
    return OK;
}

#define LIVE(type, name, act, needs, ...) [REQUEST_##type] = {act, needs},
static const struct {
    enum err (*act)(struct session *s, struct room *r, const struct request *q, const char **why);
    enum { NO_ROOM, A_ROOM, ANY_ROOM } needs; /* ANY_ROOM: also one that is not there, which is NULL */
} verbs[REQUEST_TYPES] = {
#include "proto/verbs.def"
};

static enum err call(struct session *s, const struct caller *who, const struct request *q, const char **why)
{
    struct call call;
    enum err e = call_prepare(s->shard->chat, who, q, &call, why);
    if (!e && call_needs_password(who, q->type)) {
        *why = "That needs your password, so send it over HTTP: POST /api/v1/ and the name of the request.";
        e = ERR_FORBIDDEN;
    }
    if (!e)
        e = allowance_take_daily(s->shard->chat, who, &call.command, why);
    if (!e)
        e = proposal_make(s, &call.command, q->id, q->type, call.code);
    call_release(&call);
    return e;
}

static enum err act(struct session *s, const struct caller *who, struct request *q, const char **why)
{
    struct room *r = NULL;
    if (call_is_command(q->type))
        return call(s, who, q, why);
    if (request_is_query(q->type))
        return query_start(s, q, why);
    enum err e = standing_admit(s->shard->chat, who, q->type, why);
    if (e)
        return e;
    if (verbs[q->type].needs != NO_ROOM)
        e = rooms_find(s->shard->chat, who, q->type, &q->room, &r);
    if (e && (e != ERR_NOT_FOUND || verbs[q->type].needs == A_ROOM))
        return e;
    return verbs[q->type].act(s, r, q, why);
}

/* A visitor is nobody until the first message, which makes a row in the database. */
static enum err count_newcomer(struct session *s, const struct request *q, int64_t *retry_after_ms, const char **why)
{
    if (q->type != REQUEST_SEND || session_kind(s) != USER_VISITOR || s->is_newcomer)
        return OK;
    enum err e = origin_take(session_origin(s), ORIGIN_NEWCOMERS, 1, retry_after_ms, why);
    s->is_newcomer = !e;
    return e;
}

static enum err count(struct session *s, const struct caller *who, const struct request *q, int64_t *retry_after_ms,
                      const char **why)
{
    struct chat *chat = s->shard->chat;
    enum err e = origin_take(who->origin, ORIGIN_REQUESTS, 1, retry_after_ms, why);
    if (!e)
        e = allowance_read(chat, who, q->type, retry_after_ms, why);
    if (!e && call_is_counted(q->type))
        e = allowance_take(chat, who, s->who, q->type == REQUEST_SEND ? q->body.len : 0, retry_after_ms, why);
    return e ? e : count_newcomer(s, q, retry_after_ms, why);
}

static enum err carry_out(struct session *s, struct request *q, const char **why, int64_t *retry_after_ms)
{
    struct caller who;
    session_caller(s, &who);
    enum err e = count(s, &who, q, retry_after_ms, why);
    if (!e)
        e = act(s, &who, q, why);
    if (e == ERR_OVERLOADED)
        *retry_after_ms = SESSION_RETRY_MS;
    return e;
}

static bool is_flood(struct session *s)
{
    struct chat *chat = s->shard->chat;
    int64_t burst = chat->settings.rate_burst * SESSION_FLOOD_FACTOR;
    const struct rate_limit requests = {chat->settings.rate_messages_per_s * SESSION_FLOOD_FACTOR,
                                        burst > SESSION_FLOOD_BURST ? burst : SESSION_FLOOD_BURST};
    return rate_take(&s->bucket, &requests, env_mono_ns(chat->env)) != 0;
}

void session_text(struct session *s, struct span text)
{
    struct request q;
    const char *why = NULL;
    char words[MISSING_BYTES];
    int64_t retry_after_ms = 0;
    if (s->gone || s->closing)
        return;
    metric_add(&s->shard->chat->metrics->requests_total, 1);
    if (is_flood(s)) {
        session_end(s, ERR_FLOOD, "flood");
        return;
    }
    enum err e = request_parse(text, &q, &why);
    if (!e)
        e = carry_out(s, &q, &why, &retry_after_ms);
    if (e && !why) {
        struct caller who;
        session_caller(s, &who);
        why = missing_words(s->shard->chat, &who, &q, e, words);
    }
    if (e) {
        diag_debug("request_refused", "type=%s code=%s user=%lld", request_name(q.type), err_code(e),
                   (long long)s->who->user_id);
        session_error(s, q.id, e, why, retry_after_ms);
    }
    request_release(&q);
}
