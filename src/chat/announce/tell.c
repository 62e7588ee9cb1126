/* The third pass of publish.h: what people are told beside the events of their rooms. */
#include "chat/announce/disconnect.h"
#include "chat/announce/notify.h"
#include "chat/announce/presence.h"
#include "chat/announce/publish_internal.h"
#include "directory/memberships.h"
#include "rules/wire.h"

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

/* Who has no account is told of nobody but the people of rooms that they see: guests what the list of members shows them,
 * visitors, who cannot ask for that list, what is seen beside messages. */
static void tell_member(struct publisher *p, const struct effect *e)
{
    struct event_person *person = &p->listing.person;
    if (!e->change || !listing_person(&p->listing, p->chat->directory, e->user, env_wall_ms(p->chat->env)))
        return;
    event_member(&p->json, e->change, person);
    struct frame *whole = take_frame(p), *part = NULL;
    if (directory_is_in_open_room(p->chat->directory, e->user)) {
        bool is_known =
            strcmp(e->change, "banned") != 0 || person->hidden; /* by their messages, which are hidden then */
        person->status_emoji = person->status_text = (struct span){NULL, 0};
        person->status_until = 0;
        person->banned = person->hidden;
        if (is_known)
            event_member(&p->json, e->change, person);
        part = is_known ? take_frame(p) : NULL;
        notify_guests(p->chat, whole);
        notify_visitors(p->chat, part);
    }
    notify_accounts(p->chat, whole);
    frame_release(whole);
    frame_release(part);
}

static void tell_place(struct publisher *p)
{
    char name[DIRECTORY_NAME_BYTES];
    directory_place_name(p->chat->directory, name);
    event_place(&p->json, span_of(*name ? name : p->chat->settings.server_name));
    struct frame *f = take_frame(p);
    if (f)
        hub_broadcast(p->chat->hub, f);
    frame_release(f);
}

static bool has_id(const struct buf *ids, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (((const int64_t *)ids->p)[i] == id)
            return true;
    return false;
}

/* To these users, for all of whom so many wait. */
static void tell_waiting(struct publisher *p, struct span ids, int64_t waiting)
{
    event_reports_waiting(&p->json, waiting);
    struct frame *f = take_frame(p);
    notify_users(p->chat, ids, f);
    frame_release(f);
}

/* For moderators of the place the same number waits, for those of rooms each their own. */
static void tell_reports(struct publisher *p)
{
    struct directory *d = p->chat->directory;
    const struct buf *handlers = &p->report_handlers;
    buf_clear(&p->ids);
    if (p->has_reports)
        directory_users_of_role(d, ROLE_MODERATOR, &p->ids);
    if (p->ids.len) /* any of them will do to ask for */
        tell_waiting(p, buf_span(&p->ids), directory_reports_waiting(d, *(const int64_t *)p->ids.p));
    for (size_t i = 0; i < handlers->len / sizeof(int64_t); i++) {
        int64_t id = ((const int64_t *)handlers->p)[i];
        bool is_told = has_id(&p->ids, p->ids.len / sizeof id, id) || has_id(handlers, i, id);
        if (!is_told)
            tell_waiting(p, (struct span){(const char *)&id, sizeof id}, directory_reports_waiting(d, id));
    }
}

static void tell_requested(struct publisher *p, const struct requested *q)
{
    struct directory *d = p->chat->directory;
    struct directory_room room;
    int64_t waiting = directory_requests_waiting(d, q->room);
    buf_clear(&p->ids);
    if (!q->user) {
        directory_answerers_of(d, q->room, &p->ids);
    } else if (directory_room(d, q->room, q->user, &room, NULL, NULL) && room.is_member) {
        buf_add(&p->ids, &q->user, sizeof q->user);
        waiting = room.requests;
    }
    event_requests_waiting(&p->json, q->room, waiting);
    struct frame *f = take_frame(p);
    notify_users(p->chat, buf_span(&p->ids), f);
    frame_release(f);
}

/* Where the person whom they have blocked, or no longer, has said something that they have not read, other counts are
 * right now. */
static void tell_block(struct publisher *p, const struct effect *e)
{
    buf_clear(&p->ids);
    directory_blocks_of(p->chat->directory, e->user, &p->ids);
    bool is_blocked = has_id(&p->ids, p->ids.len / sizeof(int64_t), e->id);
    event_block(&p->json, e->id, is_blocked);
    struct frame *f = take_frame(p);
    notify_user(p->chat, e->user, f);
    frame_release(f);
    buf_clear(&p->ids);
    directory_rooms_unread_from(p->chat->directory, e->user, e->id, &p->ids);
    for (size_t i = 0; i < p->ids.len / sizeof(int64_t); i++)
        tell_read(p, &(struct effect){.room = ((const int64_t *)p->ids.p)[i], .user = e->user});
    presence_block(p->chat, e->user, e->id, is_blocked);
}

static void tell(struct publisher *p, const struct effect *e)
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
        presence_member(c, e->room, e->user);
        break;
    case EFFECT_MEMBERSHIP:
        tell_membership(p, "changed", e);
        break;
    case EFFECT_LEFT:
        notify_left(c, e->user, e->room, e->id != 0, e->frame);
        presence_member(c, e->room, e->user);
        break;
    case EFFECT_READ:
        tell_read(p, e);
        break;
    case EFFECT_USER:
        tell_member(p, e);
        break;
    case EFFECT_SESSION_ENDED:
        disconnect_session(c, e->id);
        break;
    case EFFECT_TOKEN_ENDED:
        disconnect_token(c, e->id);
        break;
    case EFFECT_SESSIONS_ENDED:
        disconnect_user(c, e->user, e->id, ERR_SESSION_ENDED, "session ended");
        break;
    case EFFECT_BANNED:
        disconnect_user(c, e->user, 0, ERR_BANNED, "banned");
        break;
    case EFFECT_BLOCKS:
        tell_block(p, e);
        break;
    case EFFECT_EVENT:
    case EFFECT_PLACE: /* see publish_tell() */
    case EFFECT_REPORTED:
    case EFFECT_REQUESTED:
    case EFFECT_HISTORY_HIDDEN:
    case EFFECT_MESSAGE_GONE:
    case EFFECT_SWEPT:
        break;
    }
}

void publish_tell(struct publisher *p, struct outcome *o)
{
    for (size_t i = 0; i < o->effect_count; i++)
        tell(p, outcome_effect(o, i));
    if (p->is_renamed)
        tell_place(p);
    if (p->has_reports || p->report_handlers.len)
        tell_reports(p);
    for (size_t i = 0; i < p->requested.len / sizeof(struct requested); i++)
        tell_requested(p, (const struct requested *)p->requested.p + i);
    p->is_renamed = p->has_reports = false;
    buf_clear(&p->report_handlers);
    buf_clear(&p->requested);
}
