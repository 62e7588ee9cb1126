#include "chat/session_life.h"

#include "base/diag.h"
#include "chat/announce/presence.h"
#include "chat/session/replay.h"
#include "chat/session/session.h"
#include "chat/session/welcome.h"
#include "directory/ended.h"
#include "directory/people.h"

#include <stdlib.h>

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
        presence_greet(s);
    return OK;
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
