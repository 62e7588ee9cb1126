#include "fixture.h"
#include "store/lists.h"
#include "store/membership.h"

static void add(void *ctx, const struct join_request_row *r)
{
    lines_add(ctx, "%d/%d %.*s at %d: %.*s\n", (int)r->room_id, (int)r->user_id, SPAN_ARGS(r->user_name), (int)r->at,
              SPAN_ARGS(r->text));
}

static void assert_requests(struct fixture *f, int64_t room_id, const char *wanted)
{
    struct lines l = {""};
    assert_int_equal(join_requests_each(f->s, room_id, 0, 10, add, &l), OK);
    assert_string_equal(l.text, wanted);
}

static void add_count(void *ctx, int64_t room_id, int64_t n)
{
    lines_add(ctx, "%d: %d\n", (int)room_id, (int)n);
}

static void assert_counts(struct fixture *f, int64_t garden, int64_t wanted, const char *each)
{
    struct lines l = {""};
    int64_t n = -1, nowhere = -1;
    assert_int_equal(join_requests_count(f->s, garden, &n), OK);
    assert_int_equal(n, wanted);
    assert_int_equal(join_requests_count(f->s, 99, &nowhere), OK);
    assert_int_equal(nowhere, 0);
    assert_int_equal(join_requests_count_each(f->s, add_count, &l), OK);
    assert_string_equal(l.text, each);
}

static void those_who_asked_first_come_first(void **state)
{
    struct fixture *f = *state;
    int64_t garden;
    assert_int_equal(rooms_insert(f->s, SPAN("garden"), SPAN("garden"), 1, &garden), OK);
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna"), ben = fixture_user(f, USER_ACCOUNT, "ben"),
                  carl = fixture_user(f, USER_ACCOUNT, "carl");
    const struct join_request_row rows[] = {
        {.room_id = garden, .user_id = anna, .at = 30, .text = SPAN("it's me")},
        {.room_id = garden, .user_id = carl, .at = 10},
        {.room_id = garden, .user_id = ben, .at = 30, .text = SPAN("please")},
        {.room_id = 1, .user_id = ben, .at = 1, .text = SPAN("elsewhere")},
    };
    assert_counts(f, garden, 0, "");
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(join_requests_set(f->s, &rows[i]), OK);
    assert_counts(f, garden, 3, "1: 1\n2: 3\n");
    assert_requests(f, garden, "2/1 anna at 30: it's me\n2/3 carl at 10: \n2/2 ben at 30: please\n");
    const struct join_request_row again = {.room_id = garden, .user_id = carl, .at = 40, .text = SPAN("really")};
    assert_int_equal(join_requests_set(f->s, &again), OK);
    assert_counts(f, garden, 3, "1: 1\n2: 3\n");
    assert_requests(f, garden, "2/1 anna at 30: it's me\n2/2 ben at 30: please\n2/3 carl at 40: really\n");
    assert_int_equal(join_requests_delete(f->s, garden, anna), OK);
    assert_int_equal(join_requests_delete(f->s, garden, anna), ERR_NOT_FOUND);
    assert_counts(f, garden, 2, "1: 1\n2: 2\n");
    assert_requests(f, garden, "2/2 ben at 30: please\n2/3 carl at 40: really\n");
    assert_requests(f, 1, "1/2 ben at 1: elsewhere\n");
    assert_requests(f, 99, "");
}

static void add_id(void *ctx, const struct join_request_row *r)
{
    lines_add(ctx, "%d ", (int)r->id);
}

/* Requests 1 to 6 in the lobby, of which 3 is made again and 5 is answered; another room counts for itself. */
static void pages(void **state)
{
    struct fixture *f = *state;
    int64_t garden;
    assert_int_equal(rooms_insert(f->s, SPAN("garden"), SPAN("garden"), 1, &garden), OK);
    for (int i = 1; i <= 6; i++) {
        char name[16];
        snprintf(name, sizeof name, "user%d", i);
        const int64_t id = fixture_user(f, USER_ACCOUNT, name);
        assert_int_equal(join_requests_set(f->s, &(struct join_request_row){.room_id = 1, .user_id = id}), OK);
        assert_int_equal(join_requests_set(f->s, &(struct join_request_row){.room_id = garden, .user_id = id}), OK);
    }
    assert_int_equal(join_requests_set(f->s, &(struct join_request_row){.room_id = 1, .user_id = 3}), OK);
    assert_int_equal(join_requests_delete(f->s, 1, 5), OK);
    static const struct {
        int64_t room, after, limit;
        const char *want;
    } cases[] = {
        {1, 0, 10, "1 2 4 6 7 "}, {1, 0, 2, "1 2 "}, {1, 2, 2, "4 6 "}, {1, 5, 10, "6 7 "},
        {1, 7, 10, ""},           {1, 0, 0, ""},     {1, 0, -1, ""},    {2, 0, 10, "1 2 3 4 5 6 "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct lines l = {""};
        assert_int_equal(join_requests_each(f->s, cases[i].room, cases[i].after, cases[i].limit, add_id, &l), OK);
        assert_string_equal(l.text, cases[i].want);
    }
}

static void of_nobody_and_nowhere(void **state)
{
    struct fixture *f = *state;
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna");
    assert_int_equal(join_requests_set(f->s, &(struct join_request_row){.room_id = 1, .user_id = 999}), ERR_STORAGE);
    assert_int_equal(join_requests_set(f->s, &(struct join_request_row){.room_id = 99, .user_id = anna}), ERR_STORAGE);
    assert_requests(f, 1, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(those_who_asked_first_come_first, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(pages, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(of_nobody_and_nowhere, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
