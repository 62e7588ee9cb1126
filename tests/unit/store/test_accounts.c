#include "fixture.h"
#include "store/moderation.h"
#include "store/people.h"

static void what_a_new_user_is(void **state)
{
    struct fixture *f = *state;
    static const struct {
        enum user_kind kind;
        const char *name;
        enum role role;
    } cases[] = {
        {USER_VISITOR, "Vera", ROLE_VISITOR}, {USER_GUEST, "Gus", ROLE_GUEST}, {USER_ACCOUNT, "Anna", ROLE_MEMBER}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct account_row got;
        int64_t id = fixture_user(f, cases[i].kind, cases[i].name);
        assert_int_equal(accounts_by_id(f->s, id, &got), OK);
        assert_int_equal(got.id, id);
        assert_int_equal(got.kind, cases[i].kind);
        assert_int_equal(got.role, cases[i].role);
        assert_span(got.name, cases[i].name);
        assert_span(got.fold, cases[i].name);
        assert_span(got.display_name, "");
        assert_span(got.bio, "");
        assert_span(got.status_emoji, "");
        assert_span(got.status_text, "");
        assert_int_equal(got.status_until, 0);
        assert_int_equal(got.avatar_version, 0);
        assert_int_equal(got.created_at, 1000);
        assert_false(got.is_banned || got.ban_hides || got.has_password || got.has_totp);
    }
    struct account_row system;
    assert_int_equal(accounts_by_id(f->s, 0, &system), OK);
    assert_int_equal(system.kind, USER_SYSTEM);
    assert_int_equal(system.role, ROLE_SYSTEM);
}

