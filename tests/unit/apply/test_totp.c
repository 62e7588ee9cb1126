/* login: the apply halves about the second factor. */
#include "people.h"

static void set_totp(int64_t user, int64_t step)
{
    static uint8_t hashes[64];
    struct command c = by(user, COMMAND_TOTP_SET);
    hash_of(hashes, 501);
    hash_of(hashes + 32, 502);
    fields_set_text(&c.f, F_SECRET, span_of("12345678901234567890"));
    fields_set_text(&c.f, F_HASHES, (struct span){(const char *)hashes, sizeof hashes});
    fields_set(&c.f, F_STEP, step);
    run_ok(&c);
}

static void a_time_step_lets_in_once(void **state)
{
    (void)state;
    uint8_t hash[32];
    const int64_t olga = owner();
    set_totp(olga, 100);
    struct command c = session_start(olga, hash, 1);
    assert_int_equal(run(&c), ERR_TOTP_REQUIRED);
    fields_set(&c.f, F_STEP, 100); /* used to turn it on */
    assert_int_equal(run(&c), ERR_TOTP_REQUIRED);
    fields_set(&c.f, F_STEP, 102);
    run_ok(&c);
    c = session_start(olga, hash, 2);
    fields_set(&c.f, F_STEP, 102);
    assert_int_equal(run(&c), ERR_TOTP_REQUIRED);
    fields_set(&c.f, F_STEP, 101);
    assert_int_equal(run(&c), ERR_TOTP_REQUIRED);
    fields_set(&c.f, F_STEP, 103);
    run_ok(&c);
}

static void a_recovery_code_lets_in_once(void **state)
{
    (void)state;
    uint8_t hash[32], code[32];
    int64_t left;
    const int64_t olga = owner();
    set_totp(olga, 100);
    struct command c = session_start(olga, hash, 1);
    fields_set_text(&c.f, F_HASHES, hash_of(code, 500));
    assert_int_equal(run(&c), ERR_TOTP_REQUIRED);
    fields_set_text(&c.f, F_HASHES, hash_of(code, 501));
    run_ok(&c);
    c = session_start(olga, hash, 2);
    fields_set_text(&c.f, F_HASHES, hash_of(code, 501));
    assert_int_equal(run(&c), ERR_TOTP_REQUIRED);
    assert_int_equal(recovery_codes_count(people.store, olga, &left), OK);
    assert_int_equal(left, 1);
}

static void it_can_be_turned_off_unless_the_place_wants_it(void **state)
{
    (void)state;
    int64_t left;
    struct account_row row;
    const int64_t olga = owner(), anna = account("anna", ROLE_MEMBER);
    set_totp(olga, 100);
    set_totp(anna, 100);
    struct command place = by(olga, COMMAND_PLACE_SET);
    fields_set(&place.f, F_REQUIRE_TOTP, 1);
    run_ok(&place);
    struct command stop = by(olga, COMMAND_TOTP_SET);
    fields_set_text(&stop.f, F_SECRET, span_of(""));
    assert_int_equal(run(&stop), ERR_FORBIDDEN);
    set_totp(olga, 200); /* another app is fine */
    stop.actor_id = anna;
    fields_set_text(&stop.f, F_PROVEN, span_of("$argon2id$of-before"));
    assert_int_equal(run(&stop), ERR_WRONG_PASSWORD);
    fields_set_text(&stop.f, F_PROVEN, span_of("$argon2id$of-anybody"));
    run_ok(&stop);
    assert_int_equal(accounts_by_id(people.store, anna, &row), OK);
    assert_false(row.has_totp);
    assert_int_equal(recovery_codes_count(people.store, anna, &left), OK);
    assert_int_equal(left, 0);
    assert_int_equal(people_query("SELECT count(*) FROM audit WHERE verb IN ('confirm_totp', 'stop_totp')"), 4);
}

static void the_command_line_takes_it_from_whoever_has_lost_it(void **state)
{
    (void)state;
    int64_t left;
    struct account_row row;
    const int64_t olga = owner(), anna = account("anna", ROLE_MEMBER), gus = guest("gus");
    set_totp(olga, 100);
    struct command place = by(olga, COMMAND_PLACE_SET);
    fields_set(&place.f, F_REQUIRE_TOTP, 1);
    run_ok(&place);
    const int64_t audited = people_query("SELECT count(*) FROM audit");
    struct command c = by(olga, COMMAND_TOTP_SET);
    fields_set(&c.f, F_USER, olga);
    assert_int_equal(run(&c), ERR_FORBIDDEN); /* nobody else, not from themselves either */
    c.actor = COMMAND_ACTOR_SYSTEM;
    c.actor_id = 0;
    fields_set_text(&c.f, F_SECRET, span_of("12345678901234567890"));
    assert_int_equal(run(&c), ERR_FORBIDDEN); /* and gives nobody another one */
    fields_set_text(&c.f, F_SECRET, span_of(""));
    const int64_t without[] = {anna, gus, 999, 0};
    for (size_t i = 0; i < sizeof without / sizeof without[0]; i++) {
        fields_set(&c.f, F_USER, without[i]);
        assert_int_equal(run(&c), ERR_NOT_FOUND);
    }
    assert_int_equal(people_query("SELECT count(*) FROM audit"), audited);

    fields_set(&c.f, F_USER, olga); /* though the place requires it of her */
    run_ok(&c);
    assert_int_equal(effect_of(EFFECT_USER)->user, olga);
    assert_int_equal(accounts_by_id(people.store, olga, &row), OK);
    assert_false(row.has_totp);
    assert_int_equal(recovery_codes_count(people.store, olga, &left), OK);
    assert_int_equal(left, 0);
    assert_string_equal(people_text("SELECT verb FROM audit ORDER BY id DESC"), "stop_totp");
    assert_int_equal(people_query("SELECT actor_id FROM audit ORDER BY id DESC"), 0);
    assert_int_equal(people_query("SELECT user_id FROM audit ORDER BY id DESC"), olga);
    assert_int_equal(run(&c), ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_PEOPLE(a_time_step_lets_in_once),
        WITH_PEOPLE(a_recovery_code_lets_in_once),
        WITH_PEOPLE(it_can_be_turned_off_unless_the_place_wants_it),
        WITH_PEOPLE(the_command_line_takes_it_from_whoever_has_lost_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
