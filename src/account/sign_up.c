#include "account/account_internal.h"
#include "account/glance.h"
#include "account/token.h"
#include "base/secret.h"
#include "directory/people.h"
#include "rules/user_name.h"

#include <assert.h>
#include <stdio.h>
#include <strings.h>

static_assert((int)ACCOUNT_TOKEN_BYTES >= (int)TOKEN_BYTES, "a session's token fits");

enum { DAY_MS = 24 * 3600 * 1000 };

void account_fill_caller(struct caller *out, int64_t user_id, struct span address, int64_t known_ms)
{
    *out =
        (struct caller){.kind = COMMAND_ACTOR_ACCOUNT, .user_id = user_id, .scope = SCOPE_ADMIN, .known_ms = known_ms};
    snprintf(out->address, sizeof out->address, "%.*s", (int)address.len, address.len ? address.p : "");
}

/* ------------------------------------------------------------------ a new account */

/* What was typed, checked; the command borrows from it and from the form. */
struct newcomer {
    char name[NAME_BYTES], fold[NAME_KEY_BYTES], display[NAME_BYTES], place[NAME_BYTES];
    char password[PASSWORD_HASH_BYTES];
    struct command command;
};

static enum err check_names(struct chat *c, const struct account_form *form, struct newcomer *n, const char **why)
{
    enum err e = user_name_check(c->names, USER_ACCOUNT, form->name, n->name, n->fold, why);
    return e ? e : user_name_check_display(c->names, form->display_name, n->display, why);
}

static enum err check(struct chat *c, const struct account_form *form, struct newcomer *n, const char **why)
{
    enum err e = check_names(c, form, n, why);
    return e ? e : password_check(form->password, span_of(n->name), why);
}

/* Makes the account, its password hashed by now, and signs in. */
static enum err make(struct chat *c, const struct account_form *form, struct newcomer *n, struct account_login *out,
                     const char **why)
{
    struct outcome outcome;
    struct command *command = &n->command;
    enum err e =
        c->passwords ? password_hash(c->passwords, form->address, form->password, n->password) : ERR_SHUTTING_DOWN;
    if (e)
        return e;
    command->name = command->actor_name = span_of(n->name);
    command->fold = span_of(n->fold);
    command->actor_display = span_of(n->display);
    env_random(c->env, command->actor_key, sizeof command->actor_key);
    fields_set_text(&command->f, F_DISPLAY_NAME, span_of(n->display));
    fields_set_text(&command->f, F_PASSWORD, span_of(n->password));
    fields_set_text(&command->f, F_ADDRESS, form->address);
    outcome = (struct outcome){.why = NULL};
    if ((e = submission_wait(c, command, &outcome))) {
        if (outcome.why)
            *why = outcome.why;
        return e;
    }
    attempts_trust(c->attempts, command->fold, form->address); /* who has chosen the password knows it */
    return account_start_session(c, outcome.user_id, form, NULL, NULL, out);
}

static enum err check_set_up(struct chat *c, const struct account_form *form, struct newcomer *n, const char **why)
{
    if (directory_is_set_up(c->directory))
        return ERR_FORBIDDEN;
    enum err e = check_names(c, form, n, why);
    return !e && form->place.len ? name_check_place(c->names, form->place, n->place, why) : e;
}

enum err account_may_set_up(struct chat *c, const struct account_form *form, const char **why)
{
    struct newcomer n;
    return check_set_up(c, form, &n, why);
}

enum err account_set_up(struct chat *c, const struct account_form *form, struct account_login *out, const char **why)
{
    struct newcomer n = {.command = {.kind = COMMAND_SET_UP, .actor = COMMAND_ACTOR_VISITOR}};
    enum err e = check_set_up(c, form, &n, why);
    if (!e)
        e = password_check(form->password, span_of(n.name), why);
    if (e)
        return e;
    fields_set_text(&n.command.f, F_NAME, span_of(n.place));
    return make(c, form, &n, out, why);
}

