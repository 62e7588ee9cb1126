/* waits: who gets a place, who waits for one, and who is refused. */
#include "chat/core/waits.h"
#include "unit.h"

#include <stdlib.h>

enum { THREADS = 8 }; /* 4 for the writer, 7 in all */

static void no_limit(void **state)
{
    (void)state;
    struct waits w = {.threads = 0};
    for (int i = 0; i < 100; i++)
        assert_int_equal(waits_enter(&w, env_system(), WAIT_WRITER), OK);
    for (int i = 0; i < 100; i++)
        waits_leave(&w, env_system(), WAIT_WRITER);
}

static void enter(struct waits *w, enum wait_for what, int count)
{
    for (int i = 0; i < count; i++)
        assert_int_equal(waits_enter(w, env_system(), what), OK);
}

/* The writer hangs: beyond half of the threads nobody waits for it, and who reads still can. Then the readers hang as
 * well, and one is left. */
static void stuck(void **state)
{
    (void)state;
    struct waits w = {.threads = 0};
    waits_limit(&w, THREADS);
    enter(&w, WAIT_WRITER, 4);
    assert_int_equal(waits_enter(&w, env_system(), WAIT_WRITER), ERR_OVERLOADED);
    const int64_t before_ms = env_mono_ms(env_system());
    for (int i = 0; i < 1000; i++) /* it is known by now: nobody is kept */
        assert_int_equal(waits_enter(&w, env_system(), WAIT_WRITER), ERR_OVERLOADED);
    assert_true(env_mono_ms(env_system()) - before_ms < 100 * (int64_t)WAITS_STUCK_MS);
    enter(&w, WAIT_READER, 3);
    assert_int_equal(waits_enter(&w, env_system(), WAIT_READER), ERR_OVERLOADED);
    waits_leave(&w, env_system(), WAIT_READER);
    enter(&w, WAIT_READER, 1);
    waits_leave(&w, env_system(), WAIT_WRITER);
    enter(&w, WAIT_WRITER, 1);
}

static void *enter_late(void *arg)
{
    enum err *result = malloc(sizeof *result);
    assert_non_null(result);
    *result = waits_enter(arg, env_system(), WAIT_WRITER);
    return result;
}

/* Work goes on: who finds no place gets the next one. */
static void a_place_comes_free(void **state)
{
    (void)state;
    struct waits w = {.threads = 0};
    pthread_t thread;
    void *result;
    waits_limit(&w, THREADS);
    enter(&w, WAIT_WRITER, 4);
    assert_int_equal(pthread_create(&thread, NULL, enter_late, &w), 0);
    waits_leave(&w, env_system(), WAIT_WRITER);
    pthread_join(thread, &result);
    assert_int_equal(*(enum err *)result, OK);
    free(result);
    assert_int_equal(waits_count(&w, WAIT_WRITER), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_limit),
        cmocka_unit_test(stuck),
        cmocka_unit_test(a_place_comes_free),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
