#include "fixture.h"

static struct user_row user(enum user_kind kind, const char *name, const char *fold, uint8_t key)
{
    struct user_row u = {.kind = kind, .name = span_of(name), .fold = span_of(fold), .created_at = 1000 + key};
    memset(u.key, key, sizeof u.key);
    return u;
}

static void who_may_have_which_name(void **state)
{
    struct fixture *f = *state;
    static const struct {
        enum user_kind kind;
        const char *fold;
        uint8_t key;
        enum err want;
        const char *why;
    } cases[] = {
        {USER_GUEST, "anna", 1, OK, "the first"},
        {USER_GUEST, "anna", 2, ERR_NAME_TAKEN, "a guest has it"},
        {USER_VISITOR, "anna", 3, OK, "a visitor's name is the hub's business"},
        {USER_VISITOR, "anna", 4, OK, "visitors may share one"},
        {USER_GUEST, "ben", 5, OK, "another"},
        {USER_GUEST, "carl", 5, ERR_ID_REUSED, "the key is there"},
        {USER_GUEST, "ben", 5, ERR_ID_REUSED, "both are there: it is the same user again"},
        {USER_VISITOR, "dora", 4, ERR_ID_REUSED, "the key is there, as a visitor's"},
        {USER_GUEST, "adrnln", 6, ERR_NAME_TAKEN, "the command line's user has it"},
        {USER_ACCOUNT, "zoe", 7, OK, "an account"},
        {USER_GUEST, "zoe", 8, ERR_NAME_TAKEN, "an account has it"},
        {USER_ACCOUNT, "anna", 9, ERR_NAME_TAKEN, "a guest has it"},
        {USER_VISITOR, "zoe", 10, OK, "a visitor may be called like an account"},
    };
    int64_t last = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct user_row u = user(cases[i].kind, "Name", cases[i].fold, cases[i].key);
        int64_t id = -1;
        enum err e = users_insert(f->s, &u, &id);
        if (e != cases[i].want)
            fail_msg("%s: %s", cases[i].why, err_code(e));
        assert_true(e ? id == -1 : id > last);
        if (!e)
            last = id;
    }
}

static void found_by_id_key_and_fold(struct fixture *f, enum user_kind kind)
{
    struct user_row got, anna = user(kind, "Anna \xc3\xa9", "anna e", 7);
    int64_t id;
    assert_int_equal(store_begin(f->s), OK);
    assert_int_equal(users_insert(f->s, &anna, &id), OK);
    for (int how = 0; how < 3; how++) {
        memset(&got, 0, sizeof got);
        enum err e = how == 0   ? users_by_id(f->s, id, &got)
                     : how == 1 ? users_by_key(f->s, anna.key, &got)
                                : users_by_fold(f->s, anna.fold, &got);
        assert_int_equal(e, OK);
        assert_int_equal(got.id, id);
        assert_int_equal(got.kind, kind);
        assert_span(got.name, "Anna \xc3\xa9");
        assert_span(got.fold, "anna e");
        assert_memory_equal(got.key, anna.key, sizeof got.key);
        assert_int_equal(got.created_at, 1007);
    }
    store_rollback(f->s);
}

static void a_user_is_found_by_id_key_and_fold(void **state)
{
    found_by_id_key_and_fold(*state, USER_GUEST);
    found_by_id_key_and_fold(*state, USER_ACCOUNT);
}

static void a_kind_that_is_not_known(void **state)
{
    struct fixture *f = *state;
    struct user_row got, anna = user(USER_GUEST, "Anna", "anna", 1);
    int64_t id;
    assert_int_equal(users_insert(f->s, &anna, &id), OK);
    outside_exec(f->path, "UPDATE users SET kind = 'bot' WHERE id = 1");
    assert_int_equal(users_by_id(f->s, id, &got), ERR_STORAGE);
    outside_exec(f->path, "UPDATE users SET kind = 'guest' WHERE id = 1");
    assert_int_equal(users_by_id(f->s, id, &got), OK);
}

static void who_is_not_there_is_not_found(void **state)
{
    struct fixture *f = *state;
    struct user_row got, visitor = user(USER_VISITOR, "Vera", "vera", 9);
    uint8_t key[USER_KEY_BYTES] = {1};
    int64_t id;
    assert_int_equal(users_insert(f->s, &visitor, &id), OK);
    assert_int_equal(users_by_id(f->s, 999, &got), ERR_NOT_FOUND);
    assert_int_equal(users_by_key(f->s, key, &got), ERR_NOT_FOUND);
    assert_int_equal(users_by_fold(f->s, SPAN("nobody"), &got), ERR_NOT_FOUND);
    assert_int_equal(users_by_fold(f->s, SPAN("vera"), &got), ERR_NOT_FOUND); /* a visitor's name is free */
    assert_int_equal(users_by_id(f->s, id, &got), OK);
    assert_int_equal(got.kind, USER_VISITOR);
}

