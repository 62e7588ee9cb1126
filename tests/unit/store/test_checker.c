/* The thread that reads every page, and what a damaged one does to all stores of the process. */
#include "base/metrics.h"
#include "fixture.h"
#include "store/checker.h"
#include "store/membership.h"

static void put_messages(struct store *s, int64_t n)
{
    static char body[900];
    memset(body, 'x', sizeof body);
    assert_int_equal(store_begin(s), OK);
    for (int64_t seq = 1; seq <= n; seq++) {
        char id[32];
        snprintf(id, sizeof id, "c%lld", (long long)seq);
        const struct message_row m = {
            .room_id = 1, .seq = seq, .at = seq, .number = seq, .body = {body, sizeof body}, .client_id = span_of(id)};
        assert_int_equal(messages_insert(s, &m), OK);
    }
    assert_int_equal(store_commit(s), OK);
}

static enum checker_state check(const char *path, struct metrics *m)
{
    struct checker *c;
    struct store_error why = {""};
    enum checker_state state;
    if (checker_start(&(struct store_options){.path = path, .metrics = m}, &c, &why))
        fail_msg("%s", why.text);
    while ((state = checker_state(c)) == CHECKER_RUNS)
        usleep(1000);
    checker_stop(c);
    return state;
}

static void overwrite(const char *path, long page)
{
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, (page - 1) * 4096, SEEK_SET), 0);
    for (int i = 0; i < 2000; i++)
        fputc(0xa5, file);
    fclose(file);
}

static void a_sound_database_is_sound(void **state)
{
    struct fixture *f = *state;
    struct metrics m = {0};
    put_messages(f->s, 2500); /* some slices, and one that is not full */
    assert_int_equal(check(f->path, &m), CHECKER_SOUND);
    assert_int_equal(metric_get(&m.storage_damaged), 0);
    assert_int_equal(store_begin(f->s), OK);
    store_rollback(f->s);
}

/* Wherever it is: in a table, in an index with and without a condition, in a table WITHOUT ROWID. */
static void a_damaged_page_is_found(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"messages", "messages_room_seq", "messages_client_id", "messages_deleted",
                                        "mentions"};
    put_messages(f->s, 2500);
    assert_int_equal(store_begin(f->s), OK);
    for (int64_t seq = 1; seq <= 2500; seq++)
        assert_int_equal(mentions_insert(f->s, 1, seq, (const int64_t[]){0}, 1), OK);
    assert_int_equal(store_commit(f->s), OK);
    outside_exec(f->path, "UPDATE messages SET deleted_at = 1");
    store_close(f->s);
    f->s = NULL;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct fixture copy;
        struct metrics m = {0};
        struct store_error why = {""};
        struct store *writer;
        char sql[256], out[4096], command[256];
        fixture_dir(&copy);
        snprintf(command, sizeof command, "cp %s %s", f->path, copy.path);
        assert_int_equal(system(command), 0);
        snprintf(sql, sizeof sql,
                 "SELECT pageno FROM dbstat WHERE name = '%s' AND pagetype = 'leaf' ORDER BY path LIMIT 1 OFFSET 5",
                 names[i]);
        overwrite(copy.path, strtol(outside_query(copy.path, sql, out), NULL, 10));
        assert_int_equal(store_open(&(struct store_options){.path = copy.path, .metrics = &m}, &writer, &why), OK);
        metric_set(&m.storage_ok, 1);
        diag_open("/dev/null", DIAG_ERROR);
        if (check(copy.path, &m) != CHECKER_DAMAGED)
            fail_msg("the damage in %s is not found", names[i]);
        assert_int_equal(metric_get(&m.storage_damaged), 1);
        assert_int_equal(metric_get(&m.storage_ok), 0);
        assert_int_equal(store_begin(writer), ERR_STORAGE); /* what is damaged is not written to */
        assert_int_equal(store_read_begin(writer), OK);
        assert_int_equal(messages_exists(writer, 1, 1), OK);
        store_read_end(writer);
        diag_open(NULL, DIAG_WARN);
        store_close(writer);
        fixture_remove(&copy);
    }
    fixture_reopen(f);
}

static void it_stops_when_it_is_told_to(void **state)
{
    struct fixture *f = *state;
    struct metrics m = {0};
    struct checker *c;
    struct store_error why;
    put_messages(f->s, 2500);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(checker_start(&(struct store_options){.path = f->path, .metrics = &m}, &c, &why), OK);
        usleep((unsigned)i * 300);
        checker_stop(c);
    }
    assert_int_equal(metric_get(&m.storage_damaged), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_sound_database_is_sound, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_damaged_page_is_found, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(it_stops_when_it_is_told_to, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
