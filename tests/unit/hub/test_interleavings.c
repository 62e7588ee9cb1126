/* Everything at once, in every order: members of several rooms and shards join, read on and leave while events are
 * published, replaced and forgotten and people expelled. A simple model knows what each may see. */
#include "fixture.h"

enum { ROOMS = 2, USERS = 4, FOLLOWERS = 16, EVENTS_MAX = 300, SEEDS = 2500, STEPS = 500, CHUNK = 3 };

static uint64_t dice;
static unsigned seed, step;

static size_t below(size_t n) /* SplitMix64 */
{
    uint64_t z = dice += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (size_t)((z ^ (z >> 31)) % n);
}

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            fail_msg("seed %u, step %u: %s", seed, step, #condition);                                                  \
    } while (0)

/* Some events of a room: asked for, then read, then brought back. */
struct reading {
    bool asked, read;
    int64_t first, before;
    char texts[EVENTS_MAX];
};

struct place {
    struct room *room;
    int64_t last, flushed;
    char text[EVENTS_MAX]; /* as the database has it */
    char sent[EVENTS_MAX]; /* as the members who are live get it */
    struct reading filling;
};

/* A member and what the model knows of it. */
struct fan {
    struct follower f; /* first */
    struct place *place;
    size_t user; /* USERS: a visitor */
    int64_t next;
    int64_t end; /* -1: none */
    bool has_ended;
    struct reading reading;
};

static struct place places[ROOMS];
static struct fan fans[FOLLOWERS];
static struct person *people[USERS + 1];
static int64_t seen;

/* Where members were when they were told that they are expelled. */
enum where { LIVE, BEHIND, WAITING, READING, AT_THE_END, WHERE_COUNT };
static int64_t told[WHERE_COUNT];

static void saw(struct fan *fan, const struct frame *frame, const char *texts)
{
    CHECK(frame->len == frame_last_seq(frame) - frame->first_seq + 1);
    for (int64_t seq = frame->first_seq; seq <= frame_last_seq(frame); seq++) {
        CHECK(seq == fan->next);
        CHECK(fan->end < 0 || seq <= fan->end);
        CHECK(frame->bytes[seq - frame->first_seq] == (uint8_t)texts[seq]);
        fan->next++;
        seen++;
    }
}

static void ask(struct reading *r, int64_t first, int64_t before)
{
    CHECK(!r->asked);
    *r = (struct reading){.asked = true, .first = first, .before = before};
}

static void go_on_once(struct fan *fan)
{
    struct frame *frames[RING];
    struct place *p = fan->place;
    size_t n;
    int64_t ring_first;
    enum hub_catch_up state = hub_catch_up(hub, &fan->f.member, frames, 1 + below(RING), &n, &ring_first);
    for (size_t i = 0; i < n; i++) {
        saw(fan, frames[i], p->text);
        frame_release(frames[i]);
    }
    CHECK(fan->f.member.next_seq == fan->next);
    CHECK(fan->f.member.live == (state == HUB_LIVE));
    switch (state) {
    case HUB_LIVE:
        CHECK(fan->end < 0 && fan->next == p->last + 1);
        break;
    case HUB_ENDED:
        CHECK(fan->next == fan->end + 1);
        fan->has_ended = true;
        break;
    case HUB_LOAD:
        ask(&p->filling, ring_first > RING ? ring_first - RING : 1, ring_first);
        break;
    case HUB_WAIT:
        CHECK(p->filling.asked);
        break;
    case HUB_TOO_OLD:
        CHECK(ring_first > fan->next && ring_first <= p->last + 1);
        CHECK(fan->end < 0 || ring_first <= fan->end + 1);
        if (below(16) == 0) { /* it resumes from too far back */
            hub_skip_to_head(hub, &fan->f.member, &fan->next);
            CHECK(fan->next == (fan->end < 0 ? p->last : fan->end));
            fan->next++;
            return;
        }
        ask(&fan->reading, fan->next, ring_first - fan->next > CHUNK ? fan->next + CHUNK : ring_first);
        break;
    case HUB_MORE:
        CHECK(n > 0);
        break;
    }
}

static bool may_go_on(const struct fan *fan)
{
    const struct member *m = &fan->f.member;
    return m->at && !m->live && !m->waiting && !fan->reading.asked && !fan->has_ended;
}

/* ------------------------------------------------------------------ the hub's callbacks */

static void get(struct member *m, struct frame *f)
{
    struct fan *fan = m->owner;
    if (f->first_seq)
        saw(fan, f, fan->place->sent);
}

static void go_on(struct member *m, enum err e)
{
    struct fan *fan = m->owner;
    CHECK(!m->live && (!e || e == ERR_STORAGE));
    if (!e && may_go_on(fan) && below(2)) /* else later */
        go_on_once(fan);
}

