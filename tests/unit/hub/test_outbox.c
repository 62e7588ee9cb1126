/* The outbound queue: limits, partial sends, and that it holds nothing while empty. */
#include "hub/outbox.h"
#include "unit.h"

#include <stdio.h>

static metric memory;
static const struct outbox_limits limits = {.frames = 256, .bytes = 1 << 20, .memory = &memory};

static struct frame *make(const char *text)
{
    struct frame *f = frame_new((struct span){NULL, 0}, span_of(text), 0);
    assert_non_null(f);
    return f;
}

static void push(struct outbox *o, const char *text)
{
    struct frame *f = make(text);
    assert_int_equal(outbox_push(o, f, &limits), OK);
    frame_release(f);
}

/* What is queued, as one text. */
static void assert_queued(const struct outbox *o, const char *want)
{
    struct iovec iov[300];
    char got[4096];
    size_t len = 0, n = outbox_gather(o, iov, 300);
    for (size_t i = 0; i < n; i++) {
        memcpy(got + len, iov[i].iov_base, iov[i].iov_len);
        len += iov[i].iov_len;
    }
    got[len] = 0;
    assert_string_equal(got, want);
    assert_int_equal(o->bytes, len);
}

static void keeps_order_however_much_is_sent(void **state)
{
    (void)state;
    for (size_t step = 1; step <= 12; step++) {
        struct outbox o;
        char all[256] = "", text[16];
        outbox_init(&o);
        for (int i = 0; i < 40; i++) {
            snprintf(text, sizeof text, "<%d>", i);
            push(&o, text);
            strcat(all, text);
        }
        for (size_t at = 0; at < strlen(all); at += step) {
            assert_queued(&o, all + at);
            outbox_consume(&o, strlen(all + at) < step ? strlen(all + at) : step, &limits);
        }
        assert_true(outbox_is_empty(&o));
        assert_null(o.slots);
    }
}

static void wraps_around_while_it_is_used(void **state)
{
    (void)state;
    struct outbox o;
    outbox_init(&o);
    for (int i = 0; i < 1000; i++) {
        push(&o, "abc");
        push(&o, "de");
        push(&o, "f");
        outbox_consume(&o, 5, &limits);
        assert_queued(&o, "f");
        outbox_consume(&o, 1, &limits);
    }
    assert_true(outbox_is_empty(&o));
}

static void refuses_at_the_frame_limit(void **state)
{
    (void)state;
    struct outbox o;
    struct frame *f = make("x");
    outbox_init(&o);
    for (uint32_t i = 0; i < limits.frames; i++)
        assert_int_equal(outbox_push(&o, f, &limits), OK);
    assert_int_equal(outbox_push(&o, f, &limits), ERR_TOO_SLOW);
    assert_int_equal(o.len, limits.frames);
    assert_int_equal((uint32_t)f->refs, limits.frames + 1);
    outbox_consume(&o, 1, &limits);
    assert_int_equal(outbox_push(&o, f, &limits), OK);
    outbox_clear(&o, &limits);
    assert_int_equal((uint32_t)f->refs, 1);
    frame_release(f);
}

static void refuses_at_the_byte_limit(void **state)
{
    (void)state;
    struct outbox o;
    const struct outbox_limits small = {.frames = 10, .bytes = 7, .memory = &memory};
    struct frame *three = make("abc"), *eight = make("12345678");
    outbox_init(&o);
    assert_int_equal(outbox_push(&o, three, &small), OK);
    assert_int_equal(outbox_push(&o, eight, &small), ERR_TOO_SLOW);
    assert_int_equal(outbox_push(&o, three, &small), OK);
    assert_int_equal(outbox_push(&o, three, &small), ERR_TOO_SLOW);
    outbox_consume(&o, 2, &limits); /* bytes that are sent count no more */
    assert_int_equal(outbox_push(&o, three, &small), OK);
    outbox_clear(&o, &limits);
    assert_int_equal(o.bytes, 0);
    frame_release(three);
    frame_release(eight);
}

