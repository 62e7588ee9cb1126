/* The hub: replay and live events meet without a gap or a duplicate, whatever happens between a publish and its
 * arrival. */
#include "hub/hub.h"
#include "unit.h"

#include <stdio.h>

enum { SHARDS = 2, RING = 4, SEEN_MAX = 200 };

/* Mailboxes that hold their tasks until a test lets them run. */
static struct task_list boxes[SHARDS];

static void post(void *ctx, struct task *t)
{
    task_list_push(ctx, t);
}

static void run(int shard)
{
    for (struct task *t; (t = task_list_pop(&boxes[shard]));)
        t->run(t);
}

/* Somebody who follows a room and writes down what comes. */
struct follower {
    struct member member;
    int64_t seen[SEEN_MAX];
    size_t n;
    int resumed, failed;
};

static void see(struct follower *f, const struct frame *frame)
{
    if (!frame->first_seq)
        f->seen[f->n++] = 0;
    for (int64_t s = frame->first_seq; s && s <= frame->last_seq; s++)
        f->seen[f->n++] = s;
}

static void deliver(struct member *m, struct frame *f)
{
    see(m->owner, f);
}

static void resume(struct member *m, bool failed)
{
    struct follower *f = m->owner;
    f->resumed++;
    f->failed += failed;
}

static int broadcasts;

static void broadcast(struct shard *s, struct frame *f)
{
    (void)s;
    (void)f;
    broadcasts++;
}

static struct metrics metrics;
static struct hub *hub;
static struct room *room;
static struct person *person;

static int setup(void **state)
{
    (void)state;
    const struct hub_options options = {
        .shards = SHARDS, .ring_events = RING, .callbacks = {deliver, resume, broadcast}};
    const struct hub_entrant anna = {.kind = PERSON_VISITOR, .name = {"Anna", 4}, .fold = {"anna", 4}};
    hub = hub_new(&options, &metrics);
    for (int i = 0; i < SHARDS; i++) {
        const struct mailbox mailbox = {post, &boxes[i]};
        task_list_init(&boxes[i]);
        shard_attach(hub_shard(hub, i), &mailbox, NULL);
    }
    hub_room_add(hub, 7, span_of("lobby"), span_of("lobby"), 0, false);
    room = hub_room_by_id(hub, 7);
    return hub_enter(hub, &anna, &person) == OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    for (int i = 0; i < SHARDS; i++)
        run(i);
    hub_person_release(hub, person);
    hub_free(hub);
    return 0;
}

static void join(struct follower *f, int shard, int64_t after)
{
    int64_t last_seq;
    *f = (struct follower){.member = {.owner = f, .person = person}};
    hub_join(hub, hub_shard(hub, shard), room, &f->member, after, &last_seq);
}

static enum hub_catch_up catch_up(struct follower *f, size_t max, int64_t *ring_first)
{
    struct frame *frames[RING];
    size_t n;
    enum hub_catch_up result = hub_catch_up(hub, &f->member, frames, max, &n, ring_first);
    for (size_t i = 0; i < n; i++) {
        see(f, frames[i]);
        frame_release(frames[i]);
    }
    return result;
}

static struct frame *event(int64_t seq)
{
    return frame_new((struct span){NULL, 0}, span_of("{}"), seq);
}

static void publish(int64_t first, int64_t last)
{
    for (int64_t seq = first; seq <= last; seq++) {
        struct frame *f = event(seq);
        hub_publish(hub, 7, f);
        frame_release(f);
    }
}

static void assert_saw(const struct follower *f, int64_t first, int64_t last)
{
    assert_int_equal(f->n, last - first + 1);
    for (size_t i = 0; i < f->n; i++)
        assert_int_equal(f->seen[i], first + (int64_t)i);
}

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
    publish(1, 4);
    hub_flush(hub);
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
    publish(1, 9);
    hub_flush(hub);
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

/* A room from the database: its ring is empty until somebody has filled it. */
static void the_ring_is_filled_once_and_all_who_wait_resume(void **state)
{
    (void)state;
    struct follower a, b, c;
    int64_t ring_first;
    hub_room_add(hub, 8, span_of("old"), span_of("old"), 10, false);
    room = hub_room_by_id(hub, 8);
    join(&a, 0, -1);
    join(&b, 1, 8);
    assert_int_equal(catch_up(&a, RING, &ring_first), HUB_LOAD);
    assert_int_equal(ring_first, 11);
    assert_int_equal(catch_up(&b, RING, &ring_first), HUB_WAIT);
    struct frame *live = event(11); /* comes while the database is being read */
    hub_publish(hub, 8, live);
    hub_flush(hub);
    frame_release(live);

    struct frame *old[RING] = {event(7), event(8), event(9), event(10)};
    hub_fill(hub, room, old, RING, false);
    for (int i = 0; i < RING; i++)
        frame_release(old[i]);
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
    hub_room_add(hub, 9, span_of("broken"), span_of("broken"), 10, false);
    room = hub_room_by_id(hub, 9);
    join(&f, 0, 5);
    assert_int_equal(catch_up(&f, RING, &ring_first), HUB_LOAD);
    hub_fill(hub, room, NULL, 0, true);
    run(0);
    assert_int_equal(f.failed, 1);
    assert_int_equal(catch_up(&f, RING, &ring_first), HUB_LOAD);
    hub_fill(hub, room, NULL, 0, true);
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
    run(0);
    run(1);
    assert_int_equal(broadcasts, SHARDS);
    frame_release(f);
    hub_leave(hub, &a.member);
    hub_leave(hub, &b.member);
}

