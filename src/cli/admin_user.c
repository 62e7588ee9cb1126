/* `hubbub setup` and `hubbub user ...` */
#include "account/account.h"
#include "base/diag.h"
#include "cli/admin_internal.h"
#include "directory/people.h"

/* ------------------------------------------------------------------ the first owner */

static struct account_form setup_form(const struct admin_arguments *args)
{
    return (struct account_form){
        .name = span_of(args->option[0]),
        .place = span_of(args->option[1]),
        .password = span_of(args->password),
        .device = span_of("command line"),
    };
}

static int refuse_setup(const struct admin_arguments *args, enum err e, const char *why, struct buf *out)
{
    if (e == ERR_FORBIDDEN)
        why = "This workspace already has an owner. See hubbub user list.";
    return admin_refuse(out, args->option[0], e, why);
}

int admin_before_setup(const struct admin *a, const struct admin_arguments *args, struct buf *out)
{
    const struct account_form form = setup_form(args);
    const char *why = NULL;
    enum err e = account_may_set_up(a->chat, &form, &why);
    return e ? refuse_setup(args, e, why, out) : 0;
}

int admin_setup(const struct admin *a, const struct admin_arguments *args, struct buf *out)
{
    const struct account_form form = setup_form(args);
    struct account_login login;
    const char *why = NULL;
    enum err e = account_set_up(a->chat, &form, &login, &why);
    if (e)
        return refuse_setup(args, e, why, out);
    (void)account_sign_out(a->chat, &login.who); /* nobody is going to use that session */
    buf_printf(out, "%s is the owner of this workspace. Sign in at %s\n", args->option[0], a->page);
    return 0;
}

/* ------------------------------------------------------------------ users */

static int refuse(struct buf *out, const char *name, enum err e, const char *why)
{
    return e == ERR_NOT_FOUND && !why ? admin_missing(out, "user", name) : admin_refuse(out, name, e, why);
}

/* Carries out a request about the user that the first word names. */
static enum err about_user(const struct admin *a, const struct admin_arguments *args, struct request *q,
                           struct admin_result *result, const char **why)
{
    q->user.name = span_of(args->word[0]);
    return admin_request(a, q, result, why);
}

/* `done`: what is said of the user then, such as "is banned". */
static int change_user(const struct admin *a, const struct admin_arguments *args, struct request *q, const char *done,
                       struct buf *out)
{
    struct admin_result result;
    const char *why = NULL;
    enum err e = about_user(a, args, q, &result, &why);
    if (e)
        return refuse(out, args->word[0], e, why);
    buf_printf(out, "%s %s.\n", diag_quote(args->word[0]).s, done);
    return 0;
}

int admin_user_reset(const struct admin *a, const struct admin_arguments *args, struct buf *out)
{
    struct request q = {.type = REQUEST_CREATE_RESET};
    struct admin_result result;
    const char *why = NULL;
    enum err e = about_user(a, args, &q, &result, &why);
    if (e)
        return refuse(out, args->word[0], e, why);
    buf_printf(out, "%s/reset/%s\n", a->page, result.code);
    return 0;
}

int admin_user_stop_totp(const struct admin *a, const struct admin_arguments *args, struct buf *out)
{
    const char *why = NULL;
    enum err e = account_totp_take_away(a->chat, span_of(args->word[0]), &why);
    if (e)
        return refuse(out, args->word[0], e, why);
    buf_printf(out, "Two-factor authentication is off for %s.\n", diag_quote(args->word[0]).s);
    return 0;
}

int admin_user_role(const struct admin *a, const struct admin_arguments *args, struct buf *out)
{
    static const char *const done[] = {[ROLE_MEMBER] = "is now a member",
                                       [ROLE_MODERATOR] = "is now a moderator",
                                       [ROLE_ADMIN] = "is now an admin",
                                       [ROLE_OWNER] = "is now an owner"};
    struct request q = {.type = REQUEST_SET_ROLE};
    int role = words_find(&words_role, span_of(args->word[1]));
    if (role < ROLE_MEMBER || role > ROLE_OWNER)
        return admin_refuse(out, args->word[1], ERR_INVALID, "The role must be member, moderator, admin or owner.");
    fields_set(&q.f, F_ROLE, role);
    return change_user(a, args, &q, done[role], out);
}

int admin_user_ban(const struct admin *a, const struct admin_arguments *args, struct buf *out)
{
    struct request q = {.type = REQUEST_BAN};
    fields_set(&q.f, F_UNTIL, 0);
    if (args->word[1])
        fields_set_text(&q.f, F_TEXT, span_of(args->word[1]));
    return change_user(a, args, &q, "is banned", out);
}

int admin_user_unban(const struct admin *a, const struct admin_arguments *args, struct buf *out)
{
    struct request q = {.type = REQUEST_UNBAN};
    return change_user(a, args, &q, "is no longer banned", out);
}

int admin_user_list(const struct admin *a, const struct admin_arguments *args, struct buf *out)
{
    struct buf ids = BUF_INIT;
    struct directory_user user;
    int64_t id, until, now_ms = env_wall_ms(a->chat->env);
    (void)args;
    directory_users_of_role(a->chat->directory, ROLE_GUEST, &ids);
    buf_printf(out, "%6s  %-9s  %-6s  %s\n", "id", "role", "state", "name");
    for (size_t i = 0; i < ids.len; i += sizeof id) {
        memcpy(&id, ids.p + i, sizeof id);
        if (!directory_user(a->chat->directory, id, &user) || user.role > ROLE_OWNER)
            continue;
        buf_printf(out, "%6lld  %-9s  %-6s  %s%s%s%s\n", (long long)id, words_name(&words_role, (int)user.role),
                   directory_is_banned(a->chat->directory, id, now_ms, &until) ? "banned" : "", user.name,
                   *user.display_name ? " (" : "", user.display_name, *user.display_name ? ")" : "");
    }
    int status = ids.failed ? admin_refuse(out, "user list", ERR_MEMORY, NULL) : 0;
    buf_release(&ids);
    return status;
}
