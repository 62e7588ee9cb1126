#include "fault_vfs.c"
#include "fixture.h"
#include "store/writer.h"

#include <pthread.h>
#include <sodium.h>

enum { JOBS_MAX = 8192 };

/* What a job asks for, in the first byte of its command. */
enum { STORE_IT = 's', REFUSE_IT = 'r', BREAK_THE_STORE = 'b' };

struct test_job {
    struct writer_job job; /* first */
    int producer, number;
};

struct world {
    struct fixture *f;
    struct writer *w;
    struct metrics m;
    int64_t seq; /* of the last message applied; the committed one after a rollback */
    int64_t committed_seq;
    bool break_before_commit;

    pthread_mutex_t lock;            /* over what committed() writes, which tests with a thread read */
    struct test_job *back[JOBS_MAX]; /* in the order in which they came back */
    int backs;
    char batches[256]; /* sizes, and whether they were stored: "3+ 2- " */
};

static enum err apply(void *ctx, struct store *s, struct writer_job *job)
{
    struct world *w = ctx;
    if (job->command.p[0] == BREAK_THE_STORE)
        return ERR_STORAGE;
    if (job->command.p[0] == REFUSE_IT) {
        job->result = ERR_ARCHIVED;
        return OK;
    }
    struct message_row m = {.room_id = 1, .seq = ++w->seq, .body = job->command};
    return messages_insert(s, &m);
}

static enum err before_commit(void *ctx, struct store *s)
{
    struct world *w = ctx;
    return w->break_before_commit ? ERR_STORAGE : rooms_set_last_seq(s, 1, w->seq);
}

static void committed(void *ctx, struct store *s, struct writer_job *first, bool stored)
{
    struct world *w = ctx;
    int n = 0;
    assert_int_equal(store_begin(s), OK); /* no transaction is open */
    store_rollback(s);
    pthread_mutex_lock(&w->lock);
    if (stored)
        w->committed_seq = w->seq;
    w->seq = w->committed_seq;
    for (struct writer_job *job = first, *next; job; job = next, n++) {
        next = job->next;
        job->next = NULL;
        w->back[w->backs++] = (struct test_job *)job;
    }
    size_t len = strlen(w->batches);
    if (len < sizeof w->batches - 16)
        snprintf(w->batches + len, sizeof w->batches - len, "%d%c ", n, stored ? '+' : '-');
    pthread_mutex_unlock(&w->lock);
}

static void world_open(struct world *w, const struct writer_limits *limits)
{
    const struct writer_hooks hooks = {apply, before_commit, committed, w};
    pthread_mutex_init(&w->lock, NULL);
    w->w = writer_new(w->f->s, &hooks, limits, env_system(), &w->m);
    assert_non_null(w->w);
}

static void world_close(struct world *w)
{
    writer_stop(w->w);
    writer_free(w->w);
    pthread_mutex_destroy(&w->lock);
}

static enum err submit(struct world *w, struct test_job *job, const char *command)
{
    job->job.command = span_of(command);
    job->job.result = ERR_INVALID;
    return writer_submit(w->w, &job->job);
}

static int64_t stored_messages(struct world *w)
{
    char out[4096];
    return strtoll(outside_query(w->f->path, "SELECT count(*) FROM messages", out), NULL, 10);
}

static const struct writer_limits wide = {1000, 1000, 1 << 20};

