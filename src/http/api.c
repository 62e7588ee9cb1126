#include "http/api.h"

#include "http/guest_cookie.h"
#include "http/header.h"
#include "http/list.h"
#include "http/request.h"
#include "http/server_internal.h"
#include "proto/api.h"

#include <civetweb.h>

enum { BODY_MAX = 4096 };

static const struct refusal not_json = {415, "invalid", "The body must be JSON: send Content-Type: application/json.",
                                        NULL};
static const struct refusal too_slow = {408, "invalid", "The body did not come in time.", NULL};

bool api_is_json(const char *content_type)
{
    struct span type;
    return list_next(&content_type, ';', &type) && list_equal(type, "application/json");
}

/* What a request that changes something must fulfil besides. A page of another site cannot send JSON without asking
 * first (CORS), which nobody here answers; its Origin gives it away besides. */
static const struct refusal *check_change(const struct exchange *x)
{
    return request_check_origin(x->request, x->server->settings.allowed_origins);
}

static int answer_user(struct exchange *x, int status, int64_t id, const char *name, const char *cookie)
{
    struct buf body = BUF_INIT, headers = BUF_INIT;
    api_write_user(&body, id, span_of(name));
    if (cookie)
        guest_cookie_write(x, cookie, &headers);
    buf_add(&headers, "", 1);
    struct answer a = {.status = status, .type = "application/json", .body = buf_span(&body), .headers = headers.p};
    status = body.failed || headers.failed ? exchange_error(x, ERR_MEMORY, NULL) : exchange_answer(x, &a);
    buf_release(&body);
    buf_release(&headers);
    return status;
}

int api_me(struct exchange *x)
{
    struct guest guest;
    if (guest_cookie_read(x, &guest) != OK)
        return exchange_error(x, ERR_UNAUTHORIZED, NULL);
    return answer_user(x, 200, guest.id, guest.name, NULL);
}

static int post_name(struct exchange *x, struct span body)
{
    struct chat *chat = x->server->chat;
    struct buf name = BUF_INIT;
    struct guest old, now;
    const char *why = NULL;
    enum err e = api_read_name(body, &name);
    if (e == ERR_INVALID)
        why = "Send {\"name\":\"...\"}.";
    bool known = !e && guest_cookie_read(x, &old) == OK;
    if (!e)
        e = known ? guest_rename(chat, &old, buf_span(&name), &now, &why)
                  : guest_register(chat, buf_span(&name), &now, &why);
    buf_release(&name);
    return e ? exchange_error(x, e, why) : answer_user(x, known ? 200 : 201, now.id, now.name, now.cookie);
}

int api_guest_post(struct exchange *x)
{
    struct buf body = BUF_INIT;
    const struct refusal *no = check_change(x);
    if (no)
        return exchange_refuse(x, no);
    if (!api_is_json(header_get(x->request, "Content-Type")))
        return exchange_refuse(x, &not_json);
    if (http_draining(x->server))
        return exchange_error(x, ERR_SHUTTING_DOWN, NULL);
    enum err e = exchange_read_body(x, BODY_MAX, &body);
    int status = e == OK       ? post_name(x, buf_span(&body))
                 : e == ERR_IO ? exchange_refuse(x, &too_slow)
                               : exchange_error(x, e, NULL);
    buf_release(&body);
    return status;
}

int api_guest_delete(struct exchange *x)
{
    const struct refusal *no = check_change(x);
    if (no)
        return exchange_refuse(x, no);
    struct buf headers = BUF_INIT;
    guest_cookie_write(x, NULL, &headers);
    buf_add(&headers, "", 1);
    struct answer a = {.status = 204, .headers = headers.p};
    int status = headers.failed ? exchange_error(x, ERR_MEMORY, NULL) : exchange_answer(x, &a);
    buf_release(&headers);
    return status;
}
