#include "command.h"

#include "admin.h"
#include "app.h"
#include "base/secret.h"
#include "chat/password.h"
#include "control.h"
#include "prompt.h"

static void never_post(void *ctx, struct task *t)
{
    (void)ctx;
    t->run(t); /* there are no sessions: whatever is posted only frees itself */
}

/* The threads that a verb may wait for. */
static enum err start_for_command(struct app *app, bool with_password)
{
    const struct mailbox nobody = {never_post, NULL};
    chat_attach(app->chat, 0, &nobody);
    enum err e = log_start(app->chat->log);
    if (!e)
        e = reader_start(app->reader);
    if (!e && with_password)
        e = chat_start_passwords(app->chat);
    return e;
}

/* No server runs: the command is carried out here, on the same data, by the same code. */
static int run_here(const struct config *config, const char *const *words, int n, bool with_password, struct buf *out)
{
    struct app app;
    struct app_error why;
    char page[APP_PAGE_BYTES];
    int status = 1;
    if (app_begin(&app, config, admin_makes_place(words, n), &why) || app_open(&app, 1, &why)) {
        buf_printf(out, "hubbub: %s\n", why.text);
    } else if (start_for_command(&app, with_password)) {
        buf_add_str(out, "hubbub: out of memory or threads\n");
    } else {
        app_page(config, config->listening_ports, page);
        status = admin_run(&(struct admin){app.chat, page}, words, n, out);
    }
    app_close(&app);
    return status;
}

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

static int carry_out(const struct config *config, const char *const *words, int n, bool with_password, struct buf *out)
{
    struct datadir datadir;
    int status;
    datadir_name(&datadir, config->data_dir);
    if (control_ask(datadir.socket, words, n, &status, out))
        status = run_here(config, words, n, with_password, out);
    return status;
}

int command_run(const struct config *config, const char *const *given, int count)
{
    const char *words[ADMIN_WORDS_MAX + 1];
    char password[PASSWORD_MAX_BYTES + 2] = ""; /* one too many, so that it is refused and not cut */
    struct buf out = BUF_INIT;
    int status = 2, n = count;
    bool understood = admin_knows(given, n, &out) && n <= ADMIN_WORDS_MAX;
    for (int i = 0; understood && i < n; i++)
        words[i] = given[i];
    if (understood)
        status = carry_out(config, words, n, false, &out); /* or only says that there is no use in a password */
    if (understood && status == 0 && admin_asks_password(given, count))
        status = add_password(words, &n, password, sizeof password, &out) ? carry_out(config, words, n, true, &out) : 1;
    secret_wipe(password, sizeof password);
    fprintf(status ? stderr : stdout, "%.*s", (int)out.len, out.p ? out.p : "");
    buf_release(&out);
    return status;
}
