/* Expelling: who may not read a room any more is given nothing that is published from then on, wherever its cursor is
 * and whatever is in flight; and everything before, as long as it goes on reading. */
#include "fixture.h"

enum { ANNA = 3, BEN = 4, EVENTS = 6 };

static struct person *anna, *ben; /* an account; a guest */

static int setup_people(void **state)
{
    int failed = setup(state);
    anna = enter(PERSON_ACCOUNT, ANNA);
    ben = enter(PERSON_GUEST, BEN);
    return failed;
}

static int teardown_people(void **state)
{
    for (int i = 0; i < SHARDS; i++)
        run(i);
    hub_person_release(hub, anna);
    hub_person_release(hub, ben);
    return teardown(state);
}

#define WITH_PEOPLE(test) cmocka_unit_test_setup_teardown(test, setup_people, teardown_people)

/* ------------------------------------------------------------------ states x timings */

/* Where the member is when the script begins. The room has the events 1 .. 6, the ring 3 .. 6. */
enum start {
    LIVE,    /* has 6 */
    BEHIND,  /* has 3, of 3 .. 6 */
    OLD,     /* has none, 1 and 2 are being read from the database for it */
    WAITING, /* has 3; the ring has been forgotten and is being filled */
};

/* Scripts, a letter for each thing that happens:
 *   p  an event is published        x  the person is expelled     f  what is staged is flushed
 *   r  what was posted arrives      c  the member catches up      d  what was asked for has been read
 *
 * Every script ends with an arrival. `last` is the last event that the member has got then. */
static const struct {
    enum start start;
    const char *script;
    int64_t last;
    const char *why;
} timings[] = {
    {LIVE, "xfr", 6, "nothing else happens"},
    {LIVE, "xpfr", 6, "the next event is staged behind it"},
    {LIVE, "pxpfr", 7, "between two events of one flush: they are not joined"},
    {LIVE, "ppxppfr", 8, "between four"},
    {LIVE, "pfxpfr", 7, "what was flushed before has not arrived"},
    {LIVE, "pfxfpfr", 7, "and what comes after it is flushed later"},
    {LIVE, "pfrxpfr", 7, "what was flushed before has arrived"},
    {LIVE, "pxfrpfr", 7, "it has arrived when the next event comes"},
    {LIVE, "pxppppppfr", 7, "the ring has lost its last event, which does not matter"},
    {LIVE, "pcxpfr", 7, "it has taken from the ring what is in flight"},
    {LIVE, "pxpcfr", 7, "it takes from the ring what is staged before"},
    {LIVE, "xpcfr", 6, "asking again gives nothing more"},
    {LIVE, "pcpxpfr", 8, "it has got a part of what is joined before"},
    {LIVE, "pcpxpfcr", 8, "the same, and it takes the rest from the ring first"},
    {LIVE, "xxpxfr", 6, "expelled once more: the end stays where it is"},
    {BEHIND, "xpfr", 3, "it ends where it is, for it does not read on"},
    {BEHIND, "xpcfr", 6, "it reads on before the flush"},
    {BEHIND, "xpfcr", 6, "it reads on before the arrival"},
    {BEHIND, "pxfcr", 7, "it gets what was published before"},
    {BEHIND, "pxpfcdr", 7, "... if need be from the database"},
    {BEHIND, "cxpfr", 6, "it has caught up just before"},
    {BEHIND, "xppppcfdr", 6, "the ring begins behind its end: the database is read up to the end"},
    {BEHIND, "xppppppppcfdr", 6, "far behind it"},
    {OLD, "xpfr", 0, "what is being read comes too late"},
    {OLD, "xpfddr", 6, "it is read, and the rest taken from the ring"},
    {OLD, "pxppfddr", 7, "the ring has moved on meanwhile"},
    {OLD, "xppppppppfddr", 6, "all of the rest is read from the database"},
    {WAITING, "xpfdr", 3, "the ring is filled too late"},
    {WAITING, "xpdfr", 6, "it is filled before the flush"},
    {WAITING, "dxpfr", 6, "it is filled before it all"},
    {WAITING, "pxppdrdfr", 7, "what was read for the ring finds little room"},
    {WAITING, "xppppppdrdfr", 6, "it finds none"},
};

