#include "fixture.h"
#include "store/people.h"

/* The hashes of fixture_hash(), one after another. */
struct hashes {
    char bytes[8 * SECRET_HASH_BYTES];
};

static struct span hashes_of(struct hashes *h, const char *letters)
{
    for (size_t i = 0; letters[i]; i++)
        memcpy(h->bytes + i * SECRET_HASH_BYTES, fixture_hash(letters[i]).p, SECRET_HASH_BYTES);
    return (struct span){h->bytes, strlen(letters) * SECRET_HASH_BYTES};
}

static void who_can_sign_in(void **state)
{
    struct fixture *f = *state;
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna"), ben = fixture_user(f, USER_ACCOUNT, "ben");
    fixture_user(f, USER_VISITOR, "anna ");
    assert_int_equal(accounts_set_password(f->s, anna, SPAN("$argon2id$anna")), OK);
    assert_int_equal(accounts_set_password(f->s, 999, SPAN("x")), ERR_NOT_FOUND);
    static const struct {
        const char *fold;
        enum err want;
        const char *why;
    } cases[] = {
        {"anna", OK, "an account with a password"}, {"ben", ERR_NOT_FOUND, "an account without one"},
        {"anna ", ERR_NOT_FOUND, "a visitor"},      {"adrnln", ERR_NOT_FOUND, "the command line"},
        {"nobody", ERR_NOT_FOUND, "nobody"},        {"", ERR_NOT_FOUND, "no name"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct credentials_row got = {.user_id = -1};
        if (credentials_by_fold(f->s, span_of(cases[i].fold), &got) != cases[i].want)
            fail_msg("%s", cases[i].why);
        if (cases[i].want)
            assert_int_equal(got.user_id, -1);
        else
            assert_span(got.password, "$argon2id$anna");
    }
    struct credentials_row got;
    assert_int_equal(credentials_by_id(f->s, ben, &got), OK);
    assert_int_equal(got.user_id, ben);
    assert_span(got.password, "");
    assert_int_equal(got.totp_secret_len, 0);
    assert_int_equal(credentials_by_id(f->s, 999, &got), ERR_NOT_FOUND);
}

static void a_second_factor(void **state)
{
    struct fixture *f = *state;
    struct credentials_row got;
    struct account_row account;
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna");
    static const char secret[TOTP_SECRET_MAX] = "twenty bytes\0and more";
    assert_int_equal(accounts_set_password(f->s, anna, SPAN("$argon2id$anna")), OK);
    for (size_t len = 20; len <= sizeof secret; len += 12) {
        assert_int_equal(accounts_set_totp(f->s, anna, (struct span){secret, len}, 55), OK);
        assert_int_equal(credentials_by_fold(f->s, SPAN("anna"), &got), OK);
        assert_int_equal(got.totp_secret_len, len);
        assert_memory_equal(got.totp_secret, secret, len);
        assert_int_equal(got.totp_last, 55);
        assert_span(got.password, "$argon2id$anna");
        assert_int_equal(accounts_by_id(f->s, anna, &account), OK);
        assert_true(account.has_totp);
    }
    assert_int_equal(accounts_set_totp(f->s, anna, (struct span){NULL, 0}, 0), OK);
    assert_int_equal(credentials_by_id(f->s, anna, &got), OK);
    assert_int_equal(got.totp_secret_len, 0);
    assert_int_equal(accounts_by_id(f->s, anna, &account), OK);
    assert_false(account.has_totp);
    assert_int_equal(accounts_set_totp(f->s, 999, SPAN("x"), 1), ERR_NOT_FOUND);
}

static void a_time_step_is_used_once(void **state)
{
    struct fixture *f = *state;
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna");
    assert_int_equal(accounts_set_totp(f->s, anna, SPAN("12345678901234567890"), 10), OK);
    static const struct {
        int64_t step;
        enum err want;
        const char *why;
    } cases[] = {
        {10, ERR_FORBIDDEN, "the one that turned it on"},
        {11, OK, "the next"},
        {11, ERR_FORBIDDEN, "the same again"},
        {10, ERR_FORBIDDEN, "an earlier one"},
        {15, OK, "a later one"},
        {14, ERR_FORBIDDEN, "one that was left out"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (accounts_use_totp(f->s, anna, cases[i].step) != cases[i].want)
            fail_msg("%s", cases[i].why);
    assert_int_equal(accounts_use_totp(f->s, 999, 1), ERR_FORBIDDEN);
}

static void a_last_step_in_the_future_is_lowered(void **state)
{
    struct fixture *f = *state;
    struct credentials_row got;
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna"), ben = fixture_user(f, USER_ACCOUNT, "ben");
    const int64_t both[] = {anna, ben};
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(accounts_set_totp(f->s, both[i], SPAN("12345678901234567890"), 20), OK);
    assert_int_equal(accounts_lower_totp(f->s, anna, 20, 19), OK); /* not above the limit */
    assert_int_equal(accounts_use_totp(f->s, anna, 20), ERR_FORBIDDEN);
    assert_int_equal(accounts_lower_totp(f->s, anna, 11, 10), OK);
    assert_int_equal(credentials_by_id(f->s, anna, &got), OK);
    assert_int_equal(got.totp_last, 10);
    assert_int_equal(accounts_use_totp(f->s, anna, 10), ERR_FORBIDDEN);
    assert_int_equal(accounts_use_totp(f->s, anna, 11), OK);
    assert_int_equal(credentials_by_id(f->s, ben, &got), OK);
    assert_int_equal(got.totp_last, 20);
    assert_int_equal(accounts_lower_totp(f->s, 999, 11, 10), OK);
}

static void a_secret_that_is_too_long_is_not_cut(void **state)
{
    struct fixture *f = *state;
    struct credentials_row got;
    fixture_user(f, USER_ACCOUNT, "anna");
    outside_exec(f->path, "UPDATE users SET totp_secret = zeroblob(33) WHERE id = 1");
    assert_int_equal(credentials_by_id(f->s, 1, &got), ERR_STORAGE);
    outside_exec(f->path, "UPDATE users SET totp_secret = zeroblob(32) WHERE id = 1");
    assert_int_equal(credentials_by_id(f->s, 1, &got), OK);
}

static void assert_codes(struct store *s, int64_t user_id, int64_t wanted)
{
    int64_t n = -1;
    assert_int_equal(recovery_codes_count(s, user_id, &n), OK);
    assert_int_equal(n, wanted);
}

static void recovery_codes(void **state)
{
    struct fixture *f = *state;
    struct hashes h;
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna"), ben = fixture_user(f, USER_ACCOUNT, "ben");
    assert_int_equal(recovery_codes_replace(f->s, anna, hashes_of(&h, "abc")), OK);
    assert_int_equal(recovery_codes_replace(f->s, ben, hashes_of(&h, "cde")), OK);
    assert_codes(f->s, anna, 3);
    assert_int_equal(recovery_codes_use(f->s, anna, fixture_hash('b')), OK);
    assert_int_equal(recovery_codes_use(f->s, anna, fixture_hash('b')), ERR_NOT_FOUND); /* each once */
    assert_int_equal(recovery_codes_use(f->s, anna, fixture_hash('d')), ERR_NOT_FOUND); /* Ben's */
    assert_codes(f->s, anna, 2);
    assert_int_equal(recovery_codes_replace(f->s, anna, hashes_of(&h, "xyzx")), OK);
    assert_codes(f->s, anna, 3);
    assert_int_equal(recovery_codes_use(f->s, anna, fixture_hash('a')), ERR_NOT_FOUND); /* an old one */
    assert_int_equal(recovery_codes_replace(f->s, anna, (struct span){NULL, 0}), OK);
    assert_codes(f->s, anna, 0);
    assert_codes(f->s, ben, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_can_sign_in, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_second_factor, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_time_step_is_used_once, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_last_step_in_the_future_is_lowered, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_secret_that_is_too_long_is_not_cut, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(recovery_codes, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
