/* Every call by which the store touches the disk fails once, or from some moment on for good: those whose batch it was
 * are told, nothing half-done is seen, service resumes when the fault clears, and a crash at any time leaves what was
 * reported. */
#include "every.h"
#include "fault_vfs.c"
#include "store/connection.h"
#include "workload.h"

#include <sodium.h>

/* When the fault has not gone by itself after so many batches it is cleared, and two more are written. */
enum { BATCHES_UNDER_FAULT = 6, BATCHES = 8 };

/* As if the program were killed now. */
static void crash(const struct workload *l)
{
    struct fixture copy;
    fixture_dir(&copy);
    workload_copy(l, copy.path);
    workload_check(l, copy.path, l->batches);
    fixture_remove(&copy);
}

/* False: the plan's n-th call was never made, so there is nothing more to try. */
static bool run(const struct fault_plan *plan)
{
    struct workload l = {.vfs = FAULT_VFS_NAME};
    int failed = 0;
    fixture_dir(&l.f);
    assert_int_equal(workload_open(&l), OK);
    fault_vfs_arm(plan);
    while (l.batches < BATCHES_UNDER_FAULT) {
        bool stored = workload_batch(&l);
        failed += !stored;
        /* What the fault does while it lasts is seen in the first batches that it fails. */
        if (!stored && failed <= 2)
            crash(&l);
    }
    bool fired = fault_vfs_failed() > 0;
    fault_vfs_disarm();
    while (l.batches < BATCHES)
        assert_true(workload_batch(&l));
    crash(&l);
    workload_close(&l);
    workload_check(&l, l.f.path, l.taken);
    fixture_remove(&l.f);
    return fired;
}

static void run_all(struct fault_plan plan)
{
    plan.nth = 1;
    while (run(&plan))
        plan.nth += FAULT_STRIDE;
    assert_true(plan.nth > 1);
}

static void a_call_fails_once(void **state)
{
    (void)state;
    static const struct fault_plan plans[] = {
        {.ops = FAULT_WRITE},
        {.ops = FAULT_WRITE, .code = SQLITE_FULL, .manner = FAULT_HALF_DONE},
        {.ops = FAULT_WRITE, .manner = FAULT_ALL_DONE},
        {.ops = FAULT_READ},
        {.ops = FAULT_READ, .code = SQLITE_IOERR_SHORT_READ},
    };
    for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++)
        run_all(plans[i]);
}

static void a_kind_of_call_fails_for_good(void **state)
{
    (void)state;
    static const struct fault_plan plans[] = {
        {.ops = FAULT_WRITE, .for_good = true, .code = SQLITE_FULL},
        {.ops = FAULT_WRITE, .for_good = true, .code = SQLITE_FULL, .manner = FAULT_HALF_DONE},
        {.ops = FAULT_WRITE, .for_good = true, .manner = FAULT_ALL_DONE},
    };
    for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++)
        run_all(plans[i]);
}

/* The disk goes away altogether, in the middle of whatever it was doing. */
static void everything_fails_for_good(void **state)
{
    (void)state;
    run_all((struct fault_plan){.ops = FAULT_ALL & ~FAULT_SYNC, .for_good = true, .code = SQLITE_IOERR});
}

/* Each sync of a life, from the first batch to the close, fails. That is the end: nothing is written from then on,
 * whatever is still tried, and the next life finds all that was reported as stored. */
static void a_failed_sync_is_the_end(void **state)
{
    (void)state;
    bool fired = true;
    int at_close = 0;
    for (int64_t nth = 1; fired; nth++) {
        struct workload l = {.vfs = FAULT_VFS_NAME};
        fixture_dir(&l.f);
        assert_int_equal(workload_open(&l), OK);
        fault_vfs_arm(&(struct fault_plan){.ops = FAULT_SYNC, .nth = nth});
        while (l.batches < BATCHES && !l.ends)
            (void)workload_batch(&l);
        int doubtful = l.batches - (l.ends > 0); /* nobody has been told what came of the last batch */
        if (l.ends) {
            fault_vfs_arm(&(struct fault_plan){.ops = FAULT_WRITE | FAULT_SYNC | FAULT_TRUNCATE | FAULT_DELETE,
                                               .nth = INT64_MAX});
            assert_false(workload_batch(&l));
        }
        workload_close(&l);
        fired = l.ends > 0;
        at_close += fired && l.taken == BATCHES;
        assert_in_range(l.ends, 0, 1);
        if (fired && l.taken < BATCHES)
            assert_int_equal(fault_vfs_calls(), 0);
        fault_vfs_disarm();
        workload_check(&l, l.f.path, doubtful);
        fixture_remove(&l.f);
    }
    assert_true(at_close > 0);
}

