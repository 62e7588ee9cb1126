/* The first two passes of publish.h; the third is in tell.c. */
#include "chat/announce/publish.h"

#include "base/diag.h"
#include "base/mem.h"
#include "chat/announce/disconnect.h"
#include "chat/announce/notify.h"
#include "chat/announce/publish_internal.h"
#include "directory/ended.h"
#include "directory/load.h"
#include "directory/memberships.h"
#include "store/membership.h"
#include "store/people.h"

#include <stdlib.h>

struct publisher *publisher_new(struct chat *c)
{
    struct publisher *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->chat = c;
    listing_init(&p->listing);
    return p;
}

void publisher_free(struct publisher *p)
{
    if (!p)
        return;
    listing_clear(&p->listing);
    buf_release(&p->json);
    buf_release(&p->ids);
    buf_release(&p->report_handlers);
    buf_release(&p->requested);
    buf_release(&p->to_answer);
    free(p->later);
    free(p->missed);
    free(p->closed);
    free(p);
}

struct command *publisher_command(struct publisher *p)
{
    return &p->command;
}

/* ------------------------------------------------------------------ what has changed is read anew */

/* The room's name and state, where events are published. */
static enum err sync_hub(struct publisher *p, struct store *s, int64_t room_id, bool is_new)
{
    struct hub *hub = p->chat->hub;
    struct room_more_row row;
    enum err e = rooms_more_by_id(s, room_id, &row);
    if (e)
        return e;
    if (!hub_room_by_id(hub, room_id)) { /* the events of a new room come behind this, one by one */
        hub_room_add(hub, room_id, row.name, is_new ? 0 : row.last_seq, row.archived_at != 0);
        return OK;
    }
    hub_room_rename(hub, room_id, row.name);
    hub_room_set_archived(hub, room_id, row.archived_at != 0);
    return OK;
}

/* Closes a room on the connections of all who may not read it as it is now. Whoever knew of it before is told in
 * publish_flush(), by what it was like when it closed; also who has become a member again by then, as their connections
 * do not have it open any more. */
static void close_room(struct publisher *p, int64_t room_id, enum room_kind was, enum room_kind now)
{
    struct directory *d = p->chat->directory;
    struct closed_room closed = {.room = room_id, .was = was};
    if (now == ROOM_ANNOUNCEMENT)
        directory_users_of_role(d, ROLE_MEMBER, &closed.stay); /* all accounts, and nobody else */
    else
        directory_members_of(d, room_id, 0, &closed.stay);
    hub_expel_others(p->chat->hub, room_id, (const int64_t *)closed.stay.p, closed.stay.len / sizeof(int64_t));
    if (was == ROOM_OPEN || was == ROOM_ANNOUNCEMENT)
        closed.frame = publish_left_frame(p, room_id);
    p->closed = mem_must_resize(p->closed, p->closed_count + 1, sizeof *p->closed);
    p->closed[p->closed_count++] = closed;
}

static void tell_closed(struct publisher *p)
{
    for (size_t i = 0; i < p->closed_count; i++) {
        struct closed_room *closed = &p->closed[i];
        notify_room_lost(p->chat, closed->room, closed->was, buf_span(&closed->stay), closed->frame);
        frame_release(closed->frame);
        buf_release(&closed->stay);
    }
    p->closed_count = 0;
}

/* Who may read it, at once; what it is called and the like is taken when all events of the batch are published, so that
 * nobody who has lost the room in between is told of it. */
static enum err load_access(struct publisher *p, struct store *s, int64_t room_id)
{
    struct directory *d = p->chat->directory;
    struct directory_room before, now;
    bool was_there = directory_room(d, room_id, 0, &before, NULL, NULL);
    enum err e = directory_load_access(d, s, room_id);
    if (!e && was_there && directory_room(d, room_id, 0, &now, NULL, NULL) && before.kind != now.kind &&
        now.kind != ROOM_OPEN)
        close_room(p, room_id, before.kind, now.kind);
    return e;
}

