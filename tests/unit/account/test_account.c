/* account: the way in as HTTP workers call it, on a whole chat: the first owner, signing up, signing in. Sessions and
 * tokens are in test_account_session.c, the second factor is in test_account_totp.c. */
#include "account/guest.h"
#include "account_live.h"

/* ------------------------------------------------------------------ the first owner */

static void the_first_owner_is_made_once(void **state)
{
    (void)state;
    static const struct {
        const char *name, *password, *place, *word;
    } refused[] = {
        {"olga b", good_password, "Club", "letters"},
        {"everyone", good_password, "Club", "mentions"},
        {"olga", "short", "Club", "10 characters"},
        {"olga", "1234567890", "Club", "too common"},
        {"olga.gardener", "Olga.Gardener", "Club", "username"},
        {"olga", good_password, "Cl\u200Bub", "invisible"},
    };
    struct account_login login;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        const char *why = NULL;
        struct account_form form = form_of(refused[i].name, refused[i].password);
        form.place = span_of(refused[i].place);
        assert_int_equal(account_set_up(live.chat, &form, &login, &why), ERR_INVALID);
        if (!why || !strstr(why, refused[i].word))
            fail_msg("%s: %s", refused[i].word, why ? why : "no reason");
    }
    struct account_form early = form_of("anna", good_password);
    const char *why = NULL;
    assert_int_equal(account_sign_up(live.chat, &early, 0, &login, &why), ERR_NOT_SET_UP);

    struct caller who;
    set_up(&login);
    assert_int_equal(account_by_session(live.chat, span_of(login.token), span_of("192.0.2.9"), &who), OK);
    assert_int_equal(who.user_id, login.who.user_id);
    assert_int_equal(who.session_id, login.who.session_id);
    assert_int_equal(who.kind, COMMAND_ACTOR_ACCOUNT);
    assert_int_equal(who.scope, SCOPE_ADMIN);
    assert_string_equal(who.address, "192.0.2.9");
    struct account_form second = form_of("otto", good_password);
    assert_int_equal(account_set_up(live.chat, &second, &login, &why), ERR_FORBIDDEN);
}

/* ------------------------------------------------------------------ signing up */

static enum err sign_up(const char *name, const char *code, int64_t guest_id, struct account_login *login)
{
    const char *why = NULL;
    struct account_form form = form_of(name, good_password);
    form.invite = span_of(code);
    return account_sign_up(live.chat, &form, guest_id, login, &why);
}

static void signing_up_is_as_the_settings_say(void **state)
{
    (void)state;
    static const struct {
        enum signup signup;
        const char *code;
        enum err want;
    } cases[] = {
        {SIGNUP_INVITE, "", ERR_NOT_FOUND},      {SIGNUP_INVITE, "nothing", ERR_NOT_FOUND},
        {SIGNUP_INVITE, "welcome", OK},          {SIGNUP_OPEN, "", OK},
        {SIGNUP_OPEN, "nothing", ERR_NOT_FOUND}, {SIGNUP_OPEN, "welcome", OK},
        {SIGNUP_CLOSED, "", ERR_FORBIDDEN},      {SIGNUP_CLOSED, "welcome", ERR_FORBIDDEN},
    };
    struct account_login login;
    set_up(&login);
    invite("welcome", login.who.user_id, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char name[24];
        snprintf(name, sizeof name, "anna%zu", i);
        live.chat->settings.signup = cases[i].signup;
        enum err e = sign_up(name, cases[i].code, 0, &login);
        if (e != cases[i].want)
            fail_msg("%d with \"%s\": %s", (int)cases[i].signup, cases[i].code, err_code(e));
    }
    assert_int_equal(sign_up("ANNA2", "welcome", 0, &login), ERR_FORBIDDEN);
    live.chat->settings.signup = SIGNUP_OPEN;
    assert_int_equal(sign_up("ANNA2", "", 0, &login), ERR_NAME_TAKEN);
}

struct racer {
    pthread_t thread;
    pthread_barrier_t *start;
    int number;
    enum err result;
};

/* As a client does: when the server has too much to do, it comes again. */
static void *race(void *arg)
{
    struct racer *r = arg;
    struct account_login login;
    char name[24];
    snprintf(name, sizeof name, "racer%d", r->number);
    pthread_barrier_wait(r->start);
    while ((r->result = sign_up(name, "ten", 0, &login)) == ERR_OVERLOADED)
        usleep(20000);
    return NULL;
}

enum { RACERS = 50, PLACES = 10 };

