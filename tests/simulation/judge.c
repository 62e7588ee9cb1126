#include "judge.h"

#include "base/mem.h"
#include "chat/submit/call.h"
#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static uint64_t bit(enum err e)
{
    return UINT64_C(1) << e;
}

static int64_t now_ms(const struct world *w)
{
    return w->env.wall_ms(w->env.ctx);
}

/* ------------------------------------------------------------------ what the caller may do at all */

/* Without the second factor that the place requires, which nobody here has, admins are held back. */
static bool is_held_back(const struct world *w, const struct client *c)
{
    const struct place_user *u = place_user(&w->place, c->who.user_id);
    return c->kind == CLIENT_ACCOUNT && (c->who.session_id || c->who.token_id) && w->place.requires_totp && u &&
           u->role >= ROLE_ADMIN;
}

enum role judge_role(const struct world *w, const struct client *c)
{
    static const enum role roles[] = {
        [CLIENT_VISITOR] = ROLE_VISITOR, [CLIENT_GUEST] = ROLE_GUEST, [CLIENT_ADMIN] = ROLE_SYSTEM};
    if (c->kind != CLIENT_ACCOUNT)
        return roles[c->kind];
    const struct place_user *u = place_user(&w->place, c->who.user_id);
    return is_held_back(w, c) ? ROLE_MEMBER : u ? u->role : ROLE_VISITOR;
}

static enum room_role room_role_of(const struct world *w, const struct client *c, int64_t room)
{
    const struct place_room *r = place_room(&w->place, room);
    if (!r)
        return ROOM_ROLE_NONE;
    if (c->kind == CLIENT_GUEST || c->kind == CLIENT_VISITOR)
        return r->kind == ROOM_OPEN ? ROOM_ROLE_MEMBER : ROOM_ROLE_NONE;
    const struct place_member *m = place_member(r, c->who.user_id);
    return m ? m->role : ROOM_ROLE_NONE;
}

static bool needs_account(const struct permission *p)
{
    return p->anywhere >= ROLE_MEMBER && p->as_member >= ROLE_MEMBER && p->as_room_moderator >= ROLE_MEMBER &&
           p->for_oneself >= ROLE_MEMBER;
}

/* A ban that ends just now may have ended or not. */
static enum err admit(const struct world *w, const struct client *c, enum request_type type)
{
    const struct permission *p = permission_of(type);
    const struct place_user *u = place_user(&w->place, c->who.user_id);
    if (c->kind == CLIENT_ADMIN)
        return OK;
    const bool good = permission_needs_session(p) ? !c->who.token_id : p->scope <= (int)c->who.scope;
    if (!good || ((p->scope == SCOPE_ADMIN || p->scope == SCOPE_PASSWORD) && is_held_back(w, c)))
        return ERR_FORBIDDEN;
    if (c->who.user_id && u && u->kind != USER_VISITOR && place_is_banned(&w->place, c->who.user_id, now_ms(w)))
        return ERR_BANNED;
    return c->kind != CLIENT_ACCOUNT && needs_account(p) ? ERR_UNAUTHORIZED : OK;
}

static bool reads(const struct world *w, const struct client *c, int64_t room, int64_t *floor)
{
    struct viewer v = client_viewer(c);
    const struct place_room *r = place_room(&w->place, room);
    return r && (v.kind == USER_SYSTEM || place_may_read(r, v.kind, v.user, floor));
}

/* What is named, if it can be read, or managed. */
static enum err find_room(const struct world *w, const struct client *c, enum request_type type, int64_t room)
{
    int64_t floor;
    const struct place_room *r = place_room(&w->place, room);
    const struct permission *p = permission_of(type);
    bool manages = r && r->kind == ROOM_CLOSED && judge_role(w, c) >= ROLE_ADMIN && p->anywhere >= ROLE_MODERATOR &&
                   p->anywhere != ROLE_NEVER;
    return reads(w, c, room, &floor) || manages ? OK : ERR_NOT_FOUND;
}

