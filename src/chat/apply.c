#include "base/mem.h"
#include "chat/apply_internal.h"
#include "chat/rights.h"
#include "chat/wire.h"
#include "proto/change.h"
#include "store/moderation.h"

#include <assert.h>
#include <stdlib.h>

static apply_fn *const verbs[COMMAND_KIND_END] = {
    [COMMAND_MESSAGE_SEND] = message_apply_send,
    [COMMAND_GUEST_REGISTER] = guest_apply_register,
    [COMMAND_USER_RENAME] = profile_apply_rename,
    [COMMAND_ROOM_CREATE] = rooms_apply_create,
    [COMMAND_ROOM_RENAME] = rooms_apply_rename,
    [COMMAND_ROOM_ARCHIVE] = rooms_apply_archive,
    [COMMAND_ROOM_EDIT] = rooms_apply_edit,
    [COMMAND_DIRECT_OPEN] = direct_apply_open,
    [COMMAND_MEMBER_ADD] = members_apply_add,
    [COMMAND_MEMBER_REMOVE] = members_apply_remove,
    [COMMAND_MEMBER_SET_ROLE] = members_apply_set_role,
    [COMMAND_JOIN_REQUEST] = join_request_apply,
    [COMMAND_JOIN_ANSWER] = join_request_apply_answer,
    [COMMAND_MEMBER_MUTE] = members_apply_mute,
    [COMMAND_MEMBERSHIP_SET] = membership_apply_set,
    [COMMAND_READ] = membership_apply_read,
    [COMMAND_MARK_UNREAD] = membership_apply_mark_unread,
    [COMMAND_MESSAGE_DELETE] = message_apply_delete,
    [COMMAND_REPORT] = report_apply,
    [COMMAND_REPORT_HANDLE] = report_apply_handle,
    [COMMAND_PROFILE_SET] = profile_apply_set,
    [COMMAND_SET_ROLE] = moderation_apply_set_role,
    [COMMAND_BAN] = moderation_apply_ban,
    [COMMAND_UNBAN] = moderation_apply_unban,
    [COMMAND_BLOCK] = block_apply_block,
    [COMMAND_UNBLOCK] = block_apply_unblock,
    [COMMAND_INVITE_CREATE] = invite_apply_create,
    [COMMAND_INVITE_REVOKE] = invite_apply_revoke,
    [COMMAND_INVITE_EDIT] = invite_apply_edit,
    [COMMAND_TOKEN_CREATE] = token_apply_create,
    [COMMAND_TOKEN_REVOKE] = token_apply_revoke,
    [COMMAND_SESSION_START] = session_apply_start,
    [COMMAND_SESSION_TOUCH] = session_apply_touch,
    [COMMAND_SESSION_END] = session_apply_end,
    [COMMAND_RESET_CREATE] = reset_apply_create,
    [COMMAND_RESET_USE] = reset_apply_use,
    [COMMAND_PASSWORD_SET] = password_apply_set,
    [COMMAND_TOTP_SET] = totp_apply_set,
    [COMMAND_PLACE_SET] = place_apply_set,
    [COMMAND_SET_UP] = place_apply_set_up,
    [COMMAND_SIGN_UP] = place_apply_sign_up,
    [COMMAND_GUEST_FORGET] = guest_apply_forget,
};

/* ------------------------------------------------------------------ the rooms */

struct apply_room *apply_room(struct apply *a, int64_t id)
{
    struct apply_room *r;
    HASH_FIND(hh, a->rooms, &id, sizeof id, r);
    return r;
}

struct apply_room *apply_room_insert(struct apply *a, const struct room_more_row *row)
{
    struct apply_room *r = mem_must_calloc(1, sizeof *r);
    r->id = row->id;
    r->last_seq = row->last_seq;
    r->archived_at = row->archived_at;
    r->created_at = row->created_at;
    r->messages = row->messages;
    r->slow_s = row->slow_s;
    r->locked_at = row->locked_at;
    r->kind = row->kind;
    r->history = row->history;
    r->maybe_hidden = row->kind == ROOM_DIRECT;
    r->direct_key = row->kind == ROOM_DIRECT ? mem_must_copy(row->direct_key) : NULL;
    HASH_ADD(hh, a->rooms, id, sizeof r->id, r);
    return r;
}

static void insert_row(void *ctx, const struct room_more_row *row)
{
    apply_room_insert(ctx, row);
}

/* ------------------------------------------------------------------ life */

static void forget(struct apply *a)
{
    struct apply_room *r, *next_room;
    HASH_ITER(hh, a->rooms, r, next_room)
    {
        HASH_DEL(a->rooms, r);
        free(r->direct_key);
        free(r);
    }
    read_positions_forget(a);
}

static enum err load(struct apply *a, struct store *s)
{
    forget(a);
    rights_forget(a);
    enum err e = rooms_more_each(s, insert_row, a);
    a->stale = e != OK;
    return e;
}

enum err apply_open(struct store *s, struct apply **out)
{
    struct apply *a = calloc(1, sizeof *a);
    if (a)
        a->known = calloc(KNOWN_RIGHTS, sizeof *a->known);
    enum err e = a && a->known ? load(a, s) : ERR_MEMORY;
    if (e)
        apply_close(a);
    else
        *out = a;
    return e;
}

void apply_close(struct apply *a)
{
    if (!a)
        return;
    forget(a);
    free(a->known);
    buf_release(&a->json);
    buf_release(&a->data);
    buf_release(&a->texts);
    free(a);
}

/* Whether the command may have changed what the rights are made of, or what anybody can read. Those that surely have not
 * are what people do all the time. */
