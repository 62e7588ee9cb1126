/* Replay and live events meet without a gap or a duplicate, whatever happens between a publish and its arrival. */
#include "fixture.h"

static void live_members_of_all_shards_see_each_event_once(void **state)
{
    (void)state;
    struct follower a, b;
    int64_t ring_first;
    join(&a, 0, -1);
    join(&b, 1, -1);
    assert_int_equal(catch_up(&a, RING, &ring_first), HUB_LIVE);
    assert_int_equal(catch_up(&b, RING, &ring_first), HUB_LIVE);
    publish(1, 3);
    hub_flush(hub);
    publish(4, 4);
    hub_flush(hub);
    run(0);
    assert_saw(&a, 1, 4);
    assert_int_equal(b.n, 0);
    run(1);
    assert_saw(&b, 1, 4);
    hub_leave(hub, &a.member);
    hub_leave(hub, &b.member);
}

static void what_is_in_flight_is_skipped_by_who_took_it_from_the_ring(void **state)
{
    (void)state;
    struct follower early, between, late;
    int64_t ring_first;
    join(&early, 0, -1);
    catch_up(&early, RING, &ring_first);
    publish(1, 2);
    join(&between, 0, 0); /* published, not flushed */
    assert_int_equal(catch_up(&between, RING, &ring_first), HUB_LIVE);
    hub_flush(hub);
    join(&late, 0, 1); /* flushed, not arrived */
    assert_int_equal(catch_up(&late, RING, &ring_first), HUB_LIVE);
    publish(3, 3);
    hub_flush(hub);
    run(0);
    assert_saw(&early, 1, 3);
    assert_saw(&between, 1, 3);
    assert_saw(&late, 2, 3);
    hub_leave(hub, &early.member);
    hub_leave(hub, &between.member);
    hub_leave(hub, &late.member);
}

static void who_has_seen_a_part_of_a_joined_frame_goes_back_to_the_ring(void **state)
{
    (void)state;
    struct follower part, all;
    int64_t ring_first;
    join(&all, 0, 0);
    catch_up(&all, RING, &ring_first);
    publish(1, 1);
    join(&part, 0, 0);
    assert_int_equal(catch_up(&part, RING, &ring_first), HUB_LIVE); /* has 1 */
    publish(2, 3);
    hub_flush(hub); /* 1, 2 and 3 joined */
    run(0);
    assert_saw(&all, 1, 3);
    assert_int_equal(part.resumed, 1);
    assert_false(part.member.live);
    assert_int_equal(catch_up(&part, RING, &ring_first), HUB_LIVE);
    assert_saw(&part, 1, 3);
    hub_leave(hub, &all.member);
    hub_leave(hub, &part.member);
}

static void a_slow_replay_goes_on_until_it_is_at_the_head(void **state)
{
    (void)state;
    struct follower f;
    int64_t ring_first;
    publish_to_ring(1, 4);
    join(&f, 1, 0);
    assert_int_equal(catch_up(&f, 1, &ring_first), HUB_MORE);
    publish(5, 5); /* pushes 1 out of the ring; it is taken already */
    hub_flush(hub);
    run(1);
    assert_int_equal(catch_up(&f, 2, &ring_first), HUB_MORE);
    assert_int_equal(catch_up(&f, 2, &ring_first), HUB_LIVE);
    assert_saw(&f, 1, 5);
    hub_leave(hub, &f.member);
}

static void what_the_ring_has_lost_is_named(void **state)
{
    (void)state;
    struct follower f;
    int64_t ring_first;
    publish_to_ring(1, 9);
    join(&f, 0, 2);
    assert_int_equal(catch_up(&f, RING, &ring_first), HUB_TOO_OLD);
    assert_int_equal(ring_first, 6);
    hub_seek(hub, &f.member, 6);
    assert_int_equal(catch_up(&f, RING, &ring_first), HUB_LIVE);
    assert_saw(&f, 6, 9);
    hub_leave(hub, &f.member);
}

