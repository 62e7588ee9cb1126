/* guest: who comes in without an account, and who does not any more. */
#include "account/guest.h"
#include "live.h"

static void a_guest_comes_back_with_the_cookie(void **state)
{
    (void)state;
    struct guest guest, again;
    struct person *first, *second;
    const char *why = NULL;
    char name[HUB_NAME_BYTES];
    assert_int_equal(guest_register(live.chat, span_of(" Anna "), &guest, &why), OK);
    assert_string_equal(guest.name, "Anna");
    assert_int_equal(guest_from_cookie(live.chat, span_of(guest.cookie), &again), OK);
    assert_int_equal(again.id, guest.id);
    assert_int_equal(guest_enter(live.chat, &again, &first), OK);
    assert_int_equal(guest_enter(live.chat, &guest, &second), OK);
    assert_ptr_equal(first, second); /* the same person on two connections */
    assert_int_equal(guest_rename(live.chat, &guest, span_of("Anna B"), span_of("192.0.2.7"), &again, &why), OK);
    hub_person_name(live.chat->hub, first, name);
    assert_string_equal(name, "Anna B");
    hub_person_release(live.chat->hub, first);
    hub_person_release(live.chat->hub, second);
}

static void damaged_cookies_are_nobodys(void **state)
{
    (void)state;
    struct guest guest, out;
    const char *why = NULL;
    char text[GUEST_COOKIE_MAX_BYTES + 1];
    assert_int_equal(guest_register(live.chat, span_of("anna"), &guest, &why), OK);
    for (size_t i = 0; guest.cookie[i]; i++) {
        memcpy(text, guest.cookie, sizeof text);
        text[i] = text[i] == 'A' ? 'B' : 'A';
        /* Of a base64 character that carries only a part of a byte, the rest has to be 0, so that is damage too. */
        assert_int_equal(guest_from_cookie(live.chat, span_of(text), &out), ERR_UNAUTHORIZED);
    }
    assert_int_equal(guest_from_cookie(live.chat, span_of(""), &out), ERR_UNAUTHORIZED);
}

static void a_cookie_is_good_for_a_year(void **state)
{
    (void)state;
    static const int64_t year_ms = (int64_t)GUEST_COOKIE_DAYS * 24 * 3600 * 1000;
    struct guest guest, out;
    const char *why = NULL;
    assert_int_equal(guest_register(live.chat, span_of("anna"), &guest, &why), OK);
    pass_ms(year_ms - 1000);
    assert_int_equal(guest_from_cookie(live.chat, span_of(guest.cookie), &out), OK);
    pass_ms(1000);
    assert_int_equal(guest_from_cookie(live.chat, span_of(guest.cookie), &out), ERR_UNAUTHORIZED);
    assert_int_equal(guest_from_cookie(live.chat, span_of(out.cookie), &guest), OK); /* a fresh one */
}

static void a_forgotten_cookie_lets_nobody_in(void **state)
{
    (void)state;
    struct guest guest, again;
    struct person *person;
    const char *why = NULL;
    assert_int_equal(guest_register(live.chat, span_of("anna"), &guest, &why), OK);
    assert_int_equal(guest_forget(live.chat, &guest, span_of("192.0.2.7")), OK);
    assert_int_equal(guest_from_cookie(live.chat, span_of(guest.cookie), &again), OK);
    assert_int_equal(guest_enter(live.chat, &again, &person), ERR_UNAUTHORIZED);
    assert_int_equal(guest_register(live.chat, span_of("anna"), &guest, &why), ERR_NAME_TAKEN);
}

static void names_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        enum err want;
    } cases[] = {
        {"", ERR_INVALID},        {"guest-k7p2qdx4vh", ERR_INVALID}, {"a\u200Bb", ERR_INVALID},
        {"anna", ERR_NAME_TAKEN}, {"\u0410NNA", ERR_NAME_TAKEN},     {"admin", ERR_NAME_TAKEN},
    };
    struct guest guest;
    struct person *visitor;
    const char *why = NULL;
    assert_int_equal(guest_register(live.chat, span_of("anna"), &guest, &why), OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(guest_register(live.chat, span_of(cases[i].typed), &guest, &why), cases[i].want);
        if (cases[i].typed[0]) /* a visitor without a name gets one */
            assert_int_equal(guest_enter_visitor(live.chat, span_of(cases[i].typed), &visitor, &why), cases[i].want);
    }
    assert_int_equal(guest_enter_visitor(live.chat, span_of("ben"), &visitor, &why), OK);
    assert_int_equal(guest_register(live.chat, span_of("BEN"), &guest, &why), ERR_NAME_TAKEN);
    hub_person_release(live.chat->hub, visitor);
    assert_int_equal(guest_register(live.chat, span_of("BEN"), &guest, &why), OK);
}

static void the_banned_stay_out_until_it_is_over(void **state)
{
    (void)state;
    struct guest guest;
    struct person *person;
    const char *why = NULL;
    assert_int_equal(guest_register(live.chat, span_of("anna"), &guest, &why), OK);
    struct command ban = live_command(0, COMMAND_BAN);
    fields_set(&ban.f, F_USER, guest.id);
    fields_set(&ban.f, F_UNTIL, live_start_ms + 1000);
    live_run(&ban);
    assert_int_equal(guest_enter(live.chat, &guest, &person), ERR_BANNED);
    assert_int_equal(guest_rename(live.chat, &guest, span_of("ben"), span_of("192.0.2.7"), &guest, &why), ERR_BANNED);
    pass_ms(1000);
    assert_int_equal(guest_enter(live.chat, &guest, &person), OK);
    hub_person_release(live.chat->hub, person);
}

static void a_place_can_do_without(void **state)
{
    (void)state;
    struct guest guest, other;
    struct person *person;
    const char *why = NULL;
    assert_int_equal(guest_register(live.chat, span_of("anna"), &guest, &why), OK);
    live.chat->settings.allow_guests = false;
    assert_int_equal(guest_register(live.chat, span_of("ben"), &other, &why), ERR_FORBIDDEN);
    assert_int_equal(guest_rename(live.chat, &guest, span_of("ben"), span_of("192.0.2.7"), &other, &why),
                     ERR_FORBIDDEN);
    assert_int_equal(guest_enter(live.chat, &guest, &person), ERR_FORBIDDEN);
    assert_int_equal(guest_enter_visitor(live.chat, span_of(""), &person, &why), ERR_FORBIDDEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_LIVE(a_guest_comes_back_with_the_cookie),
        WITH_LIVE(damaged_cookies_are_nobodys),
        WITH_LIVE(a_cookie_is_good_for_a_year),
        WITH_LIVE(a_forgotten_cookie_lets_nobody_in),
        WITH_LIVE(names_are_refused),
        WITH_LIVE(the_banned_stay_out_until_it_is_over),
        WITH_LIVE(a_place_can_do_without),
    };
    return secret_init() || cmocka_run_group_tests(tests, NULL, NULL);
}