static enum err load_room(struct publisher *p, struct store *s, int64_t room_id, bool is_new)
{
    enum err e = directory_load_room(p->chat->directory, s, room_id);
    return e ? e : sync_hub(p, s, room_id, is_new);
}

static enum err load_user(struct publisher *p, struct store *s, int64_t user_id)
{
    struct directory *d = p->chat->directory;
    struct directory_user before;
    struct account_row row;
    bool was_guest = directory_user(d, user_id, &before) && before.kind == USER_GUEST;
    enum err e = directory_load_user(d, s, user_id);
    if (!e)
        e = accounts_by_id(s, user_id, &row);
    if (e)
        return e == ERR_NOT_FOUND ? OK : e;
    if (row.kind != USER_VISITOR)
        hub_rename(p->chat->hub, user_id, row.name, row.fold);
    if (was_guest && (row.kind == USER_ACCOUNT || row.cookie_number != before.cookie_number))
        disconnect_guest(p->chat, user_id);
    return OK;
}

static enum err load_place(struct publisher *p, struct store *s)
{
    struct directory *d = p->chat->directory;
    char before[DIRECTORY_NAME_BYTES], now[DIRECTORY_NAME_BYTES];
    directory_place_name(d, before);
    enum err e = directory_load_place(d, s);
    directory_place_name(d, now);
    p->is_renamed |= strcmp(before, now) != 0;
    return e;
}

static enum err load_reports(struct publisher *p, struct store *s, int64_t room_id)
{
    enum err e = directory_load_reports(p->chat->directory, s, room_id);
    if (!e) {
        p->has_reports = true;
        directory_moderators_of(p->chat->directory, room_id, &p->report_handlers);
    }
    return e;
}

static enum err load_requests(struct publisher *p, struct store *s, int64_t room_id)
{
    bool is_other = false;
    enum err e = directory_load_requests(p->chat->directory, s, room_id, &is_other);
    if (is_other)
        buf_add(&p->requested, &(struct requested){.room = room_id}, sizeof(struct requested));
    return e;
}

/* Whoever may answer the requests to join a room, or may not any more, is told of that room; by a role in the place that
 * may be all of their rooms, and then those are told of once more for which it makes no difference. */
static void compare_requests(struct publisher *p, int64_t user_id)
{
    const struct buf *before = &p->to_answer, *now = &p->ids;
    buf_clear(&p->ids);
    directory_rooms_to_answer(p->chat->directory, user_id, &p->ids);
    const struct buf *more = now->len > before->len ? now : before;
    for (size_t i = 0; now->len != before->len && i < more->len / sizeof(int64_t); i++)
        buf_add(&p->requested, &(struct requested){((const int64_t *)more->p)[i], user_id}, sizeof(struct requested));
}

/* For whoever becomes a moderator, or is one no longer, another number of reports waits. */
static void compare_reports(struct publisher *p, int64_t user_id, int64_t before)
{
    if (directory_reports_waiting(p->chat->directory, user_id) != before)
        buf_add(&p->report_handlers, &user_id, sizeof user_id);
}

/* What may make somebody a moderator. */
static enum err load_standing(struct publisher *p, struct store *s, const struct load *l)
{
    struct directory *d = p->chat->directory;
    const int64_t before = directory_reports_waiting(d, l->user);
    buf_clear(&p->to_answer);
    directory_rooms_to_answer(d, l->user, &p->to_answer);
    enum err e = l->kind == EFFECT_USER ? load_user(p, s, l->user) : directory_load_membership(d, s, l->room, l->user);
    compare_reports(p, l->user, before);
    compare_requests(p, l->user);
    return e;
}

/* What was blocked counts no longer, or again, once all events of the batch are counted. */
static enum err load_blocked(struct publisher *p, struct store *s, const struct load *l)
{
    struct directory *d = p->chat->directory;
    enum err e = directory_load_blocks(d, s, l->user);
    if (e || (e = directory_load_said(d, s, l->id, true)))
        return e;
    buf_clear(&p->ids);
    directory_rooms_unread_from(d, l->user, l->id, &p->ids);
    for (size_t i = 0; !e && i < p->ids.len / sizeof(int64_t); i++)
        e = directory_load_membership(d, s, ((const int64_t *)p->ids.p)[i], l->user);
    return e;
}

