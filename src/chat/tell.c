/* The third pass of publish.h: what people are told beside the events of their rooms. */
#include "chat/notify.h"
#include "chat/publish_internal.h"
#include "chat/wire.h"
#include "store/lists.h"

static struct frame *take_frame(struct publisher *p)
{
    struct frame *f = wire_frame(&p->json, 0);
    buf_clear(&p->json);
    return f;
}

struct frame *publish_left_frame(struct publisher *p, int64_t room_id)
{
    if (!listing_room(&p->listing, p->chat->directory, room_id, 0))
        return NULL;
    event_membership(&p->json, "left", &p->listing.room);
    return take_frame(p);
}

static void tell_room(struct publisher *p, const char *change, const struct effect *e)
{
    if (!listing_room(&p->listing, p->chat->directory, e->room, 0))
        return;
    event_room_changed(&p->json, change, &p->listing.room);
    struct frame *f = take_frame(p);
    notify_room_watchers(p->chat, e->room, f);
    frame_release(f);
}

static void tell_membership(struct publisher *p, const char *change, const struct effect *e)
{
    if (!listing_room(&p->listing, p->chat->directory, e->room, e->user) || !p->listing.room.is_member)
        return; /* not any more: that is told further on */
    event_membership(&p->json, change, &p->listing.room);
    struct frame *f = take_frame(p);
    notify_user(p->chat, e->user, f);
    frame_release(f);
}

static void tell_read(struct publisher *p, const struct effect *e)
{
    struct directory_room room;
    if (!directory_room(p->chat->directory, e->room, e->user, &room, NULL, NULL) || !room.is_member)
        return;
    event_read(&p->json, e->room, room.read_seq, room.unread, room.mentions);
    struct frame *f = take_frame(p);
    notify_user(p->chat, e->user, f);
    frame_release(f);
}

static void tell_member(struct publisher *p, const struct effect *e)
{
    if (!e->change || !listing_person(&p->listing, p->chat->directory, e->user, env_wall_ms(p->chat->env)))
        return;
    event_member(&p->json, e->change, &p->listing.person);
    struct frame *f = take_frame(p);
    if (f)
        hub_broadcast(p->chat->hub, f);
    frame_release(f);
}

/* Once for each batch, however many reports came with it. */
static void tell_reports(struct publisher *p, struct store *s)
{
    int64_t waiting;
    if (p->has_counted_reports || reports_count_waiting(s, &waiting))
        return;
    p->has_counted_reports = true;
    event_reports_waiting(&p->json, waiting);
    struct frame *f = take_frame(p);
    buf_clear(&p->ids);
    directory_users_of_role(p->chat->directory, ROLE_MODERATOR, &p->ids);
    notify_users(p->chat, buf_span(&p->ids), f);
    frame_release(f);
}

static void tell(struct publisher *p, struct store *s, const struct effect *e)
{
    struct chat *c = p->chat;
    switch (e->kind) {
    case EFFECT_ROOM_CREATED:
        tell_room(p, "created", e);
        break;
    case EFFECT_ROOM_CHANGED:
        tell_room(p, e->change, e);
        break;
    case EFFECT_JOINED:
        tell_membership(p, "joined", e);
        break;
    case EFFECT_MEMBERSHIP:
        tell_membership(p, "changed", e);
        break;
    case EFFECT_LEFT:
        notify_left(c, e->user, e->room, e->id != 0, e->frame);
        break;
    case EFFECT_READ:
        tell_read(p, e);
        break;
    case EFFECT_USER:
        tell_member(p, e);
        break;
    case EFFECT_SESSION_ENDED:
        notify_end_session(c, e->id);
        break;
    case EFFECT_TOKEN_ENDED:
        notify_end_token(c, e->id);
        break;
    case EFFECT_SESSIONS_ENDED:
        notify_end_user(c, e->user, e->id, ERR_SESSION_ENDED, "session ended");
        break;
    case EFFECT_BANNED:
        notify_end_user(c, e->user, 0, ERR_BANNED, "banned");
        break;
    case EFFECT_REPORTED:
        tell_reports(p, s);
        break;
    case EFFECT_EVENT:
    case EFFECT_BLOCKS:
    case EFFECT_PLACE:
    case EFFECT_HISTORY_HIDDEN:
    case EFFECT_MESSAGE_GONE:
        break;
    }
}

void publish_tell(struct publisher *p, struct store *s, struct outcome *o)
{
    for (size_t i = 0; i < o->effect_count; i++)
        tell(p, s, outcome_effect(o, i));
}
