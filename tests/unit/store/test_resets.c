#include "fixture.h"
#include "store/people.h"

static struct reset_row reset(char letter, int64_t user_id)
{
    return (struct reset_row){.hash = fixture_hash(letter), .user_id = user_id, .created_at = 5, .expires_at = 9};
}

static void a_link_is_found_by_its_hash(void **state)
{
    struct fixture *f = *state;
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna"), ben = fixture_user(f, USER_ACCOUNT, "ben");
    struct reset_row got, a = reset('a', anna), b = reset('b', anna);
    a.created_by = ben;
    assert_int_equal(resets_insert(f->s, &a), OK);
    assert_int_equal(resets_by_hash(f->s, b.hash, &got), ERR_NOT_FOUND);
    assert_int_equal(resets_by_hash(f->s, a.hash, &got), OK);
    assert_true(span_equal(got.hash, a.hash));
    assert_int_equal(got.user_id, anna);
    assert_int_equal(got.created_by, ben);
    assert_int_equal(got.created_at, 5);
    assert_int_equal(got.expires_at, 9);
}

static void each_user_has_one(void **state)
{
    struct fixture *f = *state;
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna"), ben = fixture_user(f, USER_ACCOUNT, "ben");
    struct reset_row got, a = reset('a', anna), b = reset('b', ben), c = reset('c', anna), stolen = reset('b', anna),
                          nobodys = reset('n', 999);
    assert_int_equal(resets_insert(f->s, &a), OK);
    assert_int_equal(resets_insert(f->s, &b), OK);
    assert_int_equal(resets_insert(f->s, &c), OK); /* in the place of a */
    assert_int_equal(resets_by_hash(f->s, a.hash, &got), ERR_NOT_FOUND);
    assert_int_equal(resets_by_hash(f->s, c.hash, &got), OK);
    assert_int_equal(resets_insert(f->s, &c), OK); /* itself again */
    assert_int_equal(resets_by_hash(f->s, c.hash, &got), OK);
    assert_int_equal(resets_insert(f->s, &stolen), ERR_ID_REUSED);
    assert_int_equal(resets_insert(f->s, &nobodys), ERR_STORAGE);
    assert_int_equal(resets_delete_user(f->s, anna), OK);
    assert_int_equal(resets_by_hash(f->s, c.hash, &got), ERR_NOT_FOUND);
    assert_int_equal(resets_delete_user(f->s, anna), OK); /* none left: fine */
    assert_int_equal(resets_by_hash(f->s, b.hash, &got), OK);
    assert_int_equal(got.user_id, ben);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_link_is_found_by_its_hash, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(each_user_has_one, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
