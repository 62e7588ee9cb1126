/* Slow mode, and how long one has to wait. */
#include "apply_world.h"

#define SAY(who, in, client_id) .kind = COMMAND_MESSAGE_SEND, .by = (who), .room = (in), .id = (client_id), .body = "x"

static void slow_rooms(void **state)
{
    static const struct step steps[] = {
        {.what = "ten seconds",
         .kind = COMMAND_ROOM_EDIT,
         .by = ANNA,
         .room = YARD,
         .numbers = {{F_SLOW_S, 10}},
         .effects = "event changed:changed"},
        {.what = "the first", SAY(BEN, YARD, "1"), .effects = "event"},
        {.what = "too soon", SAY(BEN, YARD, "2"), .later_ms = 1, .want = ERR_RATE_LIMITED},
        {.what = "the first one again", SAY(BEN, YARD, "1"), .later_ms = 1, .effects = "duplicate"},
        {.what = "each has their own pace", SAY(DORA, YARD, "1"), .later_ms = 1, .effects = "event"},
        {.what = "guests too", SAY(GUS, YARD, "1"), .later_ms = 1, .effects = "event"},
        {.what = "guests too", SAY(GUS, YARD, "2"), .later_ms = 1, .want = ERR_RATE_LIMITED},
        {.what = "moderators have none", SAY(ANNA, YARD, "1"), .later_ms = 1, .effects = "event"},
        {.what = "(again)", SAY(ANNA, YARD, "2"), .later_ms = 1, .effects = "event"},
        {.what = "almost", SAY(BEN, YARD, "2"), .later_ms = 9992, .want = ERR_RATE_LIMITED},
        {.what = "now", SAY(BEN, YARD, "2"), .later_ms = 1, .effects = "event"},
    };
    PLAY(*state, steps);
}

/* However much others have said since, and whether one has left and come back meanwhile. */
static void a_pace_is_kept_at_any_distance(void **state)
{
    static const struct step before = {.what = "before it is slow", SAY(DORA, YARD, "0"), .effects = "event"},
                             slow = {.what = "an hour",
                                     .kind = COMMAND_ROOM_EDIT,
                                     .by = ANNA,
                                     .room = YARD,
                                     .numbers = {{F_SLOW_S, 3600}},
                                     .effects = "event changed:changed"},
                             first = {.what = "the first", SAY(BEN, YARD, "1"), .effects = "event"},
                             others = {.what = "(others)",
                                       .kind = COMMAND_MESSAGE_SEND,
                                       .by = ANNA,
                                       .room = YARD,
                                       .body = "x",
                                       .effects = "event"};
    static const struct step steps[] = {
        {.what = "too soon", SAY(BEN, YARD, "2"), .want = ERR_RATE_LIMITED},
        {.what = "(ben leaves)",
         .kind = COMMAND_MEMBER_REMOVE,
         .by = BEN,
         .room = YARD,
         .user = BEN,
         .effects = "event left:ben"},
        {.what = "(and comes back)",
         .kind = COMMAND_MEMBER_ADD,
         .by = BEN,
         .room = YARD,
         .user = BEN,
         .effects = "event joined:ben"},
        {.what = "too soon all the same", SAY(BEN, YARD, "2"), .want = ERR_RATE_LIMITED},
        {.what = "what was said before is not counted", SAY(DORA, YARD, "1"), .effects = "event"},
        {.what = "each once", SAY(DORA, YARD, "2"), .want = ERR_RATE_LIMITED},
        {.what = "(a shorter pause)",
         .kind = COMMAND_ROOM_EDIT,
         .by = ANNA,
         .room = YARD,
         .numbers = {{F_SLOW_S, 1800}},
         .effects = "event changed:changed"},
        {.what = "which counts from the same message", SAY(BEN, YARD, "2"), .want = ERR_RATE_LIMITED},
        {.what = "(no pause)",
         .kind = COMMAND_ROOM_EDIT,
         .by = ANNA,
         .room = YARD,
         .numbers = {{F_SLOW_S, 0}},
         .effects = "event changed:changed",
         .query = "SELECT count(*) FROM paces",
         .rows = "0\n"},
        {.what = "at any time", SAY(BEN, YARD, "2"), .effects = "event"},
        {.what = "(slow again)",
         .kind = COMMAND_ROOM_EDIT,
         .by = ANNA,
         .room = YARD,
         .numbers = {{F_SLOW_S, 3600}},
         .effects = "event changed:changed"},
        {.what = "begins anew", SAY(BEN, YARD, "3"), .effects = "event"},
        {.what = "and counts", SAY(BEN, YARD, "4"), .want = ERR_RATE_LIMITED},
        {.what = "until the hour is over", SAY(BEN, YARD, "4"), .later_ms = 3600 * 1000, .effects = "event"},
        {.what = "the clock is set back: as if it had been sent now",
         SAY(BEN, YARD, "5"),
         .later_ms = -3600 * 1000,
         .want = ERR_RATE_LIMITED},
        {.what = "(the same again)", SAY(BEN, YARD, "4"), .later_ms = 1, .effects = "duplicate"},
        {.what = "almost", SAY(BEN, YARD, "5"), .later_ms = 3600 * 1000 - 2, .want = ERR_RATE_LIMITED},
        {.what = "an hour later", SAY(BEN, YARD, "5"), .later_ms = 1, .effects = "event"},
    };
    struct world *w = *state;
    world_step(w, &before);
    world_step(w, &slow);
    world_step(w, &first);
    for (int i = 0; i < 300; i++)
        world_step(w, &others);
    PLAY(w, steps);
}

/* How long one has to wait. */
static void waiting_times(void **state)
{
    struct world *w = *state;
    static const struct step slow = {.what = "slow",
                                     .kind = COMMAND_ROOM_EDIT,
                                     .by = ANNA,
                                     .room = YARD,
                                     .numbers = {{F_SLOW_S, 10}},
                                     .effects = "event changed:changed"},
                             first = {.what = "first", SAY(BEN, YARD, "1"), .effects = "event"},
                             mute = {.what = "mute",
                                     .kind = COMMAND_MEMBER_MUTE,
                                     .by = ANNA,
                                     .room = YARD,
                                     .user = DORA,
                                     .numbers = {{F_UNTIL, 50000}},
                                     .effects = "membership:dora"};
    static const struct {
        int64_t by, at_ms; /* after the first */
        enum err want;
        int64_t wait_ms;
    } cases[] = {
        {BEN, 1, ERR_RATE_LIMITED, 9999},      {BEN, 9999, ERR_RATE_LIMITED, 1}, {DORA, 10, ERR_MUTED, 0},
        {BEN, -5000, ERR_RATE_LIMITED, 10000}, /* the clock was set back */
        {BEN, -4000, ERR_RATE_LIMITED, 9000},
    };
    world_step(w, &slow);
    world_step(w, &mute);
    world_step(w, &first);
    int64_t first_ms = w->at_ms;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf folds = BUF_INIT;
        struct command c;
        const struct step second = {SAY(cases[i].by, YARD, "2")};
        command_of(&second, first_ms + cases[i].at_ms, &folds, &c);
        struct outcome out = world_run(w, "too soon", &c);
        assert_int_equal(out.result, cases[i].want);
        assert_int_equal(out.retry_after_ms,
                         cases[i].want == ERR_MUTED ? 50000 - first_ms - cases[i].at_ms : cases[i].wait_ms);
        outcome_clear(&out);
        buf_release(&folds);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(slow_rooms),
        IN_WORLD(a_pace_is_kept_at_any_distance),
        IN_WORLD(waiting_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
