#include "fixture.h"
#include "store/connection.h"

#include <sys/stat.h>

static int64_t file_bytes(const char *path, const char *suffix)
{
    char name[128];
    struct stat st;
    snprintf(name, sizeof name, "%s%s", path, suffix);
    return stat(name, &st) == 0 ? (int64_t)st.st_size : -1;
}

static void copy_file(const char *from, const char *to, const char *suffix)
{
    char command[512];
    snprintf(command, sizeof command, "cp %s%s %s%s", from, suffix, to, suffix);
    assert_int_equal(system(command), 0);
}

static void put_messages(struct store *s, int64_t first, int64_t count)
{
    assert_int_equal(store_begin(s), OK);
    for (int64_t seq = first; seq < first + count; seq++) {
        struct message_row m = {.room_id = 1, .seq = seq, .body = SPAN("some text")};
        assert_int_equal(messages_insert(s, &m), OK);
    }
    assert_int_equal(store_commit(s), OK);
}

static void assert_count(const char *path, int64_t wanted)
{
    char out[4096], text[32];
    snprintf(text, sizeof text, "%lld\n", (long long)wanted);
    assert_string_equal(outside_query(path, "SELECT count(*) FROM messages", out), text);
}

static void the_pragmas_are_in_force(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *pragma, *writer, *reader;
    } cases[] = {
        {"journal_mode", "wal", "wal"},
        {"synchronous", "2", NULL},
        {"foreign_keys", "1", "1"},
        {"busy_timeout", "5000", "5000"},
        {"temp_store", "2", "2"},
        {"trusted_schema", "0", "0"},
        {"mmap_size", "0", "0"},
        {"cache_size", "-8192", "-1024"},
        {"page_size", "4096", "4096"},
        {"journal_size_limit", "16777216", NULL},
        {"application_id", "1215652450", "1215652450"},
    };
    struct store *reader;
    struct store_error why;
    assert_int_equal(store_open(&(struct store_options){.path = f->path, .read_only = true}, &reader, &why), OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (int r = 0; r < 2; r++) {
            const char *wanted = r ? cases[i].reader : cases[i].writer;
            char sql[64], out[4096] = "";
            snprintf(sql, sizeof sql, "PRAGMA %s", cases[i].pragma);
            assert_int_equal(sqlite3_exec((r ? reader : f->s)->db, sql, outside_add_row, out, NULL), SQLITE_OK);
            if (wanted && (strncmp(out, wanted, strlen(wanted)) != 0 || out[strlen(wanted)] != '\n'))
                fail_msg("%s of the %s is %s", cases[i].pragma, r ? "reader" : "writer", out);
        }
    }
    store_close(reader);
}

static void a_transaction_is_all_or_nothing(void **state)
{
    struct fixture *f = *state;
    put_messages(f->s, 1, 3);
    assert_count(f->path, 3);
    assert_int_equal(store_begin(f->s), OK);
    struct message_row m = {.room_id = 1, .seq = 4, .body = SPAN("x")};
    assert_int_equal(messages_insert(f->s, &m), OK);
    assert_count(f->path, 3);
    store_rollback(f->s);
    assert_count(f->path, 3);
    store_rollback(f->s); /* none open: nothing happens */
    put_messages(f->s, 4, 2);
    fixture_reopen(f);
    assert_count(f->path, 5);
}

static void the_position_is_kept(void **state)
{
    struct fixture *f = *state;
    struct store_position p = {.epoch = 3, .number = INT64_C(1) << 60}, got;
    uint8_t zero[32] = {0};
    assert_int_equal(store_position_get(f->s, &got), OK);
    assert_int_equal(got.epoch, 0);
    assert_int_equal(got.number, 0);
    assert_memory_equal(got.hash, zero, 32);

    for (size_t i = 0; i < sizeof p.hash; i++)
        p.hash[i] = (uint8_t)(255 - i);
    assert_int_equal(store_begin(f->s), OK);
    assert_int_equal(store_position_set(f->s, &p), OK);
    store_rollback(f->s);
    assert_int_equal(store_position_get(f->s, &got), OK);
    assert_int_equal(got.number, 0);

    assert_int_equal(store_begin(f->s), OK);
    assert_int_equal(store_position_set(f->s, &p), OK);
    assert_int_equal(store_commit(f->s), OK);
    fixture_reopen(f);
    assert_int_equal(store_position_get(f->s, &got), OK);
    assert_int_equal(got.epoch, 3);
    assert_true(got.number == INT64_C(1) << 60);
    assert_memory_equal(got.hash, p.hash, 32);
}

static void a_clean_stop_leaves_no_wal(void **state)
{
    struct fixture *f = *state;
    put_messages(f->s, 1, 100);
    assert_true(file_bytes(f->path, "-wal") > 0);
    assert_int_equal(store_wal_bytes(f->s), file_bytes(f->path, "-wal"));
    store_close(f->s);
    f->s = NULL;
    assert_int_equal(file_bytes(f->path, "-wal"), -1);
    assert_count(f->path, 100);
}

