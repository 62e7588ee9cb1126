/* Who may do it, and what is made by it: what all rules share. */
#include "place_rules.h"

#include "base/mem.h"

void rule_copy(char *out, size_t size, struct span text)
{
    size_t len = text.len < size ? text.len : size - 1;
    if (len)
        memcpy(out, text.p, len);
    out[len] = 0;
}

static int64_t user_by_key(const struct place *p, const uint8_t *key)
{
    for (size_t i = 1; i < p->user_count; i++)
        if (!p->users[i].is_swept && memcmp(p->users[i].key, key, COMMAND_KEY_BYTES) == 0)
            return (int64_t)i;
    return 0;
}

enum err rule_actor(struct deed *d)
{
    static const enum user_kind kinds[] = {[COMMAND_ACTOR_SYSTEM] = USER_SYSTEM,
                                           [COMMAND_ACTOR_VISITOR] = USER_VISITOR,
                                           [COMMAND_ACTOR_GUEST] = USER_GUEST,
                                           [COMMAND_ACTOR_ACCOUNT] = USER_ACCOUNT};
    const struct command *c = d->c;
    d->actor = c->actor == COMMAND_ACTOR_SYSTEM ? 0 : c->actor_id;
    const struct place_user *named = place_user(d->p, d->actor);
    if (c->actor == COMMAND_ACTOR_VISITOR && (!d->actor || (named && named->is_swept)))
        d->actor = user_by_key(d->p, c->actor_key);
    d->v->user = d->actor;
    const struct place_user *u = place_user(d->p, d->actor);
    d->kind = kinds[c->actor];
    d->role = d->actor || c->actor == COMMAND_ACTOR_SYSTEM ? u ? u->role : ROLE_VISITOR : ROLE_VISITOR;
    if (fields_has(&c->f, F_RANK) && (int64_t)d->role > c->f.n[F_RANK])
        d->role = (enum role)c->f.n[F_RANK];
    if (!d->actor)
        return c->actor == COMMAND_ACTOR_SYSTEM || c->actor == COMMAND_ACTOR_VISITOR ? OK : ERR_UNAUTHORIZED;
    if (!u || u->kind != d->kind)
        return ERR_UNAUTHORIZED;
    d->v->user = d->actor;
    return place_is_banned(d->p, d->actor, c->at_ms) ? ERR_BANNED : OK;
}

enum room_role rule_room_role(const struct deed *d, const struct place_room *r)
{
    if (!r)
        return ROOM_ROLE_NONE;
    if (d->kind == USER_GUEST || d->kind == USER_VISITOR)
        return r->kind == ROOM_OPEN ? ROOM_ROLE_MEMBER : ROOM_ROLE_NONE;
    const struct place_member *m = place_member(r, d->actor);
    return m ? m->role : ROOM_ROLE_NONE;
}

bool rule_moderates(const struct deed *d, const struct place_room *r)
{
    return rule_room_role(d, r) == ROOM_ROLE_MODERATOR || d->role >= ROLE_MODERATOR;
}

/* The command line is nobody, so it reads what everybody with an account does. */
static bool may_read(const struct deed *d, const struct place_room *r, int64_t *floor)
{
    enum user_kind kind = d->kind == USER_SYSTEM ? USER_ACCOUNT : d->kind;
    return place_may_read(r, kind, d->actor, floor);
}

bool rule_sees(const struct deed *d, const struct place_room *r, int64_t seq)
{
    int64_t floor;
    return may_read(d, r, &floor) && seq > floor;
}

enum err rule_check(struct deed *d, enum request_type verb, struct place_room **r, int64_t *user)
{
    const struct permission *row = permission_of(verb);
    struct place_room *there = r ? place_room(d->p, d->c->room_id) : NULL;
    int64_t floor;
    enum err e = rule_actor(d);
    if (e)
        return e;
    bool manages = row->anywhere >= ROLE_MODERATOR && row->anywhere != ROLE_NEVER && d->role >= ROLE_ADMIN;
    if (r && (!there || !(may_read(d, there, &floor) || (there->kind == ROOM_CLOSED && manages))))
        return ERR_NOT_FOUND;
    struct standing standing = {.role = d->role, .room_role = rule_room_role(d, there)};
    if (user) {
        const struct place_user *u = d->c->f.n[F_USER] ? place_user(d->p, d->c->f.n[F_USER]) : NULL;
        if (!u || u->is_swept)
            return ERR_NOT_FOUND;
        *user = d->c->f.n[F_USER];
        standing.is_self = *user == d->actor;
        standing.has_target = true;
        standing.target_role = u->role;
    }
    if (r)
        *r = there;
    return permission_check(row, &standing);
}

