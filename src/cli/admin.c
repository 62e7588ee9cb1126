#include "cli/admin.h"

#include "base/diag.h"
#include "chat/core/submission.h"
#include "cli/admin_internal.h"

#include <string.h>

/* ------------------------------------------------------------------ what the verbs share */

enum err admin_request(const struct admin *a, const struct request *q, struct admin_result *result, const char **why)
{
    static const struct caller system = {.kind = COMMAND_ACTOR_SYSTEM, .scope = SCOPE_ADMIN};
    struct outcome outcome = {.result = OK};
    struct call call;
    *result = (struct admin_result){.room_id = 0};
    enum err e = call_prepare(a->chat, &system, q, &call, why);
    if (!e)
        e = submission_wait(a->chat, &call.command, &outcome);
    if (outcome.why)
        *why = outcome.why;
    if (!e) {
        result->room_id = outcome.room_id;
        result->duplicate = outcome.duplicate;
        memcpy(result->code, call.code, sizeof result->code);
    }
    call_release(&call);
    return e;
}

int admin_refuse(struct buf *out, const char *name, enum err e, const char *why)
{
    buf_printf(out, "hubbub: %s: %s\n", diag_quote(name).s, why ? why : err_message(e));
    return 1;
}

/* In double quotes, whatever it holds. */
static void add_quoted(struct buf *out, const char *word)
{
    struct diag_text quoted = diag_quote(word);
    const char *mark = quoted.s[0] == '"' ? "" : "\"";
    buf_printf(out, "%s%s%s", mark, quoted.s, mark);
}

int admin_missing(struct buf *out, const char *what, const char *name)
{
    buf_printf(out, "hubbub: no %s ", what);
    add_quoted(out, name);
    buf_add_char(out, '\n');
    return 1;
}

/* ------------------------------------------------------------------ the verbs */

static const struct verb {
    const char *noun, *verb; /* verb NULL: the noun says it all */
    const char *arguments;   /* for the usage */
    int least, most;         /* words besides the options */
    const char *options[ADMIN_OPTIONS_MAX];
    bool needs_option; /* the first one */
    admin_fn *before;  /* of a verb that asks for a password: whether there is any use in one; NULL: it asks for none */
    admin_fn *run;
} verbs[] = {
    {"setup", NULL, "--owner NAME [--place NAME]", 0, 0, {"--owner", "--place"}, true, admin_before_setup, admin_setup},
    {"user", "list", "", 0, 0, {NULL}, false, NULL, admin_user_list},
    {"user", "reset", "NAME", 1, 1, {NULL}, false, NULL, admin_user_reset},
    {"user", "stop-totp", "NAME", 1, 1, {NULL}, false, NULL, admin_user_stop_totp},
    {"user", "role", "NAME ROLE", 2, 2, {NULL}, false, NULL, admin_user_role},
    {"user", "ban", "NAME [REASON]", 1, 2, {NULL}, false, NULL, admin_user_ban},
    {"user", "unban", "NAME", 1, 1, {NULL}, false, NULL, admin_user_unban},
    {"invite",
     "create",
     "[--uses N] [--days N] [--label TEXT]",
     0,
     0,
     {"--uses", "--days", "--label"},
     false,
     NULL,
     admin_invite_create},
    {"invite", "list", "", 0, 0, {NULL}, false, NULL, admin_invite_list},
    {"invite", "revoke", "ID", 1, 1, {NULL}, false, NULL, admin_invite_revoke},
    {"room", "add", "[--kind KIND] NAME", 1, 1, {"--kind"}, false, NULL, admin_room_add},
    {"room", "list", "", 0, 0, {NULL}, false, NULL, admin_room_list},
    {"room", "rename", "ROOM NAME", 2, 2, {NULL}, false, NULL, admin_room_rename},
    {"room", "archive", "ROOM", 1, 1, {NULL}, false, NULL, admin_room_archive},
    {"room", "unarchive", "ROOM", 1, 1, {NULL}, false, NULL, admin_room_unarchive},
};

enum { VERBS = sizeof verbs / sizeof *verbs };