static void fifty_want_ten_places(void **state)
{
    (void)state;
    struct racer racers[RACERS];
    struct account_login login;
    pthread_barrier_t start;
    int in = 0, out = 0;
    set_up(&login);
    invite("ten", login.who.user_id, PLACES);
    pthread_barrier_init(&start, NULL, RACERS);
    for (int i = 0; i < RACERS; i++) {
        racers[i] = (struct racer){.start = &start, .number = i};
        assert_int_equal(pthread_create(&racers[i].thread, NULL, race, &racers[i]), 0);
    }
    for (int i = 0; i < RACERS; i++) {
        pthread_join(racers[i].thread, NULL);
        in += racers[i].result == OK;
        out += racers[i].result == ERR_NOT_FOUND;
    }
    pthread_barrier_destroy(&start);
    assert_int_equal(in, PLACES);
    assert_int_equal(out, RACERS - PLACES);
    assert_int_equal(live_query("SELECT uses FROM invites"), PLACES);
    assert_int_equal(live_query("SELECT count(*) FROM users WHERE kind = 'account'"), PLACES + 1);
    assert_int_equal(live_query("SELECT count(*) FROM memberships WHERE room_id = 1"), PLACES + 1);
}

static void a_guest_becomes_an_account(void **state)
{
    (void)state;
    struct account_login login;
    struct guest guest;
    struct person *person;
    const char *why = NULL;
    set_up(&login);
    invite("welcome", login.who.user_id, 0);
    assert_int_equal(guest_register(live.chat, span_of("anna"), &guest, &why), OK);
    assert_int_equal(sign_up("anna", "welcome", 0, &login), ERR_NAME_TAKEN); /* by somebody else */
    assert_int_equal(sign_up("anna", "welcome", guest.id, &login), OK);
    assert_int_equal(login.who.user_id, guest.id);
    assert_int_equal(guest_enter(live.chat, &guest, &person), ERR_UNAUTHORIZED);
    assert_int_equal(sign_up("anna2", "welcome", guest.id, &login), ERR_UNAUTHORIZED);
    assert_int_equal(live_query("SELECT uses FROM invites"), 1);
}

/* ------------------------------------------------------------------ signing in */

static void right_wrong_and_unknown(void **state)
{
    (void)state;
    static const struct {
        const char *name, *password;
        enum err want;
        const char *why;
    } cases[] = {
        {"olga", good_password, OK, "right"},
        {" OLGA ", good_password, OK, "names are folded"},
        {"olga", "Correct-horse", ERR_WRONG_PASSWORD, "passwords are not"},
        {"olga", "", ERR_WRONG_PASSWORD, "none"},
        {"ben", good_password, ERR_WRONG_PASSWORD, "nobody"},
        {"", good_password, ERR_WRONG_PASSWORD, "no name"},
        {"o\u200Blga", good_password, ERR_WRONG_PASSWORD, "what cannot be a name"},
        {"' OR 1=1 --", good_password, ERR_WRONG_PASSWORD, "SQL"},
        {"admin", good_password, ERR_WRONG_PASSWORD, "the system"},
        {"gus", good_password, ERR_WRONG_PASSWORD, "a guest"},
    };
    struct account_login login;
    struct guest guest;
    const char *why = NULL;
    set_up(&login);
    assert_int_equal(guest_register(live.chat, span_of("gus"), &guest, &why), OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        enum err e = sign_in(cases[i].name, cases[i].password, "", "192.0.2.1", &login);
        if (e != cases[i].want)
            fail_msg("%s: %s", cases[i].why, err_code(e));
    }
    assert_int_equal(metric_get(&live.metrics.logins_total), 2);
    assert_int_equal(metric_get(&live.metrics.logins_refused_total), 8);
    assert_int_equal(live_query("SELECT count(*) FROM sessions"), 3);
}

static void each_sign_in_is_another_session(void **state)
{
    (void)state;
    struct account_login first, second;
    struct caller who;
    set_up(&first);
    assert_int_equal(sign_in("olga", good_password, "", "192.0.2.1", &second), OK);
    assert_string_not_equal(first.token, second.token); /* so nobody can bring one along and have it signed in */
    assert_int_not_equal(first.who.session_id, second.who.session_id);
    assert_int_equal(account_sign_out(live.chat, &first.who), OK);
    assert_int_equal(account_by_session(live.chat, span_of(first.token), span_of(""), &who), ERR_UNAUTHORIZED);
    assert_int_equal(account_by_session(live.chat, span_of(second.token), span_of(""), &who), OK);
    assert_int_equal(account_sign_out(live.chat, &first.who), ERR_NOT_FOUND);
    assert_int_equal(live_query("SELECT count(*) FROM sessions WHERE device = 'test' AND address = '192.0.2.1'"), 1);
}