static enum err load_hidden(struct publisher *p, struct store *s, int64_t user_id)
{
    enum err e = directory_load_said(p->chat->directory, s, user_id, false);
    return e ? e : directory_load_mentioned_by(p->chat->directory, s, user_id);
}

/* `is_whole`: all of it, as the events of the batch are published. `is_late`: in a later batch. */
static enum err load(struct publisher *p, struct store *s, const struct load *l, bool is_whole, bool is_late)
{
    struct directory *d = p->chat->directory;
    switch (l->kind) {
    case EFFECT_ROOM_CREATED:
        return load_room(p, s, l->room, !is_late);
    case EFFECT_ROOM_CHANGED:
        return is_whole ? load_room(p, s, l->room, false) : load_access(p, s, l->room);
    case EFFECT_USER:
    case EFFECT_JOINED:
    case EFFECT_MEMBERSHIP:
        return load_standing(p, s, l);
    case EFFECT_BLOCKS:
        return is_whole ? load_blocked(p, s, l) : directory_load_blocks(d, s, l->user);
    case EFFECT_HISTORY_HIDDEN:
        return load_hidden(p, s, l->user);
    case EFFECT_SWEPT:
        return directory_load_user(d, s, l->user);
    case EFFECT_PLACE:
        return load_place(p, s);
    case EFFECT_REPORTED:
        return load_reports(p, s, l->room);
    case EFFECT_REQUESTED:
        return load_requests(p, s, l->room);
    default:
        return directory_load_membership(d, s, l->room, l->user);
    }
}

static void add_load(struct load **list, size_t *count, size_t *cap, struct load l)
{
    if (*count == *cap) {
        *cap = *cap ? *cap * 2 : 16;
        *list = mem_must_resize(*list, *cap, sizeof l);
    }
    (*list)[(*count)++] = l;
}

static void load_or_miss(struct publisher *p, struct store *s, struct load l, bool is_whole)
{
    enum err e = load(p, s, &l, is_whole, false);
    if (!e)
        return;
    diag_error("directory_stale", "room=%lld user=%lld code=%s hint=%s", (long long)l.room, (long long)l.user,
               err_code(e), diag_quote("could not read back what was stored; retrying with the next commit").s);
    add_load(&p->missed, &p->missed_count, &p->missed_cap, l);
}

/* Whether the hub has never heard of the room, because it could not be read when it was new. */
static bool is_missing(const struct publisher *p, int64_t room_id)
{
    return p->missed_count && !hub_room_by_id(p->chat->hub, room_id);
}

static void load_missed(struct publisher *p, struct store *s)
{
    size_t left = 0;
    for (size_t i = 0; i < p->missed_count; i++)
        if ((p->missed[i].kind == EFFECT_ROOM_CHANGED && load(p, s, &p->missed[i], false, true)) ||
            load(p, s, &p->missed[i], true, true))
            p->missed[left++] = p->missed[i];
    if (left < p->missed_count)
        diag_info("directory_current", "read=%zu left=%zu", p->missed_count - left, left);
    p->missed_count = left;
}

/* ------------------------------------------------------------------ the passes */

/* The frame is made now, while the room is as it was when it was left. Of this effect `id` says for publish_tell() that
 * the room is not there for them any more. */
static void take_left(struct publisher *p, struct effect *e)
{
    struct directory *d = p->chat->directory;
    struct directory_room room;
    const int64_t reports = directory_reports_waiting(d, e->user);
    e->frame = publish_left_frame(p, e->room);
    directory_drop_membership(d, e->room, e->user);
    compare_reports(p, e->user, reports);
    if (is_missing(p, e->room) || !directory_room(d, e->room, 0, &room, NULL, NULL))
        return;
    e->id = room.kind == ROOM_CLOSED || room.kind == ROOM_DIRECT;
    if (e->id)
        hub_expel(p->chat->hub, e->room, e->user);
}

