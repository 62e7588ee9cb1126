/* A member's own view of a room: settings, and how far they have read. */
#include "apply_world.h"

#define SAY(who, in, client_id) .kind = COMMAND_MESSAGE_SEND, .by = (who), .room = (in), .id = (client_id), .body = "x"

static void settings_are_ones_own(void **state)
{
#define SET(who, in) .kind = COMMAND_MEMBERSHIP_SET, .by = (who), .room = (in)
    static const char row[] =
        "SELECT role, level, muted_until, hidden, favourite, section, position, read_seq FROM memberships "
        "WHERE room_id = 2 AND user_id = 5";
    static const struct step steps[] = {
        {.what = "of no member", SET(CLEO, YARD), .numbers = {{F_LEVEL, LEVEL_NOTHING}}, .want = ERR_NOT_MEMBER},
        {.what = "of a guest", SET(GUS, YARD), .numbers = {{F_LEVEL, LEVEL_NOTHING}}, .want = ERR_FORBIDDEN},
        {.what = "of what one does not see",
         SET(CLEO, CELLAR),
         .numbers = {{F_LEVEL, LEVEL_NOTHING}},
         .want = ERR_NOT_FOUND},
        {.what = "not even as an admin",
         SET(ADA, CELLAR),
         .numbers = {{F_LEVEL, LEVEL_NOTHING}},
         .want = ERR_NOT_FOUND},
        {.what = "nothing", SET(BEN, YARD), .effects = "duplicate"},
        {.what = "what is so",
         SET(BEN, YARD),
         .numbers = {{F_LEVEL, LEVEL_ALL}, {F_HIDDEN, 0}},
         .effects = "duplicate"},
        {.what = "a room is not hidden", SET(BEN, YARD), .numbers = {{F_HIDDEN, 1}}, .want = ERR_INVALID},
        {.what = "some of it",
         SET(BEN, YARD),
         .numbers = {{F_LEVEL, LEVEL_MENTIONS}, {F_FAVOURITE, 1}},
         .effects = "membership:ben",
         .query = row,
         .rows = "member|mentions|0|0|1||0|2\n"},
        {.what = "the rest",
         SET(BEN, YARD),
         .numbers = {{F_MUTED_UNTIL, 99}, {F_POSITION, 3}},
         .texts = {{F_SECTION, "Home"}},
         .effects = "membership:ben",
         .query = row,
         .rows = "member|mentions|99|0|1|Home|3|2\n"},
        {.what = "one of it",
         SET(BEN, YARD),
         .numbers = {{F_FAVOURITE, 0}},
         .effects = "membership:ben",
         .query = row,
         .rows = "member|mentions|99|0|0|Home|3|2\n"},
    };
    PLAY(*state, steps);
}

static void hidden_conversations_come_back(void **state)
{
    static const char hidden[] = "SELECT user_id FROM memberships WHERE hidden = 1 ORDER BY 1";
    static const struct step steps[] = {
        {.what = "it is hidden to who was asked into it",
         SAY(ANNA, DIRECT, "1"),
         .effects = "event membership:ben",
         .query = hidden,
         .rows = ""},
        {.what = "once", SAY(ANNA, DIRECT, "2"), .effects = "event"},
        {.what = "one hides it",
         SET(ANNA, DIRECT),
         .numbers = {{F_HIDDEN, 1}},
         .effects = "membership:anna",
         .query = hidden,
         .rows = "4\n"},
        {.what = "the other too", SET(BEN, DIRECT), .numbers = {{F_HIDDEN, 1}}, .effects = "membership:ben"},
        {.what = "both see what is new",
         SAY(BEN, DIRECT, "1"),
         .effects = "event membership:anna membership:ben",
         .query = hidden,
         .rows = ""},
    };
    PLAY(*state, steps);
}