static void wrong_guesses_have_to_wait(void **state)
{
    (void)state;
    int64_t retry_ms;
    struct account_login login;
    static const char *const names[] = {"olga", "nobody"}; /* the same for whoever is not there */
    set_up(&login);
    for (size_t n = 0; n < 2; n++) {
        const char *address = n ? "192.0.2.2" : "192.0.2.3";
        struct account_form form = form_of(names[n], "a wrong password");
        form.address = span_of(address);
        for (int i = 0; i < 5; i++)
            assert_int_equal(account_sign_in(live.chat, &form, &login, &retry_ms), ERR_WRONG_PASSWORD);
        assert_int_equal(account_sign_in(live.chat, &form, &login, &retry_ms), ERR_RATE_LIMITED);
        assert_int_equal(retry_ms, 1000);
    }
    assert_int_equal(sign_in("olga", good_password, "", "192.0.2.3", &login), ERR_RATE_LIMITED);
    assert_int_equal(sign_in("olga", good_password, "", "192.0.2.1", &login), OK); /* elsewhere */
    pass_ms(1000);
    assert_int_equal(sign_in("olga", good_password, "", "192.0.2.3", &login), OK);
    assert_int_equal(metric_get(&live.metrics.logins_rate_limited_total), 3);
}

static void the_banned_are_told_when_the_password_is_right(void **state)
{
    (void)state;
    struct account_login login, bens;
    struct caller who;
    struct person *person;
    set_up(&login);
    invite("welcome", login.who.user_id, 0);
    assert_int_equal(sign_up("ben", "welcome", 0, &bens), OK);
    struct command ban = live_command(login.who.user_id, COMMAND_BAN);
    fields_set(&ban.f, F_USER, bens.who.user_id);
    fields_set(&ban.f, F_UNTIL, live_start_ms + 3600000);
    live_run(&ban);
    assert_int_equal(account_by_session(live.chat, span_of(bens.token), span_of(""), &who), ERR_UNAUTHORIZED);
    assert_int_equal(sign_in("ben", "a wrong password", "", "192.0.2.1", &bens), ERR_WRONG_PASSWORD);
    assert_int_equal(sign_in("ben", good_password, "", "192.0.2.1", &bens), ERR_BANNED);
    pass_ms(3600000);
    assert_int_equal(sign_in("ben", good_password, "", "192.0.2.1", &bens), OK);
    assert_int_equal(account_enter(live.chat, &bens.who, &person), OK);
    assert_int_equal(person->kind, PERSON_ACCOUNT);
    hub_person_release(live.chat->hub, person);
}

/* ------------------------------------------------------------------ a flood */

struct flood {
    pthread_t thread;
    int number;
    int wrong, limited, overloaded;
};

static void *flood(void *arg)
{
    struct flood *f = arg;
    struct account_login login;
    for (int i = 0; i < 4; i++) {
        char address[40];
        snprintf(address, sizeof address, "198.51.100.%d", f->number * 4 + i);
        enum err e = sign_in("olga", "a wrong password", "", address, &login);
        f->wrong += e == ERR_WRONG_PASSWORD;
        f->limited += e == ERR_RATE_LIMITED;
        f->overloaded += e == ERR_OVERLOADED;
    }
    return NULL;
}

/* Many addresses at once: hardly more guesses are looked at than are free, and the owner comes in meanwhile from where
 * she has been. */
static void a_flood_from_everywhere_locks_nobody_out(void **state)
{
    (void)state;
    enum { FLOODS = 30 };
    struct flood floods[FLOODS];
    struct account_login login;
    int wrong = 0, limited = 0, overloaded = 0;
    enum err e;
    set_up(&login);
    for (int i = 0; i < FLOODS; i++) {
        floods[i] = (struct flood){.number = i};
        assert_int_equal(pthread_create(&floods[i].thread, NULL, flood, &floods[i]), 0);
    }
    while ((e = sign_in("olga", good_password, "", "192.0.2.1", &login)) == ERR_OVERLOADED)
        usleep(20000);
    assert_int_equal(e, OK);
    for (int i = 0; i < FLOODS; i++) {
        pthread_join(floods[i].thread, NULL);
        wrong += floods[i].wrong;
        limited += floods[i].limited;
        overloaded += floods[i].overloaded;
    }
    assert_int_equal(wrong + limited + overloaded, FLOODS * 4);
    assert_true(wrong <= ATTEMPTS_FREE_ACCOUNT + PASSWORD_WAITING_MAX + 2);
    assert_int_equal(sign_in("olga", good_password, "", "192.0.2.1", &login), OK);
    assert_true(metric_get(&live.metrics.password_hashes_total) <= wrong + 3);
}

