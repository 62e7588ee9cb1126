/* The command line's verbs: which words are understood, and what they do on a whole chat. */
#include "account_live.h"
#include "cli/admin.h"

/* ------------------------------------------------------------------ words */

enum { WORDS_MAX = ADMIN_WORDS_MAX };

/* Cuts "room add garden" into words; a word in single quotes may have blanks in it. */
static int split(char *text, const char *words[WORDS_MAX])
{
    int n = 0;
    while (*(text += strspn(text, " "))) {
        char stop = *text == '\'' ? '\'' : ' ';
        text += stop == '\'';
        words[n++] = text;
        text += strcspn(text, (char[]){stop, 0});
        if (*text)
            *text++ = 0;
    }
    return n;
}

static void test_understood(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        bool known, asks;
    } cases[] = {
        {"", false, false},
        {"setup", false, false},
        {"setup --owner", false, false},
        {"setup --owner anna", true, true},
        {"setup --owner anna --place Garden", true, true},
        {"setup --place Garden --owner anna", true, true},
        {"setup --place Garden", false, false},
        {"setup --owner anna --owner ben", false, false},
        {"setup --owner anna secret", false, false}, /* a password is no word of the command line */
        {"setup --name anna", false, false},
        {"user", false, false},
        {"user list", true, false},
        {"user list all", false, false},
        {"user reset", false, false},
        {"user reset anna", true, false},
        {"user role anna admin", true, false},
        {"user role anna", false, false},
        {"user ban anna", true, false},
        {"user ban anna 'sent spam'", true, false},
        {"user ban anna sent spam", false, false},
        {"invite create", true, false},
        {"invite create --uses 3 --days 2", true, false},
        {"invite create --uses", false, false},
        {"invite create 3", false, false},
        {"invite revoke 3", true, false},
        {"room add garden", true, false},
        {"room add --kind closed garden", true, false},
        {"room add garden --kind closed", true, false},
        {"room add --kind closed", false, false},
        {"room add --closed garden", false, false},
        {"room remove garden", false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[128];
        const char *words[WORDS_MAX];
        struct buf usage = BUF_INIT;
        snprintf(text, sizeof text, "%s", cases[i].line);
        int n = split(text, words);
        if (admin_knows(words, n, &usage) != cases[i].known || admin_asks_password(words, n) != cases[i].asks)
            fail_msg("%s", cases[i].line);
        assert_true(cases[i].known == (usage.len == 0));
        buf_release(&usage);
    }
}

/* ------------------------------------------------------------------ deeds */

static char said[4096];

static int run(const char *line)
{
    char text[256];
    const char *words[WORDS_MAX];
    struct admin admin = {live.chat, "https://chat.example"};
    struct buf out = BUF_INIT;
    snprintf(text, sizeof text, "%s", line);
    int n = split(text, words);
    int status = admin_run(&admin, words, n, &out);
    assert_true(out.len < sizeof said);
    snprintf(said, sizeof said, "%.*s", (int)out.len, out.p ? out.p : "");
    buf_release(&out);
    return status;
}

struct step {
    const char *line;
    int status;
    const char *says; /* a part of it */
};

static void run_all(const struct step *steps, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int status = run(steps[i].line);
        if (status != steps[i].status || !strstr(said, steps[i].says))
            fail_msg("%s: %d %s", steps[i].line, status, said);
        if (status == 1 && (strchr(said, '\n') != said + strlen(said) - 1 || strncmp(said, "hubbub: ", 8) != 0))
            fail_msg("%s: not one clear line: %s", steps[i].line, said);
    }
}

#define RUN_ALL(steps) run_all(steps, sizeof(steps) / sizeof((steps)[0]))

static void test_setup(void **state)
{
    (void)state;
    static const struct step steps[] = {
        {"setup", 2, "usage:\n  hubbub [options] setup --owner NAME [--place NAME]"},
        {"setup --owner 'not a name'", 1, "\"not a name\": "}, /* said before there is a password */
        {"setup --owner anna", 0, ""},                         /* one is wanted */
        {"setup --owner anna short", 1, "anna: A password needs at least 10 characters."},
        {"setup --owner 'not a name' correct-horse", 1, "\"not a name\": "},
        {"setup --owner anna --place 'Garden Club' correct-horse", 0,
         "anna is the owner of this workspace. Sign in at https://chat.example\n"},
        {"setup --owner ben", 1, "ben: This workspace already has an owner. See hubbub user list."},
        {"setup --owner ben correct-horse", 1, "ben: This workspace already has an owner. See hubbub user list."},
        {"user list", 0, "owner              anna\n"},
    };
    struct account_login login;
    RUN_ALL(steps);
    assert_int_equal(live_query("select count(*) from sessions"), 0); /* nobody would use it */
    assert_int_equal(live_query("select name = 'Garden Club' from place"), 1);
    assert_int_equal(sign_in("anna", "correct-horse", "", "192.0.2.1", &login), OK);
    assert_int_equal(live_query("select count(*) from audit where detail like '%correct-horse%'"), 0);
}

