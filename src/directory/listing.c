#include "directory/listing.h"

#include "rules/ban.h"

void listing_init(struct listing *l)
{
    *l = (struct listing){.name = BUF_INIT, .topic = BUF_INIT, .ids = BUF_INIT, .users = BUF_INIT, .people = BUF_INIT};
}

void listing_clear(struct listing *l)
{
    buf_release(&l->name);
    buf_release(&l->topic);
    buf_release(&l->ids);
    buf_release(&l->users);
    buf_release(&l->people);
}

/* Whom a direct conversation is between. False: no memory. */
static bool add_people(struct listing *l, struct directory *d, int64_t room_id)
{
    buf_clear(&l->ids);
    buf_clear(&l->users);
    buf_clear(&l->people);
    directory_direct_people(d, room_id, &l->ids);
    size_t n = l->ids.len / sizeof(int64_t);
    if (!buf_reserve(&l->users, n * sizeof(struct directory_user)) ||
        !buf_reserve(&l->people, n * sizeof(struct event_user)) || l->ids.failed)
        return false;
    struct directory_user *users = (struct directory_user *)l->users.p;
    struct event_user *people = (struct event_user *)l->people.p;
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        struct directory_user *u = &users[found];
        if (!directory_user(d, ((const int64_t *)l->ids.p)[i], u))
            continue;
        people[found++] = (struct event_user){u->id, span_of(u->name), span_of(u->display_name)};
    }
    l->room.people = people;
    l->room.people_count = found;
    return true;
}

bool listing_room(struct listing *l, struct directory *d, int64_t room_id, int64_t user_id)
{
    const struct directory_room *row = &l->row;
    buf_clear(&l->name);
    buf_clear(&l->topic);
    if (!directory_room(d, room_id, user_id, &l->row, &l->name, &l->topic) || l->name.failed || l->topic.failed)
        return false;
    bool is_direct = row->kind == ROOM_DIRECT;
    l->room = (struct event_room){
        .id = row->id,
        .last_seq = row->last_seq,
        .name = is_direct ? (struct span){NULL, 0} : buf_span(&l->name),
        .kind = row->kind,
        .history = row->history,
        .archived = row->archived_at != 0,
        .locked = row->locked_at != 0,
        .slow_s = row->slow_s,
        .topic = buf_span(&l->topic),
        .is_member = row->is_member,
        .role = row->role,
        .level = row->level,
        .read_seq = row->read_seq,
        .unread = row->unread,
        .mentions = row->mentions,
        .muted_until = row->muted_until,
        .position = row->position,
        .hidden = row->hidden,
        .favourite = row->favourite,
        .section = span_of(row->section),
        .active_ms = is_direct ? row->active_at : 0,
        .requests = row->requests,
    };
    return !is_direct || add_people(l, d, room_id);
}

bool listing_person(struct listing *l, struct directory *d, int64_t user_id, int64_t now_ms)
{
    struct directory_user *u = &l->user;
    if (!directory_user(d, user_id, u))
        return false;
    bool has_status = !u->status_until || u->status_until > now_ms;
    l->person = (struct event_person){
        .user = {u->id, span_of(u->name), span_of(u->display_name)},
        .role = u->role,
        .with_role = true,
        .avatar = u->avatar_version,
        .banned = ban_is_in_force(u->is_banned, u->banned_until, now_ms),
        .hidden = u->is_banned && u->ban_hides,
    };
    if (has_status) {
        l->person.status_emoji = span_of(u->status_emoji);
        l->person.status_text = span_of(u->status_text);
        l->person.status_until = u->status_until;
    }
    return true;
}
