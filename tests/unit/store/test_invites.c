#include "fixture.h"
#include "store/people.h"

static int64_t make(struct fixture *f, const char *code, const int64_t *rooms, size_t n)
{
    int64_t id = -1;
    const struct invite_row row = {
        .code = span_of(code), .created_by = 1, .created_at = 5, .expires_at = 9, .max_uses = 2};
    assert_int_equal(invites_insert(f->s, &row, rooms, n, &id), OK);
    return id;
}

static int setup(void **state)
{
    int e = fixture_setup(state);
    return e ? e : fixture_user(*state, USER_ACCOUNT, "anna") != 1;
}

static void add(void *ctx, const struct invite_row *r)
{
    lines_add(ctx, "%d %.*s by %.*s, %d of %d%s\n", (int)r->id, SPAN_ARGS(r->code), SPAN_ARGS(r->created_by_name),
              (int)r->uses, (int)r->max_uses, r->revoked_at ? ", revoked" : "");
}

static void add_room(void *ctx, int64_t room_id)
{
    lines_add(ctx, "%d ", (int)room_id);
}

static void an_invitation_is_found_by_its_code(void **state)
{
    struct fixture *f = *state;
    struct invite_row got;
    const int64_t id = make(f, "abc", NULL, 0);
    static const struct {
        const char *code;
        enum err want;
    } cases[] = {{"abc", OK}, {"ABC", ERR_NOT_FOUND}, {"ab", ERR_NOT_FOUND}, {"", ERR_NOT_FOUND}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(invites_by_code(f->s, span_of(cases[i].code), &got), cases[i].want);
    assert_int_equal(invites_by_code(f->s, SPAN("abc"), &got), OK);
    assert_int_equal(got.id, id);
    assert_span(got.code, "abc");
    assert_int_equal(got.created_by, 1);
    assert_span(got.created_by_name, "anna");
    assert_int_equal(got.created_at, 5);
    assert_int_equal(got.expires_at, 9);
    assert_int_equal(got.max_uses, 2);
    assert_int_equal(got.uses, 0);
    assert_int_equal(got.revoked_at, 0);
}

static void uses_are_counted_and_one_can_be_revoked(void **state)
{
    struct fixture *f = *state;
    struct invite_row got;
    const int64_t id = make(f, "abc", NULL, 0);
    make(f, "def", NULL, 0);
    for (int i = 1; i <= 3; i++) { /* whether that is too many is not decided here */
        assert_int_equal(invites_use(f->s, id), OK);
        assert_int_equal(invites_by_code(f->s, SPAN("abc"), &got), OK);
        assert_int_equal(got.uses, i);
    }
    assert_int_equal(invites_use(f->s, 999), ERR_NOT_FOUND);
    assert_int_equal(invites_revoke(f->s, id, 77), OK);
    assert_int_equal(invites_revoke(f->s, id, 88), ERR_NOT_FOUND);
    assert_int_equal(invites_revoke(f->s, 999, 88), ERR_NOT_FOUND);
    assert_int_equal(invites_by_code(f->s, SPAN("abc"), &got), OK);
    assert_int_equal(got.revoked_at, 77);
    assert_int_equal(invites_by_code(f->s, SPAN("def"), &got), OK);
    assert_int_equal(got.uses, 0);
    assert_int_equal(got.revoked_at, 0);
}

static void invitations_into_rooms(void **state)
{
    struct fixture *f = *state;
    int64_t two, three;
    assert_int_equal(rooms_insert(f->s, SPAN("two"), SPAN("two"), 1, &two), OK);
    assert_int_equal(rooms_insert(f->s, SPAN("three"), SPAN("three"), 1, &three), OK);
    const int64_t rooms[] = {three, 1, three};
    const int64_t ids[] = {make(f, "a", rooms, 3), make(f, "b", rooms, 1), make(f, "c", rooms, 0)};
    static const char *const wanted[] = {"1 3 ", "3 ", ""};
    for (int i = 0; i < 3; i++) {
        struct lines l = {""};
        assert_int_equal(invites_rooms(f->s, ids[i], add_room, &l), OK);
        assert_string_equal(l.text, wanted[i]);
    }
}

static void what_cannot_be_made(void **state)
{
    struct fixture *f = *state;
    const int64_t nowhere = 999;
    int64_t id = -1;
    make(f, "abc", NULL, 0);
    const struct invite_row again = {.code = SPAN("abc"), .created_by = 1},
                            nobodys = {.code = SPAN("def"), .created_by = 999},
                            fine = {.code = SPAN("ghi"), .created_by = 1};
    assert_int_equal(store_begin(f->s), OK);
    assert_int_equal(invites_insert(f->s, &again, NULL, 0, &id), ERR_ID_REUSED);
    assert_int_equal(invites_insert(f->s, &fine, NULL, 0, &id), OK); /* the transaction goes on */
    assert_int_equal(store_commit(f->s), OK);
    id = -1;
    assert_int_equal(invites_insert(f->s, &nobodys, NULL, 0, &id), ERR_STORAGE);
    assert_int_equal(store_begin(f->s), OK);
    assert_int_equal(invites_insert(f->s, &nobodys, &nowhere, 1, &id), ERR_STORAGE);
    store_rollback(f->s);
    assert_int_equal(id, -1);
}

static void a_page_of_invitations(void **state)
{
    struct fixture *f = *state;
    make(f, "a", NULL, 0);
    make(f, "b", NULL, 0);
    make(f, "c", NULL, 0);
    assert_int_equal(invites_use(f->s, 2), OK);
    assert_int_equal(invites_revoke(f->s, 3, 7), OK);
    static const struct {
        int64_t before, limit;
        const char *want;
    } cases[] = {
        {0, 10, "3 c by anna, 0 of 2, revoked\n2 b by anna, 1 of 2\n1 a by anna, 0 of 2\n"},
        {INT64_MAX, 1, "3 c by anna, 0 of 2, revoked\n"},
        {3, 1, "2 b by anna, 1 of 2\n"},
        {2, 10, "1 a by anna, 0 of 2\n"},
        {1, 10, ""},
        {0, 0, ""},
        {0, -1, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct lines l = {""};
        assert_int_equal(invites_each(f->s, cases[i].before, cases[i].limit, add, &l), OK);
        assert_string_equal(l.text, cases[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_invitation_is_found_by_its_code, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(uses_are_counted_and_one_can_be_revoked, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(invitations_into_rooms, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_made, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_page_of_invitations, setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
