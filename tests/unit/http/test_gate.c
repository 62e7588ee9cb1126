/* gate: limits in all and per address, and places that come back, from many threads too. */
#include "chat/chat.h"
#include "http/for_tests.h"
#include "http/gate.h"
#include "unit.h"

#include <pthread.h>

static struct origins *origins;

static struct address address(const char *text)
{
    struct address a;
    assert_true(address_parse(span_of(text), &a));
    return a;
}

static void test_all(void **state)
{
    (void)state;
    struct gate *g = gate_new(2, 0, origins);
    struct address a = address("10.0.0.1"), b = address("10.0.0.2");
    struct gate_place *one, *two, *three;
    assert_int_equal(gate_enter(g, &a, &one), GATE_OPEN);
    assert_int_equal(gate_enter(g, &a, &two), GATE_OPEN);
    assert_int_equal(gate_enter(g, &b, &three), GATE_FULL);
    assert_int_equal(gate_count(g), 2);
    gate_leave(g, one);
    assert_int_equal(gate_enter(g, &b, &three), GATE_OPEN);
    gate_leave(g, two);
    gate_leave(g, three);
    assert_int_equal(gate_count(g), 0);
    gate_free(g);
}

static void test_per_address(void **state)
{
    (void)state;
    struct gate *g = gate_new(0, 2, origins);
    struct address a = address("2001:db8::1"), same_block = address("2001:db8::ffff"), b = address("2001:db8:0:1::1");
    struct gate_place *one, *two, *three;
    assert_int_equal(gate_enter(g, &a, &one), GATE_OPEN);
    assert_int_equal(gate_enter(g, &same_block, &two), GATE_OPEN);
    assert_int_equal(gate_enter(g, &a, &three), GATE_ADDRESS_FULL);
    assert_int_equal(gate_enter(g, &b, &three), GATE_OPEN);
    gate_leave(g, one);
    assert_int_equal(gate_enter(g, &a, &one), GATE_OPEN);
    gate_leave(g, one);
    gate_leave(g, two);
    gate_leave(g, three);
    assert_int_equal(gate_count(g), 0);
    gate_free(g);
}

static void test_no_limit(void **state)
{
    (void)state;
    enum { MANY = 5000 };
    static struct gate_place *places[MANY];
    struct gate *g = gate_new(0, 0, origins);
    for (int i = 0; i < MANY; i++) {
        struct address a = address("10.0.0.0");
        a.bytes[14] = (uint8_t)(i >> 8);
        a.bytes[15] = (uint8_t)i;
        assert_int_equal(gate_enter(g, &a, &places[i]), GATE_OPEN);
    }
    assert_int_equal(gate_count(g), MANY);
    for (int i = 0; i < MANY; i += 2) /* the rest is freed with the gate */
        gate_leave(g, places[i]);
    gate_free(g);
    gate_free(NULL);
}

enum { THREADS = 8, ROUNDS = 2000, PER_ADDRESS = 3 };

static _Atomic int inside, most_inside;

static void *come_and_go(void *arg)
{
    struct gate *g = arg;
    struct address a = address("10.0.0.1");
    for (int i = 0; i < ROUNDS; i++) {
        struct gate_place *place;
        if (gate_enter(g, &a, &place) != GATE_OPEN)
            continue;
        int now = ++inside;
        if (now > most_inside)
            most_inside = now;
        inside--;
        gate_leave(g, place);
    }
    return NULL;
}

static void test_threads(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    struct gate *g = gate_new(0, PER_ADDRESS, origins);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, come_and_go, g), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(gate_count(g), 0);
    assert_in_range(most_inside, 1, PER_ADDRESS);
    gate_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all),
        cmocka_unit_test(test_per_address),
        cmocka_unit_test(test_no_limit),
        cmocka_unit_test(test_threads),
    };
    static const struct chat_settings no_limits;
    static struct metrics metrics;
    origins = origins_new(env_system(), &metrics, &no_limits, 0, 0);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    origins_free(origins);
    return failed;
}
