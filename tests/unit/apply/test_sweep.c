/* Deleting the rows of visitors who have left nothing behind. */
#include "apply_world.h"

#define SAY(who, client_id) .kind = COMMAND_MESSAGE_SEND, .by = (who), .room = YARD, .id = (client_id), .body = "x"
#define DELETE(who, seq)    .kind = COMMAND_MESSAGE_DELETE, .by = (who), .room = YARD, .numbers = {{F_SEQ, seq}}
#define MODERATE(verb, who) .kind = (verb), .by = MOE, .user = (who)
#define SWEEP(made_before, ...)                                                                                        \
    .kind = COMMAND_SWEEP_VISITORS, .by = SYSTEM, .numbers = {{F_UNTIL, made_before}}, .ids = {__VA_ARGS__}
#define STAYS .query = "SELECT name FROM users WHERE id = 10", .rows = "vera\n"

enum { LATER = 1000000 };

static void who_has_left_nothing_behind_goes(void **state)
{
    static const struct step steps[] = {
        {.what = "vera says something", SAY(VERA, "1"), .effects = "event"},
        {.what = "a message is left", SWEEP(LATER, VERA), STAYS},
        {.what = "she deletes it", DELETE(VERA, 4), .effects = "event gone:4"},
        {.what = "not old enough", SWEEP(1, VERA), STAYS},
        {.what = "only by the system",
         .kind = COMMAND_SWEEP_VISITORS,
         .by = GUS,
         .numbers = {{F_UNTIL, LATER}},
         .ids = {VERA},
         .want = ERR_FORBIDDEN},
        {.what = "nobody but visitors, and no one who is not there",
         SWEEP(LATER, ANNA, GUS, 999, VERA, VERA),
         .effects = "swept:vera",
         .query = "SELECT id, kind, name FROM users WHERE id NOT BETWEEN 1 AND 8",
         .rows = "-1|visitor|deleted guest\n0|system|admin\n9|guest|gus\n"},
        {.what = "the message keeps its number",
         SWEEP(LATER, VERA),
         .query = "SELECT seq, author_id, client_id, body, deleted_at > 0 FROM messages UNION ALL "
                  "SELECT seq, actor_id, kind, target_seq, 1 FROM changes WHERE kind = 'deleted'",
         .rows = "4|-1|NULL||1\n5|-1|deleted|4|1\n"},
        {.what = "the one that stands for all stays", SWEEP(LATER, -1)},
        {.what = "an old command makes a new row, and is no repetition",
         SAY(VERA, "1"),
         .effects = "event",
         .query = "SELECT id, kind, name, created_at > 1 FROM users WHERE id > 9",
         .rows = "11|visitor|vera|1\n"},
        {.what = "which the next one finds",
         SAY(VERA, "2"),
         .effects = "event",
         .query = "SELECT seq, author_id, client_id FROM messages",
         .rows = "4|-1|NULL\n6|11|1\n7|11|2\n"},
    };
    PLAY(*state, steps);
}

static void who_is_needed_stays(void **state)
{
    static const struct step steps[] = {
        {.what = "vera", SAY(VERA, "1"), .effects = "event"},
        {.what = "deletes", DELETE(VERA, 4), .effects = "event gone:4"},
        {.what = "banned", MODERATE(COMMAND_BAN, VERA), .effects = "user:banned:vera banned:vera"},
        {.what = "banned", SWEEP(LATER, VERA), STAYS},
        {.what = "no longer", MODERATE(COMMAND_UNBAN, VERA), .effects = "user:unbanned:vera"},
        {.what = "blocked", .kind = COMMAND_BLOCK, .by = ANNA, .user = VERA, .effects = "blocks:anna"},
        {.what = "blocked", SWEEP(LATER, VERA), STAYS},
        {.what = "no longer", .kind = COMMAND_UNBLOCK, .by = ANNA, .user = VERA, .effects = "blocks:anna"},
        {.what = "muted",
         .kind = COMMAND_MEMBER_MUTE,
         .by = ANNA,
         .room = YARD,
         .user = VERA,
         .numbers = {{F_UNTIL, INT64_MAX}},
         .effects = "membership:vera"},
        {.what = "muted", SWEEP(LATER, VERA), STAYS},
        {.what = "not much longer",
         .kind = COMMAND_MEMBER_MUTE,
         .by = ANNA,
         .room = YARD,
         .user = VERA,
         .numbers = {{F_UNTIL, 1}},
         .effects = "membership:vera"},
        {.what = "not any more",
         SWEEP(LATER, VERA),
         .effects = "swept:vera",
         .query = "SELECT (SELECT count(*) FROM users WHERE id = 10), (SELECT count(*) FROM silences),"
                  " (SELECT count(*) FROM audit WHERE user_id = 10) > 0",
         .rows = "0|0|1\n"},
    };
    PLAY(*state, steps);
}

static void who_was_reported_stays(void **state)
{
    static const struct step steps[] = {
        {.what = "vera", SAY(VERA, "1"), .effects = "event"},
        {.what = "anna reports",
         .kind = COMMAND_REPORT,
         .by = ANNA,
         .room = YARD,
         .numbers = {{F_SEQ, 4}},
         .effects = "reported"},
        {.what = "deletes", DELETE(VERA, 4), .effects = "event gone:4"},
        {.what = "reported", SWEEP(LATER, VERA), STAYS},
    };
    PLAY(*state, steps);
}

static void slow_mode_forgets_them(void **state)
{
    static const struct step steps[] = {
        {.what = "slow",
         .kind = COMMAND_ROOM_EDIT,
         .by = ANNA,
         .room = YARD,
         .numbers = {{F_SLOW_S, 30}},
         .effects = "event changed:changed"},
        {.what = "vera", SAY(VERA, "1"), .effects = "event", .query = "SELECT user_id FROM paces", .rows = "10\n"},
        {.what = "a moderator deletes", DELETE(ANNA, 5), .effects = "event gone:5"},
        {.what = "sweep",
         SWEEP(LATER, VERA),
         .effects = "swept:vera",
         .query = "SELECT count(*) FROM paces",
         .rows = "0\n"},
    };
    PLAY(*state, steps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(who_has_left_nothing_behind_goes),
        IN_WORLD(who_is_needed_stays),
        IN_WORLD(who_was_reported_stays),
        IN_WORLD(slow_mode_forgets_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