static void batches_are_cut_by_count_and_by_bytes(void **state)
{
    static const struct {
        struct writer_limits limits;
        const char *sizes; /* of the commands, one digit each */
        const char *want, *why;
    } cases[] = {
        {{100, 3, 1000}, "11111111", "3+ 3+ 2+ ", "by count"},
        {{100, 100, 10}, "55555", "2+ 2+ 1+ ", "by bytes, the limit included"},
        {{100, 100, 10}, "99191", "1+ 2+ 2+ ", "by bytes, order kept"},
        {{100, 100, 4}, "9191", "1+ 1+ 1+ 1+ ", "a command larger than the limit goes alone"},
        {{100, 1, 1000}, "111", "1+ 1+ 1+ ", "one by one"},
        {{100, 100, 1000}, "", "", "none"},
    };
    static const char nine[] = "sssssssss";
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct world w = {.f = *state, .seq = (int64_t)i * 100, .committed_seq = (int64_t)i * 100};
        struct test_job jobs[8] = {0};
        world_open(&w, &cases[i].limits);
        int n = (int)strlen(cases[i].sizes);
        for (int j = 0; j < n; j++)
            assert_int_equal(submit(&w, &jobs[j], nine + 9 - (cases[i].sizes[j] - '0')), OK);
        assert_int_equal(metric_get(&w.m.command_queue), n);
        size_t handled = 0, step;
        while ((step = writer_step(w.w)))
            handled += step;
        assert_int_equal(handled, n);
        assert_int_equal(metric_get(&w.m.command_queue), 0);
        if (strcmp(w.batches, cases[i].want) != 0)
            fail_msg("%s: %s", cases[i].why, w.batches);
        for (int j = 0; j < n; j++) {
            assert_ptr_equal(w.back[j], &jobs[j]);
            assert_int_equal(jobs[j].job.result, OK);
        }
        world_close(&w);
    }
}

static void what_becomes_of_a_batch(void **state)
{
    static const struct {
        const char *kinds; /* of the commands of one batch */
        bool break_before_commit;
        bool stored;
        int messages; /* that it adds */
        const char *why;
    } cases[] = {
        {"sss", false, true, 3, "all stored"},
        {"srs", false, true, 2, "a refusal fails alone"},
        {"r", false, true, 0, "nothing but a refusal: still a batch, with its position"},
        {"ssb", false, false, 0, "the store fails at the last"},
        {"bss", false, false, 0, "the store fails at the first"},
        {"srb", false, false, 0, "a refused one of a batch that fails is told of the failure"},
        {"sss", true, false, 0, "the store fails in before_commit"},
        {"ss", false, true, 2, "and the next batch is stored"},
    };
    struct world w = {.f = *state};
    int64_t commits = 0, failures = 0, messages = 0, jobs_committed = 0;
    world_open(&w, &wide);
    assert_int_equal(metric_get(&w.m.storage_ok), 1);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct test_job jobs[8] = {0};
        int n = (int)strlen(cases[i].kinds);
        for (int j = 0; j < n; j++)
            assert_int_equal(submit(&w, &jobs[j], cases[i].kinds + j), OK);
        w.break_before_commit = cases[i].break_before_commit;
        assert_int_equal(writer_step(w.w), n);
        for (int j = 0; j < n; j++) {
            enum err want = !cases[i].stored ? ERR_STORAGE : cases[i].kinds[j] == REFUSE_IT ? ERR_ARCHIVED : OK;
            if (jobs[j].job.result != want)
                fail_msg("%s: %s", cases[i].why, err_code(jobs[j].job.result));
        }
        messages += cases[i].messages;
        commits += cases[i].stored;
        jobs_committed += cases[i].stored ? n : 0;
        failures += !cases[i].stored;
        assert_int_equal(stored_messages(&w), messages);
        assert_int_equal(metric_get(&w.m.storage_ok), cases[i].stored);
        assert_int_equal(metric_get(&w.m.commits_total), commits);
        assert_int_equal(metric_get(&w.m.commit_failures_total), failures);
        assert_int_equal(metric_get(&w.m.commit_batch.count), commits);
        assert_int_equal(metric_get(&w.m.commit_batch.sum), jobs_committed);
        assert_int_equal(metric_get(&w.m.commit_us.count), commits);
    }
    assert_true(metric_get(&w.m.commit_us.sum) > 0);
    world_close(&w);
}

