#include "account/account.h"
#include "account/glance.h"
#include "account/password.h"
#include "chat/admit/standing.h"
#include "directory/people.h"
#include "http/api_internal.h"
#include "http/cookie.h"
#include "http/server_internal.h"

/* ------------------------------------------------------------------ who am I */

/* A session's cookie that is worth nothing any more is taken back, so that the browser does not go on sending it. */
static int answer_nobody(struct exchange *x, enum err e, const char *why)
{
    struct span value;
    struct buf headers = BUF_INIT;
    if (err_http_status(e) == 401 && cookie_get(x, COOKIE_SESSION, 0, &value))
        cookie_set(x, COOKIE_SESSION, NULL, &headers);
    buf_add(&headers, "", 1);
    int status = exchange_fail(x, &(struct failure){.e = e, .why = why, .headers = headers.failed ? NULL : headers.p});
    buf_release(&headers);
    return status;
}

/* The session ends so many days after it was last seen, and so does its cookie: here, where the page begins, it gets
 * its time anew. */
static void renew_cookie(const struct exchange *x, struct span value, struct buf *headers)
{
    char token[ACCOUNT_TOKEN_BYTES];
    if (value.len >= sizeof token)
        return;
    memcpy(token, value.p, value.len);
    token[value.len] = 0;
    cookie_set(x, COOKIE_SESSION, token, headers);
}

int api_me(struct exchange *x)
{
    struct buf body = BUF_INIT, headers = BUF_INIT;
    struct identity identity;
    struct directory_user user;
    struct api_me me = {0};
    const char *why = NULL;
    enum err e = identity_of(x, &identity, &why);
    const struct caller *who = &identity.who;
    if (!e && (who->kind == COMMAND_ACTOR_VISITOR || !api_person(x, who->user_id, &user, &me.user)))
        e = ERR_UNAUTHORIZED;
    if (!e && who->kind == COMMAND_ACTOR_ACCOUNT)
        e = glance_totp(x->server->chat, who->user_id, &me.has_totp);
    if (e)
        return answer_nobody(x, e, why);
    me.session = who->session_id;
    me.scope = standing_scope(x->server->chat, who);
    api_write_me(&body, &me);
    if (identity.cookie.len)
        renew_cookie(x, identity.cookie, &headers);
    return api_answer(x, 200, &body, &headers);
}

/* ------------------------------------------------------------------ password and second factor */

static const char wrong_password[] = "Wrong password.";

/* Guesses are slowed down here as they are at the door. */
static int answer_failure(struct exchange *x, enum err e, const char *why, int64_t retry_after_ms)
{
    if (e == ERR_RATE_LIMITED && !why)
        why = "Too many attempts. Wait a moment and try again.";
    if (e == ERR_WRONG_PASSWORD && !why)
        why = wrong_password;
    if (e == ERR_TOTP_REQUIRED && !why)
        why = API_WRONG_CODE;
    return exchange_fail(x, &(struct failure){.e = e, .why = why, .retry_after_ms = retry_after_ms});
}

/* All that is wrong with the two: the old one, the new one, or both. */
static int answer_wrong_passwords(struct exchange *x, const struct api_form *form, const struct identity *who,
                                  enum err e, const char *why)
{
    struct directory_user user;
    struct api_fault faults[2];
    struct failure f = {.e = e, .why = why ? why : wrong_password, .faults = faults};
    const char *too_weak = NULL;
    if (e == ERR_WRONG_PASSWORD)
        faults[f.fault_count++] = (struct api_fault){"current", err_code(e), f.why};
    if (directory_user(x->server->chat->directory, who->who.user_id, &user) &&
        password_check(form->password, span_of(user.name), &too_weak))
        faults[f.fault_count++] = (struct api_fault){"password", err_code(ERR_INVALID), too_weak};
    return exchange_fail(x, &f);
}

static int set_password(struct exchange *x, const struct api_form *form, const struct identity *who)
{
    struct buf nothing = BUF_INIT;
    const char *why = NULL;
    int64_t retry_after_ms = 0;
    enum err e = account_set_password(x->server->chat, &who->who, form->current, form->password, &why, &retry_after_ms);
    if (e == ERR_WRONG_PASSWORD || e == ERR_INVALID)
        return answer_wrong_passwords(x, form, who, e, why);
    return e ? answer_failure(x, e, why, retry_after_ms) : api_answer(x, 204, &nothing, NULL);
}

int api_set_password(struct exchange *x)
{
    return api_with_form(x, API_SET_PASSWORD, API_ACCOUNT, set_password);
}

static int start_totp(struct exchange *x, const struct identity *who)
{
    int status;
    struct buf secret = BUF_INIT, uri = BUF_INIT, body = BUF_INIT;
    enum err e = account_totp_begin(x->server->chat, &who->who, &secret, &uri);
    if (!e) {
        api_write_totp(&body, buf_span(&secret), buf_span(&uri));
        body.failed = body.failed || secret.failed || uri.failed;
    }
    status = e ? exchange_error(x, e, NULL) : api_answer(x, 200, &body, NULL);
    buf_release(&secret);
    buf_release(&uri);
    return status;
}

int api_start_totp(struct exchange *x)
{
    int status;
    struct identity who;
    struct buf ignored = BUF_INIT;
    if (api_take_body(x, API_ACCOUNT, API_BODY_MAX, &who, &ignored, &status))
        status = start_totp(x, &who);
    buf_release(&ignored);
    return status;
}

static int confirm_totp(struct exchange *x, const struct api_form *form, const struct identity *who)
{
    int status;
    struct buf codes = BUF_INIT, body = BUF_INIT;
    int64_t retry_after_ms = 0;
    enum err e = account_totp_confirm(x->server->chat, &who->who, form->password, form->secret, form->code, &codes,
                                      &retry_after_ms);
    if (!e) {
        api_write_recovery_codes(&body, buf_span(&codes));
        body.failed = body.failed || codes.failed;
    }
    status = e ? answer_failure(x, e, NULL, retry_after_ms) : api_answer(x, 200, &body, NULL);
    buf_release(&codes);
    return status;
}

int api_confirm_totp(struct exchange *x)
{
    return api_with_form(x, API_CONFIRM_TOTP, API_ACCOUNT, confirm_totp);
}

static int stop_totp(struct exchange *x, const struct api_form *form, const struct identity *who)
{
    struct buf nothing = BUF_INIT;
    const char *why = NULL;
    int64_t retry_after_ms = 0;
    enum err e = account_totp_stop(x->server->chat, &who->who, form->password, &why, &retry_after_ms);
    return e ? answer_failure(x, e, why, retry_after_ms) : api_answer(x, 204, &nothing, NULL);
}

int api_stop_totp(struct exchange *x)
{
    return api_with_form(x, API_STOP_TOTP, API_ACCOUNT, stop_totp);
}
