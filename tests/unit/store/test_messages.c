#include "fixture.h"
#include "store/membership.h"

static struct message_row message(int64_t seq, const char *body, const char *client_id)
{
    return (struct message_row){
        .room_id = 1, .seq = seq, .at = 1000 + seq, .body = span_of(body), .client_id = span_of(client_id)};
}

static void a_message_is_found_by_its_client_id(void **state)
{
    struct fixture *f = *state;
    struct message_row got, m = message(1, "Hello \xf0\x9f\x91\x8b", "5f0c9a");
    m.reply_to = 7;
    m.number = 3;
    assert_int_equal(messages_insert(f->s, &m), OK);
    assert_int_equal(messages_by_client_id(f->s, 0, SPAN("5f0c9a"), &got), OK);
    assert_int_equal(got.number, 3);
    assert_int_equal(got.room_id, 1);
    assert_int_equal(got.seq, 1);
    assert_int_equal(got.author_id, 0);
    assert_int_equal(got.at, 1001);
    assert_int_equal(got.reply_to, 7);
    assert_span(got.body, "Hello \xf0\x9f\x91\x8b");
    assert_span(got.client_id, "5f0c9a");
    assert_int_equal(messages_by_client_id(f->s, 0, SPAN("5f0c9"), &got), ERR_NOT_FOUND);
    assert_int_equal(messages_by_client_id(f->s, 1, SPAN("5f0c9a"), &got), ERR_NOT_FOUND);
}

static void an_id_can_be_used_once(void **state)
{
    struct fixture *f = *state;
    struct message_row got, first = message(1, "one", "a"), again = message(2, "two", "a"),
                            other = message(2, "two", "b");
    assert_int_equal(store_begin(f->s), OK);
    assert_int_equal(messages_insert(f->s, &first), OK);
    assert_int_equal(messages_insert(f->s, &again), ERR_ID_REUSED);
    assert_int_equal(messages_exists(f->s, 1, 2), ERR_NOT_FOUND);
    assert_int_equal(messages_insert(f->s, &other), OK); /* the transaction goes on, and the number is free */
    assert_int_equal(store_commit(f->s), OK);
    assert_int_equal(messages_by_client_id(f->s, 0, SPAN("a"), &got), OK);
    assert_span(got.body, "one");
    assert_int_equal(got.seq, 1);
}

static void two_authors_may_use_one_id(void **state)
{
    struct fixture *f = *state;
    struct user_row anna = {.kind = USER_GUEST, .name = SPAN("Anna"), .fold = SPAN("anna"), .key = {1}};
    struct message_row m = message(1, "one", "a");
    assert_int_equal(users_insert(f->s, &anna, &m.author_id), OK);
    assert_int_equal(messages_insert(f->s, &m), OK);
    m.author_id = 0;
    m.seq = 2;
    assert_int_equal(messages_insert(f->s, &m), OK);
}

static void without_an_id_nothing_is_the_same(void **state)
{
    struct fixture *f = *state;
    struct message_row got, first = message(1, "one", ""), second = message(2, "one", "");
    assert_int_equal(messages_insert(f->s, &first), OK);
    assert_int_equal(messages_insert(f->s, &second), OK);
    assert_int_equal(messages_by_client_id(f->s, 0, SPAN(""), &got), ERR_NOT_FOUND);
    assert_int_equal(messages_exists(f->s, 1, 1), OK);
    assert_int_equal(messages_exists(f->s, 1, 2), OK);
    assert_int_equal(messages_exists(f->s, 1, 3), ERR_NOT_FOUND);
    assert_int_equal(messages_exists(f->s, 2, 1), ERR_NOT_FOUND);
}

/* Whatever would break the log's numbering or point nowhere is a failure of the store, not a refusal. */
static void broken_rows_are_storage_failures(void **state)
{
    struct fixture *f = *state;
    struct message_row m = message(1, "one", "a");
    assert_int_equal(messages_insert(f->s, &m), OK);
    m = message(1, "two", "b");
    assert_int_equal(messages_insert(f->s, &m), ERR_STORAGE); /* the seq is taken */
    m = message(2, "two", "b");
    m.room_id = 9;
    assert_int_equal(messages_insert(f->s, &m), ERR_STORAGE); /* no such room */
    m = message(2, "two", "b");
    m.author_id = 9;
    assert_int_equal(messages_insert(f->s, &m), ERR_STORAGE); /* no such user */
    m = message(0, "two", "b");
    assert_int_equal(messages_insert(f->s, &m), ERR_STORAGE); /* numbers begin with 1 */
    m = message(2, "two", "b");
    assert_int_equal(messages_insert(f->s, &m), OK); /* and none of that has done harm */
}

static void a_body_may_be_empty_or_large(void **state)
{
    struct fixture *f = *state;
    static char large[16384];
    memset(large, 'x', sizeof large);
    struct message_row got, m = message(1, "", "empty");
    m.body = (struct span){NULL, 0};
    assert_int_equal(messages_insert(f->s, &m), OK);
    m = message(2, "", "large");
    m.body = (struct span){large, sizeof large};
    assert_int_equal(messages_insert(f->s, &m), OK);
    assert_int_equal(messages_by_client_id(f->s, 0, SPAN("empty"), &got), OK);
    assert_int_equal(got.body.len, 0);
    assert_int_equal(messages_by_client_id(f->s, 0, SPAN("large"), &got), OK);
    assert_int_equal(got.body.len, sizeof large);
    assert_memory_equal(got.body.p, large, sizeof large);
    assert_span(got.client_id, "large");
}

static void a_message_is_deleted_once(void **state)
{
    struct fixture *f = *state;
    struct message_head head;
    struct message_row got, m = message(4, "secret", "a");
    assert_int_equal(messages_insert(f->s, &m), OK);
    assert_int_equal(messages_head(f->s, 1, 5, &head), ERR_NOT_FOUND);
    assert_int_equal(messages_head(f->s, 2, 4, &head), ERR_NOT_FOUND);
    assert_int_equal(messages_head(f->s, 1, 4, &head), OK);
    assert_int_equal(head.author_id, 0);
    assert_int_equal(head.at, 1004);
    assert_int_equal(head.deleted_at, 0);
    assert_int_equal(messages_delete(f->s, 1, 4, 77), OK);
    assert_int_equal(messages_delete(f->s, 1, 4, 88), ERR_NOT_FOUND);
    assert_int_equal(messages_delete(f->s, 1, 5, 88), ERR_NOT_FOUND);
    assert_int_equal(messages_head(f->s, 1, 4, &head), OK);
    assert_int_equal(head.deleted_at, 77);
    assert_int_equal(messages_by_client_id(f->s, 0, SPAN("a"), &got), OK); /* sending it again makes no second one */
    assert_int_equal(got.body.len, 0);
    assert_int_equal(messages_exists(f->s, 1, 4), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_message_is_found_by_its_client_id, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(an_id_can_be_used_once, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(two_authors_may_use_one_id, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(without_an_id_nothing_is_the_same, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(broken_rows_are_storage_failures, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_body_may_be_empty_or_large, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_message_is_deleted_once, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