static void who_becomes_an_account(void **state)
{
    struct fixture *f = *state;
    const int64_t guest = fixture_user(f, USER_GUEST, "Gus"), account = fixture_user(f, USER_ACCOUNT, "Anna"),
                  visitor = fixture_user(f, USER_VISITOR, "Vera");
    const struct {
        int64_t id;
        enum role role;
        enum err want;
        const char *why;
    } cases[] = {
        {guest, ROLE_MEMBER, OK, "a guest"},
        {account, ROLE_OWNER, OK, "a new account, which gets its password so"},
        {visitor, ROLE_MEMBER, ERR_NOT_FOUND, "a visitor keeps nothing, not even the name"},
        {0, ROLE_MEMBER, ERR_NOT_FOUND, "the command line"},
        {999, ROLE_MEMBER, ERR_NOT_FOUND, "nobody"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct account_row got;
        if (accounts_promote(f->s, cases[i].id, cases[i].role, SPAN("$argon2id$x")) != cases[i].want)
            fail_msg("%s", cases[i].why);
        if (cases[i].want)
            continue;
        assert_int_equal(accounts_by_id(f->s, cases[i].id, &got), OK);
        assert_int_equal(got.kind, USER_ACCOUNT);
        assert_int_equal(got.role, cases[i].role);
        assert_true(got.has_password);
    }
    struct account_row got;
    assert_int_equal(accounts_by_id(f->s, 0, &got), OK);
    assert_int_equal(got.role, ROLE_SYSTEM);
}

static void roles_are_set_and_counted(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"a", "b", "c", "d"};
    int64_t ids[4], n;
    for (int i = 0; i < 4; i++)
        ids[i] = fixture_user(f, i < 3 ? USER_ACCOUNT : USER_VISITOR, names[i]);
    assert_int_equal(accounts_set_role(f->s, ids[0], ROLE_OWNER), OK);
    assert_int_equal(accounts_set_role(f->s, ids[1], ROLE_OWNER), OK);
    assert_int_equal(accounts_set_role(f->s, 999, ROLE_OWNER), ERR_NOT_FOUND);
    static const struct {
        enum role role;
        int64_t want;
    } cases[] = {{ROLE_OWNER, 2}, {ROLE_MEMBER, 1}, {ROLE_ADMIN, 0}, {ROLE_SYSTEM, 1}, {ROLE_VISITOR, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(accounts_count_role(f->s, cases[i].role, &n), OK);
        assert_int_equal(n, cases[i].want);
    }
    assert_int_equal(accounts_set_role(f->s, ids[0], ROLE_MEMBER), OK);
    assert_int_equal(accounts_count_role(f->s, ROLE_OWNER, &n), OK);
    assert_int_equal(n, 1);
}

static void a_profile(void **state)
{
    struct fixture *f = *state;
    struct account_row got;
    const int64_t id = fixture_user(f, USER_ACCOUNT, "anna");
    struct profile_row p = {.display_name = SPAN("Anna \xc3\x85"),
                            .bio = SPAN("line one\nline 'two'"),
                            .status_emoji = SPAN("\xf0\x9f\x8c\xb4"),
                            .status_text = SPAN("on holiday"),
                            .status_until = 77};
    assert_int_equal(profiles_set(f->s, id, &p), OK);
    assert_int_equal(accounts_by_id(f->s, id, &got), OK);
    assert_span(got.name, "anna");
    assert_span(got.fold, "anna");
    assert_span(got.display_name, "Anna \xc3\x85");
    assert_span(got.bio, "line one\nline 'two'");
    assert_span(got.status_emoji, "\xf0\x9f\x8c\xb4");
    assert_span(got.status_text, "on holiday");
    assert_int_equal(got.status_until, 77);
    p = (struct profile_row){.bio = SPAN("short")};
    assert_int_equal(profiles_set(f->s, id, &p), OK);
    assert_int_equal(accounts_by_id(f->s, id, &got), OK);
    assert_span(got.display_name, "");
    assert_span(got.bio, "short");
    assert_int_equal(got.status_until, 0);
    assert_int_equal(profiles_set(f->s, 999, &p), ERR_NOT_FOUND);
}

static void a_ban_shows(void **state)
{
    struct fixture *f = *state;
    struct account_row got;
    const int64_t id = fixture_user(f, USER_ACCOUNT, "anna");
    static const struct {
        int64_t until;
        bool hides;
    } cases[] = {{0, true}, {77, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ban_row ban = {.user_id = id, .until = cases[i].until, .hides = cases[i].hides};
        assert_int_equal(bans_set(f->s, &ban), OK);
        assert_int_equal(accounts_by_id(f->s, id, &got), OK);
        assert_true(got.is_banned);
        assert_int_equal(got.banned_until, cases[i].until);
        assert_int_equal(got.ban_hides, cases[i].hides);
    }
}

static void add(void *ctx, const struct account_row *r)
{
    lines_add(ctx, "%d %.*s %s%s\n", (int)r->id, SPAN_ARGS(r->name), words_name(&words_role, (int)r->role),
              r->is_banned ? " banned" : "");
}

static void a_page_of_people(void **state)
{
    struct fixture *f = *state;
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna");
    fixture_user(f, USER_VISITOR, "vera");
    fixture_user(f, USER_GUEST, "gus");
    fixture_user(f, USER_ACCOUNT, "zoe");
    assert_int_equal(anna, 1);
    assert_int_equal(bans_set(f->s, &(struct ban_row){.user_id = 4}), OK);
    static const struct {
        int64_t after, limit;
        const char *want;
    } cases[] = {
        {-1, 10, "0 admin system\n1 anna member\n3 gus guest\n4 zoe member banned\n"},
        {0, 10, "1 anna member\n3 gus guest\n4 zoe member banned\n"},
        {0, 2, "1 anna member\n3 gus guest\n"},
        {1, 1, "3 gus guest\n"},
        {3, 10, "4 zoe member banned\n"},
        {4, 10, ""},
        {0, 0, ""},
        {0, -1, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct lines l = {""};
        assert_int_equal(accounts_each(f->s, cases[i].after, cases[i].limit, add, &l), OK);
        assert_string_equal(l.text, cases[i].want);
    }
}

static void who_is_not_there_is_not_found(void **state)
{
    struct fixture *f = *state;
    struct account_row got;
    assert_int_equal(accounts_by_id(f->s, 999, &got), ERR_NOT_FOUND);
}

static void words_that_are_not_known(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *spoil, *mend;
    } cases[] = {
        {"UPDATE users SET role = 'emperor' WHERE id = 1", "UPDATE users SET role = 'member' WHERE id = 1"},
        {"UPDATE users SET kind = 'bot' WHERE id = 1", "UPDATE users SET kind = 'account' WHERE id = 1"},
    };
    fixture_user(f, USER_ACCOUNT, "anna");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct account_row got;
        struct lines l = {""};
        outside_exec(f->path, cases[i].spoil);
        assert_int_equal(accounts_by_id(f->s, 1, &got), ERR_STORAGE);
        assert_int_equal(accounts_each(f->s, 0, 10, add, &l), ERR_STORAGE);
        outside_exec(f->path, cases[i].mend);
        assert_int_equal(accounts_by_id(f->s, 1, &got), OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_a_new_user_is, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(who_becomes_an_account, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(roles_are_set_and_counted, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_profile, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_ban_shows, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_page_of_people, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(who_is_not_there_is_not_found, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(words_that_are_not_known, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