struct script {
    struct follower f; /* first */
    int64_t published, end;
    bool filling;   /* it was told to fill the ring */
    int64_t before; /* of what is being read for it alone; 0: nothing is */
};

static void go_on(struct follower *f)
{
    struct script *s = (struct script *)f;
    int64_t ring_first;
    enum hub_catch_up state = HUB_MORE;
    while (state == HUB_MORE)
        state = catch_up(f, RING, &ring_first);
    s->filling = state == HUB_LOAD;
    s->before = state == HUB_TOO_OLD ? ring_first : 0;
    if (s->end)
        assert_int_not_equal(state, HUB_LIVE);
    if (state == HUB_ENDED)
        assert_int_equal(f->member.next_seq, s->end + 1);
    if (state == HUB_TOO_OLD)
        assert_true(s->before - 1 <= hub_member_end(hub, &f->member));
}

static void database_answers(struct script *s)
{
    if (s->filling) {
        s->filling = false;
        fill(EVENTS + 1 - RING, EVENTS, 'x'); /* it goes on when that arrives */
        return;
    }
    assert_true(s->before > 0);
    for (int64_t seq = s->f.member.next_seq; seq < s->before; seq++) {
        struct frame *f = event(seq);
        see(&s->f, f);
        frame_release(f);
    }
    hub_seek(hub, &s->f.member, s->before);
    go_on(&s->f);
}

static void act(struct script *s, char what, int shard, int64_t user_id)
{
    switch (what) {
    case 'p':
        s->published++;
        publish(s->published, s->published);
        break;
    case 'x':
        hub_expel(hub, ROOM, user_id);
        if (!s->end)
            s->end = s->published;
        break;
    case 'f':
        hub_flush(hub);
        break;
    case 'r':
        run(shard);
        break;
    case 'c':
        go_on(&s->f);
        break;
    case 'd':
        database_answers(s);
        break;
    default:
        fail_msg("what is %c?", what);
    }
}

static void play(size_t i, int shard, struct person *who)
{
    static const int64_t after[] = {[LIVE] = EVENTS, [BEHIND] = 2, [OLD] = 0, [WAITING] = 2};
    const int64_t joined = after[timings[i].start], user_id = atomic_load(&who->user_id);
    int64_t ring_first;
    struct script s = {.published = EVENTS};
    struct follower watchers[SHARDS];
    publish_to_ring(1, EVENTS);
    for (int w = 0; w < SHARDS; w++) {
        join(&watchers[w], w, EVENTS);
        assert_int_equal(catch_up_all(&watchers[w]), HUB_LIVE);
        run(w);
    }
    join_as(&s.f, who, shard, joined);
    s.f.go_on = go_on;
    if (timings[i].start == BEHIND || timings[i].start == WAITING)
        assert_int_equal(catch_up(&s.f, 1, &ring_first), HUB_MORE);
    if (timings[i].start == WAITING)
        hub_forget_rings(hub);
    if (timings[i].start != BEHIND)
        go_on(&s.f);

    for (const char *what = timings[i].script; *what; what++)
        act(&s, *what, shard, user_id);
    assert_int_equal(s.f.expelled, 1);
    assert_null(s.f.member.at);
    assert_saw(&s.f, joined + 1, timings[i].last);
    for (int w = 0; w < SHARDS; w++) { /* to others nothing has happened */
        run(w);
        assert_int_equal(watchers[w].expelled, 0);
        assert_saw(&watchers[w], EVENTS + 1, s.published);
        leave(&watchers[w]);
    }
}

