/* Senders take turns in the writer's queue: however much one queues, another's job is in the next batch. */
#include "fixture.h"
#include "store/writer.h"

#include <sodium.h>

enum { FLOODER = 7, OTHERS = 20, BATCH = 128 };

struct seen {
    struct writer_job *back[4096];
    size_t n, batches;
};

static enum err apply(void *ctx, struct store *s, struct writer_job *job)
{
    (void)ctx;
    (void)s;
    (void)job;
    return OK;
}

static enum err before_commit(void *ctx, struct store *s)
{
    (void)ctx;
    (void)s;
    return OK;
}

static void committed(void *ctx, struct store *s, struct writer_job *first, bool stored)
{
    struct seen *seen = ctx;
    (void)s;
    assert_true(stored);
    seen->batches++;
    for (struct writer_job *job = first; job; job = job->next)
        seen->back[seen->n++] = job;
}

static struct metrics metrics;

static struct writer *open_writer(struct fixture *f, struct seen *seen, int64_t queue_commands)
{
    const struct writer_hooks hooks = {apply, before_commit, committed, seen};
    const struct writer_limits limits = {queue_commands, BATCH, 1 << 20};
    struct writer *w = writer_new(f->s, &hooks, &limits, env_system(), &metrics);
    assert_non_null(w);
    return w;
}

static void close_writer(struct writer *w)
{
    writer_stop(w);
    writer_free(w);
}

static enum err submit(struct writer *w, struct writer_job *job, uint64_t sender, const char *command)
{
    *job = (struct writer_job){.command = span_of(command), .sender = sender};
    return writer_submit(w, job);
}

static size_t place_of(const struct seen *seen, const struct writer_job *job)
{
    size_t i = 0;
    while (i < seen->n && seen->back[i] != job)
        i++;
    assert_true(i < seen->n);
    return i;
}

static void a_flood_delays_nobody_else(void **state)
{
    static struct writer_job flood[1000], others[OTHERS][2];
    struct seen seen = {.n = 0};
    struct writer *w = open_writer(*state, &seen, 65536);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(submit(w, &flood[i], FLOODER, "x"), OK);
    for (uint64_t i = 0; i < OTHERS; i++)
        for (int j = 0; j < 2; j++)
            assert_int_equal(submit(w, &others[i][j], 1000 + i, "x"), OK);
    assert_int_equal(writer_step(w), BATCH);
    assert_true(place_of(&seen, &flood[BATCH / 4]) < BATCH); /* it goes on as well */
    for (int i = 0; i < OTHERS; i++)
        assert_true(place_of(&seen, &others[i][0]) < BATCH);
    while (writer_step(w))
        ;
    assert_int_equal(seen.n, 1000 + 2 * OTHERS);
    for (int i = 1; i < 1000; i++) /* each sender's own stay in order */
        assert_true(place_of(&seen, &flood[i - 1]) < place_of(&seen, &flood[i]));
    for (int i = 0; i < OTHERS; i++)
        assert_true(place_of(&seen, &others[i][0]) < place_of(&seen, &others[i][1]));
    close_writer(w);
}

static void a_lone_sender_fills_the_batches(void **state)
{
    static struct writer_job jobs[3 * BATCH];
    struct seen seen = {.n = 0};
    struct writer *w = open_writer(*state, &seen, 65536);
    for (int i = 0; i < 3 * BATCH; i++)
        assert_int_equal(submit(w, &jobs[i], FLOODER, "x"), OK);
    while (writer_step(w))
        ;
    assert_int_equal(seen.batches, 3);
    close_writer(w);
}

static void a_flood_leaves_room_for_others(void **state)
{
    static struct writer_job flood[640], other;
    struct seen seen = {.n = 0};
    struct writer *w = open_writer(*state, &seen, 640);
    int taken = 0;
    while (taken < 640 && submit(w, &flood[taken], FLOODER, "x") == OK)
        taken++;
    assert_int_equal(taken, 640 - 640 / 8);
    assert_int_equal(submit(w, &other, 1, "x"), OK);
    close_writer(w);
}

static void the_queue_is_bounded_in_bytes_too(void **state)
{
    static struct writer_job jobs[100];
    static char command[10001];
    struct seen seen = {.n = 0};
    struct writer *w = open_writer(*state, &seen, 40);
    memset(command, 'x', sizeof command - 1);
    int taken = 0;
    while (taken < 40 && submit(w, &jobs[taken], (uint64_t)taken, command) == OK)
        taken++;
    assert_int_equal(taken, 5); /* 40 KiB, and what began below */
    assert_true(writer_step(w) > 0);
    assert_int_equal(submit(w, &jobs[taken], FLOODER, command), OK);
    close_writer(w);
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        WITH_STORE(a_flood_delays_nobody_else),
        WITH_STORE(a_lone_sender_fills_the_batches),
        WITH_STORE(a_flood_leaves_room_for_others),
        WITH_STORE(the_queue_is_bounded_in_bytes_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
