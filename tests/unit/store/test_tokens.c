#include "fixture.h"
#include "store/people.h"

static enum err make(struct fixture *f, int64_t user_id, char letter, enum scope scope, int64_t *id)
{
    const struct token_row row = {
        .user_id = user_id, .name = SPAN("my bot"), .hash = fixture_hash(letter), .scope = scope, .created_at = 5};
    return tokens_insert(f->s, &row, id);
}

static void add(void *ctx, const struct token_row *r)
{
    lines_add(ctx, "%d:%c:%s ", (int)r->id, r->hash.p[0], words_name(&words_scope, (int)r->scope));
}

static void assert_tokens(struct fixture *f, int64_t user_id, int64_t count, const char *wanted)
{
    int64_t n = -1;
    struct lines l = {""};
    assert_int_equal(tokens_each(f->s, user_id, add, &l), OK);
    assert_string_equal(l.text, wanted);
    assert_int_equal(tokens_count(f->s, user_id, &n), OK);
    assert_int_equal(n, count);
}

static void a_token_is_found_by_its_hash(void **state)
{
    struct fixture *f = *state;
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna");
    const struct token_row row = {.user_id = anna,
                                  .name = SPAN("it's \"mine\""),
                                  .hash = fixture_hash('a'),
                                  .scope = SCOPE_WRITE,
                                  .created_at = 5,
                                  .expires_at = 9};
    struct token_row got;
    int64_t id;
    assert_int_equal(tokens_insert(f->s, &row, &id), OK);
    assert_int_equal(tokens_by_hash(f->s, fixture_hash('b'), &got), ERR_NOT_FOUND);
    assert_int_equal(tokens_by_hash(f->s, fixture_hash('a'), &got), OK);
    assert_int_equal(got.id, id);
    assert_int_equal(got.user_id, anna);
    assert_span(got.name, "it's \"mine\"");
    assert_true(span_equal(got.hash, fixture_hash('a')));
    assert_int_equal(got.scope, SCOPE_WRITE);
    assert_int_equal(got.created_at, 5);
    assert_int_equal(got.expires_at, 9);
}

static void tokens_are_made_and_revoked(void **state)
{
    struct fixture *f = *state;
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna"), ben = fixture_user(f, USER_ACCOUNT, "ben");
    int64_t id = -1;
    assert_tokens(f, anna, 0, "");
    for (int scope = 0; scope < SCOPE_COUNT; scope++)
        assert_int_equal(make(f, anna, (char)('a' + scope), (enum scope)scope, &id), OK);
    assert_int_equal(make(f, ben, 'x', SCOPE_READ, &id), OK);
    id = -1;
    assert_int_equal(make(f, ben, 'a', SCOPE_READ, &id), ERR_ID_REUSED);
    assert_int_equal(make(f, 999, 'y', SCOPE_READ, &id), ERR_STORAGE);
    assert_int_equal(id, -1);
    assert_tokens(f, anna, 3, "1:a:read 2:b:write 3:c:admin ");
    assert_tokens(f, ben, 1, "4:x:read ");
    assert_int_equal(tokens_delete(f->s, ben, 1, 5), ERR_NOT_FOUND); /* not his */
    assert_int_equal(tokens_delete(f->s, anna, 1, 5), OK);
    assert_int_equal(tokens_delete(f->s, anna, 1, 5), ERR_NOT_FOUND);
    assert_tokens(f, anna, 2, "2:b:write 3:c:admin ");
    assert_int_equal(tokens_delete_user(f->s, anna, 6), OK);
    assert_int_equal(tokens_delete_user(f->s, anna, 6), OK); /* there need be none */
    assert_tokens(f, anna, 0, "");
    assert_tokens(f, ben, 1, "4:x:read ");
}

static void a_scope_that_is_not_known_opens_nothing(void **state)
{
    struct fixture *f = *state;
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna");
    struct token_row got;
    struct lines l = {""};
    int64_t id;
    assert_int_equal(make(f, anna, 'a', SCOPE_READ, &id), OK);
    outside_exec(f->path, "UPDATE tokens SET scope = 'everything'");
    assert_int_equal(tokens_by_hash(f->s, fixture_hash('a'), &got), ERR_STORAGE);
    assert_int_equal(tokens_each(f->s, anna, add, &l), ERR_STORAGE);
    outside_exec(f->path, "UPDATE tokens SET scope = 'read'");
    assert_int_equal(tokens_by_hash(f->s, fixture_hash('a'), &got), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_token_is_found_by_its_hash, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(tokens_are_made_and_revoked, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_scope_that_is_not_known_opens_nothing, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