enum { FRAMES_IN_FIRST_INDEX_PAGE = 4062 };

/* Fills the WAL with rooms until less than 60 frames are left on the first page of the wal-index. */
static void fill_wal(struct store *s)
{
    static char name[16000];
    int64_t id;
    while (s->wal_frames < FRAMES_IN_FIRST_INDEX_PAGE - 60) {
        char fold[32];
        memset(name, 'x', sizeof name);
        assert_int_equal(store_begin(s), OK);
        for (int i = 0; i < 8; i++) { /* four or five frames each */
            snprintf(fold, sizeof fold, "%d-%d", (int)s->wal_frames, i);
            assert_int_equal(rooms_insert(s, (struct span){name, sizeof name}, span_of(fold), 1, &id), OK);
        }
        assert_int_equal(store_commit(s), OK);
    }
}

/* The wal-index grows by one page for each 4096 frames, after the commit has been synced. When that fails (it is a
 * file, and the disk may be full) the commit is on the disk, and COMMIT fails all the same. */
static void the_wal_index_cannot_grow(void **state)
{
    (void)state;
    for (int for_good = 0; for_good < 2; for_good++) {
        struct workload l = {.vfs = FAULT_VFS_NAME, .wal_limit_bytes = 1 << 30};
        fixture_dir(&l.f);
        assert_int_equal(workload_open(&l), OK);
        fill_wal(l.f.s);
        fault_vfs_arm(&(struct fault_plan){.ops = FAULT_SHM_MAP, .nth = 1, .for_good = for_good});
        bool stored = true;
        while (stored && l.taken < BATCHES_MAX - 1)
            stored = workload_batch(&l);
        assert_false(stored);
        crash(&l);
        fault_vfs_disarm();
        assert_true(workload_batch(&l));
        workload_close(&l);
        workload_check(&l, l.f.path, l.taken);
        fixture_remove(&l.f);
    }
}

static void opening_fails(void **state)
{
    (void)state;
    for (int old = 0; old < 2; old++) { /* a new database; one that was left by a crash */
        struct workload l = {.vfs = FAULT_VFS_NAME};
        struct fixture crashed;
        int64_t n = 1, failures = 0;
        fixture_dir(&crashed);
        fixture_dir(&l.f);
        if (old) {
            assert_int_equal(workload_open(&l), OK);
            while (l.batches < 2)
                assert_true(workload_batch(&l));
            workload_copy(&l, crashed.path);
            workload_close(&l);
            fixture_remove(&l.f);
        }
        for (bool fired = true; fired; n++) {
            struct workload opened = l;
            fixture_dir(&opened.f);
            struct workload source = {.f = crashed};
            workload_copy(&source, opened.f.path);
            fault_vfs_arm(&(struct fault_plan){.ops = FAULT_ALL, .nth = n});
            enum err e = workload_open(&opened);
            fired = fault_vfs_failed() > 0;
            fault_vfs_disarm();
            failures += e != OK;
            if (!e && opened.ends) { /* it was a sync: the process would be gone */
                workload_close(&opened);
                e = ERR_IO;
            }
            opened.ends = 0;
            if (e) /* then a second attempt is as good as the first would have been */
                assert_int_equal(workload_open(&opened), OK);
            assert_true(workload_batch(&opened));
            workload_close(&opened);
            workload_check(&opened, opened.f.path, opened.taken);
            fixture_remove(&opened.f);
        }
        assert_true(failures > 5);
        fixture_remove(&crashed);
    }
}

/* ------------------------------------------------------------------ kill -9 */

enum { COPIES_MAX = 300 };

struct witness {
    struct workload *l;
    struct fixture copies[COPIES_MAX];
    struct workload then[COPIES_MAX]; /* what had been reported */
    int n;
};

static void witness(void *ctx, enum fault_op op, int64_t n)
{
    struct witness *w = ctx;
    (void)op;
    (void)n;
    assert_true(w->n < COPIES_MAX);
    fixture_dir(&w->copies[w->n]);
    workload_copy(w->l, w->copies[w->n].path);
    w->then[w->n] = *w->l;
    w->n++;
}

/* The files are copied in front of every write, sync and truncation; each copy must hold all that had been reported by
 * then, and of the batch that was under way either all or nothing. */
