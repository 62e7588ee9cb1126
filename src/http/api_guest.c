#include "chat/admit/allowance.h"
#include "http/api_internal.h"
#include "http/cookie.h"
#include "http/server_internal.h"

static int answer_guest(struct exchange *x, int status, const struct guest *guest)
{
    struct buf body = BUF_INIT, headers = BUF_INIT;
    struct event_person person = {
        .user = {.id = guest->id, .name = span_of(guest->name)}, .role = ROLE_GUEST, .with_role = true};
    api_write_user(&body, &person);
    cookie_set(x, COOKIE_GUEST, guest->cookie, &headers);
    return api_answer(x, status, &body, &headers);
}

static enum err register_new(struct exchange *x, struct span name, struct guest *out, struct failure *failure)
{
    struct origins *origins = x->server->origins;
    const struct address block = address_block(&x->from.client);
    enum err e = origins_take(origins, block.bytes, ORIGIN_NEWCOMERS, &failure->retry_after_ms, &failure->why);
    if (e)
        return e;
    e = guest_register(x->server->chat, name, out, &failure->why);
    if (e)
        origins_give_back(origins, block.bytes, ORIGIN_NEWCOMERS);
    return e;
}

/* As often as one may send: each name is told to everybody, and goes into the audit. */
static enum err rename_old(struct exchange *x, const struct guest *old, struct span name, struct guest *out,
                           struct failure *failure)
{
    struct chat *chat = x->server->chat;
    const struct address block = address_block(&x->from.client);
    struct caller who = {.kind = COMMAND_ACTOR_GUEST, .user_id = old->id, .scope = SCOPE_ADMIN};
    who.origin = origin_enter(x->server->origins, block.bytes);
    enum err e = who.origin ? allowance_take(chat, &who, NULL, 0, &failure->retry_after_ms, &failure->why) : ERR_MEMORY;
    origin_leave(who.origin);
    return e ? e : guest_rename(chat, old, name, span_of(x->address), out, &failure->why);
}

static int take_name(struct exchange *x, const struct api_form *form, const struct identity *nobody)
{
    (void)nobody;
    struct guest old, now;
    struct failure failure = {.e = ERR_FORBIDDEN, .why = "Guests are not allowed here."};
    bool known = identity_of_guest(x, &old) == OK;
    if (x->server->chat->settings.allow_guests) {
        const struct address block = address_block(&x->from.client);
        failure.why = NULL;
        failure.e = origins_take(x->server->origins, block.bytes, ORIGIN_NAMES, &failure.retry_after_ms, &failure.why);
        if (!failure.e)
            failure.e =
                known ? rename_old(x, &old, form->name, &now, &failure) : register_new(x, form->name, &now, &failure);
    }
    return failure.e ? exchange_fail(x, &failure) : answer_guest(x, known ? 200 : 201, &now);
}

int api_guest_post(struct exchange *x)
{
    return api_with_form(x, API_GUEST, API_ANYBODY, take_name);
}

int api_guest_delete(struct exchange *x)
{
    int status;
    struct buf nothing = BUF_INIT, headers = BUF_INIT;
    if (!api_may_change(x, &status))
        return status;
    struct guest guest;
    enum err e = identity_of_guest(x, &guest);
    if (!e)
        e = guest_forget(x->server->chat, &guest, span_of(x->address));
    if (e && e != ERR_NOT_FOUND && e != ERR_UNAUTHORIZED &&
        e != ERR_BANNED) /* those are good for nothing as they are */
        return exchange_error(x, e, NULL);
    cookie_set(x, COOKIE_GUEST, NULL, &headers);
    return api_answer(x, 204, &nothing, &headers);
}
