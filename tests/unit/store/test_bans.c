#include "fixture.h"
#include "store/moderation.h"

static void add(void *ctx, const struct ban_row *r)
{
    lines_add(ctx, "%.*s by %.*s at %d until %d: %.*s%s\n", SPAN_ARGS(r->user_name), SPAN_ARGS(r->actor_name),
              (int)r->at, (int)r->until, SPAN_ARGS(r->reason), r->hides ? " (hidden)" : "");
}

static void bans_come_and_go(void **state)
{
    struct fixture *f = *state;
    struct ban_row got;
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna"), ben = fixture_user(f, USER_ACCOUNT, "ben"),
                  carl = fixture_user(f, USER_GUEST, "carl");
    const struct ban_row rows[] = {
        {.user_id = ben, .actor_id = anna, .at = 20, .until = 0, .reason = SPAN("it's spam"), .hides = true},
        {.user_id = carl, .actor_id = 0, .at = 30, .until = 99},
        {.user_id = anna, .actor_id = 0, .at = 20},
    };
    struct lines l = {""};
    assert_int_equal(bans_get(f->s, ben, &got), ERR_NOT_FOUND);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(bans_set(f->s, &rows[i]), OK);
    assert_int_equal(bans_get(f->s, ben, &got), OK);
    assert_int_equal(got.user_id, ben);
    assert_int_equal(got.actor_id, anna);
    assert_int_equal(got.at, 20);
    assert_int_equal(got.until, 0);
    assert_span(got.reason, "it's spam");
    assert_true(got.hides);
    assert_span(got.user_name, "ben");
    assert_span(got.actor_name, "anna");
    assert_int_equal(bans_each(f->s, 0, 10, add, &l), OK);
    assert_string_equal(l.text, "anna by admin at 20 until 0: \n"
                                "carl by admin at 30 until 99: \n"
                                "ben by anna at 20 until 0: it's spam (hidden)\n");

    const struct ban_row later = {.user_id = ben, .actor_id = 0, .at = 40, .until = 50, .reason = SPAN("enough")};
    l = (struct lines){""};
    assert_int_equal(bans_set(f->s, &later), OK);
    assert_int_equal(bans_delete(f->s, anna), OK);
    assert_int_equal(bans_delete(f->s, anna), ERR_NOT_FOUND);
    assert_int_equal(bans_get(f->s, anna, &got), ERR_NOT_FOUND);
    assert_int_equal(bans_each(f->s, 0, 10, add, &l), OK);
    assert_string_equal(l.text, "ben by admin at 40 until 50: enough\ncarl by admin at 30 until 99: \n");
}

static void add_id(void *ctx, const struct ban_row *r)
{
    lines_add(ctx, "%d ", (int)r->id);
}

/* Bans 1 to 6, of which 3 is changed and 5 is lifted. */
static void pages(void **state)
{
    struct fixture *f = *state;
    for (int i = 1; i <= 6; i++) {
        char name[16];
        snprintf(name, sizeof name, "user%d", i);
        const int64_t id = fixture_user(f, USER_ACCOUNT, name);
        assert_int_equal(bans_set(f->s, &(struct ban_row){.user_id = id, .at = 9}), OK);
    }
    assert_int_equal(bans_set(f->s, &(struct ban_row){.user_id = 3, .at = 8}), OK);
    assert_int_equal(bans_delete(f->s, 5), OK);
    static const struct {
        int64_t before, limit;
        const char *want;
    } cases[] = {
        {0, 10, "7 6 4 2 1 "}, {0, 2, "7 6 "}, {6, 2, "4 2 "}, {5, 10, "4 2 1 "}, {1, 10, ""}, {0, 0, ""}, {0, -1, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct lines l = {""};
        assert_int_equal(bans_each(f->s, cases[i].before, cases[i].limit, add_id, &l), OK);
        assert_string_equal(l.text, cases[i].want);
    }
}

static void of_nobody(void **state)
{
    struct fixture *f = *state;
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna");
    assert_int_equal(bans_set(f->s, &(struct ban_row){.user_id = 999}), ERR_STORAGE);
    assert_int_equal(bans_set(f->s, &(struct ban_row){.user_id = anna, .actor_id = 999}), ERR_STORAGE);
    assert_int_equal(bans_delete(f->s, 999), ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(bans_come_and_go, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(pages, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(of_nobody, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
