/* What becomes of the rows of older databases. */
#include "migrating.h"
#include "store/membership.h"

/* A database of before the migrations behind `count`, with what is in `rows`, is opened by this program. */
static void open_older(struct fixture *f, size_t count, const char *rows)
{
    fixture_dir(f);
    assert_int_equal(migrate(f->path, migrations, count), OK);
    outside_exec(f->path, rows);
    fixture_reopen(f);
}

static void close_older(struct fixture *f)
{
    store_close(f->s);
    fixture_remove(f);
}

static const char three_people[] =
    "INSERT INTO users (id, kind, name, name_fold, key, created_at) VALUES"
    " (1, 'account', 'anna', 'anna', randomblob(16), 1), (2, 'account', 'ben', 'ben', randomblob(16), 1),"
    " (3, 'account', 'cleo', 'cleo', randomblob(16), 1);"
    "INSERT INTO rooms (id, name, name_fold, created_at) VALUES (2, 'garden', 'garden', 1);";

static void bans_and_requests_are_numbered_as_they_came(void **state)
{
    (void)state;
    struct fixture f;
    char out[4096], rows[1024];
    snprintf(rows, sizeof rows, "%s%s", three_people,
             "INSERT INTO bans VALUES (1, 0, 30, 0, '', 0), (2, 0, 10, 0, '', 0), (3, 0, 10, 0, '', 0);"
             "INSERT INTO join_requests VALUES (1, 1, 30, ''), (1, 3, 20, ''), (2, 3, 40, ''), (2, 2, 40, '');");
    open_older(&f, 6, rows);
    assert_string_equal(outside_query(f.path, "SELECT user_id, number FROM bans ORDER BY number", out),
                        "2|1\n3|2\n1|3\n");
    assert_string_equal(
        outside_query(f.path, "SELECT room_id, user_id, number FROM join_requests ORDER BY room_id, number", out),
        "1|3|1\n1|1|2\n2|2|1\n2|3|2\n");
    close_older(&f);
}

static void ones_own_behind_the_read_position_are_counted(void **state)
{
    (void)state;
    struct fixture f;
    char out[4096], rows[1024];
    snprintf(rows, sizeof rows, "%s%s", three_people,
             "INSERT INTO memberships (room_id, user_id, role, level, joined_at, joined_seq, read_seq) VALUES"
             " (1, 1, 'member', 'all', 1, 0, 2), (1, 2, 'member', 'all', 1, 0, 9), (2, 1, 'member', 'all', 1, 0, 0);"
             "INSERT INTO messages (room_id, seq, author_id, body, at, deleted_at) VALUES"
             " (1, 1, 1, 'x', 1, NULL), (1, 2, 1, 'x', 1, NULL), (1, 3, 1, 'x', 1, NULL), (1, 4, 2, 'x', 1, NULL),"
             " (1, 5, 1, '', 1, 2), (1, 6, 3, 'x', 1, NULL), (1, 7, 1, 'x', 1, NULL), (2, 1, 2, 'x', 1, NULL);");
    open_older(&f, 7, rows);
    assert_string_equal(outside_query(f.path, "SELECT room_id, user_id, own_after FROM memberships ORDER BY 1, 2", out),
                        "1|1|2\n1|2|0\n2|1|0\n");
    close_older(&f);
}

/* 0002 had another wording, which databases are recorded with. */
static void a_database_of_the_earlier_0002_goes_on(void **state)
{
    (void)state;
    struct fixture f;
    char out[4096];
    open_older(&f, 2,
               "UPDATE schema_migrations SET checksum = "
               "'e7eb64aacb5bfee11a895f3db8da6bf3e9b77ae4c706fc27face92181070a31f' WHERE version = 2");
    assert_string_equal(outside_query(f.path, "SELECT count(*) FROM lineage", out), "1\n");
    close_older(&f);
}

/* As a program that knew the first migration alone has left it: rooms with gaps between their messages where something
 * was renamed or archived, a visitor, a deleted message. */