static void the_command_line_has_a_user(void **state)
{
    struct fixture *f = *state;
    struct user_row got;
    assert_int_equal(users_by_id(f->s, 0, &got), OK);
    assert_int_equal(got.kind, USER_SYSTEM);
    assert_span(got.name, "admin");
    assert_int_equal(users_by_fold(f->s, got.fold, &got), OK);
}

static void renaming(void **state)
{
    struct fixture *f = *state;
    struct user_row got, anna = user(USER_GUEST, "Anna", "anna", 1), ben = user(USER_GUEST, "Ben", "ben", 2);
    int64_t anna_id, ben_id;
    assert_int_equal(users_insert(f->s, &anna, &anna_id), OK);
    assert_int_equal(users_insert(f->s, &ben, &ben_id), OK);
    assert_int_equal(users_set_name(f->s, ben_id, SPAN("ANNA"), SPAN("anna")), ERR_NAME_TAKEN);
    assert_int_equal(users_set_name(f->s, 999, SPAN("Carl"), SPAN("carl")), ERR_NOT_FOUND);
    assert_int_equal(users_set_name(f->s, anna_id, SPAN("Anna B"), SPAN("anna b")), OK);
    assert_int_equal(users_set_name(f->s, ben_id, SPAN("ANNA"), SPAN("anna")), OK); /* free again */
    assert_int_equal(users_by_id(f->s, anna_id, &got), OK);
    assert_span(got.name, "Anna B");
    assert_int_equal(users_by_fold(f->s, SPAN("anna"), &got), OK);
    assert_int_equal(got.id, ben_id);
    assert_int_equal(users_by_fold(f->s, SPAN("ben"), &got), ERR_NOT_FOUND);
}

static void ids_are_never_given_again(void **state)
{
    struct fixture *f = *state;
    struct user_row anna = user(USER_GUEST, "Anna", "anna", 1);
    int64_t first, second;
    char sql[64];
    assert_int_equal(users_insert(f->s, &anna, &first), OK);
    snprintf(sql, sizeof sql, "DELETE FROM users WHERE id = %lld", (long long)first);
    outside_exec(f->path, sql);
    fixture_reopen(f);
    assert_int_equal(users_insert(f->s, &anna, &second), OK);
    assert_true(second > first);
}

static void add_named(void *ctx, int64_t id, struct span name, struct span fold)
{
    char *out = ctx;
    size_t len = strlen(out);
    snprintf(out + len, 256 - len, "%d %.*s/%.*s\n", (int)id, (int)name.len, name.p, (int)fold.len, fold.p);
}

static void those_who_keep_a_name(void **state)
{
    struct fixture *f = *state;
    struct user_row users[] = {user(USER_GUEST, "Zoe", "zoe", 1), user(USER_VISITOR, "Vera", "vera", 2),
                               user(USER_GUEST, "Anna", "anna", 3), user(USER_ACCOUNT, "Ben", "ben", 4)};
    char out[256] = "";
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(users_insert(f->s, &users[i], &users[i].id), OK);
    assert_int_equal(users_named(f->s, add_named, out), OK);
    assert_string_equal(out, "0 admin/adrnln\n1 Zoe/zoe\n3 Anna/anna\n4 Ben/ben\n");
}

static void the_rules_that_made_the_folds(void **state)
{
    struct fixture *f = *state;
    char version[NAME_RULES_VERSION_BYTES] = "x";
    assert_int_equal(name_rules_get(f->s, version), OK);
    assert_string_equal(version, "");
    assert_int_equal(name_rules_set(f->s, "1/72.1"), OK);
    fixture_reopen(f);
    assert_int_equal(name_rules_get(f->s, version), OK);
    assert_string_equal(version, "1/72.1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_may_have_which_name, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_user_is_found_by_id_key_and_fold, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_kind_that_is_not_known, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(who_is_not_there_is_not_found, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(the_command_line_has_a_user, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(renaming, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(those_who_keep_a_name, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(the_rules_that_made_the_folds, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(ids_are_never_given_again, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
