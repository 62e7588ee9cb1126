#include "chat/announce/disconnect.h"

#include "account/account.h"
#include "chat/announce/notice.h"

static void end_session(const struct notice *n)
{
    for (struct session *s = n->shard->sessions; s; s = s->next)
        if (session_device(s) && session_device(s)->session_id == n->id)
            session_end(s, ERR_SESSION_ENDED, "session ended");
}

void disconnect_session(struct chat *c, int64_t session_id)
{
    notice_post(c, &(struct notice){.run = end_session, .id = session_id}, (struct span){NULL, 0});
}

static void end_token(const struct notice *n)
{
    for (struct session *s = n->shard->sessions; s; s = s->next)
        if (session_device(s) && session_device(s)->token_id == n->id)
            session_end(s, ERR_SESSION_ENDED, "session ended");
}

void disconnect_token(struct chat *c, int64_t token_id)
{
    notice_post(c, &(struct notice){.run = end_token, .id = token_id}, (struct span){NULL, 0});
}

/* As long as somebody is connected they are seen, whether their browser asks for anything else or not. One of their
 * connections speaks for all of the same session. When there is too much to do it is tried again. */
static void renew(struct session *s, int64_t now_ms)
{
    struct caller who;
    session_caller(s, &who);
    if (account_seen(s->shard->chat, &who, now_ms) != OK)
        return;
    for (struct device *d = devices_of(&s->shard->devices, who.user_id); d; d = devices_next(d))
        if (d->session_id == who.session_id)
            d->seen_s = (uint32_t)(now_ms / 1000);
}

static bool is_due(const struct device *d, int64_t now_ms)
{
    return d->session_id && account_is_due(d->seen_s * INT64_C(1000), now_ms, ACCOUNT_RENEW_LIVE_MS);
}

/* The sessions of accounts: few hold a token that ends, and few have not been renewed for a day, so looking at all each
 * second is cheap beside keeping them in order. */
static void look_at_time(const struct notice *n)
{
    if (!n->shard->devices.count)
        return;
    for (struct session *s = n->shard->sessions; s; s = s->next) {
        if (!session_device(s))
            continue;
        if (session_device(s)->expires_ms && session_device(s)->expires_ms <= n->id)
            session_end(s, ERR_SESSION_ENDED, "session ended");
        else if (is_due(session_device(s), n->id))
            renew(s, n->id);
    }
}

void disconnect_tick(struct chat *c)
{
    notice_post(c, &(struct notice){.run = look_at_time, .id = env_wall_ms(c->env)}, (struct span){NULL, 0});
}

static bool is_kept(const struct session *s, int64_t keep_id)
{
    int64_t session_id = session_device(s) ? session_device(s)->session_id : 0;
    return keep_id && (!session_id || session_id == keep_id);
}

static void end_user(const struct notice *n)
{
    for (struct session *s = n->shard->sessions; s; s = s->next)
        if (atomic_load_explicit(&s->who->user_id, memory_order_relaxed) == n->id && !is_kept(s, n->keep_id))
            session_end(s, n->why, n->reason);
}

void disconnect_user(struct chat *c, int64_t user_id, int64_t keep_id, enum err why, const char *reason)
{
    struct notice n = {.run = end_user, .id = user_id, .keep_id = keep_id, .why = why, .reason = reason};
    notice_post(c, &n, (struct span){NULL, 0});
}

static void end_guest(const struct notice *n)
{
    for (struct session *s = n->shard->sessions; s; s = s->next)
        if (!session_device(s) && atomic_load_explicit(&s->who->user_id, memory_order_relaxed) == n->id)
            session_end(s, ERR_SESSION_ENDED, "session ended");
}

void disconnect_guest(struct chat *c, int64_t user_id)
{
    notice_post(c, &(struct notice){.run = end_guest, .id = user_id}, (struct span){NULL, 0});
}
