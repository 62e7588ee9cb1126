/* The ring: filled once from the database, and never holding what looks different by now. */
#include "fixture.h"

/* A room from the database: its ring is empty until somebody has filled it. */
static void open_old_room(int64_t last_seq)
{
    hub_room_add(hub, 8, span_of("old"), span_of("old"), last_seq, false);
    room = hub_room_by_id(hub, 8);
}

static void the_ring_is_filled_once_and_all_who_wait_resume(void **state)
{
    (void)state;
    struct follower a, b, c;
    int64_t ring_first;
    open_old_room(10);
    join(&a, 0, -1);
    join(&b, 1, 8);
    assert_int_equal(catch_up(&a, RING, &ring_first), HUB_LOAD);
    assert_int_equal(ring_first, 11);
    assert_int_equal(catch_up(&b, RING, &ring_first), HUB_WAIT);
    publish(11, 11); /* comes while the database is being read */
    hub_flush(hub);
    fill(7, 10, 'a');
    run(0);
    run(1);
    assert_int_equal(a.resumed, 1);
    assert_int_equal(b.resumed, 1);
    assert_int_equal(catch_up(&b, RING, &ring_first), HUB_LIVE);
    assert_saw(&b, 9, 11);
    assert_int_equal(catch_up(&a, RING, &ring_first), HUB_TOO_OLD); /* 7 had no room beside 11 */
    assert_int_equal(ring_first, 8);
    join(&c, 0, 10);
    assert_int_equal(catch_up(&c, RING, &ring_first), HUB_LIVE);
    assert_saw(&c, 11, 11);
    hub_leave(hub, &a.member);
    hub_leave(hub, &b.member);
    hub_leave(hub, &c.member);
}

static void a_failed_fill_is_told_and_asked_for_again(void **state)
{
    (void)state;
    struct follower f;
    int64_t ring_first;
    open_old_room(10);
    join(&f, 0, 5);
    assert_int_equal(catch_up(&f, RING, &ring_first), HUB_LOAD);
    hub_fill(hub, room, NULL, 0, ERR_OVERLOADED);
    run(0);
    assert_int_equal(f.failed, ERR_OVERLOADED);
    assert_int_equal(catch_up(&f, RING, &ring_first), HUB_LOAD);
    hub_fill(hub, room, NULL, 0, ERR_OVERLOADED);
    hub_leave(hub, &f.member);
}

/* Whoever waits is told why, not only who asked. */
static void why_a_fill_failed_is_told_on_all_shards(void **state)
{
    (void)state;
    struct follower asked, waits, live;
    int64_t ring_first;
    open_old_room(10);
    join(&asked, 0, 5);
    join(&waits, 1, 5);
    join(&live, 1, 10);
    assert_int_equal(catch_up_all(&asked), HUB_LOAD);
    assert_int_equal(catch_up(&waits, RING, &ring_first), HUB_WAIT);
    assert_int_equal(catch_up_all(&live), HUB_LIVE);
    hub_fill(hub, room, NULL, 0, ERR_OVERLOADED);
    run(0);
    run(1);
    assert_int_equal(asked.failed, ERR_OVERLOADED);
    assert_int_equal(waits.failed, ERR_OVERLOADED);
    assert_int_equal(live.resumed, 0);
    leave(&asked);
    leave(&waits);
    leave(&live);
}

static void replace(int64_t seq)
{
    struct frame *f = event_text(seq, 'x');
    hub_replace(hub, room_id(room), f);
    assert_true(f->refs >= 1);
    frame_release(f);
}

/* What comes of the events 1 .. 6 (the ring has 3 .. 6) when one is replaced: to a live member, and to one that reads
 * the ring afterwards. Some of them are flushed before it, the others are still staged. */
