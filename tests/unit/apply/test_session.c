/* login: sessions, tokens, passwords and resets, as apply sees them; the second factor has test_login_totp.c. */
#include "people.h"

static int64_t started(int64_t user, int n)
{
    uint8_t hash[32];
    struct command c = session_start(user, hash, n);
    run_ok(&c);
    return people.out.id;
}

static int64_t sessions_of(int64_t user)
{
    char sql[96];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM sessions WHERE user_id = %lld", (long long)user);
    return people_query(sql);
}

/* ------------------------------------------------------------------ sessions */

static void a_session_is_kept_by_its_hash(void **state)
{
    (void)state;
    uint8_t hash[32];
    struct session_row row;
    const int64_t olga = owner();
    struct command c = session_start(olga, hash, 7);
    run_ok(&c);
    assert_int_equal(sessions_by_hash(people.store, hash_of(hash, 7), &row), OK);
    assert_int_equal(row.id, people.out.id);
    assert_int_equal(row.user_id, olga);
    assert_int_equal(row.seen_at, people.now_ms);
    assert_int_equal(row.expires_at, people.now_ms + 24 * hour_ms);
    assert_true(span_equal(row.device, span_of("a browser")));
    assert_int_equal(run(&c), ERR_ID_REUSED);
    c.f.t[F_HASH].len = 31;
    assert_int_equal(run(&c), ERR_INVALID);
    c = session_start(olga, hash, 8);
    fields_set(&c.f, F_EXPIRES, people.now_ms);
    assert_int_equal(run(&c), ERR_INVALID);
    c = session_start(guest("gus"), hash, 9);
    c.actor = COMMAND_ACTOR_GUEST;
    assert_int_equal(run(&c), ERR_UNAUTHORIZED);
}

static void the_password_has_to_be_the_one_that_was_looked_at(void **state)
{
    (void)state;
    uint8_t hash[32];
    struct command c = session_start(owner(), hash, 1);
    fields_set_text(&c.f, F_PASSWORD, span_of("$argon2id$of-before"));
    assert_int_equal(run(&c), ERR_WRONG_PASSWORD);
    fields_set_text(&c.f, F_PASSWORD, span_of("$argon2id$of-anybody"));
    run_ok(&c);
}

static void the_hundred_and_first_takes_the_place_of_the_oldest(void **state)
{
    (void)state;
    const int64_t olga = owner(), first = started(olga, 1);
    for (int i = 2; i <= 100; i++) {
        people.now_ms++;
        started(olga, i);
        assert_int_equal(people.out.effect_count, 0);
    }
    people.now_ms++;
    struct command touch = by(olga, COMMAND_SESSION_TOUCH); /* the first one is in use: the second is the oldest */
    fields_set(&touch.f, F_SESSION, first);
    fields_set(&touch.f, F_EXPIRES, people.now_ms + 48 * hour_ms);
    run_ok(&touch);
    started(olga, 101);
    assert_int_equal(effect_of(EFFECT_SESSION_ENDED)->id, first + 1);
    assert_int_equal(sessions_of(olga), 100);
    people.now_ms += 25 * hour_ms; /* what is expired needs no room */
    started(olga, 102);
    assert_int_equal(people.out.effect_count, 0);
    assert_int_equal(sessions_of(olga), 2);
}

static void only_ones_own_are_touched_and_ended(void **state)
{
    (void)state;
    const int64_t olga = owner(), anna = account("anna", ROLE_MEMBER), hers = started(anna, 1), his = started(olga, 2);
    struct command touch = by(olga, COMMAND_SESSION_TOUCH);
    fields_set(&touch.f, F_SESSION, hers);
    fields_set(&touch.f, F_EXPIRES, people.now_ms + 48 * hour_ms);
    assert_int_equal(run(&touch), ERR_NOT_FOUND);
    struct command end = by(olga, COMMAND_SESSION_END);
    fields_set(&end.f, F_SESSION, hers);
    assert_int_equal(run(&end), ERR_NOT_FOUND);
    fields_set(&end.f, F_SESSION, his);
    run_ok(&end);
    assert_int_equal(effect_of(EFFECT_SESSION_ENDED)->id, his);
    assert_int_equal(sessions_of(olga), 0);
    assert_int_equal(sessions_of(anna), 1);
}

static void all_others_end_at_once(void **state)
{
    (void)state;
    owner();
    const int64_t anna = account("anna", ROLE_MEMBER), keep = started(anna, 1);
    started(anna, 2);
    started(anna, 3);
    struct command end = by(anna, COMMAND_SESSION_END);
    fields_set(&end.f, F_KEEP, keep);
    run_ok(&end);
    assert_int_equal(effect_of(EFFECT_SESSIONS_ENDED)->user, anna);
    assert_int_equal(effect_of(EFFECT_SESSIONS_ENDED)->id, keep);
    assert_int_equal(sessions_of(anna), 1);
    assert_string_equal(people_text("SELECT verb FROM audit ORDER BY id DESC"), "end_other_sessions");
    fields_set(&end.f, F_KEEP, 0);
    run_ok(&end);
    assert_int_equal(sessions_of(anna), 0);
}

