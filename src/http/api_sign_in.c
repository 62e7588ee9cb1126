#include "account/account.h"
#include "account/glance.h"
#include "base/utf8.h"
#include "directory/directory.h"
#include "directory/people.h"
#include "directory/rooms.h"
#include "http/api_internal.h"
#include "http/cookie.h"
#include "http/header.h"
#include "http/query.h"
#include "http/server_internal.h"

#include <civetweb.h>

enum { DEVICE_MAX_BYTES = 200, CODE_MAX_BYTES = 64 };

static const char *const signups[] = {[SIGNUP_INVITE] = "invite", [SIGNUP_OPEN] = "open", [SIGNUP_CLOSED] = "closed"};

/* ------------------------------------------------------------------ what everybody may know */

int api_place(struct exchange *x)
{
    struct chat *chat = x->server->chat;
    struct buf body = BUF_INIT;
    char name[DIRECTORY_NAME_BYTES];
    directory_place_name(chat->directory, name);
    struct api_place place = {
        .name = span_of(*name ? name : chat->settings.server_name),
        .version = span_of(HUBBUB_VERSION),
        .signup = signups[chat->settings.signup],
        .is_set_up = directory_is_set_up(chat->directory),
        .takes_guests = chat->settings.allow_guests,
    };
    api_write_place(&body, &place);
    return api_answer(x, 200, &body, NULL);
}

/* The names of the rooms with these ids, one after another in `names`, and where each is in `spans`. */
static size_t name_rooms(struct chat *chat, const struct buf *ids, struct buf *names, struct span spans[FIELD_IDS_MAX])
{
    size_t ends[FIELD_IDS_MAX], n = 0;
    for (size_t i = 0; i < ids->len / sizeof(int64_t) && n < FIELD_IDS_MAX; i++) {
        struct directory_room room;
        int64_t id;
        memcpy(&id, ids->p + i * sizeof id, sizeof id);
        if (directory_room(chat->directory, id, 0, &room, names, NULL))
            ends[n++] = names->len;
    }
    for (size_t i = 0; i < n; i++) {
        size_t begin = i ? ends[i - 1] : 0;
        spans[i] = (struct span){names->p + begin, ends[i] - begin};
    }
    return n;
}

static void write_invite(struct chat *chat, int64_t by, const struct buf *ids, struct buf *body)
{
    struct directory_user user;
    struct buf names = BUF_INIT;
    struct span rooms[FIELD_IDS_MAX];
    struct event_user person = {.name = span_of("admin")}; /* the command line, unless it was somebody */
    if (directory_user(chat->directory, by, &user))
        person = (struct event_user){user.id, span_of(user.name), span_of(user.display_name)};
    size_t n = name_rooms(chat, ids, &names, rooms);
    api_write_invite(body, &person, rooms, n);
    body->failed = body->failed || names.failed;
    buf_release(&names);
}

/* Of `?code=`; code: CODE_MAX_BYTES. */
static bool read_code(const struct exchange *x, char *code, size_t *len)
{
    return query_get(x->request->query_string, "code", code, CODE_MAX_BYTES, len) == OK &&
           utf8_check((struct span){code, *len});
}

/* Why an invitation lets nobody in. */
static const char *const reasons[] = {
    [INVITE_UNKNOWN] = "unknown", [INVITE_VALID] = "",          [INVITE_EXPIRED] = "expired",
    [INVITE_REVOKED] = "revoked", [INVITE_USED_UP] = "used_up",
};

int api_invite(struct exchange *x)
{
    struct chat *chat = x->server->chat;
    struct buf ids = BUF_INIT, body = BUF_INIT;
    char code[CODE_MAX_BYTES];
    size_t len = 0;
    int64_t by = 0;
    enum invite_state state = INVITE_UNKNOWN;
    enum err e = ERR_NOT_FOUND;
    const bool is_closed = chat->settings.signup == SIGNUP_CLOSED;
    if (!is_closed && read_code(x, code, &len))
        e = glance_invite(chat, (struct span){code, len}, &state, &by, &ids);
    if (len && e == ERR_NOT_FOUND)
        metric_add(&x->server->metrics->secrets_refused_total, 1);
    if (!e)
        write_invite(chat, by, &ids, &body);
    else if (e == ERR_NOT_FOUND)
        api_write_no_invite(&body, is_closed ? "closed" : reasons[state]);
    buf_release(&ids);
    if (body.len)
        return api_answer(x, 200, &body, NULL);
    return exchange_error(x, e ? e : ERR_MEMORY, NULL);
}