static enum role target_role(const struct world *w, int64_t user)
{
    const struct place_user *u = place_user(&w->place, user);
    return u && user ? u->role : ROLE_VISITOR;
}

enum err judge_standing(const struct world *w, const struct client *c, enum request_type type, int64_t room,
                        int64_t user)
{
    const struct standing s = {
        .role = judge_role(w, c),
        .room_role = room_role_of(w, c, room),
        .is_self = user && user == c->who.user_id,
        .has_target = user != 0,
        .target_role = target_role(w, user),
    };
    return permission_check(permission_of(type), &s);
}

/* ------------------------------------------------------------------ each kind of ask */

enum err judge_room(const struct world *w, const struct client *c, enum request_type type, const struct ask *a,
                    int64_t *room)
{
    int named = 0;
    *room = a->room_by_name ? 0 : a->room;
    for (int64_t id = 1; a->room_by_name && id < PLACE_ROOMS_MAX; id++) {
        const struct place_room *r = place_room(&w->place, id);
        if (!r || strcmp(r->fold, a->fold) != 0 || find_room(w, c, type, id))
            continue;
        *room = id;
        named++;
    }
    if (named > 1)
        *room = 0;
    return !a->room_by_name || named == 1 ? OK : named ? ERR_AMBIGUOUS : ERR_NOT_FOUND;
}

static int64_t room_of(const struct world *w, const struct client *c, const struct ask *a)
{
    int64_t room;
    judge_room(w, c, a->type, a, &room);
    return room;
}

/* -1: nobody is called so. */
static int64_t user_of(const struct world *w, const struct ask *a)
{
    int64_t user = a->user_by_name ? place_user_by_fold(&w->place, a->fold) : a->user;
    return user == 0 && a->user_by_name ? -1 : user; /* the command line is nobody */
}

static bool about_oneself(enum request_type type)
{
    return type == REQUEST_ADD_MEMBER || type == REQUEST_REMOVE_MEMBER;
}

/* OK: it goes into the log. */
static enum err submit_call(const struct world *w, const struct client *c, const struct ask *a)
{
    bool names_room = a->room || a->room_by_name;
    int64_t room = 0, user = user_of(w, a);
    enum err e = admit(w, c, a->type);
    if (!e && names_room && a->type != REQUEST_CREATE_INVITE && a->type != REQUEST_REQUEST_JOIN) {
        e = judge_room(w, c, a->type, a, &room);
        if (!e)
            e = find_room(w, c, a->type, room);
    }
    if (!e && user < 0)
        e = ERR_NOT_FOUND;
    if (!e && !user && about_oneself(a->type))
        user = c->who.user_id;
    if (!e && a->type != REQUEST_HANDLE_REPORT)
        e = judge_standing(w, c, a->type, room, user);
    if (!e && a->type == REQUEST_CREATE_INVITE && names_room)
        e = find_room(w, c, REQUEST_ADD_MEMBER, a->room);
    if (!e && a != c->http && call_needs_password(&c->who, a->type)) /* over the live connection it cannot be shown */
        e = ERR_FORBIDDEN;
    return e;
}

static bool moderates_any(const struct world *w, const struct client *c)
{
    for (int64_t room = 1; room < PLACE_ROOMS_MAX; room++)
        if (room_role_of(w, c, room) == ROOM_ROLE_MODERATOR)
            return true;
    return false;
}

static enum err judge_list(const struct world *w, const struct client *c, const struct ask *a)
{
    bool names_room = (a->room || a->room_by_name) && a->type != REQUEST_AUDIT;
    enum err e = admit(w, c, a->type);
    int64_t room = 0;
    if (!e && names_room)
        e = judge_room(w, c, a->type, a, &room);
    if (!e && names_room)
        e = find_room(w, c, a->type, room);
    if (!e && a->type != REQUEST_REPORTS)
        e = judge_standing(w, c, a->type, room, 0);
    if (e)
        return e;
    if (a->type == REQUEST_REPORTS)
        return judge_standing(w, c, a->type, 0, 0) && !moderates_any(w, c) ? ERR_FORBIDDEN : OK;
    if (a->type == REQUEST_PERSON) {
        const struct place_user *u = user_of(w, a) > 0 ? place_user(&w->place, user_of(w, a)) : NULL;
        return u && u->kind != USER_VISITOR ? OK : ERR_NOT_FOUND;
    }
    return OK;
}

