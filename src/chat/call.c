#include "chat/call.h"

#include "base/secret.h"
#include "base/utf8.h"
#include "chat/account_internal.h"
#include "chat/allowance.h"
#include "chat/directory.h"
#include "chat/message.h"
#include "chat/picture.h"
#include "chat/rooms.h"
#include "chat/standing.h"
#include "chat/submission.h"
#include "chat/user_name.h"

typedef enum err fill_fn(struct chat *c, const struct caller *who, const struct request *q, struct call *call,
                         const char **why);

/* ------------------------------------------------------------------ what each verb needs beyond its fields */

/* A name that is checked goes into the command beside its fold, and not once more as it was typed. */
static void set_name(struct call *call)
{
    struct fields *f = &call->command.f;
    call->command.name = span_of(call->name);
    call->command.fold = span_of(call->fold);
    f->t[F_NAME] = (struct span){NULL, 0};
    f->texts_given &= ~((uint32_t)1 << F_NAME);
}

static enum err fill_room_name(struct chat *c, const struct caller *who, const struct request *q, struct call *call,
                               const char **why)
{
    (void)who;
    enum err e = name_check_room(c->names, q->f.t[F_NAME], call->name, why);
    if (!e)
        e = name_fold(c->names, span_of(call->name), call->fold);
    set_name(call);
    return e;
}

/* Whoever is here as a visitor without a row keeps their name from others for as long as they are. */
static enum err fill_user_name(struct chat *c, const struct caller *who, const struct request *q, struct call *call,
                               const char **why)
{
    enum user_kind kind = standing_kind(who);
    if (c->settings.named_by_proxy && kind == USER_ACCOUNT) {
        *why = "User names are those of the sign-in here. Choose another display name instead.";
        return ERR_FORBIDDEN;
    }
    enum err e = user_name_check(c->names, kind, q->f.t[F_NAME], call->name, call->fold, why);
    if (!e && hub_name_in_use(c->hub, span_of(call->fold), who->user_id))
        e = ERR_NAME_TAKEN;
    set_name(call);
    return e;
}

static enum err fill_users(struct chat *c, const struct caller *who, const struct request *q, struct call *call,
                           const char **why)
{
    (void)who;
    (void)why;
    struct fields *f = &call->command.f;
    for (size_t i = 0; i < q->ref_count; i++) {
        int64_t id;
        if (standing_user(c, &q->refs[i], &id))
            return ERR_NOT_FOUND;
        f->ids[f->id_count++] = id;
    }
    return OK;
}

/* An invitation may lead into closed rooms: only into those that its maker could add somebody to. */
static enum err fill_invite(struct chat *c, const struct caller *who, const struct request *q, struct call *call,
                            const char **why)
{
    (void)why;
    struct fields *f = &call->command.f;
    for (size_t i = 0; i < q->ref_count; i++) {
        int64_t id;
        if (standing_room(c, who, REQUEST_ADD_MEMBER, &q->refs[i], &id))
            return ERR_NOT_FOUND;
        f->ids[f->id_count++] = id;
    }
    token_make(c->env, TOKEN_CODE, call->code, call->hash);
    fields_set_text(f, F_CODE, span_of(call->code));
    return OK;
}

static void set_hash(struct call *call)
{
    fields_set_text(&call->command.f, F_HASH, (struct span){(const char *)call->hash, sizeof call->hash});
}

static enum err fill_token(struct chat *c, const struct caller *who, const struct request *q, struct call *call,
                           const char **why)
{
    struct fields *f = &call->command.f;
    (void)who;
    (void)q;
    if (!f->t[F_NAME].len) {
        *why = "Give the token a name, so that you know it again.";
        return ERR_INVALID;
    }
    if (!utf8_is_plain(f->t[F_NAME], false)) {
        *why = "A token's name can't contain control or text-direction characters.";
        return ERR_INVALID;
    }
    token_make(c->env, TOKEN_ACCESS, call->code, call->hash);
    set_hash(call);
    return OK;
}

enum { RESET_VALID_MS = 24 * 60 * 60 * 1000 };

static enum err fill_reset(struct chat *c, const struct caller *who, const struct request *q, struct call *call,
                           const char **why)
{
    (void)who;
    (void)q;
    (void)why;
    token_make(c->env, TOKEN_CODE, call->code, call->hash);
    set_hash(call);
    fields_set(&call->command.f, F_EXPIRES, env_wall_ms(c->env) + RESET_VALID_MS);
    return OK;
}

