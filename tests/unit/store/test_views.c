/* The views that people ask at a sqlite3 prompt. Times are local, so the test says where it is. */
#include "fixture.h"

static void fill(struct store *s)
{
    struct user_row anna = {
        .kind = USER_GUEST, .name = SPAN("Anna"), .fold = SPAN("anna"), .key = {1}, .created_at = 1767225600000};
    int64_t garden;
    assert_int_equal(store_begin(s), OK);
    assert_int_equal(rooms_insert(s, SPAN("garden"), SPAN("garden"), 1, &garden), OK);
    assert_int_equal(users_insert(s, &anna, &anna.id), OK);
    const struct message_row messages[] = {
        {.room_id = garden, .seq = 1, .author_id = anna.id, .at = 1767225600999, .body = SPAN("green")},
        {.room_id = 1,
         .seq = 1,
         .author_id = anna.id,
         .at = 1767225601000,
         .body = SPAN("Hello **all**"),
         .client_id = SPAN("a")},
        {.room_id = 1, .seq = 3, .author_id = anna.id, .at = 1767312000000, .body = SPAN("two\nlines")},
        {.room_id = 1, .seq = 4, .author_id = anna.id, .at = 1767312001000, .body = SPAN("oops")},
    };
    const struct change_row changes[] = {
        {.room_id = 1, .seq = 2, .at = 1767225602000, .kind = CHANGE_RENAMED, .data = SPAN("{\"name\":\"foy\\\"er\"}")},
        {.room_id = 1, .seq = 5, .at = 1767312002000, .kind = CHANGE_ARCHIVED, .data = SPAN("{}")},
        {.room_id = 1, .seq = 6, .at = 1767312003000, .kind = CHANGE_UNARCHIVED, .data = SPAN("{}")},
    };
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++)
        assert_int_equal(messages_insert(s, &messages[i]), OK);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++)
        assert_int_equal(changes_insert(s, &changes[i]), OK);
    assert_int_equal(rooms_set_last_seq(s, 1, 6), OK);
    assert_int_equal(rooms_set_last_seq(s, garden, 1), OK);
    assert_int_equal(rooms_set_archived_at(s, garden, 7), OK);
    assert_int_equal(store_commit(s), OK);
}

static void answers(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *sql, *want;
    } cases[] = {
        {"SELECT * FROM history", "lobby|1|2026-01-01 01:00:01|Anna|Hello **all**\n"
                                  "lobby|2|2026-01-01 01:00:02|admin|* renamed the room to foy\"er\n"
                                  "lobby|3|2026-01-02 01:00:00|Anna|two\nlines\n"
                                  "lobby|4|2026-01-02 01:00:01|Anna|(deleted)\n"
                                  "lobby|5|2026-01-02 01:00:02|admin|* archived the room\n"
                                  "lobby|6|2026-01-02 01:00:03|admin|* opened the room again\n"
                                  "lobby|7|2026-01-01 01:00:00|admin|* pinned {\"x\":1}\n"
                                  "garden|1|2026-01-01 01:00:00|Anna|green\n"},
        {"SELECT number FROM history WHERE room = 'lobby' ORDER BY number DESC LIMIT 3", "7\n6\n5\n"},
        {"SELECT * FROM room_activity", "lobby|no|3|1|6|2026-01-02 01:00:01|Anna\n"
                                        "garden|yes|1|1|1|2026-01-01 01:00:00|Anna\n"},
        {"SELECT * FROM people", "0|admin|system||0|\n"
                                 "1|Anna|guest|2026-01-01 01:00:00|4|2026-01-02 01:00:01\n"},
    };
    fill(f->s);
    outside_exec(f->path, "UPDATE messages SET deleted_at = 1, body = '' WHERE body = 'oops';"
                          "INSERT INTO changes VALUES (1, 7, 'pinned', 3, 0, 1767225600000, '{\"x\":1}')");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[4096];
        assert_string_equal(outside_query(f->path, cases[i].sql, out), cases[i].want);
    }
}

/* People with large databases scroll through it too. */
static void history_is_not_sorted_first(void **state)
{
    struct fixture *f = *state;
    char out[4096];
    outside_query(f->path, "EXPLAIN QUERY PLAN SELECT * FROM history", out);
    assert_null(strstr(out, "TEMP B-TREE"));
    assert_null(strstr(out, "MATERIALIZE"));
}

int main(void)
{
    setenv("TZ", "CET-1", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(answers, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(history_is_not_sorted_first, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