static void reading_goes_forward(void **state)
{
#define READ(who, in, seq)   .kind = COMMAND_READ, .by = (who), .room = (in), .numbers = { {F_SEQ, seq} }
#define UNREAD(who, in, seq) .kind = COMMAND_MARK_UNREAD, .by = (who), .room = (in), .numbers = {{F_SEQ, seq}}
    static const char row[] = "SELECT read_seq FROM memberships WHERE room_id = 2 AND user_id = 5";
    static const struct step steps[] = {
        {.what = "(something to read)",
         SAY(ANNA, YARD, "1"),
         .effects = "event",
         .query = "SELECT user_id, read_seq FROM memberships WHERE room_id = 2",
         .rows = "4|4\n5|2\n7|3\n"},
        {.what = "(more)", SAY(DORA, YARD, "1"), .effects = "event"},
        {.what = "(more)",
         SAY(ANNA, YARD, "2"),
         .effects = "event",
         .query = "SELECT user_id, read_seq FROM memberships WHERE room_id = 2",
         .rows = "4|4\n5|2\n7|3\n"},
        {.what = "no member", READ(CLEO, YARD, 4), .want = ERR_NOT_MEMBER},
        {.what = "a guest", READ(GUS, YARD, 4), .want = ERR_FORBIDDEN},
        {.what = "who does not see it", READ(ADA, CELLAR, 1), .want = ERR_NOT_FOUND},
        {.what = "one", READ(BEN, YARD, 4), .effects = "read:ben", .query = row, .rows = "4\n"},
        {.what = "the same", READ(BEN, YARD, 4), .effects = "duplicate"},
        {.what = "not backwards", READ(BEN, YARD, 3), .effects = "duplicate"},
        {.what = "not beyond what there is", READ(BEN, YARD, 1000), .effects = "read:ben", .query = row, .rows = "6\n"},
        {.what = "unread from one on", UNREAD(BEN, YARD, 4), .effects = "read:ben", .query = row, .rows = "3\n"},
        {.what = "the same", UNREAD(BEN, YARD, 4), .effects = "duplicate"},
        {.what = "a later one is read as well then",
         UNREAD(BEN, YARD, 6),
         .effects = "read:ben",
         .query = row,
         .rows = "5\n"},
        {.what = "not beyond what there is",
         UNREAD(BEN, YARD, 1000),
         .effects = "read:ben",
         .query = row,
         .rows = "6\n"},
        {.what = "from the start", UNREAD(BEN, YARD, 1), .effects = "read:ben", .query = row, .rows = "0\n"},
        {.what = "nor before it", UNREAD(BEN, YARD, 0), .effects = "duplicate"},
        {.what = "who writes reads nothing", SAY(BEN, YARD, "1"), .effects = "event", .query = row, .rows = "0\n"},
        {.what = "one's own can be marked unread",
         UNREAD(BEN, YARD, 7),
         .effects = "read:ben",
         .query = row,
         .rows = "6\n"},
        {.what = "a guest who writes has no position",
         SAY(GUS, YARD, "1"),
         .effects = "event",
         .query = "SELECT count(*) FROM memberships WHERE room_id = 2",
         .rows = "3\n"},
    };
    PLAY(*state, steps);
}

#define DELETE(who, in, seq) .kind = COMMAND_MESSAGE_DELETE, .by = (who), .room = (in), .numbers = {{F_SEQ, seq}}
#define BY_PROGRAM           .numbers = {{F_BY_TOKEN, 1}}

/* What one writes is read by that when nothing that others have said is unread before it; else it only does not count. */
static void what_one_writes_oneself(void **state)
{
    static const char row[] = "SELECT read_seq, own_after FROM memberships WHERE room_id = 2 AND user_id = 5";
    static const struct step steps[] = {
        {.what = "nothing is unread", SAY(BEN, YARD, "1"), .effects = "event", .query = row, .rows = "4|0\n"},
        {.what = "again", SAY(BEN, YARD, "2"), .effects = "event", .query = row, .rows = "5|0\n"},
        {.what = "(others)", SAY(ANNA, YARD, "1"), .effects = "event"},
        {.what = "that is unread", SAY(BEN, YARD, "3"), .effects = "event", .query = row, .rows = "5|1\n"},
        {.what = "and stays so", SAY(BEN, YARD, "4"), .effects = "event", .query = row, .rows = "5|2\n"},
        {.what = "one more is read", READ(BEN, YARD, 7), .effects = "read:ben", .query = row, .rows = "7|1\n"},
        {.what = "further back", UNREAD(BEN, YARD, 5), .effects = "read:ben", .query = row, .rows = "4|3\n"},
        {.what = "one is deleted", DELETE(BEN, YARD, 7), .effects = "event gone:7", .query = row, .rows = "4|2\n"},
        {.what = "the others' too", DELETE(ANNA, YARD, 6), .effects = "event gone:6", .query = row, .rows = "4|2\n"},
        {.what = "then nothing is", SAY(BEN, YARD, "5"), .effects = "event", .query = row, .rows = "11|0\n"},
        {.what = "a program reads nothing",
         SAY(BEN, YARD, "6"),
         BY_PROGRAM,
         .effects = "event",
         .query = row,
         .rows = "11|1\n"},
        {.what = "nor is it unread", SAY(BEN, YARD, "7"), .effects = "event", .query = row, .rows = "13|0\n"},
        {.what = "(somebody blocked)", .kind = COMMAND_BLOCK, .by = BEN, .user = ANNA, .effects = "blocks:ben"},
        {.what = "(says something)", SAY(ANNA, YARD, "2"), .effects = "event"},
        {.what = "that is not unread", SAY(BEN, YARD, "8"), .effects = "event", .query = row, .rows = "15|0\n"},
        {.what = "(others, and oneself)", SAY(DORA, YARD, "1"), .effects = "event"},
        {.what = "(behind it)", SAY(BEN, YARD, "9"), .effects = "event", .query = row, .rows = "15|1\n"},
        {.what = "all of it is read", READ(BEN, YARD, 99), .effects = "read:ben", .query = row, .rows = "17|0\n"},
    };
    PLAY(*state, steps);
}

