/* The same with real threads: the writer takes rights away and gives them back while two shards join and read. What
 * it notes down at each removal is what nobody may see beyond. */
#include "fixture.h"

#include <pthread.h>

enum { USERS = 4, FANS = 8, ROUNDS = 4000, AHEAD_MAX = 4, RING_EVENTS = 16 };

/* ------------------------------------------------------------------ who may read, as the directory would know it */

static struct {
    pthread_mutex_t lock;
    bool allowed[USERS];
    int times[USERS];            /* it has been given */
    int64_t last[USERS][ROUNDS]; /* by how often it had been given: the last event they may see then */
} rights = {.lock = PTHREAD_MUTEX_INITIALIZER};

static _Atomic int violations, expulsions, behind, refusals; /* behind: of those expelled */

static void check(bool condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "violated: %s\n", what);
    violations++;
}

/* ------------------------------------------------------------------ the shards' threads */

struct fan {
    struct follower f; /* first */
    size_t user;
    bool is_slow; /* takes one event in a turn: mostly behind */
    int time;     /* of rights.times: the one under which it reads */
    int64_t next;
};

struct loop {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct task_list tasks;
    int ticks; /* rounds it has gone along with */
    bool stop;
    int shard;
    uint32_t dice; /* of its thread */
    struct fan fans[FANS];
};

static struct loop loops[SHARDS];

static uint32_t below(uint32_t *dice, uint32_t n)
{
    *dice = *dice * 1664525u + 1013904223u;
    return (*dice >> 16) % n;
}

static void post_to_loop(void *ctx, struct task *t)
{
    struct loop *l = ctx;
    pthread_mutex_lock(&l->lock);
    task_list_push(&l->tasks, t);
    pthread_cond_broadcast(&l->changed);
    pthread_mutex_unlock(&l->lock);
}

static void *run_loop(void *ctx)
{
    struct loop *l = ctx;
    struct task *t;
    do {
        pthread_mutex_lock(&l->lock);
        while (!(t = task_list_pop(&l->tasks)) && !l->stop)
            pthread_cond_wait(&l->changed, &l->lock);
        pthread_mutex_unlock(&l->lock);
        if (t)
            t->run(t);
    } while (t);
    return NULL;
}

static void saw(struct fan *fan, const struct frame *f)
{
    pthread_mutex_lock(&rights.lock);
    int64_t last = rights.last[fan->user][fan->time];
    pthread_mutex_unlock(&rights.lock);
    check(f->first_seq == fan->next, "no gap and no duplicate");
    check(frame_last_seq(f) <= last, "nothing beyond the removal");
    fan->next = frame_last_seq(f) + 1;
}

static void fill_ring(int64_t before)
{
    struct frame *frames[RING_EVENTS];
    size_t n = 0;
    for (int64_t seq = before > RING_EVENTS ? before - RING_EVENTS : 1; seq < before; seq++)
        frames[n++] = event(seq);
    hub_fill(hub, room, frames, n, OK);
    while (n)
        frame_release(frames[--n]);
}

static void go_on(struct fan *fan, size_t max)
{
    struct member *m = &fan->f.member;
    enum hub_catch_up state = HUB_MORE;
    while (max && state == HUB_MORE && m->at && !m->live && !m->waiting) {
        struct frame *frame;
        size_t n;
        int64_t ring_first;
        state = hub_catch_up(hub, m, &frame, 1, &n, &ring_first);
        max--;
        if (n) {
            saw(fan, frame);
            frame_release(frame);
        }
        if (state == HUB_LOAD)
            fill_ring(ring_first);
        if (state == HUB_TOO_OLD) {
            hub_skip_to_head(hub, m, &fan->next);
            fan->next++;
        }
    }
}

static void take_some(struct fan *fan)
{
    go_on(fan, fan->is_slow ? 1 : SIZE_MAX);
}

static void got(struct member *m, struct frame *f)
{
    saw(m->owner, f);
}

static void resumed(struct member *m, enum err e)
{
    check(e == OK, "no fill fails");
    take_some(m->owner);
}

static void is_expelled(struct member *m)
{
    const struct fan *fan = m->owner;
    check(!m->live || fan->next == hub_member_end(hub, m) + 1, "who is live gets all before the removal");
    expulsions++;
    behind += !m->live;
    hub_leave(hub, m);
}

static void join_and_ask(struct loop *l, struct fan *fan)
{
    int64_t last_seq;
    struct member *m = &fan->f.member;
    *m = (struct member){.owner = fan, .person = m->person};
    hub_join(hub, hub_shard(hub, l->shard), room, m, -1, &last_seq);
    fan->next = m->next_seq;
    pthread_mutex_lock(&rights.lock);
    bool allowed = rights.allowed[fan->user];
    fan->time = rights.times[fan->user];
    pthread_mutex_unlock(&rights.lock);
    if (allowed) {
        take_some(fan);
    } else {
        refusals++;
        hub_leave(hub, m);
    }
}

/* Each broadcast is a turn of the loop in which clients ask for something. */
static void turn(struct shard *s, struct frame *f)
{
    struct loop *l = shard_user(s);
    (void)f;
    for (size_t i = 0; i < 3; i++) {
        struct fan *fan = &l->fans[below(&l->dice, FANS)];
        if (!fan->f.member.at)
            join_and_ask(l, fan);
        else if (below(&l->dice, 4) == 0)
            hub_leave(hub, &fan->f.member);
        else
            take_some(fan);
    }
    pthread_mutex_lock(&l->lock);
    l->ticks++;
    pthread_cond_broadcast(&l->changed);
    pthread_mutex_unlock(&l->lock);
}