struct presence {
    int calls;
    size_t count;
    bool listed;
    bool active;
};

static void note_presence(void *ctx, struct room *r, size_t count, const struct presence_person *people)
{
    struct presence *p = ctx;
    (void)r;
    p->calls++;
    p->count = count;
    p->listed = people != NULL;
    p->active = people && people[0].active;
}

static void presence_counts_people_not_connections(void **state)
{
    (void)state;
    struct follower tab1, tab2;
    struct presence p = {0};
    join(&tab1, 0, -1);
    join(&tab2, 1, -1);
    hub_presence_changes(hub, note_presence, &p);
    assert_int_equal(p.calls, 1);
    assert_int_equal(p.count, 1);
    assert_true(p.listed);
    hub_presence_changes(hub, note_presence, &p);
    assert_int_equal(p.calls, 1); /* nothing has changed */
    hub_person_active(hub, person, +1);
    hub_presence_changes(hub, note_presence, &p);
    assert_int_equal(p.calls, 2);
    assert_true(p.active);
    hub_leave(hub, &tab1.member);
    hub_presence_changes(hub, note_presence, &p);
    assert_int_equal(p.calls, 2); /* still here with the other one */
    hub_leave(hub, &tab2.member);
    hub_presence_changes(hub, note_presence, &p);
    assert_int_equal(p.calls, 3);
    assert_int_equal(p.count, 0);
    hub_person_active(hub, person, -1);
}

static void names_of_the_connected_are_unique(void **state)
{
    (void)state;
    struct person *p = NULL, *again = NULL;
    struct hub_entrant who = {.kind = PERSON_VISITOR, .name = span_of("ANNA"), .fold = span_of("anna")};
    assert_int_equal(hub_enter(hub, &who, &p), ERR_NAME_TAKEN);
    who = (struct hub_entrant){.kind = PERSON_GUEST, .user_id = 3, .name = span_of("Ben"), .fold = span_of("ben")};
    assert_int_equal(hub_enter(hub, &who, &p), OK);
    assert_int_equal(hub_enter(hub, &who, &again), OK);
    assert_ptr_equal(p, again);
    assert_true(hub_name_in_use(hub, span_of("ben"), 0));
    assert_false(hub_name_in_use(hub, span_of("ben"), 3));
    hub_rename(hub, 3, span_of("Bert"), span_of("bert"));
    assert_false(hub_name_in_use(hub, span_of("ben"), 0));
    char name[HUB_NAME_BYTES];
    assert_int_equal(hub_person_name(hub, p, name), 4);
    assert_string_equal(name, "Bert");
    hub_person_release(hub, p);
    assert_true(hub_name_in_use(hub, span_of("bert"), 0));
    hub_person_release(hub, again);
    assert_false(hub_name_in_use(hub, span_of("bert"), 0));
}

static void rooms_are_found_under_their_newest_name(void **state)
{
    (void)state;
    struct room_info info;
    hub_room_rename(hub, 7, span_of("Foyer"), span_of("foyer"));
    assert_null(hub_room_by_fold(hub, span_of("lobby")));
    assert_ptr_equal(hub_room_by_fold(hub, span_of("foyer")), room);
    hub_room_set_archived(hub, 7, true);
    hub_room_info(hub, room, &info);
    assert_string_equal(info.name, "Foyer");
    assert_true(info.archived);
}

#define WITH_HUB(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_HUB(live_members_of_all_shards_see_each_event_once),
        WITH_HUB(what_is_in_flight_is_skipped_by_who_took_it_from_the_ring),
        WITH_HUB(who_has_seen_a_part_of_a_joined_frame_goes_back_to_the_ring),
        WITH_HUB(a_slow_replay_goes_on_until_it_is_at_the_head),
        WITH_HUB(what_the_ring_has_lost_is_named),
        WITH_HUB(beyond_the_head_counts_as_the_head),
        WITH_HUB(the_ring_is_filled_once_and_all_who_wait_resume),
        WITH_HUB(a_failed_fill_is_told_and_asked_for_again),
        WITH_HUB(ephemeral_frames_go_to_all_but_one),
        WITH_HUB(presence_counts_people_not_connections),
        WITH_HUB(names_of_the_connected_are_unique),
        WITH_HUB(rooms_are_found_under_their_newest_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
