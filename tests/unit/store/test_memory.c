/* Every allocation of SQLite fails once, or from some moment on for good: as for the disk in test_faults.c. */
#include "every.h"
#include "workload.h"

#include <sodium.h>

static struct {
    sqlite3_mem_methods real;
    bool armed, for_good;
    int64_t calls, nth, failed;
} memory;

/* One thread allocates in these tests. */
static bool fails(void)
{
    if (!memory.armed)
        return false;
    memory.calls++;
    bool fail = memory.calls == memory.nth || (memory.for_good && memory.calls > memory.nth);
    memory.failed += fail;
    return fail;
}

static void *failing_malloc(int bytes)
{
    return fails() ? NULL : memory.real.xMalloc(bytes);
}

static void *failing_realloc(void *p, int bytes)
{
    return fails() ? NULL : memory.real.xRealloc(p, bytes);
}

static void arm(int64_t nth, bool for_good)
{
    memory.calls = memory.failed = 0;
    memory.nth = nth;
    memory.for_good = for_good;
    memory.armed = true;
}

enum { BATCHES_UNDER_FAULT = 3, BATCHES = 4 };

/* False: the n-th allocation was never asked for. */
static bool run(int64_t nth, bool for_good, int *failed_batches)
{
    struct workload l = {0};
    fixture_dir(&l.f);
    assert_int_equal(workload_open(&l), OK);
    arm(nth, for_good);
    while (l.batches < BATCHES_UNDER_FAULT)
        *failed_batches += !workload_batch(&l);
    memory.armed = false;
    bool fired = memory.failed > 0;
    while (l.batches < BATCHES)
        assert_true(workload_batch(&l));
    workload_close(&l);
    workload_check(&l, l.f.path, l.taken);
    fixture_remove(&l.f);
    return fired;
}

static void batches(void **state)
{
    (void)state;
    for (int for_good = 0; for_good < 2; for_good++) {
        int failed_batches = 0;
        int64_t nth = 1;
        while (run(nth, for_good, &failed_batches))
            nth +=
                FAULT_STRIDE * (nth < 100 ? 1 : 7); /* the first ones prepare the statements; later batches are alike */
        assert_true(nth > 100);
        assert_true(failed_batches > 50 / FAULT_STRIDE);
    }
}

static void opening(void **state)
{
    (void)state;
    int failures = 0;
    bool fired = true;
    for (int64_t nth = 1; fired; nth += FAULT_STRIDE * (nth < 200 ? 1 : 61)) {
        struct workload l = {0};
        fixture_dir(&l.f);
        arm(nth, false);
        enum err e = workload_open(&l);
        fired = memory.failed > 0;
        memory.armed = false;
        failures += e != OK;
        if (e) {
            assert_true(e == ERR_MEMORY ||
                        e == ERR_IO); /* SQLite calls a file that it has no memory to open CANTOPEN */
            assert_int_equal(workload_open(&l), OK);
        }
        assert_true(workload_batch(&l));
        workload_close(&l);
        workload_check(&l, l.f.path, l.taken);
        fixture_remove(&l.f);
    }
    assert_true(failures > 50 / FAULT_STRIDE);
}

/* A page that could not be read whole is reported as such, however many rows came before. */
static bool count(void *ctx, const struct event_row *row)
{
    (void)row;
    ++*(int *)ctx;
    return true;
}

static void reading(void **state)
{
    (void)state;
    struct workload l = {0};
    fixture_dir(&l.f);
    assert_int_equal(workload_open(&l), OK);
    while (l.batches < 5)
        assert_true(workload_batch(&l));
    int failures = 0;
    bool fired = true;
    for (int64_t nth = 1; fired; nth++) {
        struct store *s;
        struct store_error why;
        struct message_row m;
        int rows = 0;
        assert_int_equal(store_open(&(struct store_options){.path = l.f.path, .read_only = true}, &s, &why), OK);
        arm(nth, false);
        enum err page = events_before(s, 1, 0, INT64_MAX, 9, count, &rows);
        enum err found = messages_by_client_id(s, 0, SPAN("b1-1"), &m);
        fired = memory.failed > 0;
        memory.armed = false;
        failures += page || found;
        assert_true(page == OK || page == ERR_STORAGE);
        assert_true(found == OK || found == ERR_STORAGE);
        if (page == OK)
            assert_int_equal(rows, 9);
        rows = 0;
        assert_int_equal(events_before(s, 1, 0, INT64_MAX, 9, count, &rows), OK); /* and works again */
        assert_int_equal(rows, 9);
        store_close(s);
    }
    assert_true(failures > 20);
    workload_close(&l);
    fixture_remove(&l.f);
}