static void end(struct member *m)
{
    struct fan *fan = m->owner;
    CHECK(fan->end >= 0);
    CHECK(!(m->live || fan->has_ended) || fan->next == fan->end + 1);
    enum where where = m->live              ? LIVE
                       : m->waiting         ? WAITING
                       : fan->reading.asked ? READING
                       : fan->has_ended     ? AT_THE_END
                                            : BEHIND;
    told[where]++;
    hub_leave(hub, m);
}

/* ------------------------------------------------------------------ what can happen */

static void publish_some(struct place *p)
{
    for (size_t n = 1 + below(3); n && p->last + 1 < EVENTS_MAX; n--) {
        int64_t seq = ++p->last;
        p->text[seq] = p->sent[seq] = (char)('a' + below(26));
        struct frame *f = event_text(seq, p->text[seq]);
        hub_publish(hub, room_id(p->room), f);
        frame_release(f);
    }
}

static void flush(void)
{
    for (size_t i = 0; i < ROOMS; i++)
        places[i].flushed = places[i].last;
    hub_flush(hub);
}

static void replace_one(struct place *p)
{
    if (!p->last)
        return;
    int64_t seq = 1 + (int64_t)below((size_t)p->last);
    if (below(2) && p->last > RING) /* rather what the ring may have */
        seq = p->last - (int64_t)below(RING);
    p->text[seq] = (char)('A' + below(26));
    if (seq > p->flushed)
        p->sent[seq] = p->text[seq];
    struct frame *f = event_text(seq, p->text[seq]);
    hub_replace(hub, room_id(p->room), f);
    frame_release(f);
}

static void forget(void)
{
    for (size_t i = 0; i < ROOMS; i++)
        for (int64_t seq = 1; seq <= places[i].last; seq++)
            if (below(3) == 0)
                places[i].text[seq] = (char)('0' + below(10));
    hub_forget_rings(hub);
}

static void expel_one(struct place *p)
{
    size_t user = below(USERS);
    for (size_t i = 0; i < FOLLOWERS; i++)
        if (fans[i].f.member.at && fans[i].place == p && fans[i].user == user && fans[i].end < 0)
            fans[i].end = p->last;
    hub_expel(hub, room_id(p->room), (int64_t)user + 1);
}

static void expel_others(struct place *p)
{
    int64_t stay[USERS];
    size_t n = 0;
    bool stays[USERS + 1] = {false};
    for (size_t user = 0; user < USERS; user++)
        if ((stays[user] = below(2)))
            stay[n++] = (int64_t)user + 1;
    for (size_t i = 0; i < FOLLOWERS; i++)
        if (fans[i].f.member.at && fans[i].place == p && !stays[fans[i].user] && fans[i].end < 0)
            fans[i].end = p->last;
    hub_expel_others(hub, room_id(p->room), stay, n);
}

static void join_one(struct fan *fan)
{
    if (fan->f.member.at)
        return;
    int64_t last_seq;
    struct place *p = &places[below(ROOMS)];
    int64_t after = (int64_t)below((size_t)p->last + 3) - 1;
    if (below(2)) /* rather near to the head */
        after = p->last - (int64_t)below(RING + 2);
    *fan = (struct fan){.place = p, .user = below(USERS + 1), .end = -1};
    fan->f.member = (struct member){.owner = fan, .person = people[fan->user]};
    hub_join(hub, hub_shard(hub, (int)below(SHARDS)), p->room, &fan->f.member, after, &last_seq);
    CHECK(last_seq == p->last);
    if (after < 0)
        after = p->last > RING ? p->last - RING : 0;
    fan->next = (after < p->last ? after : p->last) + 1;
}

static void read_now(struct reading *r, const struct place *p)
{
    if (r->asked)
        memcpy(r->texts, p->text, sizeof r->texts);
    r->read = r->asked;
}

static void bring_fill(struct place *p, bool fails)
{
    struct reading *r = &p->filling;
    struct frame *frames[RING] = {NULL};
    size_t n = 0;
    if (!r->read)
        return;
    r->asked = r->read = false;
    for (int64_t seq = r->first; !fails && seq < r->before; seq++)
        frames[n++] = event_text(seq, r->texts[seq]);
    hub_fill(hub, p->room, frames, n, fails ? ERR_STORAGE : OK);
    while (n)
        frame_release(frames[--n]);
}

static void bring_reading(struct fan *fan)
{
    struct reading *r = &fan->reading;
    if (!fan->f.member.at || !r->read)
        return;
    CHECK(r->before - 1 <= hub_member_end(hub, &fan->f.member));
    for (int64_t seq = r->first; seq < r->before; seq++) {
        struct frame *f = event_text(seq, r->texts[seq]);
        saw(fan, f, r->texts);
        frame_release(f);
    }
    r->asked = r->read = false;
    hub_seek(hub, &fan->f.member, fan->next);
}

