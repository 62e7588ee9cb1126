#include "fixture.h"
#include "store/membership.h"

static void assert_pace(struct fixture *f, int64_t room_id, int64_t user_id, int64_t wanted)
{
    int64_t at = -1;
    assert_int_equal(paces_get(f->s, room_id, user_id, &at), OK);
    assert_int_equal(at, wanted);
}

static void each_has_a_pace_in_each_room(void **state)
{
    struct fixture *f = *state;
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna"), ben = fixture_user(f, USER_ACCOUNT, "ben");
    int64_t garden;
    assert_int_equal(rooms_insert(f->s, SPAN("garden"), SPAN("garden"), 1, &garden), OK);
    static const int64_t times[] = {77, 99, 55}; /* the newest counts, also when the clock was set back */
    assert_pace(f, 1, anna, 0);
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        assert_int_equal(paces_set(f->s, 1, anna, times[i]), OK);
        assert_pace(f, 1, anna, times[i]);
        assert_pace(f, 1, ben, 0);
        assert_pace(f, garden, anna, 0);
    }
    assert_int_equal(paces_set(f->s, 1, ben, 5), OK);
    assert_int_equal(paces_set(f->s, garden, anna, 6), OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(paces_clear(f->s, 1), OK); /* of the room alone; none is fine */
        assert_pace(f, 1, anna, 0);
        assert_pace(f, 1, ben, 0);
        assert_pace(f, garden, anna, 6);
    }
    assert_int_equal(paces_set(f->s, 1, 999, 5), ERR_STORAGE);
    assert_int_equal(paces_set(f->s, 99, anna, 5), ERR_STORAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_has_a_pace_in_each_room, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
