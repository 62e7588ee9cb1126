#include "fixture.h"
#include "store/people.h"

static int64_t version(struct store *s, int64_t id)
{
    struct account_row row;
    assert_int_equal(accounts_by_id(s, id, &row), OK);
    return row.avatar_version;
}

static void pictures_come_and_go(void **state)
{
    struct fixture *f = *state;
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna"), ben = fixture_user(f, USER_ACCOUNT, "ben");
    static const struct {
        const char *type, *bytes;
        int64_t version;
        const char *why;
    } cases[] = {
        {"image/png", "first", 1, "the first"},
        {"image/webp", "second, which is longer", 2, "another"},
        {"", "", 0, "none any more"},
        {"", "", 0, "none, once more"},
        {"image/jpeg", "3", 3, "caches of the second do not show it instead of this"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct span type = SPAN("?"), bytes = SPAN("?");
        assert_int_equal(avatars_set(f->s, anna, span_of(cases[i].type), span_of(cases[i].bytes)), OK);
        if (version(f->s, anna) != cases[i].version)
            fail_msg("%s: version %d", cases[i].why, (int)version(f->s, anna));
        enum err e = avatars_get(f->s, anna, &type, &bytes);
        assert_int_equal(e, cases[i].version ? OK : ERR_NOT_FOUND);
        assert_span(type, e ? "?" : cases[i].type);
        assert_span(bytes, e ? "?" : cases[i].bytes);
    }
    assert_int_equal(version(f->s, ben), 0);
}

static void who_is_not_there_has_no_picture(void **state)
{
    struct fixture *f = *state;
    struct span type, bytes;
    assert_int_equal(avatars_set(f->s, 999, SPAN("image/png"), SPAN("x")), ERR_NOT_FOUND);
    assert_int_equal(avatars_set(f->s, 999, SPAN(""), SPAN("")), ERR_NOT_FOUND);
    assert_int_equal(avatars_get(f->s, 999, &type, &bytes), ERR_NOT_FOUND);
}

static void a_large_picture_comes_back_whole(void **state)
{
    struct fixture *f = *state;
    static char picture[300000];
    struct span type, bytes;
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna");
    for (size_t i = 0; i < sizeof picture; i++)
        picture[i] = (char)(i * 7 % 251);
    assert_int_equal(avatars_set(f->s, anna, SPAN("image/png"), (struct span){picture, sizeof picture}), OK);
    fixture_reopen(f);
    assert_int_equal(avatars_get(f->s, anna, &type, &bytes), OK);
    assert_span(type, "image/png");
    assert_int_equal(bytes.len, sizeof picture);
    assert_memory_equal(bytes.p, picture, sizeof picture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pictures_come_and_go, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(who_is_not_there_has_no_picture, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_large_picture_comes_back_whole, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