static void killed_at_any_moment(void **state)
{
    (void)state;
    static struct witness w;
    struct workload l = {.vfs = FAULT_VFS_NAME};
    int with_more = 0;
    w.l = &l;
    fixture_dir(&l.f);
    assert_int_equal(workload_open(&l), OK);
    fault_vfs_arm(&(struct fault_plan){.ops = FAULT_WRITE | FAULT_SYNC | FAULT_TRUNCATE, .before = witness, .ctx = &w});
    while (l.batches < BATCHES)
        assert_true(workload_batch(&l));
    workload_close(&l);
    fault_vfs_disarm();
    assert_true(w.n > 50);
    for (int i = 0; i < w.n; i++) {
        with_more += workload_check(&w.then[i], w.copies[i].path, w.then[i].batches);
        fixture_remove(&w.copies[i]);
    }
    assert_true(with_more > 0); /* in front of the sync of its commit a batch is there already */
    fixture_remove(&l.f);
}

static void arm_read(int64_t nth)
{
    fault_vfs_arm(&(struct fault_plan){.ops = FAULT_READ, .nth = nth});
}

/* One call of every_read() or every_write() on a store that has just been opened, so that it has to read: false when
 * there is no such call. A page that cannot be read fails the call, and nothing but it. */
static bool every_failure_of(struct fixture *f, bool writes, int i, int *failures)
{
    const struct store_options options = {.path = f->path, .vfs = FAULT_VFS_NAME};
    const char *call = "";
    int rows, all_rows;
    bool fired = true;
    for (int64_t nth = 1; fired; nth += FAULT_STRIDE) {
        struct store_error why;
        struct store *s;
        assert_int_equal(store_open(&options, &s, &why), OK);
        enum err e = every_call(s, writes, i, arm_read, nth, fault_vfs_disarm, &rows, &call);
        if (e == ERR_COUNT) {
            store_close(s);
            return false;
        }
        fired = fault_vfs_failed() > 0;
        *failures += e != OK;
        if (e != (fired ? ERR_STORAGE : OK))
            fail_msg("%s: read %d fails: %s", call, (int)nth, err_code(e));
        const int seen = rows;
        if (every_call(s, writes, i, NULL, 0, NULL, &all_rows, &call) || (!fired && seen != all_rows))
            fail_msg("%s: read %d has failed, and now it does not work any more", call, (int)nth);
        store_close(s);
    }
    return true;
}

static void every_statement(void **state)
{
    (void)state;
    struct fixture f;
    fixture_dir(&f);
    fixture_reopen(&f);
    every_fill(&f);
    store_close(f.s);
    f.s = NULL;
    for (int writes = 0; writes < 2; writes++) {
        int failures = 0, i = 0;
        while (every_failure_of(&f, writes, i, &failures))
            i++;
        assert_true(i > 40);
        assert_true(failures > i / FAULT_STRIDE);
    }
    fixture_remove(&f);
}

static void a_plan_from_text(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum err want;
        const char *why;
    } cases[] = {
        {"write", OK, "the least"},
        {"write,sync nth=3 forgood code=13 manner=half", OK, "everything"},
        {"nth=3 all", OK, "any order"},
        {"", ERR_INVALID, "no kind of call"},
        {"nth=3", ERR_INVALID, "no kind of call"},
        {"wrote", ERR_INVALID, "unknown kind"},
        {"write nth=0", ERR_INVALID, "counted from 1"},
        {"write manner=none", ERR_INVALID, "unknown manner"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (fault_vfs_from_text(cases[i].text) != cases[i].want)
            fail_msg("%s: %s", cases[i].text, cases[i].why);

    struct workload l = {.vfs = FAULT_VFS_NAME};
    fixture_dir(&l.f);
    fault_vfs_disarm();
    assert_int_equal(workload_open(&l), OK);
    assert_int_equal(fault_vfs_from_text("sync nth=2 forgood"), OK);
    assert_int_equal(fault_vfs_failed(), 0);
    assert_true(workload_batch(&l));
    assert_false(workload_batch(&l));
    assert_false(workload_batch(&l));
    fault_vfs_disarm();
    workload_close(&l);
    fixture_remove(&l.f);
}

static int setup(void **state)
{
    (void)state;
    if (sodium_init() < 0 || fault_vfs_register() != SQLITE_OK)
        return 1;
    if (access("/dev/shm", W_OK) == 0) /* thousands of databases, whose death is that of the process */
        setenv("TMPDIR", "/dev/shm", 0);
    return diag_open("/dev/null", DIAG_ERROR) == OK ? 0 : 1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_fails_once),         cmocka_unit_test(a_kind_of_call_fails_for_good),
        cmocka_unit_test(everything_fails_for_good), cmocka_unit_test(a_failed_sync_is_the_end),
        cmocka_unit_test(the_wal_index_cannot_grow), cmocka_unit_test(opening_fails),
        cmocka_unit_test(killed_at_any_moment),      cmocka_unit_test(every_statement),
        cmocka_unit_test(a_plan_from_text),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
