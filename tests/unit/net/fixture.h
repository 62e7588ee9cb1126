/* fixture.h - a reactor with a played clock, and connections on it that send what they are given. For one test program
 * each. */
#ifndef HUBBUB_TESTS_NET_FIXTURE_H
#define HUBBUB_TESTS_NET_FIXTURE_H

#include "net/reactor.h"
#include "unit.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BIG = 3 << 20, TICK_MS = 10000, IDLE_MS = 30000, STALL_MS = 20000 };

/* A transport that sends what it is given, and writes down what happens to it. */
struct echo {
    struct conn conn;
    uint8_t *out;
    size_t out_len, out_sent;
    _Atomic int *closed;
};

enum { HEARD_MAX = 1 << 20 };

static char heard[HEARD_MAX];
static _Atomic size_t heard_len;
static _Atomic int ticks, stalls;

/* 'p' pauses and is taken, what follows is left; 'a' is left itself, and resumed at once. Other letters are heard. */
static size_t hear_until_pause(struct conn *c, const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (data[i] == 'p') {
            conn_pause(c);
            return i + 1;
        }
        size_t at = atomic_load(&heard_len);
        assert_true(at < HEARD_MAX);
        heard[at] = (char)data[i];
        atomic_store(&heard_len, at + 1);
        if (data[i] == 'a') {
            conn_pause(c);
            conn_resume(c);
            return i + 1;
        }
    }
    return len;
}

static size_t received(struct conn *c, uint8_t *data, size_t len)
{
    if (data[0] == 'f')
        conn_finish(c);
    else if (data[0] == 'k')
        conn_kill(c);
    else if (data[0] == 'w')
        conn_wake(c);
    else
        return hear_until_pause(c, data, len);
    return len;
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
    (void)c;
    if (idle_ms < IDLE_MS)
        atomic_fetch_add(&ticks, 1);
    else
        conn_kill(c);
}

static void stalled(struct conn *c)
{
    atomic_fetch_add(&stalls, 1);
    conn_kill(c);
}

static void closed(struct conn *c)
{
    struct echo *e = (struct echo *)c;
    _Atomic int *count = e->closed;
    free(e->out);
    free(e);
    atomic_fetch_add(count, 1);
}

static const struct transport transport = {received, gather, sent, tick, stalled, closed};

static struct metrics metrics;
static struct reactor *reactor;
static _Atomic int closes;

/* A clock that runs by itself and can be put forward. */
static _Atomic int64_t skipped_ms;

static int64_t played_mono_ns(void *ctx)
{
    (void)ctx;
    return env_mono_ns(env_system()) + atomic_load(&skipped_ms) * 1000000;
}

static struct env env;

static int setup(void **state)
{
    (void)state;
    const struct reactor_options options = {.tick_ms = TICK_MS,
                                            .idle_ms = IDLE_MS,
                                            .stall_ms = STALL_MS,
                                            .linger_ms = 300,
                                            .send_buffer_bytes = 256 * 1024};
    closes = ticks = stalls = 0;
    heard_len = 0;
    env = *env_system();
    env.mono_ns = played_mono_ns;
    reactor = reactor_new(&options, &env, &metrics);
    return reactor && reactor_start(reactor, 0) == OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    reactor_stop(reactor);
    reactor_free(reactor);
    return 0;
}

static struct conn *last_added; /* the loop's */

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
    last_added = &a->echo->conn;
    free(a);
}

/* A connection on the loop that has out_len bytes to say once it is woken; the test's end of it. */
static inline int connect_echo(size_t out_len)
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

static inline void expect_end_of_file(int fd)
{
    char c;
    ssize_t n;
    while ((n = read(fd, &c, 1)) > 0)
        ;
    assert_true(n == 0 || errno == ECONNRESET);
}

static inline void wait_for_closes(int n)
{
    for (int i = 0; i < 5000 && atomic_load(&closes) < n; i++)
        usleep(1000);
    assert_int_equal(atomic_load(&closes), n);
}

static _Atomic bool turned;

static inline void run_nothing(struct task *t)
{
    atomic_store(&turned, true);
    free(t);
}

/* A turn that began after this call has ended. */
static inline void wait_for_a_turn(void)
{
    for (int turns = 0; turns < 2; turns++) {
        struct task *t = calloc(1, sizeof *t);
        assert_non_null(t);
        t->run = run_nothing;
        atomic_store(&turned, false);
        mailbox_post(reactor_mailbox(reactor), t);
        while (!atomic_load(&turned))
            usleep(1000);
    }
}

static inline void wait_until_heard(const char *want)
{
    for (int i = 0; i < 5000 && atomic_load(&heard_len) < strlen(want); i++)
        usleep(1000);
    assert_int_equal(atomic_load(&heard_len), strlen(want));
    assert_memory_equal(heard, want, strlen(want));
}

static inline void write_all(int fd, const char *text)
{
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
}

#define WITH_REACTOR(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

#endif