/* What nobody could send is refused at once, whether there is such a room or not. */
static uint64_t judge_send(const struct world *w, const struct client *c, const struct ask *a)
{
    const char *why = w->model.sends[a->send].must_fail;
    bool is_bad = a->kind == ASK_SEND && why && strcmp(why, "not_found") != 0;
    if (is_bad && strchr(w->model.sends[a->send].body, '\x1b')) /* it isn't read as far as who says it */
        return bit(ERR_INVALID);
    enum err e = admit(w, c, REQUEST_SEND);
    if (e)
        return bit(e);
    return is_bad ? bit(strcmp(why, "too_big") == 0 ? ERR_TOO_BIG : ERR_INVALID) : 0;
}

static uint64_t judge_typing(const struct world *w, const struct client *c, const struct ask *a)
{
    int64_t floor;
    enum err e = admit(w, c, REQUEST_TYPING);
    if (e || !reads(w, c, a->room, &floor))
        return bit(e ? e : ERR_NOT_FOUND);
    /*
     * Whether it is open is asked when the ask comes in. A notice of an earlier removal closes it even when the client
     * has joined again in between, so only a room that the client could read all along is open for certain.
     */
    bool stays = a->is_open && sight_always_reads(w, client_viewer(c), a->room, c->link->made, w->place.moment);
    return bit(OK) | (stays ? 0 : bit(ERR_NOT_JOINED));
}

static uint64_t judge_leave(const struct world *w, const struct client *c, const struct ask *a)
{
    int64_t floor;
    enum err e = admit(w, c, REQUEST_LEAVE);
    bool can_read = reads(w, c, a->room, &floor);
    if (e)
        return bit(e);
    if (!a->is_open)
        return bit(can_read ? ERR_NOT_JOINED : ERR_NOT_FOUND);
    bool stays = sight_always_reads(w, client_viewer(c), a->room, c->link->made, w->place.moment);
    return bit(OK) | (stays ? 0 : bit(can_read ? ERR_NOT_JOINED : ERR_NOT_FOUND));
}

static uint64_t judge_reading(const struct world *w, const struct client *c, const struct ask *a)
{
    int64_t floor, room;
    enum err e = admit(w, c, a->type);
    if (!e)
        e = judge_room(w, c, a->type, a, &room);
    if (!e && !reads(w, c, room, &floor))
        e = ERR_NOT_FOUND;
    return bit(e);
}

static uint64_t judge(const struct world *w, const struct client *c, const struct ask *a)
{
    enum err e;
    switch (a->kind) {
    case ASK_JOIN:
    case ASK_HISTORY:
        return judge_reading(w, c, a);
    case ASK_LEAVE:
        return judge_leave(w, c, a);
    case ASK_SEND:
    case ASK_REUSE:
        return judge_send(w, c, a);
    case ASK_TYPING:
        return judge_typing(w, c, a);
    case ASK_CALL:
        e = submit_call(w, c, a);
        /* Whoever is connected without being kept has a name all the same, which is not known here. */
        return e ? bit(e) : a->type == REQUEST_RENAME ? bit(ERR_NAME_TAKEN) : 0;
    case ASK_LIST:
        return bit(judge_list(w, c, a));
    case ASK_PRESENCE:
    case ASK_PING:
        return bit(admit(w, c, a->type));
    case ASK_WRONG: /* what is wrong with it is told to those only who may ask */
        e = admit(w, c, a->type);
        return e == ERR_BANNED ? bit(e) : 0;
    }
    return 0;
}