static void arm_once(int64_t nth)
{
    arm(nth, false);
}

static void disarm(void)
{
    memory.armed = false;
}

/* One call of every_read() or every_write(), with each allocation failing once: it says so, and works again. */
static int every_failure_of(struct store *s, bool writes, int i)
{
    int failures = 0, rows, all_rows;
    const char *call = "";
    enum err e = every_call(s, writes, i, NULL, 0, NULL, &all_rows, &call);
    if (e == ERR_COUNT)
        return -1;
    if (e)
        fail_msg("%s: %s", call, err_code(e));
    bool fired = true;
    for (int64_t nth = 1; fired; nth += FAULT_STRIDE) {
        statements_close(s); /* so that they are prepared anew */
        e = every_call(s, writes, i, arm_once, nth, disarm, &rows, &call);
        fired = memory.failed > 0;
        failures += e != OK;
        if (e ? e != ERR_STORAGE : rows != all_rows)
            fail_msg("%s: allocation %d fails: %s, %d rows", call, (int)nth, err_code(e), rows);
        if (every_call(s, writes, i, NULL, 0, NULL, &rows, &call) || rows != all_rows)
            fail_msg("%s: allocation %d has failed, and now it does not work any more", call, (int)nth);
    }
    return failures;
}

static void every_statement(void **state)
{
    (void)state;
    struct fixture f;
    fixture_dir(&f);
    fixture_reopen(&f);
    every_fill(&f);
    for (int writes = 0; writes < 2; writes++) {
        int i = 0, failures;
        while ((failures = every_failure_of(f.s, writes, i)) >= 0) {
            assert_true(failures > 5 / FAULT_STRIDE);
            i++;
        }
        assert_true(i > 40);
    }
    store_close(f.s);
    fixture_remove(&f);
}

/* A new statement needs a call in every.h: otherwise nothing shows how it fails. */
static void no_statement_is_left_out(void **state)
{
    (void)state;
    struct fixture f;
    const char *call = "";
    fixture_dir(&f);
    fixture_reopen(&f);
    for (int writes = 0; writes < 2; writes++) {
        int rows, i = 0;
        if (!writes)
            every_fill(&f);
        while (every_call(f.s, writes, i, NULL, 0, NULL, &rows, &call) == OK)
            i++;
    }
    /* Of an old database that is opened, and of a commit that fails. */
    static const enum statement others[] = {STATEMENT_migrations_all, STATEMENT_touch};
    for (int id = 0; id < STATEMENT_COUNT; id++) {
        bool is_other = false;
        for (size_t k = 0; k < sizeof others / sizeof others[0]; k++)
            is_other |= id == (int)others[k];
        if (!f.s->statements[id] && !is_other)
            fail_msg("%s is in no call of every.h", statement_sources[id].name);
    }
    store_close(f.s);
    fixture_remove(&f);
}

int main(void)
{
    if (sodium_init() < 0 || sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory.real) != SQLITE_OK)
        return 1;
    sqlite3_mem_methods failing = memory.real;
    failing.xMalloc = failing_malloc;
    failing.xRealloc = failing_realloc;
    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &failing) != SQLITE_OK || diag_open("/dev/null", DIAG_ERROR) != OK)
        return 1;
    if (access("/dev/shm", W_OK) == 0) /* hundreds of databases, of which none need survive the machine */
        setenv("TMPDIR", "/dev/shm", 0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batches),
        cmocka_unit_test(opening),
        cmocka_unit_test(reading),
        cmocka_unit_test(every_statement),
        cmocka_unit_test(no_statement_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
