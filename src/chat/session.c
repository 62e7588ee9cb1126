/* Sessions: their life, and the table of what they may ask. The verbs themselves are in files of their own. */
#include "chat/awareness.h"
#include "chat/history.h"
#include "chat/message.h"
#include "chat/replay.h"
#include "chat/rooms.h"
#include "chat/session_internal.h"
#include "chat/wire.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ saying something */

struct session *session_retain(struct session *s)
{
    s->refs++;
    return s;
}

void session_release(struct session *s)
{
    if (--s->refs == 0) {
        hub_person_release(s->shard->chat->hub, s->who);
        free(s);
    }
}

void session_end(struct session *s, enum err why, const char *reason)
{
    if (s->gone || s->closing)
        return;
    s->closing = true;
    s->io->close(s->conn, why, reason);
}

void session_push(struct session *s, struct frame *f)
{
    if (s->gone || s->closing)
        return;
    const struct outbox_limits *limits = &s->shard->chat->settings.outbox;
    enum err e = f ? outbox_push(&s->outbox, f, limits) : ERR_MEMORY;
    if (e == ERR_TOO_SLOW) { /* a slow reader, or only more than usual in one turn? */
        s->io->flush(s->conn);
        if (s->closing)
            return;
        e = outbox_push(&s->outbox, f, limits);
    }
    if (e == ERR_TOO_SLOW)
        session_end(s, e, "too slow");
    else if (e)
        session_end(s, e, "out of memory");
    else
        s->io->wake(s->conn);
}

void session_say(struct session *s)
{
    struct frame *f = wire_frame(&s->shard->json, 0);
    buf_clear(&s->shard->json);
    session_push(s, f);
    frame_release(f);
}

void session_ack(struct session *s, const struct event_ack *ack)
{
    if (!ack->id.len)
        return;
    event_ack(&s->shard->json, ack);
    session_say(s);
}

void session_error(struct session *s, struct span id, enum err e, const char *message, int64_t retry_after_ms)
{
    metric_add(&s->shard->chat->metrics->requests_refused, 1);
    event_error(&s->shard->json, id, e, message, retry_after_ms);
    session_say(s);
}

/* ------------------------------------------------------------------ life */

struct welcome_rooms {
    struct buf *json;
    bool first;
};

static void welcome_room(void *ctx, const struct room_info *info)
{
    struct welcome_rooms *w = ctx;
    struct event_room room = {
        .id = info->id, .last_seq = info->last_seq, .name = span_of(info->name), .archived = info->archived};
    event_welcome_room(w->json, &room, w->first);
    w->first = false;
}

static void welcome(struct session *s)
{
    struct chat *chat = s->shard->chat;
    char name[HUB_NAME_BYTES];
    size_t name_len = hub_person_name(chat->hub, s->who, name);
    struct event_welcome w = {
        .user = {atomic_load(&s->who->user_id), {name, name_len}},
        .server_name = span_of(chat->settings.server_name),
        .server_version = span_of(HUBBUB_VERSION),
        .now = env_wall_ms(chat->env),
        .message_max_bytes = chat->settings.message_max_bytes,
        .history_on_join = chat->settings.history_on_join,
        .history_page = REQUEST_HISTORY_MAX,
    };
    struct welcome_rooms rooms = {&s->shard->json, true};
    event_welcome_begin(&s->shard->json, &w);
    hub_rooms_each(chat->hub, welcome_room, &rooms);
    event_welcome_end(&s->shard->json, &w);
    session_say(s);
}

enum err session_open(struct chat *c, struct shard *shard, struct person *who, const struct session_io *io, void *conn,
                      struct session **out)
{
    bool draining = atomic_load_explicit(&c->draining, memory_order_relaxed);
    struct session *s = draining ? NULL : calloc(1, sizeof *s);
    if (!s) {
        hub_person_release(c->hub, who);
        return draining ? ERR_SHUTTING_DOWN : ERR_MEMORY;
    }
    s->shard = shard_user(shard);
    s->io = io;
    s->conn = conn;
    s->who = who;
    s->refs = 1;
    s->active = true;
    outbox_init(&s->outbox);
    s->next = s->shard->sessions;
    if (s->next)
        s->next->prev = s;
    s->shard->sessions = s;
    hub_person_active(c->hub, who, +1);
    *out = s;
    welcome(s);
    return OK;
}

struct outbox *session_outbox(struct session *s)
{
    return &s->outbox;
}

void session_drained(struct session *s)
{
    if (s->paused && !s->gone && !s->closing)
        replay_go_on(s);
}

static void leave(struct session *s, struct member *m)
{
    struct member **at = &s->members;
    while (*at != m)
        at = &(*at)->next_of_owner;
    *at = m->next_of_owner;
    hub_leave(s->shard->chat->hub, m);
    free(m);
}

