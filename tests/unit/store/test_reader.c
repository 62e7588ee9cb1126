#include "fixture.h"
#include "store/connection.h"
#include "store/reader.h"

#include <stdatomic.h>

struct test_job {
    struct reader_job job; /* first */
    struct world *w;
    bool leaves_transaction;
    atomic_int runs;
    struct store *ran_with;
};

struct world {
    struct fixture *f;
    struct reader *r;
    struct metrics m;
    struct test_job *order[64]; /* for tests on one thread */
    int orders;
    atomic_int done;
    atomic_bool hold; /* jobs wait until it is false */
};

static void run(struct reader_job *self, struct store *s)
{
    struct test_job *j = (struct test_job *)self;
    while (s && atomic_load(&j->w->hold))
        usleep(100);
    j->ran_with = s;
    if (s) {
        if (j->leaves_transaction)
            assert_int_equal(store_read_begin(s), OK);
        assert_int_equal(messages_exists(s, 1, 1), ERR_NOT_FOUND);
    }
    atomic_fetch_add(&j->runs, 1);
    int at = atomic_fetch_add(&j->w->done, 1);
    if (at < 64)
        j->w->order[at] = j;
}

static void world_open(struct world *w, int threads, int64_t queue_jobs)
{
    struct store_error why;
    assert_int_equal(reader_open(&(struct store_options){.path = w->f->path}, threads, queue_jobs, &w->m, &w->r, &why),
                     OK);
}

static enum err submit(struct world *w, struct test_job *j)
{
    j->w = w;
    j->job.run = run;
    return reader_submit(w->r, &j->job);
}

static void first_come_first_served(void **state)
{
    struct world w = {.f = *state};
    struct test_job jobs[5] = {0};
    world_open(&w, 2, 10);
    for (int i = 0; i < 5; i++)
        assert_int_equal(submit(&w, &jobs[i]), OK);
    assert_int_equal(metric_get(&w.m.reader_queue), 5);
    for (int i = 0; i < 5; i++) {
        assert_true(reader_step(w.r));
        assert_ptr_equal(w.order[i], &jobs[i]);
        assert_non_null(jobs[i].ran_with);
        assert_int_equal(metric_get(&w.m.reader_queue), 4 - i);
    }
    assert_false(reader_step(w.r));
    reader_stop(w.r);
    reader_free(w.r);
}

static void a_full_queue_refuses(void **state)
{
    struct world w = {.f = *state};
    struct test_job jobs[3] = {0};
    world_open(&w, 1, 2);
    assert_int_equal(submit(&w, &jobs[0]), OK);
    assert_int_equal(submit(&w, &jobs[1]), OK);
    assert_int_equal(submit(&w, &jobs[2]), ERR_OVERLOADED);
    assert_int_equal(metric_get(&w.m.reader_queue_refused_total), 1);
    assert_true(reader_step(w.r));
    assert_int_equal(submit(&w, &jobs[2]), OK);
    reader_stop(w.r);
    reader_free(w.r);
}

static void those_left_at_the_stop_are_run_with_nothing(void **state)
{
    for (int with_threads = 0; with_threads < 2; with_threads++) {
        struct world w = {.f = *state, .hold = with_threads};
        struct test_job jobs[6] = {0};
        world_open(&w, 2, 10);
        if (with_threads)
            assert_int_equal(reader_start(w.r), OK);
        for (int i = 0; i < 6; i++)
            assert_int_equal(submit(&w, &jobs[i]), OK);
        while (with_threads && metric_get(&w.m.reader_queue) > 4) /* each thread has one and holds it */
            usleep(100);
        atomic_store(&w.hold, false);
        reader_stop(w.r);
        for (int i = 0; i < 6; i++)
            assert_int_equal(atomic_load(&jobs[i].runs), 1);
        if (!with_threads)
            assert_null(jobs[0].ran_with);
        struct test_job late = {0};
        assert_int_equal(submit(&w, &late), ERR_SHUTTING_DOWN);
        assert_int_equal(atomic_load(&late.runs), 0);
        assert_int_equal(metric_get(&w.m.reader_queue), 0);
        reader_free(w.r);
    }
}

enum { MANY = 400 };

