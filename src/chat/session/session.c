#include "chat/session/session.h"

#include "chat/session/shed.h"
#include "directory/rooms.h"
#include "rules/wire.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ saying something */

struct session *session_retain(struct session *s)
{
    s->refs++;
    assert(s->refs);
    return s;
}

/* Half of the answers have come: so that a client that goes on pipelining is woken once for many of them. */
static void make_ready(struct session *s)
{
    if (!s->full || s->gone || s->closing || s->refs - 1 > SESSION_UNANSWERED_MAX / 2 || !session_may_begin_read(s))
        return;
    s->full = false;
    s->io->ready(s->conn);
}

bool session_is_ready(struct session *s)
{
    s->full = s->refs - 1 >= SESSION_UNANSWERED_MAX || !session_may_begin_read(s);
    return !s->full;
}

void session_release(struct session *s)
{
    s->refs--;
    make_ready(s);
    if (s->refs == 0) {
        hub_person_release(s->shard->chat->hub, s->who);
        free(session_device(s));
        free(s);
    }
}

struct session *session_begin_read(struct session *s)
{
    assert(session_may_begin_read(s));
    s->reads++;
    return session_retain(s);
}

void session_end(struct session *s, enum err why, const char *reason)
{
    if (s->gone || s->closing)
        return;
    s->closing = true;
    s->io->close(s->conn, why, reason);
}

void session_cut(struct session *s)
{
    s->closing = true;
    s->io->cut(s->conn);
}

void session_hang_up(struct session *s)
{
    s->closing = true;
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
    shed_if_full(s->shard);
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

/* ------------------------------------------------------------------ who it is */

enum user_kind session_kind(const struct session *s)
{
    if (s->has_account)
        return USER_ACCOUNT;
    return atomic_load_explicit(&s->who->kind, memory_order_relaxed) == PERSON_VISITOR ? USER_VISITOR : USER_GUEST;
}

void session_caller(const struct session *s, struct caller *out)
{
    if (s->has_account) {
        device_caller(s->from.device, out);
        return;
    }
    *out = (struct caller){
        .kind = session_kind(s) == USER_VISITOR ? COMMAND_ACTOR_VISITOR : COMMAND_ACTOR_GUEST,
        .user_id = atomic_load_explicit(&s->who->user_id, memory_order_relaxed),
        .scope = SCOPE_ADMIN,
        .origin = s->from.origin,
    };
    memcpy(out->key, s->who->key, sizeof out->key);
    if (s->has_address)
        strcpy(out->address, s->address);
}

enum err session_may_read(const struct session *s, int64_t room_id, int64_t *floor_seq)
{
    int64_t user_id = atomic_load_explicit(&s->who->user_id, memory_order_relaxed);
    return directory_may_read(s->shard->chat->directory, room_id, user_id, session_kind(s), floor_seq);
}

/* ------------------------------------------------------------------ its connection and its rooms */

struct outbox *session_outbox(struct session *s)
{
    return &s->outbox;
}

void session_leave(struct session *s, struct member *m)
{
    struct member **at = &s->members;
    while (*at != m)
        at = &(*at)->next_of_owner;
    *at = m->next_of_owner;
    hub_leave(s->shard->chat->hub, m);
    free(m);
}

void session_expelled(struct member *m)
{
    session_leave(m->owner, m);
}

struct member *session_member(const struct session *s, const struct room *r)
{
    struct member *m = s->members;
    while (m && member_room(m) != r)
        m = m->next_of_owner;
    return m;
}