static bool touches_rights(enum command_kind kind)
{
    switch (kind) {
    case COMMAND_MESSAGE_SEND:
    case COMMAND_READ:
    case COMMAND_MARK_UNREAD:
    case COMMAND_MEMBERSHIP_SET:
    case COMMAND_SESSION_TOUCH:
        return false;
    default:
        return true;
    }
}

enum err apply_command(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    *out = (struct outcome){.room_id = c->room_id, .user_id = c->actor_id};
    if (a->stale) {
        enum err e = load(a, s);
        if (e)
            return ERR_STORAGE;
    }
    enum err e = touches_rights(c->kind) ? read_positions_settle(a, s) : OK;
    if (!e && touches_rights(c->kind))
        read_positions_forget(a);
    if (!e)
        e = verbs[c->kind](a, s, c, out);
    if (e) {
        outcome_clear(out);
        return ERR_STORAGE;
    }
    if (!out->result && !out->duplicate && touches_rights(c->kind))
        rights_forget(a);
    return OK;
}

enum err apply_before_commit(struct apply *a, struct store *s)
{
    for (struct apply_room *r = a->rooms; r; r = r->hh.next) {
        if (!r->dirty)
            continue;
        if (rooms_set_last_seq(s, r->id, r->last_seq))
            return ERR_STORAGE;
        r->dirty = false;
    }
    if (read_positions_settle(a, s))
        return ERR_STORAGE;
    read_positions_trim(a);
    return OK;
}

void apply_after_commit(struct apply *a, bool stored)
{
    if (!stored)
        a->stale = true;
}

/* ------------------------------------------------------------------ what the verbs share */

static struct event_user named(const struct account_row *user)
{
    return (struct event_user){user->id, user->name, user->display_name};
}

/* The frame is made first: the names of the user are borrowed until the next call on the store. */
static struct frame *change_frame(struct apply *a, const struct command *c, const struct apply_room *r, int64_t seq,
                                  const struct apply_change *change, const struct outcome *out)
{
    struct event event = {.kind = wire_event_kind(change->kind),
                          .room = r->id,
                          .seq = seq,
                          .at = c->at_ms,
                          .author = {out->user_id, c->actor_name, c->actor_display},
                          .target = change->target_seq,
                          .name = change->name,
                          .data = change->data};
    if (change->user && change->user->id == out->user_id)
        event.author = named(change->user);
    else if (change->user)
        event.user = named(change->user);
    buf_clear(&a->json);
    event_write(&a->json, &event);
    return wire_frame(&a->json, seq);
}

/* What the row keeps of it. */
static struct span change_data(struct apply *a, const struct apply_change *change)
{
    if (change->kind == CHANGE_CHANGED)
        return change->data;
    buf_clear(&a->data);
    if (change->kind == CHANGE_ADDED || change->kind == CHANGE_REMOVED) {
        struct event_user user = named(change->user);
        change_write_user(&a->data, &user);
    } else {
        change_write(&a->data, change->name);
    }
    return buf_span(&a->data);
}

enum err apply_change(struct apply *a, struct store *s, const struct command *c, struct apply_room *r,
                      const struct apply_change *change, struct outcome *out)
{
    struct change_row row = {.room_id = r->id,
                             .seq = r->last_seq + 1,
                             .target_seq = change->target_seq,
                             .actor_id = out->user_id,
                             .at = c->at_ms,
                             .kind = change->kind};
    struct frame *f = change_frame(a, c, r, row.seq, change, out);
    row.data = change_data(a, change);
    if (!f || a->data.failed || changes_insert(s, &row)) {
        frame_release(f);
        return ERR_STORAGE;
    }
    r->last_seq = row.seq;
    r->dirty = true;
    out->room_id = r->id;
    out->seq = row.seq;
    out->at = row.at;
    outcome_add(out, (struct effect){.kind = EFFECT_EVENT, .room = r->id, .seq = row.seq, .frame = f});
    return OK;
}

enum err apply_audit(struct apply *a, struct store *s, const struct command *c, enum request_type verb,
                     const struct outcome *out, int64_t user_id, int64_t room_id, int64_t seq, struct span detail)
{
    (void)a;
    struct audit_row row = {.at = c->at_ms,
                            .actor_id = out->user_id,
                            .user_id = user_id,
                            .room_id = room_id,
                            .seq = seq,
                            .verb = span_of(request_name(verb)),
                            .address = c->f.t[F_ADDRESS],
                            .detail = detail.len ? detail : span_of("{}")};
    return audit_insert(s, &row);
}

enum err apply_join(struct apply *a, struct store *s, const struct command *c, struct apply_room *r, int64_t user_id,
                    enum room_role role, struct outcome *out)
{
    struct membership_row membership;
    struct account_row user;
    enum err e = memberships_get(s, r->id, user_id, &membership);
    if (e != ERR_NOT_FOUND)
        return e;
    const enum err asked = join_requests_delete(s, r->id, user_id);
    if (asked && asked != ERR_NOT_FOUND)
        return asked;
    if ((e = accounts_by_id(s, user_id, &user)))
        return e;
    struct apply_change change = {.kind = user_id == out->user_id ? CHANGE_JOINED : CHANGE_ADDED, .user = &user};
    if ((e = apply_change(a, s, c, r, &change, out)))
        return e;
    membership = (struct membership_row){.room_id = r->id,
                                         .user_id = user_id,
                                         .role = role,
                                         .level = LEVEL_ALL,
                                         .joined_at = c->at_ms,
                                         .joined_seq = r->last_seq,
                                         .read_seq = r->last_seq};
    if ((e = memberships_insert(s, &membership)))
        return e;
    outcome_add(out, (struct effect){.kind = EFFECT_JOINED, .room = r->id, .user = user_id});
    if (!asked)
        outcome_add(out, (struct effect){.kind = EFFECT_REQUESTED, .room = r->id});
    return OK;
}