/* The option that the word is; -1: none of this verb's. */
static int option_named(const struct verb *v, const char *word)
{
    for (int i = 0; i < ADMIN_OPTIONS_MAX && v->options[i]; i++)
        if (strcmp(word, v->options[i]) == 0)
            return i;
    return -1;
}

/* Takes apart what stands behind the verb. False: it is not what the verb takes. */
static bool take_apart(const struct verb *v, const char *const *words, int n, struct admin_arguments *out)
{
    int count = 0;
    *out = (struct admin_arguments){.password = NULL};
    for (int i = 0; i < n; i++) {
        int option = option_named(v, words[i]);
        if (option >= 0) {
            if (i + 1 == n || out->option[option])
                return false;
            out->option[option] = words[++i];
        } else {
            if (count == v->most || strncmp(words[i], "--", 2) == 0)
                return false;
            out->word[count++] = words[i];
        }
    }
    return count >= v->least && (!v->needs_option || out->option[0]);
}

/* The verb that the words are, with its arguments; NULL: none. */
static const struct verb *find(const char *const *words, int n, struct admin_arguments *out)
{
    for (const struct verb *v = verbs; v < verbs + VERBS; v++) {
        int names = v->verb ? 2 : 1;
        if (n < names || strcmp(words[0], v->noun) != 0 || (v->verb && strcmp(words[1], v->verb) != 0))
            continue;
        if (take_apart(v, words + names, n - names, out))
            return v;
    }
    return NULL;
}

/* The usage of each command with this noun and verb; NULL stands for any. False: there are none. */
static bool add_usages(const char *noun, const char *verb, struct buf *out)
{
    bool any = false;
    for (const struct verb *v = verbs; v < verbs + VERBS; v++) {
        if ((noun && strcmp(v->noun, noun) != 0) || (verb && v->verb && strcmp(v->verb, verb) != 0))
            continue;
        buf_printf(out, "  hubbub [options] %s%s%s%s%s\n", v->noun, v->verb ? " " : "", v->verb ? v->verb : "",
                   *v->arguments ? " " : "", v->arguments);
        any = true;
    }
    return any;
}

/* What is wrong with words that are not a command: the usage of what they begin with, or that nothing begins so. */
static void explain(const char *const *words, int n, struct buf *out)
{
    const size_t begin = out->len;
    buf_add_str(out, "usage:\n");
    if (add_usages(words[0], n > 1 ? words[1] : NULL, out))
        return;
    out->len = begin;
    buf_add_str(out, "hubbub: unknown command ");
    add_quoted(out, words[0]);
    if (n > 1) {
        buf_add_char(out, ' ');
        add_quoted(out, words[1]);
    }
    buf_add_str(out, "; see hubbub --help\n");
}

bool admin_knows(const char *const *words, int n, struct buf *usage)
{
    struct admin_arguments args;
    if (find(words, n, &args))
        return true;
    if (n > 0) {
        explain(words, n, usage);
        return false;
    }
    buf_add_str(usage, "commands:\n");
    (void)add_usages(NULL, NULL, usage);
    buf_add_str(usage,
                "ROOM is a room's name or id. KIND is open (a public room), closed (a private one) or announcement.\n"
                "ROLE is member, moderator, admin or owner. setup asks for the owner's password,\n"
                "or reads the password as one line from standard input.\n");
    return false;
}

bool admin_asks_password(const char *const *words, int n)
{
    struct admin_arguments args;
    const struct verb *v = find(words, n, &args);
    return v && v->before;
}

bool admin_makes_place(const char *const *words, int n)
{
    return n > 0 && strcmp(words[0], "setup") == 0;
}

int admin_run(const struct admin *a, const char *const *words, int n, struct buf *out)
{
    struct admin_arguments args;
    const struct verb *v = find(words, n, &args);
    if (!v && n > 0) {
        v = find(words, n - 1, &args);
        args.password = words[n - 1];
    }
    if (!v || (args.password && !v->before)) {
        (void)admin_knows(words, n, out);
        return 2;
    }
    return v->before && !args.password ? v->before(a, &args, out) : v->run(a, &args, out);
}