static void nobody_sees_beyond_the_expulsion(void **state)
{
    for (size_t i = 0; i < sizeof timings / sizeof timings[0]; i++) {
        print_message("  %s: %s\n", timings[i].script, timings[i].why);
        for (int shard = 0; shard < SHARDS; shard++) {
            setup_people(state);
            play(i, shard, shard ? ben : anna);
            teardown_people(state);
        }
    }
}

/* ------------------------------------------------------------------ who is meant */

static void all_connections_of_a_person_in_that_room_are_meant_and_no_others(void **state)
{
    (void)state;
    struct follower tabs[3], elsewhere, other;
    struct room *here = room;
    for (int i = 0; i < 3; i++) {
        join_as(&tabs[i], anna, i % SHARDS, -1);
        assert_int_equal(catch_up_all(&tabs[i]), HUB_LIVE);
    }
    join_as(&other, ben, 0, -1);
    assert_int_equal(catch_up_all(&other), HUB_LIVE);
    hub_room_add(hub, 8, span_of("yard"), 0, false);
    room = hub_room_by_id(hub, 8);
    join_as(&elsewhere, anna, 0, -1);
    assert_int_equal(catch_up_all(&elsewhere), HUB_LIVE);
    room = here;

    publish(1, 1);
    hub_expel(hub, ROOM, ANNA);
    publish(2, 2);
    room = hub_room_by_id(hub, 8);
    publish(1, 1);
    hub_flush(hub);
    for (int i = 0; i < SHARDS; i++)
        run(i);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(tabs[i].expelled, 1);
        assert_saw(&tabs[i], 1, 1);
    }
    assert_int_equal(other.expelled, 0);
    assert_saw(&other, 1, 2);
    assert_int_equal(elsewhere.expelled, 0);
    assert_saw(&elsewhere, 1, 1);
    leave(&other);
    leave(&elsewhere);
}

static void who_joins_anew_is_not_meant_by_an_old_expulsion(void **state)
{
    (void)state;
    struct follower f;
    publish(1, 1);
    hub_flush(hub);
    join_as(&f, anna, 0, 1);
    hub_expel(hub, ROOM, ANNA);
    hub_flush(hub); /* not arrived */
    leave(&f);
    join_as(&f, anna, 0, 1); /* added back; even at the same address */
    assert_int_equal(catch_up_all(&f), HUB_LIVE);
    publish(2, 3);
    hub_expel(hub, ROOM, ANNA); /* this one is meant */
    publish(4, 4);
    hub_flush(hub);
    run_one(0);
    assert_int_equal(f.expelled, 0);
    run(0);
    assert_int_equal(f.expelled, 1);
    assert_saw(&f, 2, 3);
}

static void one_expulsion_does_not_end_who_is_expelled_later(void **state)
{
    (void)state;
    struct follower first, second;
    join_as(&first, anna, 0, -1);
    join_as(&second, ben, 0, -1);
    assert_int_equal(catch_up_all(&first), HUB_LIVE);
    assert_int_equal(catch_up_all(&second), HUB_LIVE);
    publish(1, 1);
    hub_expel(hub, ROOM, ANNA);
    publish(2, 2);
    hub_expel(hub, ROOM, BEN);
    publish(3, 3);
    hub_flush(hub);
    run(0);
    assert_saw(&first, 1, 1);
    assert_saw(&second, 1, 2);
    assert_int_equal(first.expelled + second.expelled, 2);
}

static void nobody_is_expelled_as_user_0_or_while_not_there(void **state)
{
    (void)state;
    struct follower visitor, guest;
    join(&visitor, 0, -1);
    join_as(&guest, ben, 1, -1);
    assert_int_equal(catch_up_all(&visitor), HUB_LIVE);
    assert_int_equal(catch_up_all(&guest), HUB_LIVE);
    hub_expel(hub, ROOM, 0);
    hub_expel(hub, ROOM, ANNA); /* connected, in no room */
    hub_expel(hub, ROOM, 99);   /* not connected */
    hub_flush(hub);
    assert_int_equal(boxes[0].len + boxes[1].len, 0); /* nobody's time was taken */
    publish(1, 2);
    hub_flush(hub);
    run(0);
    run(1);
    assert_saw(&visitor, 1, 2);
    assert_saw(&guest, 1, 2);
    leave(&visitor);
    leave(&guest);
}

