#include "chat/announce/notify.h"

#include "base/sorted.h"
#include "chat/announce/notice.h"
#include "directory/memberships.h"
#include "directory/rooms.h"

static void tell_users(const struct notice *n)
{
    for (size_t i = 0; i < n->count; i++)
        for (struct device *d = devices_of(&n->shard->devices, n->ids[i]); d; d = devices_next(d))
            session_push(d->session, n->frame);
}

void notify_users(struct chat *c, struct span ids, struct frame *f)
{
    if (f && ids.len)
        notice_post(c, &(struct notice){.run = tell_users, .frame = f}, ids);
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
        notice_post(c, &(struct notice){.run = tell_kind, .frame = f, .id = kind}, (struct span){NULL, 0});
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
        notice_post(c, &n, (struct span){NULL, 0});
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
        notice_post(c, &(struct notice){.run = tell_others, .frame = f, .room = room_id, .was = was}, stay);
}