/* ------------------------------------------------------------------ tokens */

static struct command create_token(int64_t user, uint8_t hash[32], int n)
{
    struct command c = by(user, COMMAND_TOKEN_CREATE);
    fields_set_text(&c.f, F_HASH, hash_of(hash, n));
    fields_set_text(&c.f, F_NAME, span_of("weather bot"));
    fields_set(&c.f, F_SCOPE, SCOPE_WRITE);
    return c;
}

static void tokens_are_made_and_revoked(void **state)
{
    (void)state;
    uint8_t hash[32];
    struct token_row row;
    const int64_t olga = owner(), anna = account("anna", ROLE_MEMBER);
    struct command c = create_token(anna, hash, 1);
    run_ok(&c);
    const int64_t id = people.out.id;
    assert_int_equal(tokens_by_hash(people.store, hash_of(hash, 1), &row), OK);
    assert_int_equal(row.id, id);
    assert_int_equal(row.scope, SCOPE_WRITE);
    assert_int_equal(run(&c), ERR_ID_REUSED);
    fields_set(&c.f, F_SCOPE, SCOPE_COUNT);
    assert_int_equal(run(&c), ERR_INVALID);
    c = create_token(anna, hash, 2);
    fields_set(&c.f, F_EXPIRES, people.now_ms);
    assert_int_equal(run(&c), ERR_INVALID);
    struct command revoke = by(olga, COMMAND_TOKEN_REVOKE);
    fields_set(&revoke.f, F_TOKEN, id);
    assert_int_equal(run(&revoke), ERR_NOT_FOUND);
    revoke.actor_id = anna;
    run_ok(&revoke);
    assert_int_equal(effect_of(EFFECT_TOKEN_ENDED)->id, id);
    assert_int_equal(tokens_by_hash(people.store, hash_of(hash, 1), &row), ERR_NOT_FOUND);
}

static void a_hundred_tokens_are_enough(void **state)
{
    (void)state;
    uint8_t hash[32];
    const int64_t olga = owner();
    for (int i = 1; i <= 100; i++) {
        struct command c = create_token(olga, hash, i);
        run_ok(&c);
    }
    struct command c = create_token(olga, hash, 101);
    assert_int_equal(run(&c), ERR_FORBIDDEN);
}

static void what_has_ended_makes_no_token(void **state)
{
    (void)state;
    uint8_t hash[32];
    const int64_t olga = owner(), anna = account("anna", ROLE_MEMBER), session = started(anna, 1),
                  hers = started(olga, 2);
    struct command c = create_token(anna, hash, 3);
    fields_set(&c.f, F_SESSION, hers);
    assert_int_equal(run(&c), ERR_SESSION_ENDED);
    fields_set(&c.f, F_SESSION, session);
    run_ok(&c);
    struct command end = by(anna, COMMAND_SESSION_END);
    fields_set(&end.f, F_SESSION, session);
    run_ok(&end);
    c = create_token(anna, hash, 4);
    fields_set(&c.f, F_SESSION, session);
    assert_int_equal(run(&c), ERR_SESSION_ENDED);
}

/* ------------------------------------------------------------------ passwords */

static const char *password_of(int64_t user)
{
    static struct credentials_row row;
    static char text[64];
    assert_int_equal(credentials_by_id(people.store, user, &row), OK);
    snprintf(text, sizeof text, "%.*s", (int)row.password.len, row.password.p);
    return text;
}

static struct command reset(int64_t actor, int64_t user, uint8_t hash[32], int n)
{
    struct command c = about(actor, COMMAND_RESET_CREATE, user);
    fields_set_text(&c.f, F_HASH, hash_of(hash, n));
    fields_set(&c.f, F_EXPIRES, people.now_ms + hour_ms);
    return c;
}

static struct command use_reset(uint8_t hash[32], int n)
{
    struct command c = {.kind = COMMAND_RESET_USE, .actor = COMMAND_ACTOR_VISITOR};
    fields_set_text(&c.f, F_HASH, hash_of(hash, n));
    fields_set_text(&c.f, F_PASSWORD, span_of("$argon2id$new"));
    return c;
}

