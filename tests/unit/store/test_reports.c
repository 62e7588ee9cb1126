#include "fixture.h"
#include "store/lists.h"
#include "store/membership.h"
#include "store/moderation.h"

/* Users anna (1), ben (2) and carl (3); three messages of Ben's in the lobby. */
static int setup(void **state)
{
    int e = fixture_setup(state);
    if (e)
        return e;
    struct fixture *f = *state;
    static const char *const bodies[] = {"first", "second", "third"};
    fixture_user(f, USER_ACCOUNT, "anna");
    const int64_t ben = fixture_user(f, USER_ACCOUNT, "ben");
    fixture_user(f, USER_ACCOUNT, "carl");
    for (int64_t i = 0; i < 3; i++) {
        const struct message_row m = {.room_id = 1, .seq = i + 1, .author_id = ben, .body = span_of(bodies[i])};
        assert_int_equal(messages_insert(f->s, &m), OK);
    }
    return 0;
}

static int64_t report(struct fixture *f, int64_t seq, int64_t reporter, const char *reason)
{
    int64_t id = -1;
    const struct report_row row = {
        .room_id = 1, .seq = seq, .reporter_id = reporter, .at = 10 * seq, .reason = span_of(reason)};
    assert_int_equal(reports_insert(f->s, &row, &id), OK);
    return id;
}

static void add(void *ctx, const struct report_row *r)
{
    lines_add(ctx, "%d: %.*s %d by %.*s (%d) at %d, '%.*s' of %.*s (%d): %.*s", (int)r->id, SPAN_ARGS(r->room_name),
              (int)r->seq, SPAN_ARGS(r->reporter_name), (int)r->reporter_id, (int)r->at, SPAN_ARGS(r->body),
              SPAN_ARGS(r->author_name), (int)r->author_id, SPAN_ARGS(r->reason));
    if (r->handled_at || r->handled_by || r->handler_name.len || r->outcome.len)
        lines_add(ctx, "; by %.*s (%d) at %d: %.*s", SPAN_ARGS(r->handler_name), (int)r->handled_by, (int)r->handled_at,
                  SPAN_ARGS(r->outcome));
    lines_add(ctx, "\n");
}

static void add_count(void *ctx, int64_t room_id, int64_t n)
{
    lines_add(ctx, "%d: %d\n", (int)room_id, (int)n);
}

/* In the lobby, and nowhere else. */
static void assert_waiting(struct fixture *f, int64_t wanted)
{
    int64_t n = -1, elsewhere = -1;
    struct lines each = {""};
    char want[32] = "";
    assert_int_equal(reports_count_waiting(f->s, 1, &n), OK);
    assert_int_equal(n, wanted);
    assert_int_equal(reports_count_waiting(f->s, 2, &elsewhere), OK);
    assert_int_equal(elsewhere, 0);
    if (wanted)
        snprintf(want, sizeof want, "1: %d\n", (int)wanted);
    assert_int_equal(reports_count_each(f->s, add_count, &each), OK);
    assert_string_equal(each.text, want);
}