/* Before the slow hash; apply looks again. */
static enum err check_invite(struct chat *c, const struct account_form *form, const char **why)
{
    int64_t by;
    enum invite_state state = INVITE_UNKNOWN;
    struct buf rooms = BUF_INIT;
    if (c->settings.signup == SIGNUP_CLOSED)
        return ERR_FORBIDDEN;
    if (!form->invite.len && c->settings.signup == SIGNUP_OPEN)
        return OK;
    enum err e = form->invite.len ? glance_invite(c, form->invite, &state, &by, &rooms) : ERR_NOT_FOUND;
    if (e == ERR_NOT_FOUND)
        *why = form->invite.len ? invite_why(state) : "You need an invitation to create an account here.";
    buf_release(&rooms);
    return e;
}

static bool is_taken(struct chat *c, const char *fold, int64_t guest_id)
{
    const int64_t has_name = directory_user_by_fold(c->directory, span_of(fold));
    return (has_name && has_name != guest_id) || hub_name_in_use(c->hub, span_of(fold), guest_id);
}

static void note(struct account_fault *all, size_t *count, const char *field, enum err e, const char *why)
{
    if (e)
        all[(*count)++] = (struct account_fault){field, e, why};
}

size_t account_faults(struct chat *c, const struct account_form *form, int64_t guest_id,
                      struct account_fault out[ACCOUNT_FAULTS_MAX])
{
    struct newcomer n;
    size_t count = 0;
    const char *why = NULL;
    const bool sets_up = !directory_is_set_up(c->directory);
    enum err invite = sets_up ? OK : check_invite(c, form, &why);
    note(out, &count, "invite", invite, why);
    why = NULL;
    enum err e = sets_up && form->place.len ? name_check_place(c->names, form->place, n.place, &why) : OK;
    note(out, &count, "place", e, why);
    why = NULL;
    e = user_name_check(c->names, USER_ACCOUNT, form->name, n.name, n.fold, &why);
    const struct span name = e ? form->name : span_of(n.name);
    if (!e && !sets_up && !invite && is_taken(c, n.fold, guest_id))
        e = ERR_NAME_TAKEN;
    note(out, &count, "name", e, why);
    why = NULL;
    e = user_name_check_display(c->names, form->display_name, n.display, &why);
    note(out, &count, "display_name", e, why);
    why = NULL;
    e = password_check(form->password, name, &why);
    note(out, &count, "password", e, why);
    return count;
}

enum err account_sign_up(struct chat *c, const struct account_form *form, int64_t guest_id, struct account_login *out,
                         const char **why)
{
    struct newcomer n = {.command = {.kind = COMMAND_SIGN_UP,
                                     .actor = guest_id ? COMMAND_ACTOR_GUEST : COMMAND_ACTOR_VISITOR,
                                     .actor_id = guest_id}};
    if (!directory_is_set_up(c->directory))
        return ERR_NOT_SET_UP;
    enum err e = check_invite(c, form, why);
    if (e == ERR_NOT_FOUND && form->invite.len)
        metric_add(&c->metrics->secrets_refused_total, 1);
    if (!e)
        e = check(c, form, &n, why);
    if (e)
        return e;
    if (is_taken(c, n.fold, guest_id))
        return ERR_NAME_TAKEN;
    if (form->invite.len)
        fields_set_text(&n.command.f, F_CODE, form->invite);
    return make(c, form, &n, out, why);
}

/* ------------------------------------------------------------------ sessions */