static enum err fill_end_others(struct chat *c, const struct caller *who, const struct request *q, struct call *call,
                                const char **why)
{
    (void)c;
    (void)q;
    (void)why;
    fields_set(&call->command.f, F_KEEP, who->session_id);
    return OK;
}

static enum err fill_place(struct chat *c, const struct caller *who, const struct request *q, struct call *call,
                           const char **why)
{
    (void)who;
    if (!fields_has_text(&q->f, F_NAME))
        return OK;
    enum err e = name_check_place(c->names, q->f.t[F_NAME], call->name, why);
    fields_set_text(&call->command.f, F_NAME, span_of(call->name));
    return e;
}

static enum err fill_profile(struct chat *c, const struct caller *who, const struct request *q, struct call *call,
                             const char **why)
{
    (void)who;
    (void)q;
    struct fields *f = &call->command.f;
    enum err e = OK;
    if (fields_has_text(f, F_DISPLAY_NAME)) {
        e = user_name_check_display(c->names, f->t[F_DISPLAY_NAME], call->name, why);
        fields_set_text(f, F_DISPLAY_NAME, span_of(call->name));
    }
    if (!e && f->t[F_AVATAR].len) {
        struct span type = {NULL, 0};
        e = picture_decode(f->t[F_AVATAR], &call->scratch, &type, why);
        fields_set_text(f, F_AVATAR, buf_span(&call->scratch));
        fields_set_text(f, F_TYPE, type);
    }
    return e;
}

/* ------------------------------------------------------------------ the verbs */

/* How a request names the user that it is about. */
enum about { NOBODY, SOMEBODY, ONESELF_OR_SOMEBODY };

/* One row per verb. What the request's fields say goes into the command's as it is; `fill` adds the rest. */
static const struct verb {
    enum command_kind kind; /* 0: not one of these */
    enum about about;
    fill_fn *fill;
} verbs[REQUEST_TYPES] = {
    [REQUEST_CREATE_ROOM] = {COMMAND_ROOM_CREATE, NOBODY, fill_room_name},
    [REQUEST_RENAME_ROOM] = {COMMAND_ROOM_RENAME, NOBODY, fill_room_name},
    [REQUEST_ARCHIVE_ROOM] = {COMMAND_ROOM_ARCHIVE, NOBODY, NULL},
    [REQUEST_EDIT_ROOM] = {COMMAND_ROOM_EDIT, NOBODY, NULL},
    [REQUEST_OPEN_DIRECT] = {COMMAND_DIRECT_OPEN, NOBODY, fill_users},
    [REQUEST_ADD_MEMBER] = {COMMAND_MEMBER_ADD, ONESELF_OR_SOMEBODY, NULL},
    [REQUEST_REMOVE_MEMBER] = {COMMAND_MEMBER_REMOVE, ONESELF_OR_SOMEBODY, NULL},
    [REQUEST_SET_ROOM_ROLE] = {COMMAND_MEMBER_SET_ROLE, SOMEBODY, NULL},
    [REQUEST_REQUEST_JOIN] = {COMMAND_JOIN_REQUEST, NOBODY, NULL},
    [REQUEST_ANSWER_REQUEST] = {COMMAND_JOIN_ANSWER, SOMEBODY, NULL},
    [REQUEST_MUTE] = {COMMAND_MEMBER_MUTE, SOMEBODY, NULL},
    [REQUEST_SET_MEMBERSHIP] = {COMMAND_MEMBERSHIP_SET, NOBODY, NULL},
    [REQUEST_READ] = {COMMAND_READ, NOBODY, NULL},
    [REQUEST_MARK_UNREAD] = {COMMAND_MARK_UNREAD, NOBODY, NULL},
    [REQUEST_DELETE] = {COMMAND_MESSAGE_DELETE, NOBODY, NULL},
    [REQUEST_REPORT] = {COMMAND_REPORT, NOBODY, NULL},
    [REQUEST_HANDLE_REPORT] = {COMMAND_REPORT_HANDLE, NOBODY, NULL},
    [REQUEST_SET_PROFILE] = {COMMAND_PROFILE_SET, NOBODY, fill_profile},
    [REQUEST_RENAME] = {COMMAND_USER_RENAME, NOBODY, fill_user_name},
    [REQUEST_SET_ROLE] = {COMMAND_SET_ROLE, SOMEBODY, NULL},
    [REQUEST_BAN] = {COMMAND_BAN, SOMEBODY, NULL},
    [REQUEST_UNBAN] = {COMMAND_UNBAN, SOMEBODY, NULL},
    [REQUEST_BLOCK] = {COMMAND_BLOCK, SOMEBODY, NULL},
    [REQUEST_UNBLOCK] = {COMMAND_UNBLOCK, SOMEBODY, NULL},
    [REQUEST_CREATE_INVITE] = {COMMAND_INVITE_CREATE, NOBODY, fill_invite},
    [REQUEST_REVOKE_INVITE] = {COMMAND_INVITE_REVOKE, NOBODY, NULL},
    [REQUEST_CREATE_TOKEN] = {COMMAND_TOKEN_CREATE, NOBODY, fill_token},
    [REQUEST_REVOKE_TOKEN] = {COMMAND_TOKEN_REVOKE, NOBODY, NULL},
    [REQUEST_END_SESSION] = {COMMAND_SESSION_END, NOBODY, NULL},
    [REQUEST_END_OTHER_SESSIONS] = {COMMAND_SESSION_END, NOBODY, fill_end_others},
    [REQUEST_CREATE_RESET] = {COMMAND_RESET_CREATE, SOMEBODY, fill_reset},
    [REQUEST_SET_PLACE] = {COMMAND_PLACE_SET, NOBODY, fill_place},
};

