/* A notice is a task that finds, on a shard's thread, the sessions that it is for. They are found there and not here
 * because only that thread knows them. */
#include "chat/notify.h"

#include "base/mem.h"
#include "base/sorted.h"
#include "chat/account.h"
#include "chat/directory.h"
#include "chat/session_internal.h"

#include <stdlib.h>

enum { RENEW_S = 24 * 3600 };

/* On the shard: whether and how it concerns one of its sessions. */
struct notice {
    struct task task;
    void (*run)(const struct notice *n);
    struct chat_shard *shard;
    struct frame *frame;
    int64_t id, keep_id, room;
    enum room_kind was;
    bool is_lost;
    enum err why;
    const char *reason;
    size_t count; /* of the ids */
    int64_t ids[];
};

static void run_notice(struct task *task)
{
    struct notice *n = (struct notice *)task;
    n->run(n);
    frame_release(n->frame);
    free(n);
}

/* What is durable must not go missing for somebody who is connected, so this dies when memory is out. */
static void post(struct chat *c, const struct notice *what, struct span ids)
{
    for (int i = 0; i < c->shard_count; i++) {
        struct notice *n = mem_must_calloc(1, sizeof *n + ids.len);
        *n = *what;
        n->task.run = run_notice;
        n->shard = &c->shards[i];
        if (n->frame)
            frame_retain(n->frame);
        if (ids.len)
            memcpy(n->ids, ids.p, ids.len);
        n->count = ids.len / sizeof(int64_t);
        mailbox_post(shard_mailbox(n->shard->hub_shard), &n->task);
    }
}

/* ------------------------------------------------------------------ telling */

static void tell_users(const struct notice *n)
{
    for (size_t i = 0; i < n->count; i++)
        for (struct device *d = devices_of(&n->shard->devices, n->ids[i]); d; d = devices_next(d))
            session_push(d->session, n->frame);
}

void notify_users(struct chat *c, struct span ids, struct frame *f)
{
    if (f && ids.len)
        post(c, &(struct notice){.run = tell_users, .frame = f}, ids);
}

void notify_user(struct chat *c, int64_t user_id, struct frame *f)
{
    notify_users(c, (struct span){(const char *)&user_id, sizeof user_id}, f);
}

static void tell_kind(const struct notice *n)
{
    for (struct session *s = n->shard->sessions; s; s = s->next)
        if ((int64_t)session_kind(s) == n->id)
            session_push(s, n->frame);
}

static void notify_kind(struct chat *c, enum user_kind kind, struct frame *f)
{
    if (f)
        post(c, &(struct notice){.run = tell_kind, .frame = f, .id = kind}, (struct span){NULL, 0});
}

void notify_accounts(struct chat *c, struct frame *f)
{
    notify_kind(c, USER_ACCOUNT, f);
}

void notify_guests(struct chat *c, struct frame *f)
{
    notify_kind(c, USER_GUEST, f);
}

void notify_visitors(struct chat *c, struct frame *f)
{
    notify_kind(c, USER_VISITOR, f);
}

void notify_room_watchers(struct chat *c, int64_t room_id, struct frame *f)
{
    struct directory_room room;
    if (!f || !directory_room(c->directory, room_id, 0, &room, NULL, NULL))
        return;
    if (room.kind == ROOM_OPEN) {
        hub_broadcast(c->hub, f);
    } else if (room.kind == ROOM_ANNOUNCEMENT) {
        notify_accounts(c, f);
    } else {
        struct buf ids = BUF_INIT;
        directory_members_of(c->directory, room_id, 0, &ids);
        notify_users(c, buf_span(&ids), f);
        buf_release(&ids);
    }
}

static void close_room(struct session *s, int64_t room_id)
{
    const struct room *r = hub_room_by_id(s->shard->chat->hub, room_id);
    struct member *m = r ? session_member(s, r) : NULL;
    if (m)
        session_leave(s, m);
}

static void tell_left(const struct notice *n)
{
    for (struct device *d = devices_of(&n->shard->devices, n->id); d; d = devices_next(d)) {
        session_push(d->session, n->frame);
        if (n->is_lost)
            close_room(d->session, n->room);
    }
}

void notify_left(struct chat *c, int64_t user_id, int64_t room_id, bool is_lost, struct frame *f)
{
    struct notice n = {.run = tell_left, .frame = f, .id = user_id, .room = room_id, .is_lost = is_lost};
    if (f)
        post(c, &n, (struct span){NULL, 0});
}

static bool stays(const struct notice *n, const struct session *s)
{
    if (!session_device(s))
        return n->was != ROOM_OPEN; /* has never known of it */
    return sorted_has(n->ids, n->count, device_user(session_device(s)));
}

static void tell_others(const struct notice *n)
{
    for (struct session *s = n->shard->sessions; s; s = s->next) {
        if (stays(n, s))
            continue;
        session_push(s, n->frame);
        close_room(s, n->room);
    }
}

void notify_room_lost(struct chat *c, int64_t room_id, enum room_kind was, struct span stay, struct frame *f)
{
    if (f)
        post(c, &(struct notice){.run = tell_others, .frame = f, .room = room_id, .was = was}, stay);
}

/* ------------------------------------------------------------------ ending */

static void end_session(const struct notice *n)
{
    for (struct session *s = n->shard->sessions; s; s = s->next)
        if (session_device(s) && session_device(s)->session_id == n->id)
            session_end(s, ERR_SESSION_ENDED, "session ended");
}

void notify_end_session(struct chat *c, int64_t session_id)
{
    post(c, &(struct notice){.run = end_session, .id = session_id}, (struct span){NULL, 0});
}

static void end_token(const struct notice *n)
{
    for (struct session *s = n->shard->sessions; s; s = s->next)
        if (session_device(s) && session_device(s)->token_id == n->id)
            session_end(s, ERR_SESSION_ENDED, "session ended");
}

void notify_end_token(struct chat *c, int64_t token_id)
{
    post(c, &(struct notice){.run = end_token, .id = token_id}, (struct span){NULL, 0});
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

/* Also when the clock was set back. */
static bool is_stale(const struct device *d, int64_t now_s)
{
    return d->session_id && (now_s - d->seen_s >= RENEW_S || now_s < d->seen_s);
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
        else if (is_stale(session_device(s), n->id / 1000))
            renew(s, n->id);
    }
}

void notify_time(struct chat *c)
{
    post(c, &(struct notice){.run = look_at_time, .id = env_wall_ms(c->env)}, (struct span){NULL, 0});
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

void notify_end_user(struct chat *c, int64_t user_id, int64_t keep_id, enum err why, const char *reason)
{
    struct notice n = {.run = end_user, .id = user_id, .keep_id = keep_id, .why = why, .reason = reason};
    post(c, &n, (struct span){NULL, 0});
}

static void end_guest(const struct notice *n)
{
    for (struct session *s = n->shard->sessions; s; s = s->next)
        if (!session_device(s) && atomic_load_explicit(&s->who->user_id, memory_order_relaxed) == n->id)
            session_end(s, ERR_SESSION_ENDED, "session ended");
}

void notify_end_guest(struct chat *c, int64_t user_id)
{
    post(c, &(struct notice){.run = end_guest, .id = user_id}, (struct span){NULL, 0});
}