int64_t rule_room_id(const struct deed *d, const struct place_room *r)
{
    return r - d->p->rooms;
}

void rule_touch(struct deed *d, const struct place_room *r)
{
    d->v->touched |= UINT64_C(1) << rule_room_id(d, r);
}

/* ------------------------------------------------------------------ what is made */

void rule_set_read(struct place_member *m, int64_t seq)
{
    m->was_read[m->read_count++ % PLACE_READS_KEPT] = m->read_seq;
    m->read_seq = seq;
}

struct place_event *rule_event(struct deed *d, struct place_room *r, struct place_event e)
{
    size_t text = strlen(e.text) + 1, id = strlen(e.id) + 1;
    struct place_event *kept = mem_must_calloc(1, sizeof *kept + text + id);
    char *bytes = (char *)(kept + 1);
    *kept = e;
    kept->text = memcpy(bytes, e.text, text);
    kept->id = memcpy(bytes + text, e.id, id);
    kept->room = rule_room_id(d, r);
    kept->seq = ++r->last_seq;
    kept->author = d->v->user;
    kept->at = d->c->at_ms;
    kept->moment = d->p->moment + 1;
    r->messages += e.kind == EVENT_MESSAGE;
    kept->number = r->messages;
    if ((size_t)r->last_seq >= r->events_cap) {
        r->events_cap = r->events_cap ? r->events_cap * 2 : 32;
        r->events = mem_must_resize(r->events, r->events_cap, sizeof(struct place_event *));
    }
    r->events[r->last_seq] = kept;
    d->p->events++;
    d->v->room = kept->room;
    d->v->seq = kept->seq;
    rule_touch(d, r);
    return kept;
}

struct place_event *rule_change(struct deed *d, struct place_room *r, enum event_kind kind, const char *text)
{
    return rule_event(d, r, (struct place_event){.kind = kind, .text = text, .id = ""});
}

void rule_audit(struct deed *d, const char *verb, int64_t user, int64_t room, int64_t seq)
{
    struct place *p = d->p;
    if (p->audit_count == p->audit_cap) {
        p->audit_cap = p->audit_cap ? p->audit_cap * 2 : 32;
        p->audit = mem_must_resize(p->audit, p->audit_cap, sizeof *p->audit);
    }
    struct place_audit *a = &p->audit[p->audit_count++];
    *a = (struct place_audit){.actor = d->v->user, .user = user, .room = room, .seq = seq};
    rule_copy(a->verb, sizeof a->verb, span_of(verb));
}

void rule_audit_request(struct deed *d, enum request_type verb, int64_t user, int64_t room, int64_t seq)
{
    rule_audit(d, request_name(verb), user, room, seq);
}

struct place_user *rule_new_user(struct deed *d, enum user_kind kind, enum role role, const uint8_t *key,
                                 struct span name, struct span fold)
{
    struct place_user u = {.kind = kind, .role = role, .made_at = d->c->at_ms};
    memcpy(u.key, key, sizeof u.key);
    rule_rename_user(&u, name, fold);
    place_add_user(d->p, &u);
    d->v->user = (int64_t)d->p->user_count - 1;
    return &d->p->users[d->v->user];
}

void rule_rename_user(struct place_user *u, struct span name, struct span fold)
{
    rule_copy(u->names[u->names_count++ % PLACE_NAMES_MAX], PLACE_NAME_BYTES, name);
    rule_copy(u->fold, sizeof u->fold, fold);
}

bool rule_name_is_taken(const struct deed *d, struct span fold, int64_t but)
{
    char text[PLACE_FOLD_BYTES];
    rule_copy(text, sizeof text, fold);
    int64_t id = place_user_by_fold(d->p, text);
    return id >= 0 && id != but;
}

struct place_thing *rule_new_thing(struct deed *d, enum thing t, struct place_thing row)
{
    struct place_things *list = &d->p->things[t];
    if (list->count == list->cap) {
        list->cap = list->cap ? list->cap * 2 : 16;
        list->all = mem_must_resize(list->all, list->cap, sizeof *list->all);
    }
    row.thing = t;
    list->all[list->count++] = row;
    d->v->id = (int64_t)list->count;
    return &list->all[list->count - 1];
}

