#include "http/api.h"

#include "base/secret.h"
#include "directory/people.h"
#include "http/api_internal.h"
#include "http/header.h"
#include "http/list.h"
#include "http/request.h"
#include "http/server_internal.h"

static const struct refusal not_json = {415, "invalid", "The body must be JSON: send Content-Type: application/json.",
                                        NULL};
static const struct refusal no_page = {
    403, "forbidden",
    "A request with a cookie needs an Origin header, which browsers send. Programs can use an access token instead.",
    NULL};
static const struct refusal too_slow = {408, "invalid", "The request body took too long.", NULL};

bool api_is_json(const char *content_type)
{
    struct span type;
    return list_next(&content_type, ';', &type) && list_equal(type, "application/json");
}

/* ------------------------------------------------------------------ what comes in */

bool api_may_change(struct exchange *x, int *status)
{
    const struct refusal *no = request_check_origin(x->request, x->from.https, x->server->settings.allowed_origins);
    if (!no && !request_names_page(x->request) && identity_comes_along(x))
        no = &no_page;
    if (no)
        *status = exchange_refuse(x, no);
    else if (http_draining(x->server))
        *status = exchange_error(x, ERR_SHUTTING_DOWN, NULL);
    else
        return true;
    return false;
}

bool api_known(struct exchange *x, struct identity *out, int *status)
{
    const char *why;
    enum err e = identity_of(x, out, &why);
    if (!e && out->who.kind == COMMAND_ACTOR_VISITOR)
        e = ERR_UNAUTHORIZED;
    if (e)
        *status = exchange_error(x, e, why);
    return !e;
}

static bool is_account(struct exchange *x, struct identity *out, int *status)
{
    if (!api_known(x, out, status))
        return false;
    if (out->who.kind == COMMAND_ACTOR_ACCOUNT && !out->who.token_id)
        return true;
    *status = out->who.kind == COMMAND_ACTOR_ACCOUNT
                  ? exchange_error(x, ERR_FORBIDDEN, "Access tokens can't do that. Sign in instead.")
                  : exchange_error(x, ERR_UNAUTHORIZED, "You need an account for that.");
    return false;
}

static bool may_call(struct exchange *x, enum api_who who, struct identity *out, int *status)
{
    switch (who) {
    case API_KNOWN:
        return api_known(x, out, status);
    case API_ACCOUNT:
        return is_account(x, out, status);
    default:
        return true;
    }
}

bool api_take_body(struct exchange *x, enum api_who who, size_t limit, struct identity *out, struct buf *body,
                   int *status)
{
    if (!api_may_change(x, status))
        return false;
    if (!api_is_json(header_get(x->request, "Content-Type"))) {
        *status = exchange_refuse(x, &not_json);
        return false;
    }
    if (!may_call(x, who, out, status))
        return false;
    enum err e = exchange_read_body(x, limit, body);
    if (e)
        *status = e == ERR_IO ? exchange_refuse(x, &too_slow) : exchange_error(x, e, NULL);
    return !e;
}

int api_with_form(struct exchange *x, enum api_call call, enum api_who who, api_run_fn *run)
{
    int status;
    const char *why = NULL;
    struct api_form form;
    struct identity identity = {.who.kind = COMMAND_ACTOR_VISITOR};
    struct buf body = BUF_INIT;
    if (api_take_body(x, who, API_BODY_MAX, &identity, &body, &status)) {
        enum err e = api_form_read(call, buf_span(&body), &form, &why);
        status = e ? exchange_error(x, e, why) : run(x, &form, &identity);
        api_form_release(&form);
    }
    secret_wipe(body.p, body.len); /* there may be a password in it */
    buf_release(&body);
    return status;
}

/* ------------------------------------------------------------------ what goes out */

int api_answer(struct exchange *x, int status, struct buf *body, struct buf *headers)
{
    struct answer a = {.status = status, .body = buf_span(body)};
    bool failed = body->failed;
    if (headers) {
        buf_add(headers, "", 1);
        failed = failed || headers->failed;
        a.headers = headers->p;
    }
    if (body->len)
        a.type = "application/json";
    else
        a.status = 204;
    status = failed ? exchange_error(x, ERR_MEMORY, NULL) : exchange_answer(x, &a);
    buf_release(body);
    buf_release(headers);
    return status;
}

bool api_person(struct exchange *x, int64_t user_id, struct directory_user *user, struct event_person *out)
{
    if (!directory_user(x->server->chat->directory, user_id, user))
        return false;
    *out = (struct event_person){
        .user = {user->id, span_of(user->name), span_of(user->display_name)},
        .role = user->role,
        .with_role = true,
        .avatar = user->avatar_version,
        .status_emoji = span_of(user->status_emoji),
        .status_text = span_of(user->status_text),
        .status_until = user->status_until,
    };
    return true;
}