/* ------------------------------------------------------------------ becoming somebody */

static struct account_form account_form(const struct exchange *x, const struct api_form *form)
{
    struct span device = span_of(header_get(x->request, "User-Agent"));
    bool is_writing = utf8_check(device) && utf8_is_plain(device, false);
    return (struct account_form){
        .name = form->name,
        .display_name = form->display_name,
        .password = form->password,
        .place = form->place,
        .invite = form->invite,
        .code = form->code,
        .device = is_writing ? utf8_cut(device, DEVICE_MAX_BYTES) : (struct span){NULL, 0},
        .address = span_of(x->address),
    };
}

/* The session that this browser had so far would be left with nobody to end it. */
static void end_old_session(const struct exchange *x)
{
    struct caller old;
    struct span cookie;
    if (identity_of_session(x, &old, &cookie) == OK)
        (void)account_sign_out(x->server->chat, &old);
}

/* A new session each time, so that nobody can be made to sign in to one that somebody else knows of. */
static int answer_login(struct exchange *x, int status, const struct account_login *login, bool forget_guest)
{
    struct buf body = BUF_INIT, headers = BUF_INIT;
    struct directory_user user;
    struct event_person person;
    end_old_session(x);
    if (!api_person(x, login->who.user_id, &user, &person))
        return exchange_error(x, ERR_UNAUTHORIZED, NULL);
    api_write_user(&body, &person);
    cookie_set(x, COOKIE_SESSION, login->token, &headers);
    if (forget_guest)
        cookie_set(x, COOKIE_GUEST, NULL, &headers);
    return api_answer(x, status, &body, &headers);
}

/* With all that is wrong with the form, if that is what is wrong. */
static int answer_faults(struct exchange *x, const struct account_form *form, int64_t guest_id, struct failure *f)
{
    struct account_fault faults[ACCOUNT_FAULTS_MAX];
    struct api_fault said[ACCOUNT_FAULTS_MAX];
    const bool is_fault = f->e == ERR_INVALID || f->e == ERR_NAME_TAKEN || f->e == ERR_NOT_FOUND;
    f->fault_count = is_fault ? account_faults(x->server->chat, form, guest_id, faults) : 0;
    for (size_t i = 0; i < f->fault_count; i++)
        said[i] = (struct api_fault){faults[i].field, err_code(faults[i].e),
                                     faults[i].why ? faults[i].why : err_message(faults[i].e)};
    f->faults = said;
    const int status = exchange_fail(x, f);
    f->faults = NULL;
    f->fault_count = 0;
    return status;
}

static int set_up(struct exchange *x, const struct api_form *form, const struct identity *nobody)
{
    (void)nobody;
    struct account_form typed = account_form(x, form);
    struct account_login login;
    struct failure failure = {.e = OK};
    failure.e = account_set_up(x->server->chat, &typed, &login, &failure.why);
    if (failure.e == ERR_FORBIDDEN && !failure.why)
        failure.why = "This workspace already has an owner. Sign in.";
    return failure.e ? answer_faults(x, &typed, 0, &failure) : answer_login(x, 201, &login, false);
}

int api_setup(struct exchange *x)
{
    return api_with_form(x, API_SETUP, API_ANYBODY, set_up);
}

static int sign_in(struct exchange *x, const struct api_form *form, const struct identity *nobody)
{
    (void)nobody;
    struct account_form typed = account_form(x, form);
    struct account_login login;
    struct failure failure = {.e = OK};
    failure.e = account_sign_in(x->server->chat, &typed, &login, &failure.retry_after_ms);
    if (failure.e == ERR_RATE_LIMITED)
        failure.why = "Too many attempts. Wait a moment and try again.";
    else if (failure.e == ERR_TOTP_REQUIRED && typed.code.len)
        failure.why = API_WRONG_CODE;
    return failure.e ? exchange_fail(x, &failure) : answer_login(x, 200, &login, false);
}

