/* place: the first owner, what an owner may set, and signing up: by invitation, without, and as a guest. */
#include "people.h"

static void invite(const char *code, int64_t by_id, int64_t max_uses, int64_t expires_ms)
{
    struct command c = by(by_id, COMMAND_INVITE_CREATE);
    fields_set_text(&c.f, F_CODE, span_of(code));
    fields_set(&c.f, F_MAX_USES, max_uses);
    fields_set(&c.f, F_EXPIRES, expires_ms);
    run_ok(&c);
}

static struct command sign_up(const char *name, const char *code)
{
    struct command c = newcomer(COMMAND_SIGN_UP, name);
    if (code)
        fields_set_text(&c.f, F_CODE, span_of(code));
    return c;
}

/* ------------------------------------------------------------------ the first owner */

static void the_first_one_owns_the_place(void **state)
{
    (void)state;
    struct account_row row;
    struct place_row place;
    struct membership_row membership;
    struct command c = newcomer(COMMAND_SET_UP, "olga");
    fields_set_text(&c.f, F_NAME, span_of("Garden Club"));
    fields_set_text(&c.f, F_DISPLAY_NAME, span_of("Olga B"));
    fields_set_text(&c.f, F_ADDRESS, span_of("192.0.2.7"));
    run_ok(&c);
    const int64_t id = people.out.user_id;
    assert_non_null(effect_of(EFFECT_PLACE));
    assert_int_equal(effect_of(EFFECT_USER)->user, id);
    assert_true(effect_place(EFFECT_USER) < effect_place(EFFECT_JOINED)); /* who joins is known by then */
    assert_int_equal(effect_of(EFFECT_JOINED)->room, LOBBY_ID);

    assert_int_equal(accounts_by_id(people.store, id, &row), OK);
    assert_int_equal(row.kind, USER_ACCOUNT);
    assert_int_equal(row.role, ROLE_OWNER);
    assert_true(row.has_password);
    assert_true(span_equal(row.display_name, span_of("Olga B")));
    assert_int_equal(place_get(people.store, &place), OK);
    assert_true(span_equal(place.name, span_of("Garden Club")));
    assert_int_equal(place.set_up_at, people.now_ms);
    assert_int_equal(memberships_get(people.store, LOBBY_ID, id, &membership), OK);
    assert_int_equal(membership.role, ROOM_ROLE_MODERATOR);
    assert_string_equal(people_text("SELECT verb || ' ' || address FROM audit"), "setup 192.0.2.7");

    c = newcomer(COMMAND_SET_UP, "otto");
    assert_int_equal(run(&c), ERR_FORBIDDEN);
}

static void a_place_without_an_owner_takes_no_accounts(void **state)
{
    (void)state;
    struct command c = sign_up("anna", NULL);
    assert_int_equal(run(&c), ERR_NOT_SET_UP);
}

static void set_up_needs_a_password_and_a_name(void **state)
{
    (void)state;
    struct command c = newcomer(COMMAND_SET_UP, "olga");
    c.f.t[F_PASSWORD] = (struct span){NULL, 0};
    assert_int_equal(run(&c), ERR_INVALID);
    c = newcomer(COMMAND_SET_UP, "olga b");
    assert_int_equal(run(&c), ERR_INVALID);
    guest("olga");
    c = newcomer(COMMAND_SET_UP, "olga");
    c.actor_key[15] = 1;
    assert_int_equal(run(&c), ERR_NAME_TAKEN);
    assert_int_equal(people_query("SELECT set_up_at FROM place"), 0);
}

/* ------------------------------------------------------------------ the place */

static void an_owner_sets_what_is_given(void **state)
{
    (void)state;
    struct place_row place;
    const int64_t olga = owner(), admin = account("anna", ROLE_ADMIN);
    struct command c = by(olga, COMMAND_PLACE_SET);
    fields_set(&c.f, F_REQUIRE_TOTP, 1);
    run_ok(&c);
    assert_non_null(effect_of(EFFECT_PLACE));
    assert_int_equal(place_get(people.store, &place), OK);
    assert_true(place.require_totp);
    assert_true(span_equal(place.name, span_of("Garden Club")));
    assert_string_equal(people_text("SELECT detail FROM audit ORDER BY id DESC"), "{\"require_totp\":true}");

    c = by(olga, COMMAND_PLACE_SET);
    fields_set_text(&c.f, F_NAME, span_of("The \"Yard\""));
    run_ok(&c);
    assert_int_equal(place_get(people.store, &place), OK);
    assert_true(place.require_totp);
    assert_true(span_equal(place.name, span_of("The \"Yard\"")));
    assert_string_equal(people_text("SELECT detail FROM audit ORDER BY id DESC"), "{\"name\":\"The \\\"Yard\\\"\"}");

    c = by(admin, COMMAND_PLACE_SET);
    fields_set(&c.f, F_REQUIRE_TOTP, 0);
    assert_int_equal(run(&c), ERR_FORBIDDEN);
}

/* ------------------------------------------------------------------ signing up */

static void without_a_code_sign_up_is_open(void **state)
{
    (void)state;
    struct account_row row;
    owner();
    struct command c = sign_up("anna", NULL);
    run_ok(&c);
    assert_int_equal(accounts_by_id(people.store, people.out.user_id, &row), OK);
    assert_int_equal(row.role, ROLE_MEMBER);
    assert_int_equal(effect_of(EFFECT_JOINED)->room, LOBBY_ID);
    assert_string_equal(people_text("SELECT verb FROM audit ORDER BY id DESC"), "sign_up");
    c.actor_key[15] = 1;
    assert_int_equal(run(&c), ERR_NAME_TAKEN);
}