static void a_full_queue_refuses(void **state)
{
    struct world w = {.f = *state};
    struct test_job jobs[5] = {0};
    world_open(&w, &(struct writer_limits){3, 2, 1000});
    for (int i = 0; i < 3; i++)
        assert_int_equal(submit(&w, &jobs[i], "s"), OK);
    assert_int_equal(submit(&w, &jobs[3], "s"), ERR_OVERLOADED);
    assert_int_equal(metric_get(&w.m.command_queue_refused_total), 1);
    assert_int_equal(metric_get(&w.m.command_queue), 3);
    assert_int_equal(writer_step(w.w), 2);
    assert_int_equal(submit(&w, &jobs[3], "s"), OK);
    assert_int_equal(submit(&w, &jobs[4], "s"), OK);
    world_close(&w); /* commits the three that are left */
    assert_int_equal(w.backs, 5);
    assert_int_equal(stored_messages(&w), 5);
}

/* A list is taken from the front until the queue is full or closed; the rest stays the caller's, linked as it was. */
static void a_list_is_taken_from_the_front(void **state)
{
    struct world w = {.f = *state};
    struct test_job jobs[6] = {0};
    enum err why = OK;
    world_open(&w, &(struct writer_limits){4, 100, 1000});
    assert_int_equal(submit(&w, &jobs[0], "s"), OK);
    for (int i = 1; i < 6; i++) {
        jobs[i].job.command = SPAN("s");
        jobs[i].job.next = i < 5 ? &jobs[i + 1].job : NULL;
    }
    assert_ptr_equal(writer_submit_list(w.w, &jobs[1].job, &why), &jobs[4].job);
    assert_int_equal(why, ERR_OVERLOADED);
    assert_ptr_equal(jobs[4].job.next, &jobs[5].job);
    assert_int_equal(metric_get(&w.m.command_queue), 4);
    assert_int_equal(metric_get(&w.m.command_queue_refused_total), 2);
    assert_int_equal(writer_step(w.w), 4);
    assert_string_equal(w.batches, "4+ ");
    why = OK;
    assert_null(writer_submit_list(w.w, &jobs[4].job, &why));
    assert_int_equal(why, OK);
    writer_close_queue(w.w);
    jobs[0].job.next = NULL;
    assert_ptr_equal(writer_submit_list(w.w, &jobs[0].job, &why), &jobs[0].job);
    assert_int_equal(why, ERR_SHUTTING_DOWN);
    world_close(&w);
    assert_int_equal(w.backs, 6);
    for (int i = 0; i < 6; i++)
        assert_ptr_equal(w.back[i], &jobs[i]);
}

static void a_closed_queue_takes_nothing_and_loses_nothing(void **state)
{
    for (int with_thread = 0; with_thread < 2; with_thread++) {
        struct world w = {.f = *state, .seq = 10 * with_thread, .committed_seq = 10 * with_thread};
        struct test_job jobs[3] = {0};
        world_open(&w, &wide);
        assert_int_equal(submit(&w, &jobs[0], "s"), OK);
        assert_int_equal(submit(&w, &jobs[1], "s"), OK);
        if (with_thread)
            assert_int_equal(writer_start(w.w), OK);
        writer_close_queue(w.w);
        assert_int_equal(submit(&w, &jobs[2], "s"), ERR_SHUTTING_DOWN);
        writer_stop(w.w);
        assert_int_equal(w.backs, 2);
        assert_int_equal(jobs[1].job.result, OK);
        assert_int_equal(submit(&w, &jobs[2], "s"), ERR_SHUTTING_DOWN);
        world_close(&w);
    }
}

/* ------------------------------------------------------------------ with the thread */

enum { PRODUCERS = 4, EACH = 1500 };

struct producer {
    struct world *w;
    struct test_job jobs[EACH];
    pthread_t thread;
};

static void *produce(void *arg)
{
    struct producer *p = arg;
    for (int i = 0; i < EACH; i++)
        while (submit(p->w, &p->jobs[i], i % 10 == 9 ? "r" : "s") == ERR_OVERLOADED)
            usleep(100);
    return NULL;
}