/* ------------------------------------------------------------------ people */

struct place_user *rule_me(const struct deed *d)
{
    return place_user(d->p, d->actor);
}

bool rule_is_past(const struct deed *d, enum field_number f)
{
    return d->c->f.n[f] && d->c->f.n[f] <= d->c->at_ms;
}

bool rule_is_plain_name(struct span name)
{
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.p[i] < 0x80 &&
            !strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", name.p[i]))
            return false;
    return name.len > 0;
}

void rule_end_things(struct deed *d, enum thing t, int64_t user, int64_t keep)
{
    struct place_things *list = &d->p->things[t];
    for (size_t i = 0; i < list->count; i++)
        if (list->all[i].user == user && (int64_t)i + 1 != keep)
            list->all[i].is_over = true;
}

/* ------------------------------------------------------------------ all commands */

static rule_fn *const rules[COMMAND_KIND_END] = {
    [COMMAND_MESSAGE_SEND] = rule_send,
    [COMMAND_GUEST_REGISTER] = rule_register,
    [COMMAND_USER_RENAME] = rule_rename,
    [COMMAND_ROOM_CREATE] = rule_create_room,
    [COMMAND_ROOM_RENAME] = rule_rename_room,
    [COMMAND_ROOM_ARCHIVE] = rule_archive_room,
    [COMMAND_ROOM_EDIT] = rule_edit_room,
    [COMMAND_DIRECT_OPEN] = rule_open_direct,
    [COMMAND_MEMBER_ADD] = rule_add_member,
    [COMMAND_MEMBER_REMOVE] = rule_remove_member,
    [COMMAND_MEMBER_SET_ROLE] = rule_set_room_role,
    [COMMAND_JOIN_REQUEST] = rule_request_join,
    [COMMAND_JOIN_ANSWER] = rule_answer_request,
    [COMMAND_MEMBER_MUTE] = rule_mute,
    [COMMAND_MEMBERSHIP_SET] = rule_set_membership,
    [COMMAND_READ] = rule_read,
    [COMMAND_MARK_UNREAD] = rule_mark_unread,
    [COMMAND_MESSAGE_DELETE] = rule_delete,
    [COMMAND_REPORT] = rule_report,
    [COMMAND_REPORT_HANDLE] = rule_handle_report,
    [COMMAND_PROFILE_SET] = rule_set_profile,
    [COMMAND_SET_ROLE] = rule_set_role,
    [COMMAND_BAN] = rule_ban,
    [COMMAND_UNBAN] = rule_unban,
    [COMMAND_BLOCK] = rule_block,
    [COMMAND_UNBLOCK] = rule_unblock,
    [COMMAND_INVITE_CREATE] = rule_create_invite,
    [COMMAND_INVITE_EDIT] = rule_edit_invite,
    [COMMAND_INVITE_REVOKE] = rule_revoke_invite,
    [COMMAND_TOKEN_CREATE] = rule_create_token,
    [COMMAND_TOKEN_REVOKE] = rule_revoke_token,
    [COMMAND_SESSION_START] = rule_start_session,
    [COMMAND_SESSION_TOUCH] = rule_touch_session,
    [COMMAND_SESSION_END] = rule_end_session,
    [COMMAND_RESET_CREATE] = rule_create_reset,
    [COMMAND_RESET_USE] = rule_use_reset,
    [COMMAND_PASSWORD_SET] = rule_set_password,
    [COMMAND_PLACE_SET] = rule_set_place,
    [COMMAND_SET_UP] = rule_set_up,
    [COMMAND_SIGN_UP] = rule_sign_up,
    [COMMAND_SWEEP_VISITORS] = rule_sweep,
};

static bool is_quiet(enum command_kind kind)
{
    return kind == COMMAND_MESSAGE_SEND || kind == COMMAND_READ || kind == COMMAND_MARK_UNREAD;
}

void place_carry_out(struct place *p, const struct command *c, struct verdict *v)
{
    *v = (struct verdict){.room = c->room_id, .user = c->actor_id, .is_quiet = is_quiet(c->kind)};
    struct deed d = {.p = p, .c = c, .v = v};
    v->result = rules[c->kind] ? rules[c->kind](&d) : ERR_UNKNOWN_TYPE;
    p->moment++;
}
