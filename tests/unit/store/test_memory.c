/* Every allocation of SQLite fails once, or from some moment on for good: as for the disk in test_faults.c. */
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
    for (int64_t nth = 1; fired; nth += FAULT_STRIDE * (nth < 200 ? 1 : 17)) {
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
static void count(void *ctx, const struct event_row *row)
{
    (void)row;
    ++*(int *)ctx;
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