static void an_empty_queue_takes_any_frame(void **state)
{
    (void)state;
    struct outbox o;
    const struct outbox_limits small = {.frames = 10, .bytes = 7, .memory = &memory};
    struct frame *one = make("a"), *eight = make("12345678");
    outbox_init(&o);
    assert_int_equal(outbox_push(&o, eight, &small), OK);
    assert_int_equal(outbox_push(&o, one, &small), ERR_TOO_SLOW);
    outbox_consume(&o, 2, &small); /* of 8 bytes 6 are left, and so there is room for one */
    assert_int_equal(outbox_push(&o, one, &small), OK);
    assert_int_equal(outbox_push(&o, eight, &small), ERR_TOO_SLOW);
    outbox_clear(&o, &small);
    assert_int_equal(outbox_push(&o, eight, &small), OK);
    outbox_clear(&o, &small);
    frame_release(one);
    frame_release(eight);
}

static void drops_all_but_what_is_half_sent(void **state)
{
    (void)state;
    struct outbox o;
    outbox_init(&o);
    push(&o, "first");
    push(&o, "second");
    push(&o, "third");
    outbox_consume(&o, 2, &limits);
    outbox_drop_unsent(&o, &limits);
    assert_queued(&o, "rst");
    push(&o, "!");
    assert_queued(&o, "rst!");
    outbox_consume(&o, 4, &limits);
    assert_true(outbox_is_empty(&o));

    push(&o, "whole");
    outbox_drop_unsent(&o, &limits);
    assert_true(outbox_is_empty(&o));

    push(&o, "half");
    outbox_consume(&o, 1, &limits);
    outbox_clear(&o, &limits);
    assert_int_equal(o.bytes, 0);
}

static void nothing_follows_the_last(void **state)
{
    (void)state;
    struct outbox o;
    const struct outbox_limits small = {.frames = 2, .bytes = 4, .memory = &memory};
    struct frame *last = make("bye"), *late = make("late");
    outbox_init(&o);
    push(&o, "ab");
    push(&o, "cd");
    assert_int_equal(outbox_push(&o, last, &small), ERR_TOO_SLOW);
    assert_int_equal(outbox_push_last(&o, last, &limits), OK); /* however full it is */
    assert_int_equal(outbox_push(&o, late, &limits), OK);
    assert_int_equal(outbox_push_last(&o, late, &limits), OK);
    assert_queued(&o, "abcdbye");
    outbox_consume(&o, 7, &limits);
    assert_int_equal(outbox_push(&o, late, &limits), OK);
    assert_true(outbox_is_empty(&o));
    outbox_clear(&o, &limits);
    frame_release(last);
    frame_release(late);
}

static void a_shared_frame_is_in_memory_once(void **state)
{
    (void)state;
    struct outbox a, b;
    struct frame *shared = make("shared");
    const int64_t one = (int64_t)frame_memory(shared);
    outbox_init(&a);
    outbox_init(&b);
    assert_int_equal(metric_get(&memory), 0);
    assert_int_equal(outbox_push(&a, shared, &limits), OK);
    assert_int_equal(outbox_push(&b, shared, &limits), OK);
    assert_int_equal(metric_get(&memory), one);
    frame_release(shared); /* the queues' alone now */
    outbox_consume(&a, 3, &limits);
    assert_int_equal(outbox_memory(&a), one); /* what is sent of it is still there */
    outbox_clear(&b, &limits);
    assert_int_equal(metric_get(&memory), one);
    outbox_consume(&a, 3, &limits);
    assert_int_equal(metric_get(&memory), 0);
}

static void the_slots_of_a_long_queue_count_too(void **state)
{
    (void)state;
    struct outbox o;
    struct frame *f = make("x");
    outbox_init(&o);
    for (int i = 0; i < 200; i++)
        assert_int_equal(outbox_push(&o, f, &limits), OK);
    assert_true(metric_get(&memory) >= (int64_t)(frame_memory(f) + 200 * sizeof(struct frame *)));
    assert_true(outbox_memory(&o) == 199 * frame_memory(f) + (size_t)metric_get(&memory));
    outbox_drop_unsent(&o, &limits);
    assert_int_equal(metric_get(&memory), 0);
    frame_release(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_order_however_much_is_sent), cmocka_unit_test(wraps_around_while_it_is_used),
        cmocka_unit_test(refuses_at_the_frame_limit),       cmocka_unit_test(refuses_at_the_byte_limit),
        cmocka_unit_test(drops_all_but_what_is_half_sent),  cmocka_unit_test(nothing_follows_the_last),
        cmocka_unit_test(a_shared_frame_is_in_memory_once), cmocka_unit_test(the_slots_of_a_long_queue_count_too),
        cmocka_unit_test(an_empty_queue_takes_any_frame),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
