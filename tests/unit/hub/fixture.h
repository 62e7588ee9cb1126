/* fixture.h - a hub whose shards run when a test says so, and people who follow its rooms and write down what comes. */
#ifndef HUBBUB_TESTS_HUB_FIXTURE_H
#define HUBBUB_TESTS_HUB_FIXTURE_H

#include "hub/for_tests.h"
#include "hub/hub.h"
#include "unit.h"

#include <stdio.h>

enum { SHARDS = 3, RING = 4, SEEN_MAX = 8000, ROOM = 7 };

/* Mailboxes that hold their tasks until a test lets them run. */
static struct task_list boxes[SHARDS];

static struct metrics metrics;
static struct hub *hub;
static struct room *room;
static struct person *person; /* a visitor */
static int broadcasts;

struct follower {
    struct member member;   /* at is NULL: not in the room */
    int64_t seen[SEEN_MAX]; /* 0: without seq */
    char texts[SEEN_MAX];   /* of each its only byte */
    size_t n;
    int resumed, expelled;
    enum err failed;                   /* what resume() was told last when it was not OK */
    void (*go_on)(struct follower *f); /* what it does on resume(); NULL: nothing by itself */
};

static inline void post(void *ctx, struct task *t)
{
    task_list_push(ctx, t);
}

static inline bool run_one(int shard)
{
    struct task *t = task_list_pop(&boxes[shard]);
    if (t)
        t->run(t);
    return t != NULL;
}

static inline void run(int shard)
{
    while (run_one(shard))
        ;
}

static inline void see(struct follower *f, const struct frame *frame)
{
    for (uint32_t i = 0; i < frame->len; i++) { /* an event is one byte long here */
        assert_true(f->n < SEEN_MAX);
        f->texts[f->n] = (char)frame->bytes[i];
        f->seen[f->n++] = frame->first_seq ? frame->first_seq + i : 0;
    }
}

static inline void deliver(struct member *m, struct frame *f)
{
    see(m->owner, f);
}

static inline void resume(struct member *m, enum err e)
{
    struct follower *f = m->owner;
    f->resumed++;
    if (e)
        f->failed = e;
    else if (f->go_on)
        f->go_on(f);
}

static inline void expelled(struct member *m)
{
    struct follower *f = m->owner;
    f->expelled++;
    hub_leave(hub, m);
}

static inline void broadcast(struct shard *s, struct frame *f)
{
    (void)s;
    (void)f;
    broadcasts++;
}

static inline int start_hub_with(int shards, int64_t ring_events, int64_t ring_bytes_max,
                                 const struct hub_callbacks *callbacks)
{
    const struct hub_options options = {
        .shards = shards, .ring_events = ring_events, .ring_bytes_max = ring_bytes_max, .callbacks = *callbacks};
    const struct hub_entrant anna = {.kind = PERSON_VISITOR, .name = {"Anna", 4}, .fold = {"anna", 4}};
    metrics = (struct metrics){0};
    hub = hub_new(&options, &metrics);
    assert_non_null(hub);
    for (int i = 0; i < shards; i++) {
        const struct mailbox mailbox = {post, &boxes[i]};
        task_list_init(&boxes[i]);
        shard_attach(hub_shard(hub, i), &mailbox, NULL);
    }
    hub_room_add(hub, ROOM, span_of("lobby"), 0, false);
    room = hub_room_by_id(hub, ROOM);
    return hub_enter(hub, &anna, &person) == OK ? 0 : -1;
}

static inline int start_hub(int shards, int64_t ring_events, const struct hub_callbacks *callbacks)
{
    return start_hub_with(shards, ring_events, 0, callbacks);
}

/* cmocka setup and teardown. */
static inline int setup(void **state)
{
    static const struct hub_callbacks callbacks = {
        .deliver = deliver, .resume = resume, .expelled = expelled, .broadcast = broadcast};
    (void)state;
    return start_hub(SHARDS, RING, &callbacks);
}

static inline int teardown(void **state)
{
    (void)state;
    for (int i = 0; i < SHARDS; i++)
        run(i);
    hub_person_release(hub, person);
    hub_free(hub);
    return 0;
}

#define WITH_HUB(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

static inline struct person *enter(enum person_kind kind, int64_t user_id)
{
    struct person *p = NULL;
    char name[32];
    snprintf(name, sizeof name, "user%lld", (long long)user_id);
    const struct hub_entrant who = {.kind = kind, .user_id = user_id, .name = span_of(name), .fold = span_of(name)};
    assert_int_equal(hub_enter(hub, &who, &p), OK);
    return p;
}

static inline void join_as(struct follower *f, struct person *p, int shard, int64_t after)
{
    int64_t last_seq;
    *f = (struct follower){.member = {.owner = f, .person = p}};
    hub_join(hub, hub_shard(hub, shard), room, &f->member, after, &last_seq);
}

static inline void join(struct follower *f, int shard, int64_t after)
{
    join_as(f, person, shard, after);
}

static inline void leave(struct follower *f)
{
    if (f->member.at)
        hub_leave(hub, &f->member);
}

static inline enum hub_catch_up catch_up(struct follower *f, size_t max, int64_t *ring_first)
{
    struct frame *frames[RING];
    size_t n;
    assert_true(max <= RING);
    enum hub_catch_up result = hub_catch_up(hub, &f->member, frames, max, &n, ring_first);
    for (size_t i = 0; i < n; i++) {
        see(f, frames[i]);
        frame_release(frames[i]);
    }
    return result;
}

/* As far as the ring goes. */
static inline enum hub_catch_up catch_up_all(struct follower *f)
{
    int64_t ring_first;
    enum hub_catch_up result = HUB_MORE;
    while (result == HUB_MORE)
        result = catch_up(f, RING, &ring_first);
    return result;
}

static inline struct frame *event_text(int64_t seq, char text)
{
    struct frame *f = frame_new((struct span){NULL, 0}, (struct span){&text, 1}, seq);
    assert_non_null(f);
    return f;
}

static inline struct frame *event(int64_t seq)
{
    return event_text(seq, 'a');
}

static inline void publish(int64_t first, int64_t last)
{
    for (int64_t seq = first; seq <= last; seq++) {
        struct frame *f = event(seq);
        hub_publish(hub, room_id(room), f);
        frame_release(f);
    }
}

/* Published and flushed while somebody has the room open: so the ring has them, also when they have left. */
static inline void publish_to_ring(int64_t first, int64_t last)
{
    struct follower f;
    join(&f, SHARDS - 1, first - 1);
    publish(first, last);
    hub_flush(hub);
    run(SHARDS - 1);
    leave(&f);
}

/* The events first .. last, as a reader would bring them. */
static inline void fill(int64_t first, int64_t last, char text)
{
    struct frame *old[RING];
    size_t n = 0;
    while (first <= last)
        old[n++] = event_text(first++, text);
    hub_fill(hub, room, old, n, OK);
    while (n)
        frame_release(old[--n]);
}

/* Exactly these, in order; none when first is last + 1. */
static inline void assert_saw(const struct follower *f, int64_t first, int64_t last)
{
    assert_int_equal(f->n, last - first + 1);
    for (size_t i = 0; i < f->n; i++)
        assert_int_equal(f->seen[i], first + (int64_t)i);
}

static inline void assert_texts(const struct follower *f, const char *want)
{
    assert_int_equal(f->n, strlen(want));
    assert_memory_equal(f->texts, want, f->n);
}

#endif
