/* Frames: bytes as given, joined in order, freed with the last reference. */
#include "hub/frame.h"
#include "unit.h"

static void joined_frames_hold_all_bytes_in_order(void **state)
{
    (void)state;
    struct frame *a = frame_new(span_of("H1"), span_of("one"), 5), *b = frame_new(span_of("H2"), span_of(""), 6),
                 *c = frame_new(span_of("H3"), span_of("three"), 7);
    struct frame *const all[] = {a, b, c};
    struct frame *joined = frame_join(all, 3);
    assert_non_null(joined);
    assert_int_equal(joined->len, 14);
    assert_memory_equal(joined->bytes, "H1oneH2H3three", 14);
    assert_int_equal(joined->first_seq, 5);
    assert_int_equal(frame_last_seq(joined), 7);
    frame_release(a);
    frame_release(b);
    frame_release(c);
    assert_memory_equal(joined->bytes, "H1oneH2H3three", 14); /* a copy of its own */
    frame_release(joined);
}

static void one_frame_joined_is_itself(void **state)
{
    (void)state;
    struct frame *a = frame_new(span_of(""), span_of("x"), 1);
    struct frame *joined = frame_join(&a, 1);
    assert_ptr_equal(joined, a);
    assert_int_equal(a->refs, 2);
    frame_release(joined);
    frame_release(a);
    frame_release(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joined_frames_hold_all_bytes_in_order),
        cmocka_unit_test(one_frame_joined_is_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