static void many_producers(void **state)
{
    static struct producer producers[PRODUCERS];
    static struct world w;
    w = (struct world){.f = *state};
    world_open(&w, &(struct writer_limits){500, 100, 1 << 20});
    assert_int_equal(writer_start(w.w), OK);
    for (int p = 0; p < PRODUCERS; p++) {
        producers[p].w = &w;
        for (int i = 0; i < EACH; i++)
            producers[p].jobs[i] = (struct test_job){.producer = p, .number = i};
        assert_int_equal(pthread_create(&producers[p].thread, NULL, produce, &producers[p]), 0);
    }
    for (int p = 0; p < PRODUCERS; p++)
        pthread_join(producers[p].thread, NULL);
    world_close(&w);

    int next[PRODUCERS] = {0};
    assert_int_equal(w.backs, PRODUCERS * EACH);
    for (int i = 0; i < w.backs; i++) {
        assert_int_equal(w.back[i]->number, next[w.back[i]->producer]++); /* once each, and in order */
        assert_int_equal(w.back[i]->job.result, w.back[i]->number % 10 == 9 ? ERR_ARCHIVED : OK);
    }
    assert_int_equal(stored_messages(&w), PRODUCERS * EACH / 10 * 9);
    assert_true(metric_get(&w.m.commit_batch.count) < PRODUCERS * EACH); /* commits were shared */
}

static int backs_of(struct world *w)
{
    pthread_mutex_lock(&w->lock);
    int n = w->backs;
    pthread_mutex_unlock(&w->lock);
    return n;
}

static void one_job_does_not_wait_for_more(void **state)
{
    struct world w = {.f = *state};
    struct test_job jobs[3] = {0};
    world_open(&w, &wide);
    assert_int_equal(writer_start(w.w), OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(submit(&w, &jobs[i], "s"), OK);
        while (backs_of(&w) <= i)
            usleep(200);
    }
    assert_string_equal(w.batches, "1+ 1+ 1+ ");
    world_close(&w);
}

/* After a failure the writer finds out by itself that the disk works again: nobody may be sending any more. */
static void storage_ok_comes_back_without_traffic(void **state)
{
    struct world w = {.f = *state};
    struct test_job jobs[2] = {0};
    struct store_error why;
    store_close(w.f->s);
    assert_int_equal(fault_vfs_register(), SQLITE_OK);
    assert_int_equal(store_open(&(struct store_options){.path = w.f->path, .vfs = FAULT_VFS_NAME}, &w.f->s, &why), OK);
    world_open(&w, &wide);
    fault_vfs_arm(&(struct fault_plan){.ops = FAULT_WRITE, .nth = 1, .for_good = true, .code = SQLITE_FULL});
    assert_int_equal(writer_start(w.w), OK);
    assert_int_equal(submit(&w, &jobs[0], "s"), OK);
    while (!backs_of(&w))
        usleep(200);
    assert_int_equal(metric_get(&w.m.storage_ok), 0);
    int64_t failed = fault_vfs_failed();
    while (fault_vfs_failed() == failed) /* it looks again, and finds no change */
        usleep(1000);
    assert_int_equal(metric_get(&w.m.storage_ok), 0);
    fault_vfs_disarm();
    while (!metric_get(&w.m.storage_ok))
        usleep(1000);
    assert_int_equal(submit(&w, &jobs[1], "s"), OK);
    world_close(&w);
    assert_int_equal(jobs[0].job.result, ERR_STORAGE);
    assert_int_equal(jobs[1].job.result, OK);
    assert_int_equal(stored_messages(&w), 1);
}

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(batches_are_cut_by_count_and_by_bytes, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(what_becomes_of_a_batch, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_full_queue_refuses, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_list_is_taken_from_the_front, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_closed_queue_takes_nothing_and_loses_nothing, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(many_producers, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(one_job_does_not_wait_for_more, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(storage_ok_comes_back_without_traffic, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
