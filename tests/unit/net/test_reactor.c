/* The loop on real sockets: what is gathered is sent in order whatever the socket takes, connections end as they are
 * told to, tasks run on the loop. */
#include "net/reactor.h"
#include "unit.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BIG = 3 << 20 };

/* A transport that sends what it is given, and writes down what happens to it. */
struct echo {
    struct conn conn;
    uint8_t *out;
    size_t out_len, out_sent;
    size_t received;
    _Atomic int ticks;
    _Atomic int *closed;
};

static void received(struct conn *c, uint8_t *data, size_t len)
{
    struct echo *e = (struct echo *)c;
    e->received += len;
    if (data[0] == 'f')
        conn_finish(c);
    else if (data[0] == 'k')
        conn_kill(c);
    else
        conn_wake(c);
}

static size_t gather(struct conn *c, struct iovec *iov, size_t max)
{
    struct echo *e = (struct echo *)c;
    size_t left = e->out_len - e->out_sent, n = 0;
    while (left && n < max) { /* many small pieces */
        size_t piece = left < 1000 ? left : 1000;
        iov[n++] = (struct iovec){e->out + (e->out_len - left), piece};
        left -= piece;
    }
    return n;
}

static void sent(struct conn *c, size_t n)
{
    ((struct echo *)c)->out_sent += n;
}

static void tick(struct conn *c, int64_t idle_ms)
{
    (void)idle_ms;
    atomic_fetch_add(&((struct echo *)c)->ticks, 1);
}

static void closed(struct conn *c)
{
    struct echo *e = (struct echo *)c;
    _Atomic int *count = e->closed;
    free(e->out);
    free(e);
    atomic_fetch_add(count, 1);
}

static const struct transport transport = {received, gather, sent, tick, closed};

static struct metrics metrics;
static struct reactor *reactor;
static _Atomic int closes;

static int setup(void **state)
{
    (void)state;
    const struct reactor_options options = {.tick_ms = 1000, .linger_ms = 300, .send_buffer_bytes = 256 * 1024};
    closes = 0;
    reactor = reactor_new(&options, env_system(), &metrics);
    return reactor && reactor_start(reactor, 0) == OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    reactor_stop(reactor);
    reactor_free(reactor);
    return 0;
}

struct add {
    struct task task;
    struct echo *echo;
    int fd;
};

static void run_add(struct task *t)
{
    struct add *a = (struct add *)t;
    if (reactor_add(reactor, &a->echo->conn, a->fd) != OK)
        abort();
    free(a);
}

/* A connection on the loop that has out_len bytes to say once it is woken; the test's end of it. */
static int connect_echo(size_t out_len)
{
    int pair[2];
    struct echo *e = calloc(1, sizeof *e);
    struct add *a = calloc(1, sizeof *a);
    assert_non_null(e);
    assert_non_null(a);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    e->conn.transport = &transport;
    e->closed = &closes;
    e->out = malloc(out_len + 1);
    assert_non_null(e->out);
    for (size_t i = 0; i < out_len; i++)
        e->out[i] = (uint8_t)(i * 7 + i / 251);
    e->out_len = out_len;
    *a = (struct add){.task.run = run_add, .echo = e, .fd = pair[0]};
    mailbox_post(reactor_mailbox(reactor), &a->task);
    return pair[1];
}

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

static void expect_end_of_file(int fd)
{
    char c;
    ssize_t n;
    while ((n = read(fd, &c, 1)) > 0)
        ;
    assert_true(n == 0 || errno == ECONNRESET);
}

static void wait_for_closes(int n)
{
    for (int i = 0; i < 5000 && atomic_load(&closes) < n; i++)
        usleep(1000);
    assert_int_equal(atomic_load(&closes), n);
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

#define WITH_REACTOR(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

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