static void type(struct place *p)
{
    struct frame *f = event_text(0, '.');
    hub_publish_ephemeral(hub, p->room, f, NULL);
    frame_release(f);
}

static void something(void)
{
    struct fan *fan = &fans[below(FOLLOWERS)];
    struct place *p = &places[below(ROOMS)];
    switch (below(36)) {
    case 0:
        if (below(3) == 0)
            expel_one(p);
        break;
    case 1:
        if (below(9) == 0)
            expel_others(p);
        break;
    case 2:
        replace_one(p);
        break;
    case 3:
        if (below(3) == 0)
            forget();
        break;
    case 4:
        leave(&fan->f);
        break;
    case 5:
        read_now(&p->filling, p);
        break;
    case 6:
        read_now(&fan->reading, fan->f.member.at ? fan->place : p);
        break;
    case 7:
        bring_fill(p, below(4) == 0);
        break;
    case 8:
        bring_reading(fan);
        break;
    case 9:
        type(p);
        break;
    case 10:
    case 11:
        flush();
        break;
    case 12:
    case 13:
        publish_some(p);
        break;
    case 14:
    case 15:
        run_one((int)below(SHARDS));
        break;
    case 16:
    case 17:
        join_one(fan);
        break;
    case 18:
    case 19:
        if (may_go_on(fan))
            go_on_once(fan);
        break;
    default: /* most connections are quick */
        read_now(&fan->reading, fan->f.member.at ? fan->place : p);
        bring_reading(fan);
        while (may_go_on(fan))
            go_on_once(fan);
    }
}

/* Nothing new happens: all that is under way comes to its end. */
static void settle(void)
{
    bool busy = true;
    flush();
    for (int round = 0; busy; round++) {
        busy = false;
        CHECK(round < 1000);
        for (int i = 0; i < SHARDS; i++)
            while (run_one(i))
                busy = true;
        for (size_t i = 0; i < ROOMS; i++) {
            busy |= places[i].filling.asked;
            read_now(&places[i].filling, &places[i]);
            bring_fill(&places[i], false);
        }
        for (size_t i = 0; i < FOLLOWERS; i++) {
            if (!fans[i].f.member.at)
                continue;
            busy |= fans[i].reading.asked || may_go_on(&fans[i]);
            read_now(&fans[i].reading, fans[i].place);
            bring_reading(&fans[i]);
            if (may_go_on(&fans[i]))
                go_on_once(&fans[i]);
        }
    }
    for (size_t i = 0; i < FOLLOWERS; i++) { /* who was expelled has left; all others have seen everything */
        CHECK(!fans[i].f.member.at || (fans[i].end < 0 && fans[i].next == fans[i].place->last + 1));
        leave(&fans[i].f);
    }
}

static void play(void)
{
    static const struct hub_callbacks callbacks = {
        .deliver = get, .resume = go_on, .expelled = end, .broadcast = broadcast};
    dice = seed;
    start_hub(SHARDS, RING, &callbacks);
    memset(fans, 0, sizeof fans);
    memset(places, 0, sizeof places);
    hub_room_add(hub, ROOM + 1, span_of("yard"), 20, false);
    places[0].room = room;
    places[1].room = hub_room_by_id(hub, ROOM + 1);
    places[1].last = places[1].flushed = 20;
    memset(places[1].text, 'z', 21);
    for (size_t i = 0; i < USERS; i++)
        people[i] = enter(i % 2 ? PERSON_GUEST : PERSON_ACCOUNT, (int64_t)i + 1);
    people[USERS] = person;
    for (step = 0; step < STEPS; step++)
        something();
    settle();
    for (size_t i = 0; i < USERS; i++)
        hub_person_release(hub, people[i]);
    hub_person_release(hub, person);
    hub_free(hub);
}

static void each_member_sees_what_the_model_says(void **state)
{
    (void)state;
    for (seed = 1; seed <= SEEDS; seed++)
        play();
    print_message("  %lld events seen; expelled: %lld live, %lld behind, %lld waiting, %lld reading, %lld at the end\n",
                  (long long)seen, (long long)told[LIVE], (long long)told[BEHIND], (long long)told[WAITING],
                  (long long)told[READING], (long long)told[AT_THE_END]);
    assert_true(seen > 100 * SEEDS); /* else it shows little */
    for (size_t i = 0; i < WHERE_COUNT; i++)
        assert_true(told[i] > SEEDS / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_member_sees_what_the_model_says)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
