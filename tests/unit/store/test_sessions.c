#include "fixture.h"
#include "store/people.h"

static int64_t start(struct fixture *f, int64_t user_id, char letter, int64_t at, int64_t expires_at)
{
    int64_t id = -1;
    const struct session_row row = {.user_id = user_id,
                                    .hash = fixture_hash(letter),
                                    .device = SPAN("Firefox"),
                                    .address = SPAN("192.0.2.7"),
                                    .created_at = at,
                                    .seen_at = at + 1,
                                    .expires_at = expires_at};
    assert_int_equal(sessions_insert(f->s, &row, &id), OK);
    return id;
}

static void add(void *ctx, const struct session_row *r)
{
    lines_add(ctx, "%d:%c ", (int)r->id, r->hash.p[0]);
}

static void assert_sessions(struct fixture *f, int64_t user_id, const char *wanted)
{
    struct lines l = {""};
    assert_int_equal(sessions_each(f->s, user_id, add, &l), OK);
    assert_string_equal(l.text, wanted);
}

static void a_session_is_found_by_its_hash(void **state)
{
    struct fixture *f = *state;
    struct session_row got;
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna"), id = start(f, anna, 'a', 100, 500);
    assert_int_equal(sessions_by_hash(f->s, fixture_hash('b'), &got), ERR_NOT_FOUND);
    assert_int_equal(sessions_by_hash(f->s, SPAN("a"), &got), ERR_NOT_FOUND);
    assert_int_equal(sessions_by_hash(f->s, fixture_hash('a'), &got), OK);
    assert_int_equal(got.id, id);
    assert_int_equal(got.user_id, anna);
    assert_true(span_equal(got.hash, fixture_hash('a')));
    assert_span(got.device, "Firefox");
    assert_span(got.address, "192.0.2.7");
    assert_int_equal(got.created_at, 100);
    assert_int_equal(got.seen_at, 101);
    assert_int_equal(got.expires_at, 500);
}

static void a_session_that_is_used_lives_on(void **state)
{
    struct fixture *f = *state;
    struct session_row got;
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna"), id = start(f, anna, 'a', 100, 500);
    assert_int_equal(sessions_touch(f->s, id, 300, 700, SPAN("2001:db8::1")), OK);
    assert_int_equal(sessions_by_hash(f->s, fixture_hash('a'), &got), OK);
    assert_int_equal(got.created_at, 100);
    assert_int_equal(got.seen_at, 300);
    assert_int_equal(got.expires_at, 700);
    assert_span(got.address, "2001:db8::1");
    assert_span(got.device, "Firefox");
    assert_int_equal(sessions_delete(f->s, anna, id), OK);
    assert_int_equal(sessions_touch(f->s, id, 400, 800, SPAN("x")), ERR_NOT_FOUND);
    assert_int_equal(sessions_by_hash(f->s, fixture_hash('a'), &got), ERR_NOT_FOUND);
}

static void a_hash_is_there_once(void **state)
{
    struct fixture *f = *state;
    int64_t id = -1;
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna"), ben = fixture_user(f, USER_ACCOUNT, "ben");
    start(f, anna, 'a', 100, 500);
    const struct session_row again = {.user_id = ben, .hash = fixture_hash('a'), .created_at = 100, .expires_at = 500};
    const struct session_row no_hash = {.user_id = ben, .hash = SPAN("short"), .created_at = 100, .expires_at = 500};
    const struct session_row nobodys = {
        .user_id = 999, .hash = fixture_hash('n'), .created_at = 100, .expires_at = 500};
    assert_int_equal(sessions_insert(f->s, &again, &id), ERR_ID_REUSED);
    assert_int_equal(sessions_insert(f->s, &no_hash, &id), ERR_STORAGE);
    assert_int_equal(sessions_insert(f->s, &nobodys, &id), ERR_STORAGE);
    assert_int_equal(id, -1);
    assert_sessions(f, anna, "1:a ");
    assert_sessions(f, ben, "");
}

static void ending_sessions(void **state)
{
    struct fixture *f = *state;
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna"), ben = fixture_user(f, USER_ACCOUNT, "ben");
    for (int i = 0; i < 4; i++)
        start(f, anna, (char)('a' + i), 100, 500);
    start(f, ben, 'x', 100, 500);
    assert_sessions(f, anna, "1:a 2:b 3:c 4:d ");
    assert_int_equal(sessions_delete(f->s, ben, 2), ERR_NOT_FOUND); /* not his */
    assert_int_equal(sessions_delete(f->s, anna, 2), OK);
    assert_int_equal(sessions_delete(f->s, anna, 2), ERR_NOT_FOUND);
    assert_sessions(f, anna, "1:a 3:c 4:d ");
    assert_int_equal(sessions_delete_others(f->s, anna, 3), OK);
    assert_sessions(f, anna, "3:c ");
    assert_int_equal(sessions_delete_others(f->s, anna, 5), OK); /* Ben's: it keeps nothing of hers */
    assert_sessions(f, anna, "");
    assert_int_equal(sessions_delete_others(f->s, anna, 0), OK); /* none left: fine */
    assert_sessions(f, ben, "5:x ");
    assert_int_equal(sessions_delete_others(f->s, ben, 0), OK);
    assert_sessions(f, ben, "");
}

/* Nobody else ever looks at them, and they must not gather. */
static void expired_ones_go_when_their_owner_signs_in(void **state)
{
    struct fixture *f = *state;
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna"), ben = fixture_user(f, USER_ACCOUNT, "ben");
    start(f, anna, 'a', 100, 200);
    start(f, anna, 'b', 100, 301);
    start(f, ben, 'x', 100, 200);
    start(f, anna, 'c', 199, 500);
    assert_sessions(f, anna, "1:a 2:b 4:c ");
    start(f, anna, 'd', 300, 500);
    assert_sessions(f, anna, "2:b 4:c 5:d ");
    start(f, anna, 'e', 301, 500);
    assert_sessions(f, anna, "4:c 5:d 6:e ");
    assert_sessions(f, ben, "3:x ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_session_is_found_by_its_hash, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_session_that_is_used_lives_on, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_hash_is_there_once, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(ending_sessions, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(expired_ones_go_when_their_owner_signs_in, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