static void beyond_the_head_counts_as_the_head(void **state)
{
    (void)state;
    struct follower f;
    int64_t ring_first;
    publish(1, 2);
    hub_flush(hub);
    join(&f, 0, 99);
    assert_int_equal(catch_up(&f, RING, &ring_first), HUB_LIVE);
    publish(3, 3);
    hub_flush(hub);
    run(0);
    assert_saw(&f, 3, 3);
    hub_leave(hub, &f.member);
}

static void ephemeral_frames_go_to_all_but_one(void **state)
{
    (void)state;
    struct follower a, b;
    struct frame *f = event(0);
    join(&a, 0, -1);
    join(&b, 0, -1);
    hub_publish_ephemeral(hub, room, f, &a.member);
    run(0);
    assert_int_equal(a.n, 0);
    assert_int_equal(b.n, 1);
    hub_broadcast(hub, f);
    broadcasts = 0;
    for (int i = 0; i < SHARDS; i++)
        run(i);
    assert_int_equal(broadcasts, SHARDS);
    frame_release(f);
    hub_leave(hub, &a.member);
    hub_leave(hub, &b.member);
}

/* Memory is used again: who joins at the address of somebody who left is not taken for them. */
static void whom_an_ephemeral_frame_leaves_out_is_not_known_by_address(void **state)
{
    (void)state;
    struct follower f;
    struct frame *typing = event(0);
    join(&f, 0, -1);
    hub_publish_ephemeral(hub, room, typing, &f.member);
    hub_leave(hub, &f.member);
    join(&f, 0, -1);
    run(0);
    assert_int_equal(f.n, 1);
    frame_release(typing);
    hub_leave(hub, &f.member);
}

/* Two connections of one person on two shards, one of another: to some alone, to all but some. */
static void ephemeral_frames_go_to_some_people(void **state)
{
    (void)state;
    struct person *anna = enter(PERSON_ACCOUNT, 5), *ben = enter(PERSON_ACCOUNT, 9);
    static const struct {
        bool is_only;
        int64_t users[2];
        size_t count;
        int anna, ben, visitor;
    } cases[] = {{true, {5}, 1, 2, 0, 0},  {true, {5, 9}, 2, 2, 1, 0},  {true, {7, 8}, 2, 0, 0, 0},
                 {false, {5}, 1, 0, 1, 1}, {false, {5, 9}, 2, 0, 0, 1}, {false, {7, 8}, 2, 2, 1, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct follower a, b, c, d;
        struct frame *f = event(0);
        join_as(&a, anna, 0, -1);
        join_as(&b, anna, 1, -1);
        join_as(&c, ben, 0, -1);
        join(&d, 1, -1);
        hub_publish_to(hub, room, f, cases[i].is_only, cases[i].users, cases[i].count);
        run(0);
        run(1);
        assert_int_equal(a.n + b.n, cases[i].anna);
        assert_int_equal(c.n, cases[i].ben);
        assert_int_equal(d.n, cases[i].visitor);
        frame_release(f);
        hub_leave(hub, &a.member);
        hub_leave(hub, &b.member);
        hub_leave(hub, &c.member);
        hub_leave(hub, &d.member);
    }
    hub_person_release(hub, anna);
    hub_person_release(hub, ben);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_HUB(live_members_of_all_shards_see_each_event_once),
        WITH_HUB(what_is_in_flight_is_skipped_by_who_took_it_from_the_ring),
        WITH_HUB(who_has_seen_a_part_of_a_joined_frame_goes_back_to_the_ring),
        WITH_HUB(a_slow_replay_goes_on_until_it_is_at_the_head),
        WITH_HUB(what_the_ring_has_lost_is_named),
        WITH_HUB(beyond_the_head_counts_as_the_head),
        WITH_HUB(ephemeral_frames_go_to_all_but_one),
        WITH_HUB(ephemeral_frames_go_to_some_people),
        WITH_HUB(whom_an_ephemeral_frame_leaves_out_is_not_known_by_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
