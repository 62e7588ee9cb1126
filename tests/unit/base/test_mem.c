/* mem: what is given is as asked for; and where there is none, the process says so and ends. */
#include "base/diag.h"
#include "base/mem.h"
#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The sanitizers, too, answer with NULL, as calloc(3) does. */
const char *__asan_default_options(void);
const char *__tsan_default_options(void);

const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

const char *__tsan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static void gives_zeroed_and_grown_memory(void **state)
{
    (void)state;
    unsigned char *p = mem_must_calloc(100, 3);
    for (int i = 0; i < 300; i++)
        assert_int_equal(p[i], 0);
    memset(p, 7, 300);
    p = mem_must_resize(p, 1000, 3);
    for (int i = 0; i < 300; i++)
        assert_int_equal(p[i], 7);
    free(p);
}

static void copies_end_with_a_nul(void **state)
{
    (void)state;
    char *copy = mem_must_copy((struct span){"abcdef", 3});
    assert_string_equal(copy, "abc");
    free(copy);
    copy = mem_must_copy((struct span){NULL, 0});
    assert_string_equal(copy, "");
    free(copy);
}

/* The signal that a child ends with which calls one of them for too much. Larger than any size that the compiler can
 * see, and whose product does not fit. */
static int signal_of(bool resizes)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        volatile size_t many = SIZE_MAX / 2;
        signal(SIGABRT, SIG_DFL);
        if (!freopen("/dev/null", "w", stderr))
            _exit(2);
        void *p = resizes ? mem_must_resize(NULL, many, 4) : mem_must_calloc(many, 4);
        _exit(p ? 1 : 0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void without_memory_the_process_ends(void **state)
{
    (void)state;
    assert_int_equal(signal_of(false), SIGABRT);
    assert_int_equal(signal_of(true), SIGABRT);
}

int main(void)
{
    diag_open(NULL, DIAG_ERROR);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_zeroed_and_grown_memory),
        cmocka_unit_test(copies_end_with_a_nul),
        cmocka_unit_test(without_memory_the_process_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
