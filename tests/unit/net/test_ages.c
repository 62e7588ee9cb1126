/* Ages of connections are times, however many there are and however the process runs. */
#include "fixture.h"

/* The loop's clock goes on by at most two seconds a turn. */
static void pass(int64_t ms)
{
    for (int64_t left = ms; left > 0; left -= 1000) {
        atomic_fetch_add(&skipped_ms, left < 1000 ? left : 1000);
        wait_for_a_turn();
    }
}

static void a_lone_connection_is_looked_at_once_a_tick(void **state)
{
    (void)state;
    int fd = connect_echo(0);
    write_all(fd, "x");
    wait_until_heard("x");
    pass(TICK_MS / 2 - 1000);
    assert_int_equal(atomic_load(&ticks), 0);
    pass(TICK_MS / 2 + 2000);
    assert_int_equal(atomic_load(&ticks), 1);
    for (int i = 0; i < 5; i++) { /* that many ticks, of which the idle limit would forgive two */
        write_all(fd, "x");
        pass(TICK_MS);
    }
    assert_in_range(atomic_load(&ticks), 5, 7); /* real time goes on as well */
    close(fd);
    wait_for_closes(1);
}

static void the_silent_end_after_the_idle_time_and_the_paused_do_not(void **state)
{
    (void)state;
    int silent = connect_echo(0), paused = connect_echo(0);
    write_all(paused, "xp");
    wait_until_heard("x");
    pass(IDLE_MS - 4000);
    assert_int_equal(atomic_load(&closes), 0);
    pass(6000);
    expect_end_of_file(silent);
    assert_int_equal(atomic_load(&closes), 1);
    close(silent);
    close(paused);
    wait_for_closes(2);
}

static void a_freeze_ends_nobody(void **state)
{
    (void)state;
    int fd = connect_echo(0);
    write_all(fd, "x");
    wait_until_heard("x");
    atomic_fetch_add(&skipped_ms, 10 * IDLE_MS);
    wait_for_a_turn();
    pass(3000);
    assert_int_equal(atomic_load(&closes), 0);
    close(fd);
    wait_for_closes(1);
}

static void one_that_takes_nothing_is_told_and_one_that_takes_a_little_is_not(void **state)
{
    (void)state;
    static char piece[64 * 1024];
    int none = connect_echo(BIG), some = connect_echo(BIG);
    write_all(none, "w");
    write_all(some, "w");
    for (int64_t ms = 0; ms < STALL_MS - 4000; ms += 2000) {
        pass(2000);
        write_all(none, "x"); /* it speaks: so it is not idle */
        write_all(some, "x");
        if (ms == STALL_MS / 2)
            assert_true(read(some, piece, sizeof piece) > 0);
    }
    assert_int_equal(atomic_load(&stalls), 0);
    pass(8000);
    assert_int_equal(atomic_load(&stalls), 1);
    assert_int_equal(atomic_load(&closes), 1);
    close(none);
    close(some);
    wait_for_closes(2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_REACTOR(a_lone_connection_is_looked_at_once_a_tick),
        WITH_REACTOR(the_silent_end_after_the_idle_time_and_the_paused_do_not),
        WITH_REACTOR(a_freeze_ends_nobody),
        WITH_REACTOR(one_that_takes_nothing_is_told_and_one_that_takes_a_little_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