static struct directory_message message_of(const struct effect *e)
{
    return (struct directory_message){.number = e->number,
                                      .at = e->at,
                                      .author_id = e->user,
                                      .mentioned = e->mentioned,
                                      .mentioned_count = e->mentioned_count,
                                      .has_read = e->has_read};
}

static void take_event(struct publisher *p, const struct effect *e)
{
    if (is_missing(p, e->room))
        return; /* it is on disk, and is read from there */
    const struct directory_message m = message_of(e);
    directory_event(p->chat->directory, e->room, e->frame->first_seq, &m);
    hub_publish(p->chat->hub, e->room, e->frame);
    if (e->number)
        metric_add(&p->chat->metrics->messages_total, 1);
}

static void take_gone(struct publisher *p, const struct effect *e)
{
    if (is_missing(p, e->room))
        return;
    const struct directory_message m = message_of(e);
    directory_gone(p->chat->directory, e->room, e->seq, &m);
    hub_replace(p->chat->hub, e->room, e->frame);
}

static struct load load_of(const struct effect *e)
{
    return (struct load){e->kind, e->room, e->user, e->id};
}

static void take(struct publisher *p, struct store *s, struct effect *e)
{
    struct chat *c = p->chat;
    p->has_told |= e->kind != EFFECT_EVENT;
    switch (e->kind) {
    case EFFECT_EVENT:
        take_event(p, e);
        break;
    case EFFECT_JOINED: /* who may read it, at once; its numbers once more when all events are counted */
    case EFFECT_ROOM_CHANGED:
    case EFFECT_BLOCKS:
        load_or_miss(p, s, load_of(e), false);
        add_load(&p->later, &p->later_count, &p->later_cap, load_of(e));
        break;
    case EFFECT_MEMBERSHIP:
    case EFFECT_READ:
        add_load(&p->later, &p->later_count, &p->later_cap, load_of(e));
        break;
    case EFFECT_LEFT:
        take_left(p, e);
        break;
    case EFFECT_ROOM_CREATED:
    case EFFECT_USER:
    case EFFECT_PLACE:
    case EFFECT_REPORTED:
    case EFFECT_REQUESTED:
        load_or_miss(p, s, load_of(e), true);
        break;
    case EFFECT_SESSION_ENDED:
        ended_session(c->ended, e->id);
        break;
    case EFFECT_TOKEN_ENDED:
        ended_token(c->ended, e->id);
        break;
    case EFFECT_SESSIONS_ENDED:
        ended_user(c->ended, e->user, e->id);
        break;
    case EFFECT_BANNED:
        ended_user(c->ended, e->user, 0);
        break;
    case EFFECT_HISTORY_HIDDEN:
        hub_forget_rings(c->hub);
        add_load(&p->later, &p->later_count, &p->later_cap, load_of(e));
        break;
    case EFFECT_MESSAGE_GONE:
        take_gone(p, e);
        break;
    case EFFECT_SWEPT:
        hub_forget_rings(c->hub);
        load_or_miss(p, s, load_of(e), true);
        break;
    }
}

void publish_take(struct publisher *p, struct store *s, struct outcome *o)
{
    for (size_t i = 0; i < o->effect_count; i++)
        take(p, s, outcome_effect(o, i));
}

bool publish_flush(struct publisher *p, struct store *s)
{
    bool has_told = p->has_told;
    p->has_told = false;
    for (size_t i = 0; i < p->later_count; i++)
        load_or_miss(p, s, p->later[i], true);
    p->later_count = 0;
    if (p->missed_count)
        load_missed(p, s);
    hub_flush(p->chat->hub); /* before the answers: whoever is told "stored" finds it in the room */
    tell_closed(p);
    return has_told || p->is_renamed || p->has_reports || p->report_handlers.len || p->requested.len;
}
