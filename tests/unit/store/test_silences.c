#include "fixture.h"
#include "store/membership.h"

static void assert_silence(struct fixture *f, int64_t room_id, int64_t user_id, int64_t wanted)
{
    int64_t until = -1;
    assert_int_equal(silences_get(f->s, room_id, user_id, &until), OK);
    assert_int_equal(until, wanted);
}

static void somebody_is_silenced_and_may_speak_again(void **state)
{
    struct fixture *f = *state;
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna"), ben = fixture_user(f, USER_ACCOUNT, "ben");
    int64_t garden;
    assert_int_equal(rooms_insert(f->s, SPAN("garden"), SPAN("garden"), 1, &garden), OK);
    assert_silence(f, 1, anna, 0);
    static const int64_t untils[] = {77, 99, 55, 0, 0, 11};
    for (size_t i = 0; i < sizeof untils / sizeof untils[0]; i++) {
        assert_int_equal(silences_set(f->s, 1, anna, untils[i]), OK);
        assert_silence(f, 1, anna, untils[i]);
        assert_silence(f, 1, ben, 0);
        assert_silence(f, garden, anna, 0);
    }
    assert_int_equal(silences_set(f->s, 1, 999, 5), ERR_STORAGE);
    assert_int_equal(silences_set(f->s, 99, anna, 5), ERR_STORAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(somebody_is_silenced_and_may_speak_again, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