static void threads_share_the_work(void **state)
{
    static struct test_job jobs[MANY];
    struct world w = {.f = *state};
    world_open(&w, 3, MANY);
    assert_int_equal(reader_start(w.r), OK);
    for (int i = 0; i < MANY; i++) {
        memset(&jobs[i], 0, sizeof jobs[i]);
        assert_int_equal(submit(&w, &jobs[i]), OK);
    }
    while (atomic_load(&w.done) < MANY)
        usleep(200);
    reader_stop(w.r);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(atomic_load(&jobs[i].runs), 1);
        assert_non_null(jobs[i].ran_with);
    }
    reader_free(w.r);
}

/* However many pages are asked for, and however long they take. */
static void pages_do_not_delay_who_comes_in(void **state)
{
    struct world w = {.f = *state, .hold = true}, entry = {.f = w.f};
    struct test_job pages[3] = {0}, look_up = {.job.lane = READER_ENTRY};
    world_open(&w, 1, 2);
    assert_int_equal(reader_start(w.r), OK);
    assert_int_equal(submit(&w, &pages[0]), OK);
    while (metric_get(&w.m.reader_queue)) /* its thread has it, and holds it */
        usleep(100);
    assert_int_equal(submit(&w, &pages[1]), OK);
    assert_int_equal(submit(&w, &pages[2]), OK);
    entry.r = w.r;
    assert_int_equal(submit(&entry, &look_up), OK); /* the queue of the pages is full: this is another one */
    while (!atomic_load(&look_up.runs))
        usleep(100);
    assert_int_equal(atomic_load(&w.done), 0);
    atomic_store(&w.hold, false);
    reader_stop(w.r);
    reader_free(w.r);
}

/* Else the WAL could not be reset for as long as the thread has nothing to do. */
static void a_transaction_ends_with_its_job(void **state)
{
    struct world w = {.f = *state};
    struct test_job job = {.leaves_transaction = true};
    world_open(&w, 1, 10);
    assert_int_equal(submit(&w, &job), OK);
    assert_true(reader_step(w.r));
    assert_true(sqlite3_get_autocommit(job.ran_with->db));

    struct message_row m = {.room_id = 1, .seq = 1, .body = SPAN("x")};
    assert_int_equal(messages_insert(w.f->s, &m), OK);
    sqlite3 *db = outside_open(w.f->path);
    sqlite3_busy_timeout(db, 0);
    assert_int_equal(sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    reader_stop(w.r);
    reader_free(w.r);
}

struct pair_job {
    struct reader_job job; /* first */
    struct store *writer;
    enum err first, second;
};

static void look_twice(struct reader_job *self, struct store *s)
{
    struct pair_job *p = (struct pair_job *)self;
    struct message_row m = {.room_id = 1, .seq = 1, .body = SPAN("x")};
    p->first = messages_exists(s, 1, 1);
    assert_int_equal(messages_insert(p->writer, &m), OK);
    p->second = messages_exists(s, 1, 1);
}

static void look_again(struct reader_job *self, struct store *s)
{
    struct pair_job *p = (struct pair_job *)self;
    p->first = p->second = messages_exists(s, 1, 1);
}

static void a_job_sees_one_state(void **state)
{
    struct world w = {.f = *state};
    struct pair_job pair = {.job.run = look_twice, .writer = w.f->s};
    world_open(&w, 1, 10);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(reader_submit(w.r, &pair.job), OK);
        assert_true(reader_step(w.r));
        assert_int_equal(pair.first, i ? OK : ERR_NOT_FOUND);
        assert_int_equal(pair.second, pair.first);
        pair.job.run = look_again;
    }
    reader_stop(w.r);
    reader_free(w.r);
}

static void what_cannot_be_opened(void **state)
{
    struct world w = {.f = *state};
    struct store_error why = {""};
    assert_int_equal(reader_open(&(struct store_options){.path = "/nowhere/at all"}, 2, 10, &w.m, &w.r, &why), ERR_IO);
    assert_null(w.r);
    assert_non_null(strstr(why.text, "/nowhere/at all"));
    reader_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(first_come_first_served, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_full_queue_refuses, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(those_left_at_the_stop_are_run_with_nothing, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(threads_share_the_work, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(pages_do_not_delay_who_comes_in, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_transaction_ends_with_its_job, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_job_sees_one_state, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_opened, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