static void test_users(void **state)
{
    (void)state;
    static const struct step steps[] = {
        {"setup --owner anna correct-horse", 0, ""},
        {"user role nobody admin", 1, "hubbub: no user \"nobody\"\n"},
        {"user role ben king", 1, "king: The role must be member, moderator, admin or owner."},
        {"user role ben guest", 1, "guest: The role must be member, moderator, admin or owner."},
        {"user role anna member", 1, "anna: "}, /* the only owner */
    };
    static const struct step with_ben[] = {
        {"user role ben moderator", 0, "ben is now a moderator.\n"}, {"user list", 0, "moderator          ben\n"},
        {"user ban ben 'sent spam'", 0, "ben is banned.\n"},         {"user list", 0, "moderator  banned  ben\n"},
        {"user unban ben", 0, "ben is no longer banned.\n"},         {"user list", 0, "moderator          ben\n"},
        {"user reset BEN", 0, "https://chat.example/reset/"},
    };
    struct account_login login;
    struct account_form form = form_of("ben", good_password);
    const char *why = NULL;
    RUN_ALL(steps);
    invite("code", 0, 1);
    form.invite = span_of("code");
    assert_int_equal(account_sign_up(live.chat, &form, 0, &login, &why), OK);
    RUN_ALL(with_ben);
    char code[128];
    assert_int_equal(sscanf(said, "https://chat.example/reset/%100s", code), 1);
    assert_int_equal(account_use_reset(live.chat, span_of(code), span_of("battery-staple"), span_of(""), &why), OK);
    assert_int_equal(sign_in("ben", "battery-staple", "", "192.0.2.1", &login), OK);
    assert_int_equal(live_query("select count(*) from audit where actor_id = 0 and verb = 'ban'"), 1);
}

static void test_invites(void **state)
{
    (void)state;
    static const struct step steps[] = {
        {"setup --owner anna correct-horse", 0, ""},
        {"invite create --uses 0", 1, "0: Use a number of 1 or more."},
        {"invite create --days soon", 1, "soon: Use a number of 1 or more."},
        {"invite create --uses 3 --days 2", 0, "https://chat.example/invite/"},
        {"invite create --label class", 0, "https://chat.example/invite/"},
        {"invite list", 0, "     1  valid    0 of 3     2026-09-23 14:13  https://chat.example/invite/"},
        {"invite list", 0, "     2  valid    0                            https://chat.example/invite/"},
        {"invite list", 0, "  class\n"},
        {"invite create --label \n", 1, "A label must be one line of at most 100 bytes."},
        {"invite revoke 2", 0, "Revoked invitation 2.\n"},
        {"invite revoke 2", 1, "2: There is no such invitation, or it is already revoked."},
        {"invite revoke two", 1, "two: Use the id shown by \"hubbub invite list\"."},
        {"invite list", 0, "     2  revoked  0 "},
    };
    RUN_ALL(steps);
    pass_ms(INT64_C(2) * 86400000);
    assert_int_equal(run("invite list"), 0);
    assert_non_null(strstr(said, "     1  expired  0 of 3 "));
}

static void test_rooms(void **state)
{
    (void)state;
    static const struct step steps[] = {
        {"room add garden", 0, "Created room garden (2).\n"},
        {"room add --kind closed kitchen", 0, "Created room kitchen (3).\n"},
        {"room add news --kind announcement", 0, "Created room news (4).\n"},
        {"room add --kind direct x", 1, "direct: The kind must be open, closed or announcement."},
        {"room add Garden", 1, "Garden: "}, /* looks like garden */
        {"room add 7", 1, "7: "},
        {"room rename garden 'the garden'", 0, "Renamed garden to \"the garden\".\n"},
        {"room rename nowhere x", 1, "hubbub: no room \"nowhere\"\n"},
        {"room rename 'the garden' news", 1, "news: "},
        {"room rename kitchen news", 0, "Renamed kitchen to news.\n"}, /* it is closed: then it may */
        {"room archive news", 1,
         "hubbub: news: Several rooms are called \"news\". Use the id of the one you mean: 3 or 4.\n"},
        {"room rename 3 kitchen", 0, "Renamed 3 to kitchen.\n"},
        {"room archive 'the garden'", 0, "Archived \"the garden\".\n"},
        {"room archive 2", 1, "2: This room is already archived."},
        {"room list", 0, "     2           2  archived      the garden\n"},
        {"room unarchive 2", 0, "Unarchived 2.\n"},
        {"room unarchive 2", 1, "2: This room is not archived."},
        {"room list", 0, "     2           3  open          the garden\n"},
        {"room list", 0, "     3           2  closed        kitchen\n"},
        {"room list", 0, "     4           0  announcement  news\n"},
        {"room foo", 2, "hubbub: unknown command \"room\" \"foo\"; see hubbub --help\n"},
    };
    RUN_ALL(steps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_understood), WITH_LIVE(test_setup), WITH_LIVE(test_users),
        WITH_LIVE(test_invites),           WITH_LIVE(test_rooms),
    };
    return secret_init() ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