enum err account_start_session(struct chat *c, int64_t user_id, const struct account_form *form,
                               const struct account_second *second, const char *password, struct account_login *out)
{
    uint8_t hash[HASH_BYTES];
    struct outcome outcome;
    struct command command = {.kind = COMMAND_SESSION_START, .actor = COMMAND_ACTOR_ACCOUNT, .actor_id = user_id};
    const int64_t known_ms = env_mono_ms(c->env);
    token_make(c->env, TOKEN_SESSION, out->token, hash);
    fields_set(&command.f, F_EXPIRES, env_wall_ms(c->env) + (int64_t)ACCOUNT_SESSION_DAYS * DAY_MS);
    fields_set_text(&command.f, F_HASH, (struct span){(const char *)hash, sizeof hash});
    fields_set_text(&command.f, F_DEVICE, form->device);
    fields_set_text(&command.f, F_ADDRESS, form->address);
    if (password)
        fields_set_text(&command.f, F_PASSWORD, span_of(password));
    if (second && second->is_recovery)
        fields_set_text(&command.f, F_HASHES, (struct span){(const char *)second->hash, sizeof second->hash});
    else if (second && second->step)
        fields_set(&command.f, F_STEP, second->step);
    enum err e = submission_wait(c, &command, &outcome);
    if (e) {
        secret_wipe(out->token, sizeof out->token);
        return e;
    }
    account_fill_caller(&out->who, user_id, form->address, known_ms);
    out->who.session_id = outcome.id;
    return OK;
}

/* ------------------------------------------------------------------ behind a proxy */

/* The account of that name. To the proxy, names that look alike are different people, so nobody is taken for one whose
 * name only looks like theirs; capitals make no difference to most. */
static enum err find_named(struct chat *c, const char *name, struct span fold, int64_t *id)
{
    struct directory_user user;
    *id = directory_user_by_fold(c->directory, fold);
    if (!*id || !directory_user(c->directory, *id, &user))
        return ERR_NOT_FOUND;
    return user.kind == USER_ACCOUNT && strcasecmp(user.name, name) == 0 ? OK : ERR_NAME_TAKEN;
}

/* Without a password: the proxy is what signs in. */
static enum err make_for_proxy(struct chat *c, const char *name, struct span fold, struct span address, int64_t *id)
{
    struct outcome outcome;
    struct command command = {.kind = COMMAND_SIGN_UP,
                              .actor = COMMAND_ACTOR_VISITOR,
                              .actor_name = span_of(name),
                              .name = span_of(name),
                              .fold = fold};
    if (c->settings.signup == SIGNUP_CLOSED)
        return ERR_FORBIDDEN;
    env_random(c->env, command.actor_key, sizeof command.actor_key);
    fields_set_text(&command.f, F_ADDRESS, address);
    enum err e = submission_wait(c, &command, &outcome);
    if (e == ERR_NAME_TAKEN) /* two requests of the same page; or it is the command line's, which is in no directory */
        return find_named(c, name, fold, id) ? ERR_NAME_TAKEN : OK;
    if (!e)
        *id = outcome.user_id;
    return e;
}

enum err account_by_proxy(struct chat *c, struct span name, struct span address, struct caller *out, const char **why)
{
    char checked[NAME_BYTES], fold[NAME_KEY_BYTES];
    int64_t id, until;
    const int64_t known_ms = env_mono_ms(c->env);
    enum err e = user_name_check(c->names, USER_ACCOUNT, name, checked, fold, why);
    if (!e)
        e = find_named(c, checked, span_of(fold), &id);
    if (e == ERR_NOT_FOUND)
        e = make_for_proxy(c, checked, span_of(fold), address, &id);
    if (!e && directory_is_banned(c->directory, id, env_wall_ms(c->env), &until))
        e = ERR_BANNED;
    if (!e)
        account_fill_caller(out, id, address, known_ms);
    return e;
}

/* ------------------------------------------------------------------ coming in */

enum err account_enter(struct chat *c, const struct caller *who, struct person **out)
{
    char name[NAME_BYTES], fold[NAME_KEY_BYTES];
    if (!directory_account_name(c->directory, who->user_id, name, fold))
        return ERR_UNAUTHORIZED;
    const struct hub_entrant entrant = {
        .kind = PERSON_ACCOUNT, .user_id = who->user_id, .name = span_of(name), .fold = span_of(fold)};
    return hub_enter(c->hub, &entrant, out);
}