/* The account's count is full; a session tells where its owner has been, also after a restart. */
static void an_open_session_makes_its_address_known(void **state)
{
    (void)state;
    struct account_login login;
    char address[40];
    set_up(&login);
    for (int i = 0; i < ATTEMPTS_FREE_ACCOUNT; i++) {
        snprintf(address, sizeof address, "198.51.100.%d", i);
        assert_int_equal(sign_in("olga", "a wrong password", "", address, &login), ERR_WRONG_PASSWORD);
    }
    assert_int_equal(sign_in("olga", good_password, "", "203.0.113.5", &login), ERR_RATE_LIMITED);
    attempts_free(live.chat->attempts); /* what a restart forgets; the account's count is filled again */
    live.chat->attempts = attempts_new(&live_env, &live.metrics);
    for (int i = 0; i < ATTEMPTS_FREE_ACCOUNT; i++) {
        snprintf(address, sizeof address, "198.51.101.%d", i);
        assert_int_equal(sign_in("olga", "a wrong password", "", address, &login), ERR_WRONG_PASSWORD);
    }
    assert_int_equal(sign_in("olga", good_password, "", "203.0.113.5", &login), ERR_RATE_LIMITED);
    assert_int_equal(sign_in("olga", good_password, "", "192.0.2.1", &login), OK);
}

/* ------------------------------------------------------------------ behind a proxy */

static void a_proxy_names_whom_it_has_signed_in(void **state)
{
    (void)state;
    struct account_login login;
    struct caller who, again;
    struct guest guest;
    const char *why = NULL;
    const struct span address = span_of("192.0.2.1");
    assert_int_equal(account_by_proxy(live.chat, span_of("anna"), address, &who, &why), ERR_NOT_SET_UP);
    set_up(&login);
    assert_int_equal(guest_register(live.chat, span_of("gus"), &guest, &why), OK);
    assert_int_equal(account_by_proxy(live.chat, span_of("anna"), address, &who, &why), OK);
    assert_int_equal(who.kind, COMMAND_ACTOR_ACCOUNT);
    assert_int_equal(who.session_id, 0);
    assert_string_equal(who.address, "192.0.2.1");
    assert_int_equal(account_by_proxy(live.chat, span_of("ANNA"), address, &again, &why), OK);
    assert_int_equal(again.user_id, who.user_id);
    assert_int_equal(account_by_proxy(live.chat, span_of("gus"), address, &again, &why), ERR_NAME_TAKEN);
    assert_int_equal(account_by_proxy(live.chat, span_of("anna b"), address, &again, &why), ERR_INVALID);
    assert_int_equal(sign_in("anna", "", "", "192.0.2.1", &login), ERR_WRONG_PASSWORD); /* there is no password */
    live.chat->settings.signup = SIGNUP_CLOSED;
    assert_int_equal(account_by_proxy(live.chat, span_of("ben"), address, &again, &why), ERR_FORBIDDEN);
    assert_int_equal(account_by_proxy(live.chat, span_of("anna"), address, &again, &why), OK);
    struct command ban = live_command(0, COMMAND_BAN);
    fields_set(&ban.f, F_USER, who.user_id);
    live_run(&ban);
    assert_int_equal(account_by_proxy(live.chat, span_of("anna"), address, &again, &why), ERR_BANNED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_LIVE(the_first_owner_is_made_once),
        WITH_LIVE(signing_up_is_as_the_settings_say),
        WITH_LIVE(fifty_want_ten_places),
        WITH_LIVE(a_guest_becomes_an_account),
        WITH_LIVE(right_wrong_and_unknown),
        WITH_LIVE(each_sign_in_is_another_session),
        WITH_LIVE(wrong_guesses_have_to_wait),
        WITH_LIVE(the_banned_are_told_when_the_password_is_right),
        WITH_LIVE(a_flood_from_everywhere_locks_nobody_out),
        WITH_LIVE(an_open_session_makes_its_address_known),
        WITH_LIVE(a_proxy_names_whom_it_has_signed_in),
    };
    return secret_init() || cmocka_run_group_tests(tests, NULL, NULL);
}