/* ------------------------------------------------------------------ the writer */

static int64_t last;

static void change_rights(size_t user)
{
    pthread_mutex_lock(&rights.lock);
    bool removes = rights.allowed[user];
    rights.allowed[user] = !removes;
    if (removes)
        rights.last[user][rights.times[user]] = last;
    else
        rights.last[user][++rights.times[user]] = INT64_MAX;
    pthread_mutex_unlock(&rights.lock);
    if (removes)
        hub_expel(hub, ROOM, (int64_t)user + 1);
}

static void write_round(uint32_t *dice)
{
    for (uint32_t n = 1 + below(dice, 4); n; n--) {
        last++;
        publish(last, last);
        if (below(dice, 6) == 0)
            change_rights(below(dice, USERS));
        if (below(dice, 10) == 0) {
            struct frame *f = event_text(last - below(dice, last < 6 ? 1 : 6), 'x');
            hub_replace(hub, ROOM, f);
            frame_release(f);
        }
    }
    if (below(dice, 40) == 0)
        hub_forget_rings(hub);
    hub_flush(hub);
}

static void wait_for_loops(int ticks)
{
    for (int i = 0; i < SHARDS; i++) {
        pthread_mutex_lock(&loops[i].lock);
        while (loops[i].ticks < ticks)
            pthread_cond_wait(&loops[i].changed, &loops[i].lock);
        pthread_mutex_unlock(&loops[i].lock);
    }
}

/* ------------------------------------------------------------------ */

static void start_loop(int i, struct person *const people[USERS])
{
    struct loop *l = &loops[i];
    const struct mailbox mailbox = {post_to_loop, l};
    l->shard = i;
    l->dice = (uint32_t)i + 100;
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->changed, NULL);
    task_list_init(&l->tasks);
    for (size_t k = 0; k < FANS; k++) {
        l->fans[k].user = k % USERS;
        l->fans[k].is_slow = k >= USERS;
        l->fans[k].f.member.person = people[k % USERS];
    }
    shard_attach(hub_shard(hub, i), &mailbox, l);
}

static void stop_loops(void)
{
    for (int i = 0; i < SHARDS; i++) {
        pthread_mutex_lock(&loops[i].lock);
        loops[i].stop = true;
        pthread_cond_broadcast(&loops[i].changed);
        pthread_mutex_unlock(&loops[i].lock);
    }
    for (int i = 0; i < SHARDS; i++)
        pthread_join(loops[i].thread, NULL);
}

/* What the loops have left, which may post to one another. */
static void run_left(void)
{
    for (bool busy = true; busy;) {
        busy = false;
        for (int i = 0; i < SHARDS; i++)
            for (struct task *t; (t = task_list_pop(&loops[i].tasks)); busy = true)
                t->run(t);
    }
}

static void everybody_comes_to_the_head_or_has_left(void)
{
    run_left();
    for (int pass = 0; pass < 2; pass++) { /* a fill may be missing in the first */
        for (int i = 0; i < SHARDS; i++)
            for (size_t k = 0; k < FANS; k++)
                go_on(&loops[i].fans[k], SIZE_MAX);
        run_left();
    }
    for (int i = 0; i < SHARDS; i++) {
        for (size_t k = 0; k < FANS; k++) {
            struct fan *fan = &loops[i].fans[k];
            check(!fan->f.member.at || rights.allowed[fan->user], "who may not read has left");
            check(!fan->f.member.at || fan->next == last + 1, "who may read has seen everything");
            leave(&fan->f);
        }
    }
}

static void removals_hold_while_everybody_joins_and_reads(void **state)
{
    static const struct hub_callbacks callbacks = {
        .deliver = got, .resume = resumed, .expelled = is_expelled, .broadcast = turn};
    (void)state;
    uint32_t dice = 1;
    struct person *people[USERS];
    struct frame *tick = event(0);
    start_hub(SHARDS, RING_EVENTS, &callbacks);
    for (size_t i = 0; i < USERS; i++) {
        people[i] = enter(PERSON_ACCOUNT, (int64_t)i + 1);
        rights.allowed[i] = true;
        rights.last[i][0] = INT64_MAX;
    }
    for (int i = 0; i < SHARDS; i++)
        start_loop(i, people);
    for (int i = 0; i < SHARDS; i++)
        assert_int_equal(pthread_create(&loops[i].thread, NULL, run_loop, &loops[i]), 0);
    for (int round = 1; round <= ROUNDS; round++) {
        write_round(&dice);
        hub_broadcast(hub, tick);
        wait_for_loops(round - AHEAD_MAX);
    }
    stop_loops();
    everybody_comes_to_the_head_or_has_left();
    for (size_t i = 0; i < USERS; i++)
        hub_person_release(hub, people[i]);
    hub_person_release(hub, person);
    hub_free(hub);
    frame_release(tick);
    print_message("  %d expelled, %d of them behind, %d refused\n", expulsions, behind, refusals);
    assert_int_equal(violations, 0);
    assert_true(expulsions > 100 && behind > 100 && refusals > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(removals_hold_while_everybody_joins_and_reads)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
