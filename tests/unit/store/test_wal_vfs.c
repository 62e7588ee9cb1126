/* Gathering writes must change nothing but their number, and voiding must hit nobody else's frames. */
#include "fault_vfs.c"
#include "fixture.h"
#include "store/connection.h"

static void open_over_fault(struct fixture *f)
{
    struct store_error why = {""};
    store_close(f->s);
    f->s = NULL;
    if (store_open(&(struct store_options){.path = f->path, .vfs = FAULT_VFS_NAME}, &f->s, &why))
        fail_msg("%s", why.text);
}

/* So few pages of cache that a larger transaction is written to the WAL before its COMMIT. */
static void make_it_spill(struct store *s)
{
    assert_int_equal(sqlite3_exec(s->db, "PRAGMA cache_size = 10", NULL, NULL, NULL), SQLITE_OK);
}

static void put(struct store *s, int64_t first, int64_t last)
{
    static char body[3000];
    memset(body, 'x', sizeof body);
    for (int64_t seq = first; seq <= last; seq++) {
        struct message_row m = {.room_id = 1, .seq = seq, .body = {body, sizeof body}};
        assert_int_equal(messages_insert(s, &m), OK);
    }
}

static void copy_files(const struct fixture *from, struct fixture *to)
{
    char command[512];
    fixture_dir(to);
    snprintf(command, sizeof command, "cp %s %s && cp %s-wal %s-wal", from->path, to->path, from->path, to->path);
    assert_int_equal(system(command), 0);
}

static void assert_sound(const char *path, int64_t messages)
{
    char out[4096], wanted[64];
    snprintf(wanted, sizeof wanted, "%lld\n", (long long)messages);
    assert_string_equal(outside_query(path, "SELECT count(*) FROM messages", out), wanted);
    assert_string_equal(outside_query(path, "PRAGMA integrity_check", out), "ok\n");
}

static void assert_sound_after_crash(const struct fixture *f, int64_t messages)
{
    struct fixture copy;
    copy_files(f, &copy);
    assert_sound(copy.path, messages);
    fixture_remove(&copy);
}

static void a_commit_is_a_few_large_writes(void **state)
{
    struct fixture *f = *state;
    open_over_fault(f);
    put(f->s, 1, 1);
    fault_vfs_arm(&(struct fault_plan){.ops = FAULT_WRITE, .nth = 1000000});
    int64_t frames = f->s->wal_frames;
    assert_int_equal(store_begin(f->s), OK);
    put(f->s, 2, 101);
    assert_int_equal(store_commit(f->s), OK);
    frames = f->s->wal_frames - frames;
    fault_vfs_disarm();
    assert_true(frames > 100); /* each is two writes of SQLite */
    assert_in_range(fault_vfs_calls(), 1, frames * 4120 / 65536 * 2);
    assert_sound_after_crash(f, 101);
}

static void a_transaction_larger_than_the_cache(void **state)
{
    struct fixture *f = *state;
    struct message_row got;
    open_over_fault(f);
    make_it_spill(f->s);
    for (int64_t round = 0; round < 3; round++) {
        assert_int_equal(store_begin(f->s), OK);
        put(f->s, round * 200 + 1, round * 200 + 200);
        assert_int_equal(messages_exists(f->s, 1, round * 200 + 1), OK); /* reads its own frames back */
        assert_int_equal(messages_by_client_id(f->s, 0, SPAN("none"), &got), ERR_NOT_FOUND);
        assert_sound(f->path, round * 200); /* nobody else sees them */
        assert_int_equal(store_commit(f->s), OK);
        assert_sound(f->path, round * 200 + 200);
        assert_sound_after_crash(f, round * 200 + 200);
    }
    fixture_reopen(f);
    assert_sound(f->path, 600);
}

static void what_was_spilled_and_rolled_back_is_gone(void **state)
{
    struct fixture *f = *state;
    open_over_fault(f);
    make_it_spill(f->s);
    put(f->s, 1, 5);
    assert_int_equal(store_begin(f->s), OK);
    put(f->s, 6, 200);
    store_rollback(f->s);
    assert_sound(f->path, 5);
    assert_sound_after_crash(f, 5);
    assert_int_equal(store_begin(f->s), OK);
    put(f->s, 6, 10);
    assert_int_equal(store_commit(f->s), OK);
    assert_sound(f->path, 10);
    assert_sound_after_crash(f, 10);
}

/* Somebody at a prompt commits where frames of ours had been, which were rolled back; then a write of ours fails. */
static void voiding_spares_what_others_committed(void **state)
{
    struct fixture *f = *state;
    open_over_fault(f);
    make_it_spill(f->s);
    put(f->s, 1, 5);
    assert_int_equal(store_begin(f->s), OK);
    put(f->s, 6, 200);
    store_rollback(f->s);
    outside_exec(f->path, "INSERT INTO messages (room_id, seq, author_id, body, at) VALUES (1, 6, 0, 'theirs', 1)");
    for (int attempt = 0; attempt < 2; attempt++) {
        assert_int_equal(store_begin(f->s), OK);
        put(f->s, 7, 8);
        fault_vfs_arm(&(struct fault_plan){.ops = FAULT_WRITE, .nth = 1, .manner = FAULT_ALL_DONE});
        assert_int_equal(store_commit(f->s), ERR_STORAGE);
        fault_vfs_disarm();
        assert_sound(f->path, 6);
        assert_sound_after_crash(f, 6);
    }
    assert_int_equal(store_begin(f->s), OK);
    put(f->s, 7, 8);
    assert_int_equal(store_commit(f->s), OK);
    assert_sound_after_crash(f, 8);
}

/* The same for a row that somebody else wrote with a single statement between two of ours that fail outside a
 * transaction. */
static void voiding_spares_it_between_probes_too(void **state)
{
    struct fixture *f = *state;
    char sql[128];
    open_over_fault(f);
    for (int i = 1; i <= 3; i++) {
        fault_vfs_arm(&(struct fault_plan){.ops = FAULT_WRITE, .nth = 1, .manner = FAULT_ALL_DONE});
        assert_int_equal(store_probe(f->s), ERR_STORAGE);
        fault_vfs_disarm();
        snprintf(sql, sizeof sql,
                 "INSERT INTO messages (room_id, seq, author_id, body, at) VALUES (1, %d, 0, 'theirs', 1)", i);
        outside_exec(f->path, sql);
        fault_vfs_arm(&(struct fault_plan){.ops = FAULT_WRITE, .nth = 1, .manner = FAULT_ALL_DONE});
        assert_int_equal(store_probe(f->s), ERR_STORAGE);
        fault_vfs_disarm();
        assert_sound_after_crash(f, i);
    }
    assert_int_equal(store_probe(f->s), OK);
    assert_sound_after_crash(f, 3);
}

static int setup(void **state)
{
    int failed = fault_vfs_register() != SQLITE_OK || fixture_setup(state);
    return failed || diag_open("/dev/null", DIAG_ERROR) != OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_commit_is_a_few_large_writes, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_transaction_larger_than_the_cache, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(what_was_spilled_and_rolled_back_is_gone, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(voiding_spares_what_others_committed, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(voiding_spares_it_between_probes_too, setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
