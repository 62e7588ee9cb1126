#include "cli/command.h"

#include "account/password.h"
#include "base/secret.h"
#include "cli/admin.h"
#include "cli/control.h"
#include "cli/prompt.h"

#include <stdio.h>

/* Adds the password to the words. False: there is none, and that has been said. */
static bool add_password(const char **words, int *n, char *password, size_t size, struct buf *out)
{
    enum err e = prompt_password("the owner", password, size);
    if (e)
        buf_printf(out, "hubbub: %s\n",
                   e == ERR_INVALID     ? "the two passwords don't match; nothing was changed"
                   : e == ERR_FORBIDDEN ? "a password can't contain a NUL byte; nothing was changed"
                   : e == ERR_TOO_BIG   ? "that password is too long"
                                        : "a password is needed: type it, or send it as one line on standard input");
    else
        words[(*n)++] = password;
    return !e;
}

static int carry_out(const struct command_way *way, const char *const *words, int n, bool with_password,
                     struct buf *out)
{
    int status;
    if (control_ask(way->socket, words, n, &status, out))
        status = way->run_here(way->ctx, words, n, with_password, out);
    return status;
}

int command_run(const struct command_way *way, const char *const *given, int count)
{
    const char *words[ADMIN_WORDS_MAX + 1];
    char password[PASSWORD_MAX_BYTES + 2] = ""; /* one too many, so that it is refused and not cut */
    struct buf out = BUF_INIT;
    int status = 2, n = count;
    bool understood = admin_knows(given, n, &out) && n <= ADMIN_WORDS_MAX;
    for (int i = 0; understood && i < n; i++)
        words[i] = given[i];
    if (understood)
        status = carry_out(way, words, n, false, &out); /* or only says that there is no use in a password */
    if (understood && status == 0 && admin_asks_password(given, count))
        status = add_password(words, &n, password, sizeof password, &out) ? carry_out(way, words, n, true, &out) : 1;
    secret_wipe(password, sizeof password);
    fprintf(status ? stderr : stdout, "%.*s", (int)out.len, out.p ? out.p : "");
    buf_release(&out);
    return status;
}