/* ------------------------------------------------------------------ when it is judged */

static int64_t last_seq_at(const struct world *w, int64_t room, int64_t moment)
{
    const struct place_room *r = place_room(&w->place, room);
    int64_t seq = r ? r->last_seq : 0;
    while (seq && r->events[seq]->moment > moment)
        seq--;
    return seq;
}

void judge_read(struct world *w, struct client *c, struct ask *a)
{
    int64_t floor = 0;
    if (!a->is_read) {
        a->lo = w->ledger.settled;
        a->loud = w->ledger.loud;
        a->known_last = last_seq_at(w, room_of(w, c, a), a->lo);
        reads(w, c, room_of(w, c, a), &floor);
        a->floor = floor;
    }
    a->is_blurred |= !ledger_is_settled(w) || a->loud != w->ledger.loud;
    a->is_read = true;
    a->may_be |= judge(w, c, a);
}

static const enum command_kind commands[REQUEST_TYPES] = {
    [REQUEST_CREATE_ROOM] = COMMAND_ROOM_CREATE,
    [REQUEST_RENAME_ROOM] = COMMAND_ROOM_RENAME,
    [REQUEST_ARCHIVE_ROOM] = COMMAND_ROOM_ARCHIVE,
    [REQUEST_EDIT_ROOM] = COMMAND_ROOM_EDIT,
    [REQUEST_OPEN_DIRECT] = COMMAND_DIRECT_OPEN,
    [REQUEST_ADD_MEMBER] = COMMAND_MEMBER_ADD,
    [REQUEST_REMOVE_MEMBER] = COMMAND_MEMBER_REMOVE,
    [REQUEST_SET_ROOM_ROLE] = COMMAND_MEMBER_SET_ROLE,
    [REQUEST_REQUEST_JOIN] = COMMAND_JOIN_REQUEST,
    [REQUEST_ANSWER_REQUEST] = COMMAND_JOIN_ANSWER,
    [REQUEST_MUTE] = COMMAND_MEMBER_MUTE,
    [REQUEST_SET_MEMBERSHIP] = COMMAND_MEMBERSHIP_SET,
    [REQUEST_READ] = COMMAND_READ,
    [REQUEST_MARK_UNREAD] = COMMAND_MARK_UNREAD,
    [REQUEST_DELETE] = COMMAND_MESSAGE_DELETE,
    [REQUEST_REPORT] = COMMAND_REPORT,
    [REQUEST_HANDLE_REPORT] = COMMAND_REPORT_HANDLE,
    [REQUEST_SET_PROFILE] = COMMAND_PROFILE_SET,
    [REQUEST_RENAME] = COMMAND_USER_RENAME,
    [REQUEST_SET_ROLE] = COMMAND_SET_ROLE,
    [REQUEST_BAN] = COMMAND_BAN,
    [REQUEST_UNBAN] = COMMAND_UNBAN,
    [REQUEST_BLOCK] = COMMAND_BLOCK,
    [REQUEST_UNBLOCK] = COMMAND_UNBLOCK,
    [REQUEST_CREATE_INVITE] = COMMAND_INVITE_CREATE,
    [REQUEST_EDIT_INVITE] = COMMAND_INVITE_EDIT,
    [REQUEST_REVOKE_INVITE] = COMMAND_INVITE_REVOKE,
    [REQUEST_CREATE_TOKEN] = COMMAND_TOKEN_CREATE,
    [REQUEST_REVOKE_TOKEN] = COMMAND_TOKEN_REVOKE,
    [REQUEST_END_SESSION] = COMMAND_SESSION_END,
    [REQUEST_END_OTHER_SESSIONS] = COMMAND_SESSION_END,
    [REQUEST_CREATE_RESET] = COMMAND_RESET_CREATE,
    [REQUEST_SET_PLACE] = COMMAND_PLACE_SET,
};

