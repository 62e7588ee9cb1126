/* Reading can wait: what a paused connection left comes first when it goes on, and nothing is lost. */
#include "fixture.h"

static void run_resume(struct task *t)
{
    conn_resume(last_added);
    free(t);
}

static void resume(void)
{
    struct task *t = calloc(1, sizeof *t);
    assert_non_null(t);
    t->run = run_resume;
    mailbox_post(reactor_mailbox(reactor), t);
}

static void what_a_paused_connection_left_comes_first(void **state)
{
    (void)state;
    int fd = connect_echo(0);
    write_all(fd, "onep2p");
    wait_until_heard("one");
    write_all(fd, "three");
    wait_for_a_turn();
    wait_until_heard("one"); /* neither what it left nor what came since */
    resume();
    wait_until_heard("one2");
    wait_for_a_turn();
    wait_until_heard("one2"); /* paused again, with nothing left */
    resume();
    wait_until_heard("one2three");
    close(fd);
    wait_for_closes(1);
}

static void one_that_is_resumed_before_it_returns_loses_nothing(void **state)
{
    (void)state;
    int fd = connect_echo(0);
    write_all(fd, "1a2a3a4");
    wait_until_heard("1a2a3a4");
    write_all(fd, "5");
    wait_until_heard("1a2a3a45");
    close(fd);
    wait_for_closes(1);
}

static void a_paused_connection_ends_when_its_peer_is_gone(void **state)
{
    (void)state;
    int fd = connect_echo(0);
    write_all(fd, "xpleft");
    wait_until_heard("x");
    close(fd);
    wait_for_closes(1);
}

static void stopping_frees_what_was_left(void **state)
{
    (void)state;
    int fd = connect_echo(0);
    write_all(fd, "xpleft");
    wait_until_heard("x");
    reactor_stop(reactor);
    assert_int_equal(atomic_load(&closes), 1);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_REACTOR(what_a_paused_connection_left_comes_first),
        WITH_REACTOR(one_that_is_resumed_before_it_returns_loses_nothing),
        WITH_REACTOR(a_paused_connection_ends_when_its_peer_is_gone),
        WITH_REACTOR(stopping_frees_what_was_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
