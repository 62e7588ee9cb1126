/* The ring: filled once from the database, and never holding what looks different by now. */
#include "fixture.h"

/* A room from the database: its ring is empty until somebody has filled it. */
static void open_old_room(int64_t last_seq)
{
    hub_room_add(hub, 8, span_of("old"), last_seq, false);
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
    struct follower one, other;
    join(&one, 0, 0);
    hub_room_add(hub, 8, span_of("other"), 0, false);
    room = hub_room_by_id(hub, 8);
    join(&other, 0, 0);
    room = hub_room_by_id(hub, ROOM);
    hub_publish(hub, ROOM, f);
    hub_publish(hub, 8, f);
    hub_flush(hub);
    run(0);
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
    leave(&one);
    leave(&other);
}

/* ---------------------------------------------------------------- how much memory the rings take */

enum { TEXT = 1000, ROOMS = 3, EACH = TEXT + 24 + 16 /* what one event costs: see cost() in ring.c */ };

static int setup_budget(void **state)
{
    static const struct hub_callbacks callbacks = {
        .deliver = deliver, .resume = resume, .expelled = expelled, .broadcast = broadcast};
    (void)state;
    return start_hub_with(1, RING, (int64_t)EACH * (RING + 2), &callbacks); /* one ring and a half */
}

static struct room *add_room(int64_t id)
{
    char name[8];
    snprintf(name, sizeof name, "room%d", (int)id);
    hub_room_add(hub, id, span_of(name), 0, false);
    return hub_room_by_id(hub, id);
}

static void publish_large(struct room *r, int64_t first, int64_t last)
{
    static char text[TEXT];
    for (int64_t seq = first; seq <= last; seq++) {
        struct frame *f = frame_new((struct span){NULL, 0}, (struct span){text, TEXT}, seq);
        assert_non_null(f);
        hub_publish(hub, room_id(r), f);
        frame_release(f);
    }
    hub_flush(hub);
}

/* In the room, and at its head. */
static void enter_room(struct follower *f, struct room *r)
{
    struct frame *frames[RING];
    int64_t last_seq, ring_first;
    size_t n;
    *f = (struct follower){.member = {.owner = f, .person = person}};
    hub_join(hub, hub_shard(hub, 0), r, &f->member, INT64_MAX, &last_seq);
    assert_int_equal(hub_catch_up(hub, &f->member, frames, RING, &n, &ring_first), HUB_LIVE);
}

/* The first event that the ring has, for a member that has seen nothing; and whether the hub wants the ring filled. */
static int64_t first_in_ring(struct room *r, bool *load)
{
    struct follower f = {.member = {.owner = &f, .person = person}};
    struct frame *frames[RING];
    int64_t last_seq, ring_first;
    size_t n;
    hub_join(hub, hub_shard(hub, 0), r, &f.member, 0, &last_seq);
    enum hub_catch_up result = hub_catch_up(hub, &f.member, frames, RING, &n, &ring_first);
    for (size_t i = 0; i < n; i++)
        frame_release(frames[i]);
    *load = result == HUB_LOAD;
    if (*load)
        hub_fill(hub, r, NULL, 0, OK);
    hub_leave(hub, &f.member);
    return ring_first;
}

static void over_the_budget_the_rings_used_longest_ago_forget(void **state)
{
    struct room *rooms[ROOMS];
    struct follower in[ROOMS];
    bool load;
    (void)state;
    for (int i = 0; i < ROOMS; i++) {
        rooms[i] = add_room(100 + i);
        enter_room(&in[i], rooms[i]);
        publish_large(rooms[i], 1, RING);
        assert_true(metric_get(&metrics.ring_bytes) <= EACH * (RING + 2));
    }
    run(0);
    assert_int_equal(metric_get(&metrics.ring_bytes), EACH * (RING + 2));
    assert_int_equal(first_in_ring(rooms[0], &load), RING + 1); /* nothing; and it isn't filled again at others' cost */
    assert_false(load);
    assert_int_equal(first_in_ring(rooms[1], &load), 3);
    assert_false(load);
    assert_int_equal(first_in_ring(rooms[2], &load), 1);
    publish_large(rooms[0], RING + 1, RING + 1); /* it is used again: then room 1 goes on forgetting */
    assert_int_equal(first_in_ring(rooms[0], &load), RING + 1);
    assert_int_equal(first_in_ring(rooms[1], &load), 4);
    run(0);
    for (int i = 0; i < ROOMS; i++) {
        assert_int_equal(in[i].n, TEXT * (RING + (i == 0))); /* all were live, and have got everything */
        leave(&in[i]);
    }
}

static void a_room_that_nobody_has_open_keeps_nothing_new(void **state)
{
    struct follower f;
    struct room *r = add_room(100);
    bool load;
    (void)state;
    publish_large(r, 1, 3);
    assert_int_equal(metric_get(&metrics.ring_bytes), 0);
    assert_int_equal(first_in_ring(r, &load), 4);
    assert_true(load);
    enter_room(&f, r);
    publish_large(r, 4, 5);
    assert_int_equal(metric_get(&metrics.ring_bytes), 2 * EACH);
    leave(&f);
    publish_large(r, 6, 6); /* for a while it goes on, for those who come back */
    assert_int_equal(metric_get(&metrics.ring_bytes), 3 * EACH);
}

static void the_ring_of_a_room_that_nobody_has_open_is_dropped_after_a_while(void **state)
{
    struct follower open, left, again;
    struct room *stays = add_room(100), *goes = add_room(101);
    bool load;
    (void)state;
    hub_drop_idle_rings(hub, 1000);
    enter_room(&open, stays);
    enter_room(&left, goes);
    publish_large(stays, 1, 2);
    publish_large(goes, 1, 2);
    leave(&left);
    hub_drop_idle_rings(hub, 1000 + HUB_RING_IDLE_MS - 1);
    assert_int_equal(metric_get(&metrics.ring_bytes), 4 * EACH);
    hub_drop_idle_rings(hub, 1000 + HUB_RING_IDLE_MS);
    assert_int_equal(metric_get(&metrics.ring_bytes), 2 * EACH);
    assert_int_equal(first_in_ring(stays, &load), 1);
    assert_int_equal(first_in_ring(goes, &load), 3);
    assert_true(load); /* from the database, as at its first use */
    enter_room(&again, goes);
    publish_large(goes, 3, 3);
    assert_int_equal(metric_get(&metrics.ring_bytes), 3 * EACH);
    run(0);
    leave(&open);
    leave(&again);
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
        cmocka_unit_test_setup_teardown(over_the_budget_the_rings_used_longest_ago_forget, setup_budget, teardown),
        cmocka_unit_test_setup_teardown(a_room_that_nobody_has_open_keeps_nothing_new, setup_budget, teardown),
        cmocka_unit_test_setup_teardown(the_ring_of_a_room_that_nobody_has_open_is_dropped_after_a_while, setup_budget,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