static void a_closed_room_keeps_only_those_who_may_stay(void **state)
{
    static const int64_t all[] = {1, ANNA, 7};
    for (size_t n = 0; n <= 3; n += 3) { /* nobody may, and Anna may */
        struct follower visitor, guest, account;
        setup_people(state);
        join(&visitor, 0, -1);
        join_as(&guest, ben, 1, -1);
        join_as(&account, anna, 1, -1);
        assert_int_equal(catch_up_all(&visitor), HUB_LIVE);
        assert_int_equal(catch_up_all(&guest), HUB_LIVE);
        assert_int_equal(catch_up_all(&account), HUB_LIVE);
        publish(1, 1);
        hub_expel_others(hub, ROOM, all, n);
        publish(2, 2);
        hub_flush(hub);
        run(0);
        run(1);
        assert_int_equal(visitor.expelled, 1);
        assert_int_equal(guest.expelled, 1);
        assert_int_equal(account.expelled, n == 0);
        assert_saw(&visitor, 1, 1);
        assert_saw(&guest, 1, 1);
        assert_saw(&account, 1, n ? 2 : 1);
        leave(&account);
        teardown_people(state);
    }
}

/* ------------------------------------------------------------------ what else reaches a member */

static void ephemeral_frames_posted_behind_it_do_not_come(void **state)
{
    (void)state;
    struct follower f;
    struct frame *typing = event(0);
    join_as(&f, anna, 0, -1);
    hub_publish_ephemeral(hub, room, typing, NULL);
    hub_expel(hub, ROOM, ANNA);
    hub_flush(hub);
    hub_publish_ephemeral(hub, room, typing, NULL);
    run(0);
    assert_int_equal(f.n, 1);
    frame_release(typing);
}

static void a_reset_goes_to_the_end(void **state)
{
    (void)state;
    struct follower f;
    int64_t last_seq;
    publish(1, 9);
    join_as(&f, anna, 0, 0);
    hub_expel(hub, ROOM, ANNA);
    publish(10, 12);
    hub_skip_to_head(hub, &f.member, &last_seq);
    assert_int_equal(last_seq, 9);
    assert_false(f.member.live);
    assert_int_equal(catch_up_all(&f), HUB_ENDED);
    hub_flush(hub);
    run(0);
    assert_int_equal(f.n, 0);
    assert_int_equal(f.expelled, 1);
}

static void who_leaves_first_is_not_told(void **state)
{
    (void)state;
    struct follower before, after;
    join_as(&before, anna, 0, -1);
    join_as(&after, anna, 1, -1);
    hub_expel(hub, ROOM, ANNA);
    leave(&before);
    hub_flush(hub);
    leave(&after);
    run(0);
    run(1);
    assert_int_equal(before.expelled + after.expelled, 0);
    join_as(&before, anna, 0, -1); /* what is never flushed is freed with the hub */
    hub_expel(hub, ROOM, ANNA);
    leave(&before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_sees_beyond_the_expulsion),
        WITH_PEOPLE(all_connections_of_a_person_in_that_room_are_meant_and_no_others),
        WITH_PEOPLE(who_joins_anew_is_not_meant_by_an_old_expulsion),
        WITH_PEOPLE(one_expulsion_does_not_end_who_is_expelled_later),
        WITH_PEOPLE(nobody_is_expelled_as_user_0_or_while_not_there),
        cmocka_unit_test(a_closed_room_keeps_only_those_who_may_stay),
        WITH_PEOPLE(ephemeral_frames_posted_behind_it_do_not_come),
        WITH_PEOPLE(a_reset_goes_to_the_end),
        WITH_PEOPLE(who_leaves_first_is_not_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
