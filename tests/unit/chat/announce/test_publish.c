/* What is stored and cannot be read back for a moment: nothing breaks, what takes rights away works all the same, and
 * the rest is caught up with. The moment is made by rows that the program does not understand, as a disk that fails
 * just then would give none. */
#include "directory/memberships.h"
#include "runtime.h"

#include <sqlite3.h>

static void outside(const char *sql)
{
    sqlite3 *db;
    char *message = NULL;
    assert_int_equal(sqlite3_open(rt.path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    sqlite3_close(db);
}

static bool is_archived(int64_t room_id)
{
    struct directory_room r;
    assert_true(directory_room(rt.chat->directory, room_id, 0, &r, NULL, NULL));
    return r.archived_at != 0;
}

static void a_change_that_cannot_be_read_is_taken_later(void **state)
{
    (void)state;
    struct client *o = rt_connect(OWNER), *b = rt_connect(rt_account("ben"));
    rt_say(b, "{\"type\":\"join\",\"id\":\"j\",\"room\":1}");
    outside("UPDATE rooms SET kind = 'strange' WHERE id = 1");
    rt_forget_all();
    rt_say(o, "{\"type\":\"archive_room\",\"id\":\"a\",\"room\":1,\"archived\":true}");
    assert_heard(o, "{\"type\":\"ack\",\"id\":\"a\"");
    assert_heard(b, "{\"type\":\"archived\""); /* the event itself goes out */
    assert_false(is_archived(LOBBY));
    outside("UPDATE rooms SET kind = 'open' WHERE id = 1");
    assert_false(is_archived(LOBBY));
    rt_say(o, "{\"type\":\"set_place\",\"name\":\"Any other commit\"}");
    assert_true(is_archived(LOBBY));
    assert_false(b->is_closed);
}

static void a_room_that_cannot_be_read_when_it_is_new_comes_later(void **state)
{
    (void)state;
    struct client *o = rt_connect(OWNER), *b = rt_connect(rt_account("ben"));
    outside(
        "CREATE TRIGGER strange AFTER INSERT ON rooms BEGIN UPDATE rooms SET kind = 'strange' WHERE id = new.id; END");
    rt_say(o, "{\"type\":\"create_room\",\"id\":\"c\",\"name\":\"yard\"}");
    int64_t yard = rt_number(o, "{\"type\":\"ack\",\"id\":\"c\",\"room\":");
    rt_say(b, "{\"type\":\"join\",\"id\":\"j\",\"room\":%lld}", (long long)yard);
    assert_heard(b, "\"id\":\"j\",\"code\":\"not_found\"");
    rt_send(o, LOBBY, "life goes on");
    outside("DROP TRIGGER strange; UPDATE rooms SET kind = 'open' WHERE id > 1");
    rt_send(o, LOBBY, "and on");
    assert_true(directory_is_member(rt.chat->directory, yard, OWNER));
    rt_forget(b);
    rt_say(b, "{\"type\":\"join\",\"id\":\"j\",\"room\":%lld}", (long long)yard);
    assert_heard(b, "{\"type\":\"ack\",\"id\":\"j\"");
    assert_heard(b, "{\"type\":\"joined\"");
    rt_send(o, yard, "here too");
    assert_heard(b, "here too");
}

static void who_is_removed_is_out_whatever_can_be_read(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben"), floor_seq;
    struct client *o = rt_connect(OWNER), *b = rt_connect(ben);
    int64_t cellar = rt_room(o, "cellar", "closed", "all");
    rt_say(o, "{\"type\":\"add_member\",\"room\":%lld,\"user\":\"ben\"}", (long long)cellar);
    rt_say(b, "{\"type\":\"join\",\"id\":\"j\",\"room\":%lld}", (long long)cellar);
    outside("UPDATE rooms SET kind = 'strange' WHERE id > 1");
    rt_forget_all();
    rt_text(o, "{\"type\":\"remove_member\",\"room\":%lld,\"user\":\"ben\"}", (long long)cellar);
    rt_text(o, "{\"type\":\"send\",\"id\":\"x\",\"room\":%lld,\"body\":\"not theirs\"}", (long long)cellar);
    rt_run();
    assert_heard(b, "{\"type\":\"membership\",\"change\":\"left\"");
    assert_not_heard(b, "not theirs");
    assert_int_equal(directory_may_read(rt.chat->directory, cellar, ben, USER_ACCOUNT, &floor_seq), ERR_NOT_FOUND);
}

/* What goes with no outcome of the later batch is told with it all the same. */
static void what_is_read_late_is_told_late(void **state)
{
    (void)state;
    struct client *o = rt_connect(OWNER), *b = rt_connect(rt_account("ben"));
    outside("CREATE TRIGGER lose AFTER UPDATE ON place BEGIN DELETE FROM place; END");
    rt_forget_all();
    rt_say(o, "{\"type\":\"set_place\",\"id\":\"p\",\"name\":\"Garden Club\"}");
    assert_heard(o, "{\"type\":\"ack\",\"id\":\"p\"");
    assert_not_heard(b, "\"type\":\"place\"");
    outside("DROP TRIGGER lose; INSERT INTO place (id, name, set_up_at, require_totp) VALUES (1, 'Garden Club', 1, 0)");
    rt_send(o, LOBBY, "hello");
    assert_heard(b, "{\"type\":\"place\",\"name\":\"Garden Club\"}");
    rt_forget_all();
    rt_send(o, LOBBY, "again");
    assert_not_heard(b, "\"type\":\"place\""); /* once */
}

/* A batch that is rolled back tells nobody anything. */
static void what_is_not_stored_is_not_told(void **state)
{
    (void)state;
    struct client *o = rt_connect(OWNER), *b = rt_connect(rt_account("ben"));
    rt_say(b, "{\"type\":\"join\",\"id\":\"j\",\"room\":1}");
    outside("CREATE TRIGGER refuse BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'no'); END");
    rt_forget_all();
    rt_text(o, "{\"type\":\"send\",\"id\":\"x\",\"room\":1,\"body\":\"lost\"}");
    rt_text(o, "{\"type\":\"create_room\",\"id\":\"c\",\"name\":\"yard\"}"); /* is audited */
    rt_text(o, "{\"type\":\"remove_member\",\"id\":\"r\",\"room\":1}");
    rt_run();
    static const char *const ids[] = {"x", "c", "r"};
    for (size_t i = 0; i < 3; i++)
        assert_heard(o, rt_format("{\"type\":\"error\",\"id\":\"%s\",\"code\":\"storage_failed\"", ids[i]));
    assert_string_equal(rt_heard(b), "");
    assert_true(directory_is_member(rt.chat->directory, LOBBY, OWNER));
    outside("DROP TRIGGER refuse");
    rt_forget_all();
    rt_text(o, "{\"type\":\"send\",\"id\":\"x\",\"room\":1,\"body\":\"found\"}");
    rt_run();
    assert_heard(b, "found");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RUNTIME(a_change_that_cannot_be_read_is_taken_later),
        WITH_RUNTIME(a_room_that_cannot_be_read_when_it_is_new_comes_later),
        WITH_RUNTIME(who_is_removed_is_out_whatever_can_be_read),
        WITH_RUNTIME(what_is_read_late_is_told_late),
        WITH_RUNTIME(what_is_not_stored_is_not_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
