#include "fixture.h"
#include "store/lists.h"
#include "store/moderation.h"

static void add(void *ctx, int64_t blocked_id, struct span name)
{
    lines_add(ctx, "%d %.*s\n", (int)blocked_id, SPAN_ARGS(name));
}

static void add_pair(void *ctx, int64_t user_id, int64_t blocked_id)
{
    lines_add(ctx, "%d/%d ", (int)user_id, (int)blocked_id);
}

static void assert_blocks(struct fixture *f, int64_t user_id, const char *wanted)
{
    struct lines l = {""};
    assert_int_equal(blocks_each(f->s, user_id, add, &l), OK);
    assert_string_equal(l.text, wanted);
}

static void each_has_a_list(void **state)
{
    struct fixture *f = *state;
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna"), ben = fixture_user(f, USER_ACCOUNT, "ben"),
                  carl = fixture_user(f, USER_VISITOR, "carl");
    assert_int_equal(blocks_insert(f->s, anna, carl, 5), OK);
    assert_int_equal(blocks_insert(f->s, anna, ben, 6), OK);
    assert_int_equal(blocks_insert(f->s, anna, ben, 7), OK); /* again: nothing new */
    assert_int_equal(blocks_insert(f->s, ben, carl, 8), OK);
    assert_blocks(f, anna, "2 ben\n3 carl\n");
    assert_blocks(f, ben, "3 carl\n");
    assert_blocks(f, carl, "");
    const struct {
        int64_t user, blocked;
        enum err want;
    } cases[] = {{anna, ben, OK}, {anna, carl, OK}, {ben, anna, ERR_NOT_FOUND}, {carl, ben, ERR_NOT_FOUND}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(blocks_has(f->s, cases[i].user, cases[i].blocked), cases[i].want);
    struct lines all = {""};
    assert_int_equal(blocks_all(f->s, add_pair, &all), OK);
    assert_string_equal(all.text, "1/2 1/3 2/3 ");
    assert_int_equal(blocks_delete(f->s, anna, ben), OK);
    assert_int_equal(blocks_delete(f->s, anna, ben), OK); /* not there: fine */
    assert_blocks(f, anna, "3 carl\n");
    assert_int_equal(blocks_insert(f->s, anna, 999, 5), ERR_STORAGE);
    assert_int_equal(blocks_insert(f->s, 999, anna, 5), ERR_STORAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_has_a_list, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