static void an_invitation_lets_in_as_often_as_it_says(void **state)
{
    (void)state;
    const int64_t olga = owner();
    invite("twice", olga, 2, 0);
    struct command c = sign_up("anna", "twice");
    run_ok(&c);
    c = sign_up("anna", "twice"); /* refused for the name: does not count */
    c.actor_key[15] = 1;
    assert_int_equal(run(&c), ERR_NAME_TAKEN);
    c = sign_up("ben", "twice");
    run_ok(&c);
    c = sign_up("cleo", "twice");
    assert_int_equal(run(&c), ERR_NOT_FOUND);
    assert_non_null(people.out.why);
    assert_int_equal(people_query("SELECT uses FROM invites"), 2);
}

static void only_a_valid_invitation_counts(void **state)
{
    (void)state;
    const int64_t olga = owner();
    invite("short", olga, 0, people.now_ms + hour_ms);
    invite("gone", olga, 0, 0);
    struct command revoke = by(olga, COMMAND_INVITE_REVOKE);
    fields_set(&revoke.f, F_INVITE, people.out.id);
    run_ok(&revoke);
    struct command c = sign_up("anna", "gone");
    assert_int_equal(run(&c), ERR_NOT_FOUND);
    c = sign_up("anna", "nothing");
    assert_int_equal(run(&c), ERR_NOT_FOUND);
    c = sign_up("anna", ""); /* given, and no code */
    assert_int_equal(run(&c), ERR_NOT_FOUND);
    people.now_ms += hour_ms - 1;
    c = sign_up("anna", "short");
    run_ok(&c);
    people.now_ms += 1;
    c = sign_up("ben", "short");
    assert_int_equal(run(&c), ERR_NOT_FOUND);
}

static void an_invitation_leads_into_its_rooms(void **state)
{
    (void)state;
    struct membership_row membership;
    const int64_t olga = owner(), closed = room("closed", ROOM_CLOSED), old = room("old", ROOM_OPEN);
    struct command c = by(olga, COMMAND_INVITE_CREATE);
    fields_set_text(&c.f, F_CODE, span_of("rooms"));
    c.f.ids[0] = closed;
    c.f.ids[1] = old;
    c.f.id_count = 2;
    run_ok(&c);
    struct command archive = by(0, COMMAND_ROOM_ARCHIVE);
    archive.room_id = old;
    fields_set(&archive.f, F_ARCHIVED, 1);
    run_ok(&archive);
    c = sign_up("anna", "rooms");
    run_ok(&c);
    const int64_t anna = people.out.user_id;
    assert_int_equal(memberships_get(people.store, LOBBY_ID, anna, &membership), OK);
    assert_int_equal(memberships_get(people.store, closed, anna, &membership), OK);
    assert_int_equal(membership.role, ROOM_ROLE_MEMBER);
    assert_int_equal(memberships_get(people.store, old, anna, &membership), ERR_NOT_FOUND);
}

static void a_guest_becomes_an_account_and_stays_who_it_is(void **state)
{
    (void)state;
    struct account_row row;
    owner();
    const int64_t anna = guest("anna"), ben = guest("ben");
    struct command c = sign_up("ben", NULL);
    c.actor = COMMAND_ACTOR_GUEST;
    c.actor_id = anna;
    assert_int_equal(run(&c), ERR_NAME_TAKEN);
    c = sign_up("anna.b", NULL);
    c.actor = COMMAND_ACTOR_GUEST;
    c.actor_id = anna;
    run_ok(&c);
    assert_int_equal(people.out.user_id, anna);
    assert_int_equal(accounts_by_id(people.store, anna, &row), OK);
    assert_int_equal(row.kind, USER_ACCOUNT);
    assert_int_equal(row.role, ROLE_MEMBER);
    assert_true(row.has_password);
    assert_true(span_equal(row.name, span_of("anna.b")));
    assert_int_equal(run(&c), ERR_UNAUTHORIZED); /* it is no guest any more */
    c.actor = COMMAND_ACTOR_ACCOUNT;
    assert_int_equal(run(&c), ERR_UNAUTHORIZED); /* and an account does not sign up */

    struct command ban = about(0, COMMAND_BAN, ben);
    run_ok(&ban);
    c = sign_up("ben", NULL);
    c.actor = COMMAND_ACTOR_GUEST;
    c.actor_id = ben;
    assert_int_equal(run(&c), ERR_BANNED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_PEOPLE(the_first_one_owns_the_place),
        WITH_PEOPLE(a_place_without_an_owner_takes_no_accounts),
        WITH_PEOPLE(set_up_needs_a_password_and_a_name),
        WITH_PEOPLE(an_owner_sets_what_is_given),
        WITH_PEOPLE(without_a_code_sign_up_is_open),
        WITH_PEOPLE(an_invitation_lets_in_as_often_as_it_says),
        WITH_PEOPLE(only_a_valid_invitation_counts),
        WITH_PEOPLE(an_invitation_leads_into_its_rooms),
        WITH_PEOPLE(a_guest_becomes_an_account_and_stays_who_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
