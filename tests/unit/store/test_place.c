#include "fixture.h"
#include "store/people.h"

static void a_new_place_is_not_set_up(void **state)
{
    struct fixture *f = *state;
    struct place_row got = {.name = SPAN("x"), .set_up_at = 5, .require_totp = true};
    assert_int_equal(place_get(f->s, &got), OK);
    assert_span(got.name, "");
    assert_int_equal(got.set_up_at, 0);
    assert_false(got.require_totp);
}

static void what_is_set_stays(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *name;
        int64_t set_up_at;
        bool require_totp;
    } cases[] = {{"Caf\xc3\xa9 'Zum; DROP'", 77, false}, {"", 77, true}, {"Home", 0, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct place_row got, row = {span_of(cases[i].name), cases[i].set_up_at, cases[i].require_totp};
        assert_int_equal(place_set(f->s, &row), OK);
        fixture_reopen(f);
        assert_int_equal(place_get(f->s, &got), OK);
        assert_span(got.name, cases[i].name);
        assert_int_equal(got.set_up_at, cases[i].set_up_at);
        assert_int_equal(got.require_totp, cases[i].require_totp);
    }
}

static void without_its_row_the_store_fails(void **state)
{
    struct fixture *f = *state;
    struct place_row got;
    outside_exec(f->path, "DELETE FROM place");
    assert_int_equal(place_get(f->s, &got), ERR_STORAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_place_is_not_set_up, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(what_is_set_stays, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(without_its_row_the_store_fails, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