static void one_can_mark_unread_so_far_back(void **state)
{
    struct world *w = *state;
    static const struct step steps[] = {
        {.what = "(all of it)", READ(BEN, YARD, 99999), .effects = "read:ben"},
        {.what = "further", UNREAD(BEN, YARD, 2003), .want = ERR_INVALID},
        {.what = "as far", UNREAD(BEN, YARD, 2004), .effects = "read:ben"},
        {.what = "and on from there", UNREAD(BEN, YARD, 4), .effects = "read:ben"},
        {.what = "what one says now", SAY(BEN, YARD, "1"), .effects = "event"},
    };
    assert_int_equal(store_begin(w->f.s), OK);
    for (int64_t seq = 4; seq <= 12003; seq++) {
        const struct message_row m = {
            .room_id = YARD, .seq = seq, .number = seq - 3, .author_id = seq % 2 ? ANNA : BEN, .body = SPAN("x")};
        assert_int_equal(messages_insert(w->f.s, &m), OK);
    }
    assert_int_equal(rooms_set_last_seq(w->f.s, YARD, 12003), OK);
    assert_int_equal(store_commit(w->f.s), OK);
    apply_close(w->apply);
    assert_int_equal(apply_open(w->f.s, &w->apply), OK);
    PLAY(w, steps);
    char out[4096];
    outside_query(w->f.path, "SELECT read_seq, own_after FROM memberships WHERE room_id = 2 AND user_id = 5", out);
    assert_string_equal(out, "3|6001\n");
}

/* What was before the history begins is not there to be unread. */
static void unread_begins_where_the_history_does(void **state)
{
    static const char row[] = "SELECT read_seq FROM memberships WHERE room_id = 3 AND user_id = 6";
    static const struct step steps[] = {
        {.what = "(before)", SAY(BEN, CELLAR, "1"), .effects = "event"},
        {.what = "cleo comes in",
         .kind = COMMAND_MEMBER_ADD,
         .by = BEN,
         .room = CELLAR,
         .user = CLEO,
         .effects = "event joined:cleo",
         .query = row,
         .rows = "4\n"},
        {.what = "nothing is unread", UNREAD(CLEO, CELLAR, 1), .effects = "duplicate", .query = row, .rows = "4\n"},
        {.what = "(after)", SAY(BEN, CELLAR, "2"), .effects = "event"},
        {.what = "(all of it)", READ(CLEO, CELLAR, 5), .effects = "read:cleo", .query = row, .rows = "5\n"},
        {.what = "what is theirs", UNREAD(CLEO, CELLAR, 2), .effects = "read:cleo", .query = row, .rows = "4\n"},
        {.what = "no further", UNREAD(CLEO, CELLAR, 4), .effects = "duplicate"},
        {.what = "(the room shows all)",
         .kind = COMMAND_ROOM_EDIT,
         .by = ANNA,
         .room = CELLAR,
         .numbers = {{F_HISTORY, ROOM_HISTORY_ALL}},
         .effects = "event changed:changed"},
        {.what = "then all can be", UNREAD(CLEO, CELLAR, 2), .effects = "read:cleo", .query = row, .rows = "1\n"},
    };
    PLAY(*state, steps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(settings_are_ones_own),
        IN_WORLD(hidden_conversations_come_back),
        IN_WORLD(reading_goes_forward),
        IN_WORLD(what_one_writes_oneself),
        cmocka_unit_test_setup_teardown(one_can_mark_unread_so_far_back, world_setup, world_leave),
        IN_WORLD(unread_begins_where_the_history_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
