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

static int take_name(struct exchange *x, const struct api_form *form)
{
    struct chat *chat = x->server->chat;
    struct guest old, now;
    const char *why = NULL;
    bool known = identity_of_guest(x, &old) == OK;
    enum err e = !chat->settings.allow_guests ? ERR_FORBIDDEN
                 : known                      ? guest_rename(chat, &old, form->name, &now, &why)
                                              : guest_register(chat, form->name, &now, &why);
    if (e == ERR_FORBIDDEN && !why)
        why = "This place takes no guests.";
    return e ? exchange_error(x, e, why) : answer_guest(x, known ? 200 : 201, &now);
}

int api_guest_post(struct exchange *x)
{
    return api_with_form(x, API_GUEST, take_name);
}

int api_guest_delete(struct exchange *x)
{
    int status;
    struct buf nothing = BUF_INIT, headers = BUF_INIT;
    if (!api_may_change(x, &status))
        return status;
    cookie_set(x, COOKIE_GUEST, NULL, &headers);
    return api_answer(x, 204, &nothing, &headers);
}
