/* What mentions are counted for is in test_memberships.c. */
#include "fixture.h"
#include "store/membership.h"

static void each_is_kept_once(void **state)
{
    struct fixture *f = *state;
    char out[4096];
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna"), ben = fixture_user(f, USER_ACCOUNT, "ben");
    const int64_t first[] = {ben, anna, ben}, second[] = {0, anna};
    assert_int_equal(mentions_insert(f->s, 1, 1, first, 3), OK);
    assert_int_equal(mentions_insert(f->s, 1, 1, first, 2), OK);
    assert_int_equal(mentions_insert(f->s, 1, 2, second, 2), OK);
    assert_int_equal(mentions_insert(f->s, 1, 3, NULL, 0), OK);
    assert_string_equal(outside_query(f->path, "SELECT user_id, room_id, seq FROM mentions ORDER BY 1, 2, 3", out),
                        "0|1|2\n1|1|1\n1|1|2\n2|1|1\n");
}

static void of_nobody_and_nowhere(void **state)
{
    struct fixture *f = *state;
    static const int64_t everybody = 0, nobody = 999;
    assert_int_equal(mentions_insert(f->s, 1, 1, &nobody, 1), ERR_STORAGE);
    assert_int_equal(mentions_insert(f->s, 99, 1, &everybody, 1), ERR_STORAGE);
    assert_int_equal(mentions_insert(f->s, 1, 1, &everybody, 1), OK); /* and none of that has done harm */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_is_kept_once, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(of_nobody_and_nowhere, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
