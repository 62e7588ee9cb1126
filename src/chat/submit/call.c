#include "account/account.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "chat/admit/allowance.h"
#include "chat/admit/room_by_name.h"
#include "chat/admit/standing.h"
#include "chat/core/submission.h"
#include "chat/submit/ack.h"
#include "chat/submit/call_internal.h"
#include "chat/submit/message.h"
#include "directory/people.h"

bool call_is_command(enum request_type type)
{
    return call_verbs[type].kind != 0;
}

bool call_is_counted(enum request_type type)
{
    return type == REQUEST_SEND || (call_is_command(type) && !request_is(type, VERB_UNCOUNTED));
}

static bool names_room(const struct request *q)
{
    return q->room.id || q->room.name.len;
}

static enum err find_user(struct chat *c, const struct caller *who, const struct request *q, int64_t *id)
{
    enum about about = call_verbs[q->type].about;
    bool is_named = q->user.id || q->user.name.len;
    *id = 0;
    if (about == NOBODY)
        return OK;
    if (is_named || about == SOMEBODY)
        return standing_user(c, &q->user, id);
    *id = who->user_id;
    return *id ? OK : ERR_NOT_FOUND;
}

/* A session's actor is filled in again by proposal_make(), which knows what visitors are called. */
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
    const struct call_verb *v = &call_verbs[q->type];
    int64_t room = 0, user = 0;
    assert(call_is_command(q->type));
    *call = (struct call){.command = {.kind = v->kind, .f = q->f}};
    for (int i = 0; i < F_TEXTS; i++)
        if (fields_has_text(&q->f, (enum field_text)i))
            call->command.f.t[i] = utf8_trim(q->f.t[i]);
    enum err e = standing_admit(c, who, q->type, why);
    if (!e && names_room(q) && !request_is(q->type, VERB_KEEPS_SECRET))
        e = rooms_reach(c, who, q->type, &q->room, &room);
    if (!e)
        e = find_user(c, who, q, &user);
    /* Which room a report is from is not known here, so whether one moderates that is left to the apply half. */
    if (!e && !request_is(q->type, VERB_CHECKED_LATER))
        e = standing_check(c, who, q->type, room, user, why);
    if (e)
        return e;
    call->command.room_id = room;
    if (user)
        fields_set(&call->command.f, F_USER, user);
    if (who->session_id && permission_of(q->type)->scope == SCOPE_PASSWORD)
        fields_set(&call->command.f, F_SESSION, who->session_id);
    set_actor(c, who, call);
    return v->fill(c, who, q, call, why);
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
    if (!call_needs_password(who, q->type))
        return OK;
    if (!q->current.len) {
        *why = "Confirm your password: send it as \"current\".";
        return ERR_INVALID;
    }
    enum err e = account_prove(c, who, q->current, call->proven, retry_after_ms);
    if (e == ERR_WRONG_PASSWORD)
        *why = "Wrong password.";
    else if (e == ERR_RATE_LIMITED)
        *why = "Too many wrong passwords. Wait a moment and try again.";
    if (!e)
        fields_set_text(&call->command.f, F_PROVEN, span_of(call->proven));
    return e;
}

/* ------------------------------------------------------------------ for somebody who waits */

static enum err prepare_send(struct chat *c, const struct caller *who, const struct request *q, struct call *call,
                             const char **why)
{
    *call = (struct call){.command = {.kind = COMMAND_MESSAGE_SEND}};
    struct room *r = NULL;
    enum err e = standing_admit(c, who, REQUEST_SEND, why);
    if (!e && (e = rooms_find(c, who, REQUEST_SEND, &q->room, &r)) == ERR_NOT_FOUND)
        e = OK; /* the same may have been sent before, and be answered from that */
    if (!e)
        e = message_prepare(c, r, q, &call->command, &call->scratch, why);
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
        ack_write(json, q->id, q->type, call.code, &o);
    if (e && o.why)
        *why = o.why;
    if (e && o.retry_after_ms)
        *retry_after_ms = o.retry_after_ms;
    if (e == ERR_OVERLOADED || e == ERR_STORAGE)
        *retry_after_ms = SESSION_RETRY_MS;
    call_release(&call);
    return !e && json->failed ? ERR_MEMORY : e;
}