int api_sign_in(struct exchange *x)
{
    return api_with_form(x, API_SIGN_IN, API_ANYBODY, sign_in);
}

static const char *why_no_account(enum err e)
{
    switch (e) {
    case ERR_NOT_FOUND:
        return "This invitation is no longer valid. Ask for a new one.";
    case ERR_FORBIDDEN:
        return "Sign-up is closed here.";
    default:
        return NULL;
    }
}

static int sign_up(struct exchange *x, const struct api_form *form, const struct identity *nobody)
{
    (void)nobody;
    struct account_form typed = account_form(x, form);
    struct account_login login;
    struct guest guest;
    struct failure failure = {.e = OK};
    bool was_guest = identity_of_guest(x, &guest) == OK; /* and has been counted as one */
    const struct address block = address_block(&x->from.client);
    failure.e = origins_take(x->server->origins, block.bytes, ORIGIN_NAMES, &failure.retry_after_ms, &failure.why);
    if (!failure.e && !was_guest)
        failure.e =
            origins_take(x->server->origins, block.bytes, ORIGIN_NEWCOMERS, &failure.retry_after_ms, &failure.why);
    if (failure.e)
        return exchange_fail(x, &failure);
    failure.e = account_sign_up(x->server->chat, &typed, was_guest ? guest.id : 0, &login, &failure.why);
    if (!failure.e)
        return answer_login(x, 201, &login, was_guest);
    if (!was_guest)
        origins_give_back(x->server->origins, block.bytes, ORIGIN_NEWCOMERS);
    failure.why = failure.why ? failure.why : why_no_account(failure.e);
    return answer_faults(x, &typed, was_guest ? guest.id : 0, &failure);
}

int api_sign_up(struct exchange *x)
{
    return api_with_form(x, API_SIGN_UP, API_ANYBODY, sign_up);
}

/* ------------------------------------------------------------------ and nobody again */

int api_sign_out(struct exchange *x)
{
    int status;
    struct caller who;
    struct span cookie;
    struct identity nobody;
    struct buf body = BUF_INIT, headers = BUF_INIT;
    if (api_take_body(x, API_ANYBODY, API_BODY_MAX, &nobody, &body, &status)) {
        enum err e = identity_of_session(x, &who, &cookie);
        bool was_in = !e;
        if (was_in)
            e = account_sign_out(x->server->chat, &who);
        buf_clear(&body);
        cookie_set(x, COOKIE_SESSION, NULL, &headers);
        status = was_in && e ? exchange_error(x, e, NULL) : api_answer(x, 204, &body, &headers);
    }
    buf_release(&body);
    buf_release(&headers);
    return status;
}

int api_reset(struct exchange *x)
{
    struct buf body = BUF_INIT;
    char code[CODE_MAX_BYTES], name[NAME_BYTES] = "";
    size_t len = 0;
    enum err e = ERR_NOT_FOUND;
    if (read_code(x, code, &len))
        e = account_look_at_reset(x->server->chat, (struct span){code, len}, name);
    if (e && e != ERR_NOT_FOUND)
        return exchange_error(x, e, NULL);
    api_write_reset(&body, span_of(e ? "" : name));
    return api_answer(x, 200, &body, NULL);
}

static int use_reset(struct exchange *x, const struct api_form *form, const struct identity *nobody)
{
    (void)nobody;
    struct buf nothing = BUF_INIT;
    const char *why = NULL;
    enum err e = account_use_reset(x->server->chat, form->code, form->password, span_of(x->address), &why);
    if (e == ERR_NOT_FOUND && !why)
        why = "This link has been used or has expired. Ask for a new one.";
    return e ? exchange_error(x, e, why) : api_answer(x, 204, &nothing, NULL);
}

int api_use_reset(struct exchange *x)
{
    return api_with_form(x, API_USE_RESET, API_ANYBODY, use_reset);
}