static const struct {
    int64_t flushed, seq;
    const char *live, *from_ring, *why;
} replacements[] = {
    {6, 6, "aaaaaa", "aaax", "the newest event, which has been sent"},
    {6, 3, "aaaaaa", "xaaa", "the oldest one of the ring"},
    {6, 2, "aaaaaa", "aaaa", "the ring has lost it: only the database knows"},
    {5, 6, "aaaaax", "aaax", "a message and its deletion in one batch"},
    {5, 5, "aaaaaa", "aaxa", "sent just before what is staged"},
    {2, 3, "aaxaaa", "xaaa", "the first of several that are staged"},
    {2, 5, "aaaaxa", "aaxa", "between others that are staged"},
    {0, 1, "xaaaaa", "aaaa", "staged, but not in the ring any more"},
};

static void a_replaced_event_is_sent_no_more(void **state)
{
    for (size_t i = 0; i < sizeof replacements / sizeof replacements[0]; i++) {
        struct follower live, late;
        print_message("  %s\n", replacements[i].why);
        setup(state);
        join(&live, 0, 0);
        assert_int_equal(catch_up_all(&live), HUB_LIVE);
        publish(1, replacements[i].flushed);
        hub_flush(hub);
        publish(replacements[i].flushed + 1, 6);
        replace(replacements[i].seq);
        hub_flush(hub);
        run(0);
        assert_saw(&live, 1, 6);
        assert_texts(&live, replacements[i].live);
        join(&late, 1, 2);
        assert_int_equal(catch_up_all(&late), HUB_LIVE);
        assert_texts(&late, replacements[i].from_ring);
        leave(&live);
        leave(&late);
        teardown(state);
    }
}

/* The ring is empty after event 10, and 7 .. 10 are being read for it when something happens: does that count then? */
static const struct {
    int64_t published; /* 10: nothing new meanwhile */
    int64_t replaced;  /* 0: none */
    bool forgotten, counts;
    const char *why;
} readings[] = {
    {10, 0, false, true, "nothing"},
    {10, 8, false, false, "what is being read is deleted"},
    {10, 7, false, false, "the oldest of it is"},
    {10, 6, false, true, "what is deleted is older than what fits into the ring"},
    {12, 12, false, true, "what is deleted is in the ring already"},
    {12, 8, false, true, "there is no room for it any more"},
    {12, 9, false, false, "there is still room for it"},
    {10, 0, true, false, "all rings are forgotten"},
    {12, 0, true, false, "they are, after new events"},
};

static void what_was_read_before_a_change_does_not_come_back(void **state)
{
    for (size_t i = 0; i < sizeof readings / sizeof readings[0]; i++) {
        struct follower f;
        print_message("  %s\n", readings[i].why);
        setup(state);
        open_old_room(10);
        join(&f, 0, 9);
        assert_int_equal(catch_up_all(&f), HUB_LOAD);
        publish(11, readings[i].published);
        if (readings[i].replaced)
            replace(readings[i].replaced);
        if (readings[i].forgotten)
            hub_forget_rings(hub);
        hub_flush(hub);
        fill(7, 10, 'a');
        run(0);
        assert_int_equal(f.resumed, 1);
        assert_int_equal(f.failed, OK);
        if (!readings[i].counts) {
            int64_t ring_first, begins = readings[i].forgotten ? readings[i].published + 1 : 11;
            assert_int_equal(catch_up(&f, RING, &ring_first), HUB_LOAD);
            assert_int_equal(ring_first, begins);
            assert_int_equal(f.n, 0);
            fill(begins - RING, begins - 1, 'x');
            run(0);
            assert_int_equal(f.resumed, 2);
        }
        assert_int_equal(catch_up_all(&f), HUB_LIVE);
        assert_saw(&f, 10, readings[i].published);
        assert_int_equal(f.texts[0], readings[i].counts ? 'a' : 'x');
        leave(&f);
        teardown(state);
    }
}

static void rings_are_filled_again_after_they_are_forgotten(void **state)
{
    (void)state;
    struct follower f;
    open_old_room(10);
    join(&f, 0, 6);
    assert_int_equal(catch_up_all(&f), HUB_LOAD);
    hub_forget_rings(hub);
    fill(7, 10, 'a');
    run(0);
    hub_forget_rings(hub); /* nobody is reading now */
    assert_int_equal(catch_up_all(&f), HUB_LOAD);
    fill(7, 10, 'x');
    run(0);
    assert_int_equal(catch_up_all(&f), HUB_LIVE);
    assert_texts(&f, "xxxx");
    leave(&f);
    hub_forget_rings(hub);
    join(&f, 0, 6);
    assert_int_equal(catch_up_all(&f), HUB_LOAD);
    leave(&f);
}