bool call_is_command(enum request_type type)
{
    return verbs[type].kind != 0;
}

bool call_is_counted(enum request_type type)
{
    return type == REQUEST_SEND || (call_is_command(type) && type != REQUEST_READ);
}

static bool names_room(const struct request *q)
{
    return q->room.id || q->room.name.len;
}

/* Whoever may see it or not; NULL: there is none. */
static struct room *any_room(struct chat *c, const struct request_ref *named)
{
    return named->id ? hub_room_by_id(c->hub, named->id) : rooms_find(c, named->name);
}

/* Asking to join is the one verb for rooms that one does not see. When there is none (0), the command is carried out
 * all the same: whether the disk was waited for must not tell either. */
static enum err find_room(struct chat *c, const struct caller *who, const struct request *q, int64_t *id)
{
    if (q->type != REQUEST_REQUEST_JOIN)
        return standing_room(c, who, q->type, &q->room, id);
    const struct room *r = any_room(c, &q->room);
    *id = r ? room_id(r) : 0;
    return OK;
}

static enum err find_user(struct chat *c, const struct caller *who, const struct request *q, int64_t *id)
{
    enum about about = verbs[q->type].about;
    bool is_named = q->user.id || q->user.name.len;
    *id = 0;
    if (about == NOBODY)
        return OK;
    if (is_named || about == SOMEBODY)
        return standing_user(c, &q->user, id);
    *id = who->user_id;
    return *id ? OK : ERR_NOT_FOUND;
}

/* A session's actor is filled in again by submission_propose(), which knows what visitors are called. */
static void set_actor(struct chat *c, const struct caller *who, struct call *call)
{
    struct command *command = &call->command;
    struct directory_user user;
    command->actor = who->kind;
    command->actor_id = who->user_id;
    memcpy(command->actor_key, who->key, sizeof command->actor_key);
    if (who->kind == COMMAND_ACTOR_SYSTEM) {
        command->actor_name = span_of("admin");
    } else if (directory_user(c->directory, who->user_id, &user)) {
        memcpy(call->actor_name, user.name, sizeof user.name);
        memcpy(call->actor_display, user.display_name, sizeof user.display_name);
        command->actor_name = span_of(call->actor_name);
        command->actor_display = span_of(call->actor_display);
    }
    standing_limit(c, who, command);
    if (who->address[0])
        fields_set_text(&command->f, F_ADDRESS, span_of(who->address));
}

enum err call_prepare(struct chat *c, const struct caller *who, const struct request *q, struct call *call,
                      const char **why)
{
    const struct verb *v = &verbs[q->type];
    int64_t room = 0, user = 0;
    assert(call_is_command(q->type));
    *call = (struct call){.command = {.kind = v->kind, .f = q->f}};
    for (int i = 0; i < F_TEXTS; i++)
        if (fields_has_text(&q->f, (enum field_text)i))
            call->command.f.t[i] = utf8_trim(q->f.t[i]);
    enum err e = standing_admit(c, who, q->type, why);
    if (!e && names_room(q))
        e = find_room(c, who, q, &room);
    if (!e)
        e = find_user(c, who, q, &user);
    /* Which room a report is from is not known here, so whether one moderates that is left to the apply half. */
    if (!e && q->type != REQUEST_HANDLE_REPORT)
        e = standing_check(c, who, q->type, room, user, why);
    if (e)
        return e;
    call->command.room_id = room;
    if (user)
        fields_set(&call->command.f, F_USER, user);
    if (who->session_id && permission_of(q->type)->scope == SCOPE_PASSWORD)
        fields_set(&call->command.f, F_SESSION, who->session_id);
    set_actor(c, who, call);
    return v->fill ? v->fill(c, who, q, call, why) : OK;
}

