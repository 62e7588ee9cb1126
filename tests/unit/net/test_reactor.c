/* The loop on real sockets: what is gathered is sent in order whatever the socket takes, connections end as they are
 * told to, tasks run on the loop. */
#include "fixture.h"

static size_t read_to_end(int fd, size_t want)
{
    size_t got = 0;
    uint8_t piece[4096];
    for (ssize_t n; got < want && (n = read(fd, piece, sizeof piece)) > 0; got += (size_t)n)
        for (ssize_t i = 0; i < n; i++) {
            size_t at = got + (size_t)i;
            assert_int_equal(piece[i], (uint8_t)(at * 7 + at / 251));
        }
    return got;
}

static void say(int fd, char what)
{
    assert_int_equal(write(fd, &what, 1), 1);
}

static void sends_all_of_it_through_a_full_socket(void **state)
{
    (void)state;
    int fd = connect_echo(BIG);
    say(fd, 'w');
    assert_int_equal(read_to_end(fd, BIG), BIG);
    close(fd);
    wait_for_closes(1);
}

static void finishing_sends_what_is_left_then_ends(void **state)
{
    (void)state;
    int fd = connect_echo(100000);
    say(fd, 'f');
    assert_int_equal(read_to_end(fd, 100000), 100000);
    expect_end_of_file(fd);
    close(fd);
    wait_for_closes(1);
}

static void who_does_not_read_is_cut_off(void **state)
{
    (void)state;
    int fd = connect_echo(BIG);
    say(fd, 'f');
    wait_for_closes(1); /* after linger_ms, without a byte read here */
    close(fd);
}

static void killing_ends_at_once(void **state)
{
    (void)state;
    int fd = connect_echo(0);
    say(fd, 'k');
    expect_end_of_file(fd);
    close(fd);
    wait_for_closes(1);
}

static void stopping_closes_all(void **state)
{
    (void)state;
    int fds[50];
    for (int i = 0; i < 50; i++)
        fds[i] = connect_echo(10);
    for (int i = 0; i < 5000 && reactor_connections(reactor) < 50; i++)
        usleep(1000);
    assert_int_equal(reactor_connections(reactor), 50);
    reactor_stop(reactor);
    assert_int_equal(atomic_load(&closes), 50);
    for (int i = 0; i < 50; i++)
        close(fds[i]);
}

struct count_task {
    struct task task;
    int number;
};

static int next_number;
static _Atomic int out_of_order, tasks_run;

static void run_count(struct task *t)
{
    struct count_task *c = (struct count_task *)t;
    if (c->number != next_number++)
        atomic_fetch_add(&out_of_order, 1);
    free(c);
    atomic_fetch_add(&tasks_run, 1);
}

static void tasks_run_in_the_order_in_which_they_were_posted(void **state)
{
    (void)state;
    for (int i = 0; i < 10000; i++) {
        struct count_task *c = malloc(sizeof *c);
        assert_non_null(c);
        *c = (struct count_task){.task.run = run_count, .number = i};
        mailbox_post(reactor_mailbox(reactor), &c->task);
    }
    for (int i = 0; i < 5000 && atomic_load(&tasks_run) < 10000; i++)
        usleep(1000);
    assert_int_equal(atomic_load(&tasks_run), 10000);
    assert_int_equal(atomic_load(&out_of_order), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_REACTOR(sends_all_of_it_through_a_full_socket),
        WITH_REACTOR(finishing_sends_what_is_left_then_ends),
        WITH_REACTOR(who_does_not_read_is_cut_off),
        WITH_REACTOR(killing_ends_at_once),
        WITH_REACTOR(stopping_closes_all),
        WITH_REACTOR(tasks_run_in_the_order_in_which_they_were_posted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