static const char before_people[] =
    "INSERT INTO users (id, kind, name, name_fold, key, created_at) VALUES"
    " (1, 'guest', 'Anna', 'anna', x'0102030405060708090a0b0c0d0e0f10', 5),"
    " (2, 'visitor', 'Vera', 'vera', x'1102030405060708090a0b0c0d0e0f10', 6);"
    "INSERT INTO rooms (id, name, name_fold, last_seq, created_at) VALUES"
    " (2, 'garden', 'garden', 3, 7), (3, 'empty', 'empty', 0, 8);"
    "UPDATE rooms SET last_seq = 6 WHERE id = 1;"
    "INSERT INTO messages (room_id, seq, author_id, body, at, deleted_at, client_id) VALUES"
    " (1, 1, 1, 'one', 10, NULL, 'a'), (2, 2, 2, 'green', 11, NULL, NULL), (1, 3, 1, '', 12, 13, 'b'),"
    " (1, 6, 2, 'three', 14, NULL, NULL), (2, 3, 1, 'greener', 15, NULL, 'c');"
    "INSERT INTO changes (room_id, seq, kind, actor_id, at, data) VALUES"
    " (1, 2, 'renamed', 0, 11, '{\"name\":\"lobby\"}'), (1, 4, 'archived', 0, 12, '{}'),"
    " (1, 5, 'unarchived', 0, 13, '{}'), (2, 1, 'archived', 0, 10, '{}');";

static void what_was_there_before_people_were(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *want;
    } cases[] = {
        {"SELECT room_id, seq, number, body FROM messages ORDER BY room_id, seq",
         "1|1|1|one\n1|3|2|\n1|6|3|three\n2|2|1|green\n2|3|2|greener\n"},
        {"SELECT id, kind, role, name, display_name, avatar_version, password, totp_secret FROM users",
         "-1|visitor|visitor|deleted "
         "guest||0||NULL\n0|system|system|admin||0||NULL\n1|guest|guest|Anna||0||NULL\n2|visitor|visitor|Vera||0||"
         "NULL\n"},
        {"SELECT id, name, last_seq, kind, history, slow_s, locked_at, direct_key, created_by FROM rooms",
         "1|lobby|6|open|all|0|0||0\n2|garden|3|open|all|0|0||0\n3|empty|0|open|all|0|0||0\n"},
        {"SELECT * FROM place", "1||0|0\n"},
        {"SELECT count(*) FROM memberships", "0\n"},
        {"SELECT room, number, author, text FROM history WHERE room = 'lobby'",
         "lobby|1|Anna|one\nlobby|2|admin|* renamed the room to lobby\nlobby|3|Anna|(deleted)\n"
         "lobby|4|admin|* archived the room\nlobby|5|admin|* opened the room again\nlobby|6|Vera|three\n"},
        {"PRAGMA foreign_key_check", ""},
        {"PRAGMA integrity_check", "ok\n"},
        {"SELECT length(epoch), run FROM lineage", "16|NULL\n"},
    };
    struct fixture f;
    struct room_more_row lobby;
    char out[4096];
    open_older(&f, 1, before_people);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(outside_query(f.path, cases[i].sql, out), cases[i].want);
    assert_int_equal(rooms_more_by_id(f.s, 1, &lobby), OK);
    assert_int_equal(lobby.messages, 3);
    assert_int_equal(lobby.last_message_at, 14);
    close_older(&f);
}

/* Each message and each change in turn, in two rooms: the number is half of the seq. When this takes minutes, the changes
 * are counted for each message. */
static void many_changes_are_counted_once(void **state)
{
    (void)state;
    struct fixture f;
    char out[4096];
    fixture_dir(&f);
    assert_int_equal(migrate(f.path, migrations, 1), OK);
    outside_exec(f.path, "INSERT INTO rooms (id, name, name_fold, created_at) VALUES (2, 'garden', 'garden', 7);"
                         "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000) "
                         "INSERT INTO messages (room_id, seq, author_id, body, at) "
                         "SELECT 1 + i % 2, 2 * ((i + 1) / 2), 0, 'x', 1 FROM n;"
                         "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000) "
                         "INSERT INTO changes (room_id, seq, kind, actor_id, at) "
                         "SELECT 1 + i % 2, 2 * ((i + 1) / 2) - 1, 'archived', 0, 1 FROM n");
    assert_int_equal(migrate(f.path, migrations, 2), OK);
    outside_query(f.path, "SELECT count(*), sum(number * 2 = seq) FROM messages", out);
    assert_string_equal(out, "60000|60000\n");
    assert_string_equal(outside_query(f.path, "SELECT count(*) FROM sqlite_schema WHERE name = 'change_ranks'", out),
                        "0\n");
    fixture_remove(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_changes_are_counted_once),
        cmocka_unit_test(a_database_of_the_earlier_0002_goes_on),
        cmocka_unit_test(bans_and_requests_are_numbered_as_they_came),
        cmocka_unit_test(ones_own_behind_the_read_position_are_counted),
        cmocka_unit_test(what_was_there_before_people_were),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
