/* Sessions: their life, and what they say. What they may ask is in verbs.c. */
#include "base/diag.h"
#include "chat/awareness.h"
#include "chat/directory.h"
#include "chat/ended.h"
#include "chat/replay.h"
#include "chat/session_internal.h"
#include "chat/shed.h"
#include "chat/standing.h"
#include "chat/wire.h"

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

void session_end_read(struct session *s)
{
    s->reads--;
    if (s->awaits_read && !s->outbox_full && !s->gone && !s->closing)
        replay_go_on(s);
    session_release(s);
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

/* ------------------------------------------------------------------ life */

/* What may have happened between the handshake and now: a ban, the session's end, a guest who became an account. */
static enum err still_welcome(struct chat *c, const struct person *who, const struct caller *caller)
{
    struct directory_user user;
    int64_t until, user_id = atomic_load_explicit(&who->user_id, memory_order_relaxed);
    if (user_id && directory_is_banned(c->directory, user_id, env_wall_ms(c->env), &until))
        return ERR_BANNED;
    if (caller && caller->kind == COMMAND_ACTOR_ACCOUNT)
        return ended_check(c->ended, caller);
    const bool is_kept = user_id && directory_user(c->directory, user_id, &user);
    const bool is_forgotten = is_kept && caller && user.cookie_number != caller->cookie_number;
    return is_kept && (user.kind == USER_ACCOUNT || is_forgotten) ? ERR_SESSION_ENDED : OK;
}

static struct session *session_new(struct chat_shard *shard, const struct caller *caller)
{
    const bool has_account = caller && caller->kind == COMMAND_ACTOR_ACCOUNT;
    const bool has_address = caller && caller->kind == COMMAND_ACTOR_GUEST;
    struct session *s = calloc(1, sizeof *s + (has_address ? strlen(caller->address) + 1 : 0));
    struct device *account = s && has_account ? device_new(s, caller) : NULL;
    if (!s || (has_account && !account)) {
        free(s);
        return NULL;
    }
    s->shard = shard;
    s->refs = 1;
    s->active = true;
    s->is_greeted = true;
    outbox_init(&s->outbox);
    s->has_account = has_account;
    s->has_address = has_address;
    if (has_address)
        strcpy(s->address, caller->address);
    s->from.origin = caller ? caller->origin : NULL;
    if (account) {
        account->seen_s = (uint32_t)(env_wall_ms(shard->chat->env) / 1000); /* to an hour: the handshake has looked */
        s->from.device = account;
        devices_add(&shard->devices, account, caller->user_id);
    }
    s->next = shard->sessions;
    if (s->next)
        s->next->prev = s;
    shard->sessions = s;
    return s;
}

enum err session_open(struct chat *c, struct shard *shard, struct person *who, const struct caller *caller,
                      const struct session_io *io, void *conn, struct session **out)
{
    bool draining = atomic_load_explicit(&c->draining, memory_order_relaxed);
    struct session *s = draining ? NULL : session_new(shard_user(shard), caller);
    if (!s) {
        hub_person_release(c->hub, who);
        return draining ? ERR_SHUTTING_DOWN : ERR_MEMORY;
    }
    s->io = io;
    s->conn = conn;
    s->who = who;
    hub_person_active(c->hub, who, +1);
    diag_debug("connected", "user=%lld token=%lld address=%s", (long long)caller->user_id, (long long)caller->token_id,
               diag_quote(caller->address).s);
    *out = s;
    enum err e = still_welcome(c, who, caller);
    if (e)
        session_end(s, e, e == ERR_BANNED ? "banned" : "session ended");
    else
        welcome_begin(s);
    if (!e && s->has_account)
        awareness_greet(s);
    return OK;
}

struct outbox *session_outbox(struct session *s)
{
    return &s->outbox;
}

void session_drained(struct session *s)
{
    if (s->gone || s->closing)
        return;
    if (!s->is_greeted)
        welcome_go_on(s);
    if (s->outbox_full && !s->closing)
        replay_go_on(s);
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

void session_close(struct session *s)
{
    if (!s)
        return;
    s->gone = true;
    welcome_forget(s);
    while (s->members)
        session_leave(s, s->members);
    if (s->has_account)
        devices_remove(&s->shard->devices, s->from.device);
    if (s->active)
        hub_person_active(s->shard->chat->hub, s->who, -1);
    outbox_clear(&s->outbox, &s->shard->chat->settings.outbox);
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