static void a_reset_works_once_and_for_a_while(void **state)
{
    (void)state;
    uint8_t hash[32], other[32];
    const int64_t olga = owner(), admin = account("axel", ROLE_ADMIN), anna = account("anna", ROLE_MEMBER);
    started(anna, 9);
    struct command token = create_token(anna, hash, 8);
    run_ok(&token);
    token = create_token(olga, hash, 7);
    run_ok(&token);
    struct command c = reset(admin, anna, hash, 1), use = use_reset(other, 1);
    run_ok(&c);
    assert_string_equal(people_text("SELECT verb || user_id FROM audit ORDER BY id DESC"), "create_reset3");
    people.now_ms += hour_ms;
    assert_int_equal(run(&use), ERR_NOT_FOUND);
    people.now_ms -= 1;
    run_ok(&use);
    assert_int_equal(people.out.user_id, anna);
    assert_int_equal(effect_of(EFFECT_SESSIONS_ENDED)->user, anna);
    assert_int_equal(effect_of(EFFECT_SESSIONS_ENDED)->id, 0);
    assert_int_equal(sessions_of(anna), 0);
    assert_int_equal(people_query("SELECT user_id FROM tokens"), olga); /* hers are gone, and no one else's */
    assert_int_equal(people_query("SELECT count(*) FROM tokens"), 1);
    assert_string_equal(password_of(anna), "$argon2id$new");
    assert_string_equal(people_text("SELECT verb || actor_id FROM audit ORDER BY id DESC"), "use_reset3");
    assert_int_equal(run(&use), ERR_NOT_FOUND);

    c = reset(admin, anna, hash, 2); /* a newer link makes the older one useless */
    run_ok(&c);
    c = reset(admin, anna, hash, 3);
    run_ok(&c);
    use = use_reset(other, 2);
    assert_int_equal(run(&use), ERR_NOT_FOUND);
    struct command ban = about(olga, COMMAND_BAN, anna);
    run_ok(&ban);
    use = use_reset(other, 3);
    assert_int_equal(run(&use), ERR_BANNED);
}

static void resets_go_downwards(void **state)
{
    (void)state;
    uint8_t hash[32];
    const int64_t olga = owner(), admin = account("axel", ROLE_ADMIN), admin2 = account("anna", ROLE_ADMIN),
                  moderator = account("mia", ROLE_MODERATOR), gus = guest("gus");
    const struct {
        int64_t actor, user;
        enum err want;
        const char *why;
    } cases[] = {
        {admin, olga, ERR_FORBIDDEN, "not upwards"},
        {admin, admin2, ERR_FORBIDDEN, "nor to one's equals"},
        {admin, moderator, OK, "downwards"},
        {moderator, gus, ERR_FORBIDDEN, "moderators make none"},
        {admin, gus, ERR_FORBIDDEN, "guests have no password"},
        {olga, admin, OK, "by an owner"},
        {0, olga, OK, "from the command line"},
        {olga, 999, ERR_NOT_FOUND, "nobody"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct command c = reset(cases[i].actor, cases[i].user, hash, (int)i);
        if (run(&c) != cases[i].want)
            fail_msg("%s: %s", cases[i].why, err_code(people.out.result));
    }
    struct command c = reset(olga, admin, hash, 99);
    fields_set(&c.f, F_EXPIRES, people.now_ms);
    assert_int_equal(run(&c), ERR_INVALID);
}

static void another_password_ends_other_sessions_and_links(void **state)
{
    (void)state;
    uint8_t hash[32];
    const int64_t olga = owner(), anna = account("anna", ROLE_MEMBER), keep = started(anna, 1);
    started(anna, 2);
    struct command c = reset(olga, anna, hash, 1);
    run_ok(&c);
    c = by(anna, COMMAND_PASSWORD_SET);
    fields_set(&c.f, F_KEEP, keep);
    assert_int_equal(run(&c), ERR_INVALID);
    fields_set_text(&c.f, F_PASSWORD, span_of("$argon2id$other"));
    fields_set_text(&c.f, F_PROVEN, span_of("$argon2id$of-before"));
    assert_int_equal(run(&c), ERR_WRONG_PASSWORD); /* whoever was quicker has changed it meanwhile */
    assert_int_equal(sessions_of(anna), 2);
    fields_set_text(&c.f, F_PROVEN, span_of("$argon2id$of-anybody"));
    run_ok(&c);
    assert_string_equal(password_of(anna), "$argon2id$other");
    assert_int_equal(effect_of(EFFECT_SESSIONS_ENDED)->id, keep);
    assert_int_equal(sessions_of(anna), 1);
    assert_int_equal(people_query("SELECT count(*) FROM resets"), 0);
    assert_string_equal(people_text("SELECT verb FROM audit ORDER BY id DESC"), "set_password");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_PEOPLE(a_session_is_kept_by_its_hash),
        WITH_PEOPLE(the_password_has_to_be_the_one_that_was_looked_at),
        WITH_PEOPLE(the_hundred_and_first_takes_the_place_of_the_oldest),
        WITH_PEOPLE(only_ones_own_are_touched_and_ended),
        WITH_PEOPLE(all_others_end_at_once),
        WITH_PEOPLE(tokens_are_made_and_revoked),
        WITH_PEOPLE(a_hundred_tokens_are_enough),
        WITH_PEOPLE(what_has_ended_makes_no_token),
        WITH_PEOPLE(a_reset_works_once_and_for_a_while),
        WITH_PEOPLE(resets_go_downwards),
        WITH_PEOPLE(another_password_ends_other_sessions_and_links),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