static void a_report_waits_and_is_handled(void **state)
{
    struct fixture *f = *state;
    assert_waiting(f, 0);
    struct lines waiting = {""}, handled = {""}, left = {""};
    report(f, 2, 1, "it's rude");
    report(f, 2, 3, "");
    report(f, 1, 1, "spam");
    assert_int_equal(reports_each(f->s, false, 0, 10, add, &waiting), OK);
    assert_string_equal(waiting.text, "1: lobby 2 by anna (1) at 20, 'second' of ben (2): it's rude\n"
                                      "2: lobby 2 by carl (3) at 20, 'second' of ben (2): \n"
                                      "3: lobby 1 by anna (1) at 10, 'first' of ben (2): spam\n");
    assert_waiting(f, 3);
    assert_int_equal(messages_delete(f->s, 1, 2, 70), OK);
    assert_int_equal(reports_handle(f->s, 1, 3, 77, SPAN("deleted")), OK);
    assert_int_equal(reports_handle(f->s, 2, 0, 78, SPAN("")), OK);
    assert_int_equal(reports_handle(f->s, 1, 1, 79, SPAN("again")), ERR_NOT_FOUND);
    assert_int_equal(reports_handle(f->s, 99, 1, 79, SPAN("x")), ERR_NOT_FOUND);
    assert_int_equal(reports_each(f->s, true, 0, 10, add, &handled), OK);
    assert_string_equal(handled.text,
                        "2: lobby 2 by carl (3) at 20, '' of ben (2): ; by admin (0) at 78: \n"
                        "1: lobby 2 by anna (1) at 20, '' of ben (2): it's rude; by carl (3) at 77: deleted\n");
    assert_waiting(f, 1);
    assert_int_equal(reports_each(f->s, false, 0, 10, add, &left), OK);
    assert_string_equal(left.text, "3: lobby 1 by anna (1) at 10, 'first' of ben (2): spam\n");
}

static void add_id(void *ctx, const struct report_row *r)
{
    lines_add(ctx, "%d ", (int)r->id);
}

/* Reports 1 to 6, of which the even ones are handled. */
static void pages(void **state)
{
    struct fixture *f = *state;
    for (int64_t i = 0; i < 6; i++)
        report(f, 1 + i % 3, 1 + i / 3, "");
    for (int64_t id = 2; id <= 6; id += 2)
        assert_int_equal(reports_handle(f->s, id, 1, 100 - id, SPAN("")), OK);
    static const struct {
        bool handled;
        int64_t cursor, limit;
        const char *want;
    } cases[] = {
        {false, 0, 10, "1 3 5 "}, {false, 0, 2, "1 3 "}, {false, 3, 10, "5 "},       {false, 0, 0, ""},
        {true, 0, 10, "6 4 2 "},  {true, 0, 2, "6 4 "},  {true, 4, 10, "2 "},        {true, 5, 10, "4 2 "},
        {true, 2, 10, ""},        {true, 0, -1, ""},     {true, INT64_MAX, 1, "6 "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct lines l = {""};
        assert_int_equal(reports_each(f->s, cases[i].handled, cases[i].cursor, cases[i].limit, add_id, &l), OK);
        assert_string_equal(l.text, cases[i].want);
    }
}

static void one_report_each(void **state)
{
    struct fixture *f = *state;
    int64_t id = -1, room_id = -1;
    const struct report_row again = {.room_id = 1, .seq = 2, .reporter_id = 1, .reason = SPAN("once more")},
                            nobodys = {.room_id = 1, .seq = 2, .reporter_id = 999};
    report(f, 2, 1, "");
    assert_int_equal(reports_insert(f->s, &again, &id), ERR_ID_REUSED);
    assert_int_equal(reports_handle(f->s, 1, 3, 77, SPAN("")), OK);
    assert_int_equal(reports_insert(f->s, &again, &id), ERR_ID_REUSED); /* handled or not */
    assert_int_equal(reports_insert(f->s, &nobodys, &id), ERR_STORAGE);
    assert_int_equal(id, -1);
    assert_int_equal(reports_room(f->s, 1, &room_id), OK);
    assert_int_equal(room_id, 1);
    assert_int_equal(reports_room(f->s, 2, &room_id), ERR_NOT_FOUND);
}

/* Moderators have to see what they judge. */
static void a_hidden_body_is_shown(void **state)
{
    struct fixture *f = *state;
    struct lines l = {""};
    report(f, 3, 1, "spam");
    assert_int_equal(bans_set(f->s, &(struct ban_row){.user_id = 2, .hides = true}), OK);
    assert_int_equal(reports_each(f->s, false, 0, 10, add, &l), OK);
    assert_string_equal(l.text, "1: lobby 3 by anna (1) at 30, 'third' of ben (2): spam\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_report_waits_and_is_handled, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(pages, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(one_report_each, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_hidden_body_is_shown, setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