/* Also when a reader is closed after the writer, which cannot remove the file but leaves it empty. */
static void or_an_empty_one_behind_a_reader(void **state)
{
    struct fixture *f = *state;
    struct store *reader;
    struct store_error why;
    put_messages(f->s, 1, 100);
    assert_int_equal(store_open(&(struct store_options){.path = f->path, .read_only = true}, &reader, &why), OK);
    assert_int_equal(messages_exists(reader, 1, 1), OK);
    store_close(f->s);
    f->s = NULL;
    assert_int_equal(file_bytes(f->path, "-wal"), 0);
    assert_int_equal(messages_exists(reader, 1, 100), OK);
    store_close(reader);
}

static void a_reader_cannot_write(void **state)
{
    struct fixture *f = *state;
    struct store *reader;
    struct store_error why;
    int64_t id;
    assert_int_equal(store_open(&(struct store_options){.path = f->path, .read_only = true}, &reader, &why), OK);
    assert_int_equal(rooms_insert(reader, SPAN("x"), SPAN("x"), 1, &id), ERR_STORAGE);
    assert_int_equal(rooms_set_last_seq(reader, 1, 5), ERR_STORAGE);
    store_close(reader);
}

/* The files as a kill -9 would leave them, opened again: whole, and known to be unclean once. */
static void an_unclean_stop_is_noticed(void **state)
{
    struct fixture *f = *state, copy;
    fixture_dir(&copy);
    put_messages(f->s, 1, 100);
    copy_file(f->path, copy.path, "");
    copy_file(f->path, copy.path, "-wal");
    fixture_reopen(&copy);
    assert_true(store_was_unclean(copy.s));
    assert_count(copy.path, 100);
    fixture_reopen(&copy);
    assert_false(store_was_unclean(copy.s));
    store_close(copy.s);
    fixture_remove(&copy);
}

static void what_cannot_be_opened_says_why(void **state)
{
    struct fixture *f = *state;
    char no_directory[128];
    snprintf(no_directory, sizeof no_directory, "%s/nowhere/hubbub.db", f->dir);
    const struct {
        struct store_options options;
        const char *word;
    } cases[] = {
        {{.path = no_directory}, "directory"},
        {{.path = no_directory, .read_only = true}, "directory"},
        {{.path = f->dir}, "directory"},
        {{.path = f->path, .vfs = "no such thing"}, "VFS"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct store *s = NULL;
        struct store_error why = {""};
        assert_int_equal(store_open(&cases[i].options, &s, &why), ERR_IO);
        assert_null(s);
        assert_non_null(strstr(why.text, cases[i].options.path));
        assert_non_null(strstr(why.text, cases[i].word));
    }
}

static void a_database_that_another_program_holds_is_in_use(void **state)
{
    struct fixture *f = *state;
    struct store *s = NULL;
    struct store_error why = {""};
    store_close(f->s);
    f->s = NULL;
    sqlite3 *other = outside_open(f->path);
    assert_int_equal(sqlite3_exec(other, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE", NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(store_open(&(struct store_options){.path = f->path}, &s, &why), ERR_IN_USE);
    assert_non_null(strstr(why.text, "another program"));
    sqlite3_close(other);
    fixture_reopen(f);
}

/* After a crash others may still have the database open, in the middle of a transaction. */
static void recovery_beside_a_reader(void **state)
{
    struct fixture *f = *state;
    char out[4096] = "";
    put_messages(f->s, 1, 50);
    sqlite3 *other = outside_open(f->path);
    assert_int_equal(sqlite3_exec(other, "BEGIN; SELECT count(*) FROM messages", outside_add_row, out, NULL),
                     SQLITE_OK);
    put_messages(f->s, 51, 10);
    assert_int_equal(store_recover(f->s), OK);
    put_messages(f->s, 61, 10);
    assert_int_equal(sqlite3_exec(other,
                                  "SELECT count(*) FROM messages; COMMIT; SELECT count(*) FROM messages;"
                                  "PRAGMA integrity_check",
                                  outside_add_row, out, NULL),
                     SQLITE_OK);
    assert_string_equal(out, "50\n50\n70\nok\n");
    sqlite3_close(other);
}

/* The database, the WAL, the shared memory: whichever is moved away, nothing is committed any more, and what was is in
 * the file that was open. */
static void files_that_are_gone(void **state)
{
    (void)state;
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        struct fixture f;
        char from[128], to[128];
        fixture_dir(&f);
        fixture_reopen(&f);
        put_messages(f.s, 1, 10);
        assert_true(store_in_place(f.s));
        snprintf(from, sizeof from, "%s%s", f.path, suffixes[i]);
        snprintf(to, sizeof to, "%s/moved", f.dir);
        assert_int_equal(rename(from, to), 0);
        assert_false(store_in_place(f.s));
        assert_true(store_is_gone(f.s));
        assert_int_equal(store_begin(f.s), ERR_STORAGE);
        store_close(f.s);
        assert_count(i ? f.path : to, 10);
        assert_true(i || file_bytes(f.path, "-wal") < 0);
        unlink(to);
        fixture_remove(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_pragmas_are_in_force, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_transaction_is_all_or_nothing, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(the_position_is_kept, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_clean_stop_leaves_no_wal, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(or_an_empty_one_behind_a_reader, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_reader_cannot_write, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(an_unclean_stop_is_noticed, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(recovery_beside_a_reader, fixture_setup, fixture_teardown),
        cmocka_unit_test(files_that_are_gone),
        cmocka_unit_test_setup_teardown(what_cannot_be_opened_says_why, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_database_that_another_program_holds_is_in_use, fixture_setup,
                                        fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