void call_release(struct call *call)
{
    secret_wipe(call->code, sizeof call->code);
    secret_wipe(call->proven, sizeof call->proven);
    buf_release(&call->scratch);
}

/* ------------------------------------------------------------------ the password */

bool call_needs_password(const struct caller *who, enum request_type type)
{
    return permission_of(type)->scope == SCOPE_PASSWORD && who->session_id;
}

static enum err prove(struct chat *c, const struct caller *who, const struct request *q, struct call *call,
                      const char **why, int64_t *retry_after_ms)
{
    struct account_known known;
    if (!call_needs_password(who, q->type))
        return OK;
    if (!q->current.len) {
        *why = "Show that it is you: send your current password as \"current\".";
        return ERR_INVALID;
    }
    enum err e = account_guess_own(c, who, q->current, &known, retry_after_ms);
    if (e == ERR_WRONG_PASSWORD)
        *why = "That is not your password.";
    else if (e == ERR_RATE_LIMITED)
        *why = "Too many wrong passwords. Wait a moment before you try again.";
    if (!e) {
        memcpy(call->proven, known.password, sizeof known.password);
        fields_set_text(&call->command.f, F_PROVEN, span_of(call->proven));
    }
    account_forget(&known);
    return e;
}

/* ------------------------------------------------------------------ answers */

static void write_extra(struct buf *extra, enum request_type type, const char *code, const struct outcome *o)
{
    if (type == REQUEST_CREATE_TOKEN)
        buf_printf(extra, ",\"token_id\":%lld,\"token\":\"%s\"", (long long)o->id, code);
    else if (type == REQUEST_CREATE_INVITE)
        buf_printf(extra, ",\"invite\":%lld,\"code\":\"%s\"", (long long)o->id, code);
    else if (type == REQUEST_CREATE_RESET)
        buf_printf(extra, ",\"code\":\"%s\"", code);
    else if (type == REQUEST_REPORT && o->id) /* not when they had reported it before */
        buf_printf(extra, ",\"report\":%lld", (long long)o->id);
}

void call_write_ack(struct buf *json, struct span id, enum request_type type, const char *code, const struct outcome *o)
{
    struct buf extra = BUF_INIT;
    struct event_ack ack = {.id = id};
    if (type != REQUEST_REQUEST_JOIN) { /* which does not tell whether there is such a room */
        write_extra(&extra, type, code, o);
        ack.room = o->room_id;
        ack.seq = o->seq;
        ack.at = o->at;
        ack.duplicate = o->duplicate;
        ack.extra = buf_span(&extra);
    }
    event_ack(json, &ack);
    json->failed |= extra.failed;
    buf_release(&extra);
}

/* ------------------------------------------------------------------ for somebody who waits */

static enum err prepare_send(struct chat *c, const struct caller *who, const struct request *q, struct call *call,
                             const char **why)
{
    *call = (struct call){.command = {.kind = COMMAND_MESSAGE_SEND}};
    enum err e = standing_admit(c, who, REQUEST_SEND, why);
    if (!e)
        e = message_prepare(c, any_room(c, &q->room), q, &call->command, &call->scratch, why);
    if (!e)
        set_actor(c, who, call);
    return e;
}

enum err call_wait(struct chat *c, const struct caller *who, const struct request *q, struct buf *json,
                   const char **why, int64_t *retry_after_ms)
{
    struct call call;
    struct outcome o = {.result = OK};
    enum err e = q->type == REQUEST_SEND ? prepare_send(c, who, q, &call, why) : call_prepare(c, who, q, &call, why);
    if (!e && call_is_counted(q->type))
        e = allowance_take(c, who, NULL, q->type == REQUEST_SEND ? q->body.len : 0, retry_after_ms, why);
    if (!e)
        e = prove(c, who, q, &call, why, retry_after_ms);
    if (!e)
        e = allowance_take_daily(c, who, &call.command, why);
    if (!e)
        e = submission_wait(c, &call.command, &o);
    if (!e)
        call_write_ack(json, q->id, q->type, call.code, &o);
    if (e && o.why)
        *why = o.why;
    if (e && o.retry_after_ms)
        *retry_after_ms = o.retry_after_ms;
    if (e == ERR_OVERLOADED || e == ERR_STORAGE)
        *retry_after_ms = SESSION_RETRY_MS;
    call_release(&call);
    return !e && json->failed ? ERR_MEMORY : e;
}