void session_close(struct session *s)
{
    if (!s)
        return;
    s->gone = true;
    while (s->members)
        leave(s, s->members);
    if (s->active)
        hub_person_active(s->shard->chat->hub, s->who, -1);
    outbox_clear(&s->outbox);
    if (s->prev)
        s->prev->next = s->next;
    else
        s->shard->sessions = s->next;
    if (s->next)
        s->next->prev = s->prev;
    session_release(s);
}

void session_bye_all(struct chat *c, struct shard *shard, const char *reason)
{
    struct chat_shard *mine = shard_user(shard);
    for (struct session *s = mine->sessions; s; s = s->next) {
        uint32_t random;
        env_random(c->env, (uint8_t *)&random, sizeof random);
        event_bye(&mine->json, reason, (int64_t)random % (c->settings.reconnect_spread_ms + 1));
        session_say(s);
    }
}

void session_end_all(struct shard *shard, enum err why, const char *reason)
{
    struct chat_shard *mine = shard_user(shard);
    for (struct session *s = mine->sessions; s; s = s->next)
        session_end(s, why, reason);
}

struct member *session_member(const struct session *s, const struct room *r)
{
    struct member *m = s->members;
    while (m && member_room(m) != r)
        m = m->next_of_owner;
    return m;
}

/* ------------------------------------------------------------------ requests */

static enum err do_join(struct session *s, struct room *r, const struct request *q, const char **why)
{
    (void)why;
    struct chat *chat = s->shard->chat;
    struct member *m = session_member(s, r);
    int64_t last_seq;
    if (m)
        leave(s, m);
    m = calloc(1, sizeof *m);
    if (!m)
        return ERR_MEMORY;
    m->owner = s;
    m->person = s->who;
    /* Beyond the last event: none of the past. The hub keeps at least one event. */
    int64_t after = q->after < 0 && chat->settings.history_on_join == 0 ? INT64_MAX : q->after;
    hub_join(chat->hub, s->shard->hub_shard, r, m, after, &last_seq);
    struct event_ack ack = {.id = q->id, .room = room_id(r), .has_last_seq = true, .last_seq = last_seq};
    session_ack(s, &ack);
    if (q->after >= 0)
        metric_add(&chat->metrics->resumes_total, 1);
    awareness_show(s, r);
    m->next_of_owner = s->members; /* only now: when what was said above found the outbox full, replays have gone on */
    s->members = m;
    replay_start(s, m, q->after >= 0);
    return OK;
}

static enum err do_leave(struct session *s, struct room *r, const struct request *q, const char **why)
{
    (void)why;
    struct member *m = session_member(s, r);
    if (!m)
        return ERR_NOT_JOINED;
    leave(s, m);
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

/* One row per request: the checks in front of all verbs are made here, once. */
static const struct {
    enum err (*act)(struct session *s, struct room *r, const struct request *q, const char **why);
    bool needs_room;
    bool is_message; /* takes a token of the person's message bucket */
} verbs[] = {
    [REQUEST_JOIN] = {do_join, true, false},
    [REQUEST_LEAVE] = {do_leave, true, false},
    [REQUEST_SEND] = {message_send, true, true},
    [REQUEST_HISTORY] = {history_read, true, false},
    [REQUEST_TYPING] = {awareness_typing, true, false},
    [REQUEST_PRESENCE] = {awareness_presence, false, false},
    [REQUEST_PING] = {do_ping, false, false},
};

static struct room *find_room(struct chat *chat, const struct request_room *named)
{
    return named->id ? hub_room_by_id(chat->hub, named->id) : rooms_find(chat, named->name);
}

static enum err carry_out(struct session *s, const struct request *q, const char **why, int64_t *retry_after_ms)
{
    struct chat *chat = s->shard->chat;
    struct room *r = NULL;
    const struct rate_limit messages = {chat->settings.rate_messages_per_s, chat->settings.rate_burst};
    if (verbs[q->type].needs_room && !(r = find_room(chat, &q->room)))
        return ERR_NOT_FOUND;
    if (verbs[q->type].is_message) {
        int64_t wait_ns = rate_take(&s->who->bucket, &messages, env_mono_ns(chat->env));
        if (wait_ns) {
            metric_add(&chat->metrics->requests_rate_limited, 1);
            *retry_after_ms = wait_ns / 1000000 + 1;
            return ERR_RATE_LIMITED;
        }
    }
    enum err e = verbs[q->type].act(s, r, q, why);
    if (e == ERR_OVERLOADED)
        *retry_after_ms = SESSION_RETRY_MS;
    return e;
}

static bool is_flood(struct session *s)
{
    struct chat *chat = s->shard->chat;
    const struct rate_limit requests = {chat->settings.rate_messages_per_s * SESSION_FLOOD_FACTOR,
                                        chat->settings.rate_burst * SESSION_FLOOD_FACTOR};
    return rate_take(&s->bucket, &requests, env_mono_ns(chat->env)) != 0;
}

void session_text(struct session *s, struct span text)
{
    struct request q;
    const char *why = NULL;
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
    if (e)
        session_error(s, q.id, e, why, retry_after_ms);
    request_release(&q);
}