static bool is_command_of(const struct client *c, const struct ask *a, const struct command *command)
{
    if (a->kind == ASK_SEND || a->kind == ASK_REUSE)
        return command->kind == COMMAND_MESSAGE_SEND && span_equal(command->client_id, span_of(a->id));
    bool same_actor =
        command->actor == c->who.kind && (!c->who.user_id || !command->actor_id || command->actor_id == c->who.user_id);
    bool same_room = a->room_by_name || a->type == REQUEST_CREATE_INVITE || a->type == REQUEST_REQUEST_JOIN ||
                     a->room == command->room_id;
    return a->kind == ASK_CALL && commands[a->type] == command->kind && same_actor && same_room;
}

static void decide(struct world *w, struct client *c, struct ask *a, const struct command *command,
                   const struct verdict *v)
{
    if (a->is_read && is_command_of(c, a, command)) {
        a->may_be |= bit(v->result);
        if (!v->result && !c->who.user_id) /* a visitor who is somebody from now on */
            c->who.user_id = v->user;
        if (!v->result && c->link && !c->link->who.user_id)
            c->link->who.user_id = v->user;
    }
    if (a->is_read && a->kind == ASK_LIST)
        a->may_be |= judge(w, c, a);
}

static void end_links(struct world *w, const struct ending *e)
{
    struct ledger *l = &w->ledger;
    if (e->of == ENDING_NONE)
        return;
    l->ended = mem_must_resize(l->ended, l->ended_count + 1, sizeof *l->ended);
    l->ended[l->ended_count++] = (struct ledger_ended){w->place.moment, env_mono_ms(&w->env), *e};
    for (struct link *at = w->server.links; at; at = at->next)
        if (at->ended == INT64_MAX && link_is_meant(at, e))
            at->ended = w->place.moment;
}

void judge_decided(struct world *w, const struct command *command, const struct verdict *v)
{
    if (w->admin.ask)
        decide(w, &w->admin.client, w->admin.ask, command, v);
    for (int i = 0; i < w->profile.clients; i++) {
        struct client *c = &w->clients[i];
        for (size_t k = 0; k < c->asks_count; k++)
            decide(w, c, &c->asks[k], command, v);
        if (c->http)
            decide(w, c, c->http, command, v);
    }
    if (v->result || v->is_duplicate)
        return;
    if (command->kind == COMMAND_SWEEP_VISITORS && !v->is_quiet)
        world_count(w, swept_visitors);
    if (command->kind == COMMAND_BAN || command->kind == COMMAND_UNBAN)
        sight_hide(w, command->f.n[F_USER], place_user(&w->place, command->f.n[F_USER])->ban_hides);
    end_links(w, &v->ending);
}

/* ------------------------------------------------------------------ the answer */

bool judge_allows(const struct ask *a, enum err answer)
{
    return a->is_blurred || a->may_be & bit(answer);
}

void judge_answer(struct world *w, struct client *c, struct ask *a, enum err answer)
{
    char right[256] = "nothing";
    int len = 0;
    if (!a->is_read)
        trace_fail(&w->trace, "protocol", "%s: \"%s\" was answered before it was read", client_label(c), a->id);
    if (a->kind == ASK_LIST)
        a->may_be |= judge(w, c, a);
    if (judge_allows(a, answer))
        return;
    for (int e = 0; e < ERR_COUNT; e++)
        if (a->may_be & bit((enum err)e))
            len += snprintf(right + len, sizeof right - (size_t)len, "%s%s", len ? " or " : "", err_code((enum err)e));
    trace_fail(&w->trace, "rules", "%s: \"%s\" (%s) was answered with %s; right was %s", client_label(c), a->id,
               a->kind == ASK_WRONG ? "nonsense" : request_name(a->type), err_code(answer), right);
}

bool judge_is_exact(const struct world *w, const struct ask *a)
{
    return a->is_read && !a->is_blurred && ledger_is_settled(w) && a->loud == w->ledger.loud;
}