/* Where members are when the rings of two rooms are forgotten, after event 6 with 7 and 8 staged. */
static void members_go_on_after_the_rings_are_forgotten(void **state)
{
    (void)state;
    struct follower live, part, behind, old;
    int64_t ring_first;
    join(&live, 0, 0);
    assert_int_equal(catch_up_all(&live), HUB_LIVE);
    publish(1, 6);
    hub_flush(hub);
    run(0);
    join(&behind, 0, 3);
    assert_int_equal(catch_up(&behind, 1, &ring_first), HUB_MORE); /* has 4 */
    join(&old, 1, 0);
    assert_int_equal(catch_up_all(&old), HUB_TOO_OLD);
    publish(7, 7);
    join(&part, 1, 6);
    assert_int_equal(catch_up_all(&part), HUB_LIVE); /* has 7 */
    publish(8, 8);
    hub_forget_rings(hub);
    hub_flush(hub);
    run(0);
    run(1);
    assert_saw(&live, 1, 8); /* without a reading */
    assert_int_equal(part.resumed, 1);
    assert_int_equal(catch_up(&part, RING, &ring_first), HUB_LOAD);
    assert_int_equal(ring_first, 9);
    assert_int_equal(catch_up_all(&behind), HUB_WAIT);
    hub_seek(hub, &old.member, 3); /* its reading was under way, up to the ring as it was */
    assert_int_equal(catch_up_all(&old), HUB_WAIT);
    publish(9, 9);
    hub_flush(hub);
    fill(5, 8, 'x');
    run(0);
    run(1);
    assert_int_equal(catch_up_all(&part), HUB_LIVE);
    assert_saw(&part, 7, 9);
    assert_texts(&part, "axa");
    assert_int_equal(catch_up(&behind, RING, &ring_first), HUB_TOO_OLD);
    assert_int_equal(ring_first, 6);
    hub_seek(hub, &behind.member, 6);
    assert_int_equal(catch_up_all(&behind), HUB_LIVE);
    assert_texts(&behind, "axxxa");
    assert_int_equal(catch_up(&old, RING, &ring_first), HUB_TOO_OLD);
    assert_int_equal(ring_first, 6);
    assert_saw(&live, 1, 9);
    leave(&live);
    leave(&part);
    leave(&behind);
    leave(&old);
}

static void all_rooms_forget_and_hold_no_frame(void **state)
{
    (void)state;
    struct frame *f = event(1);
    hub_room_add(hub, 8, span_of("other"), span_of("other"), 0, false);
    hub_publish(hub, ROOM, f);
    hub_publish(hub, 8, f);
    hub_flush(hub);
    assert_int_equal(f->refs, 3);
    hub_forget_rings(hub);
    assert_int_equal(f->refs, 1);
    hub_forget_rings(hub);
    frame_release(f);
    publish(2, 9); /* around the ring, as ever */
    hub_flush(hub);
    struct follower late;
    join(&late, 0, 5);
    assert_int_equal(catch_up_all(&late), HUB_LIVE);
    assert_saw(&late, 6, 9);
    leave(&late);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_HUB(the_ring_is_filled_once_and_all_who_wait_resume),
        WITH_HUB(a_failed_fill_is_told_and_asked_for_again),
        WITH_HUB(why_a_fill_failed_is_told_on_all_shards),
        cmocka_unit_test(a_replaced_event_is_sent_no_more),
        cmocka_unit_test(what_was_read_before_a_change_does_not_come_back),
        WITH_HUB(rings_are_filled_again_after_they_are_forgotten),
        WITH_HUB(members_go_on_after_the_rings_are_forgotten),
        WITH_HUB(all_rooms_forget_and_hold_no_frame),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
