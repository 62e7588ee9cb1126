/* Sending, mentioning, deleting and reporting. */
#include "apply_world.h"

#define SAY(who, in, client_id) .kind = COMMAND_MESSAGE_SEND, .by = (who), .room = (in), .id = (client_id), .body = "x"
#define DELETE(who, in, seq)    .kind = COMMAND_MESSAGE_DELETE, .by = (who), .room = (in), .numbers = {{F_SEQ, seq}}

static void who_may_send(void **state)
{
    static const struct step steps[] = {
        {.what = "a member",
         SAY(BEN, YARD, "1"),
         .effects = "event",
         .query = "SELECT author_id, body, number, seq, client_id, reply_to FROM messages WHERE room_id = 2",
         .rows = "5|x|1|4|1|NULL\n"},
        {.what = "an answer",
         SAY(BEN, YARD, "2"),
         .reply_to = 4,
         .effects = "event",
         .query = "SELECT number, reply_to FROM messages WHERE room_id = 2",
         .rows = "1|NULL\n2|4\n"},
        {.what = "an answer to what is no message", SAY(BEN, YARD, "3"), .reply_to = 3, .want = ERR_NOT_FOUND},
        {.what = "an answer to nothing", SAY(BEN, YARD, "3"), .reply_to = 99, .want = ERR_NOT_FOUND},
        {.what = "who does not belong to it", SAY(CLEO, YARD, "1"), .want = ERR_NOT_MEMBER},
        {.what = "not even an admin", SAY(ADA, YARD, "1"), .want = ERR_NOT_MEMBER},
        {.what = "nor the command line", SAY(SYSTEM, YARD, "1"), .want = ERR_NOT_MEMBER},
        {.what = "a guest belongs to open rooms", SAY(GUS, YARD, "1"), .effects = "event"},
        {.what = "so does a visitor", SAY(VERA, YARD, "1"), .effects = "event"},
        {.what = "other rooms are not there", SAY(GUS, NEWS, "2"), .want = ERR_NOT_FOUND},
        {.what = "(closed)", SAY(VERA, CELLAR, "2"), .want = ERR_NOT_FOUND},
        {.what = "(closed)", SAY(CLEO, CELLAR, "2"), .want = ERR_NOT_FOUND},
        {.what = "(closed, to an admin)", SAY(ADA, CELLAR, "2"), .want = ERR_NOT_FOUND},
        {.what = "(between others)", SAY(CLEO, DIRECT, "2"), .want = ERR_NOT_FOUND},
        {.what = "(no such)", SAY(CLEO, 99, "2"), .want = ERR_NOT_FOUND},
        {.what = "who is banned", SAY(EVE, YARD, "1"), .want = ERR_BANNED},
        {.what = "announcements are made by moderators", SAY(BEN, NEWS, "4"), .want = ERR_LOCKED},
        {.what = "(of the room)", SAY(ANNA, NEWS, "1"), .effects = "event"},
        {.what = "(of the place, as a member)", SAY(MOE, NEWS, "1"), .want = ERR_NOT_MEMBER},
        {.what = "moe joins",
         .kind = COMMAND_MEMBER_ADD,
         .by = MOE,
         .room = NEWS,
         .user = MOE,
         .effects = "event joined:moe"},
        {.what = "(of the place)", SAY(MOE, NEWS, "1"), .effects = "event"},
        {.what = "a room is locked",
         .kind = COMMAND_ROOM_EDIT,
         .by = ANNA,
         .room = YARD,
         .numbers = {{F_LOCKED, 1}},
         .effects = "event changed:changed"},
        {.what = "to members", SAY(BEN, YARD, "5"), .want = ERR_LOCKED},
        {.what = "to guests", SAY(GUS, YARD, "5"), .want = ERR_LOCKED},
        {.what = "not to its moderator", SAY(ANNA, YARD, "5"), .effects = "event"},
        {.what = "a room is archived",
         .kind = COMMAND_ROOM_ARCHIVE,
         .by = ANNA,
         .room = YARD,
         .numbers = {{F_ARCHIVED, 1}},
         .effects = "event changed:archived"},
        {.what = "to everybody", SAY(ANNA, YARD, "6"), .want = ERR_ARCHIVED},
    };
    PLAY(*state, steps);
}

/* What was accepted once is answered as it was, whatever would be said to it now. */
static void sending_again(void **state)
{
    static const struct step steps[] = {
        {.what = "the first time", SAY(BEN, CELLAR, "1"), .effects = "event"},
        {.what = "again", SAY(BEN, CELLAR, "1"), .effects = "duplicate"},
        {.what = "by a name that leads nowhere now", SAY(BEN, 0, "1"), .effects = "duplicate"},
        {.what = "in another room", SAY(BEN, YARD, "1"), .want = ERR_ID_REUSED},
        {.what = "another text",
         .kind = COMMAND_MESSAGE_SEND,
         .by = BEN,
         .room = CELLAR,
         .id = "1",
         .body = "y",
         .want = ERR_ID_REUSED},
        {.what = "an answer", SAY(BEN, CELLAR, "1"), .reply_to = 3, .want = ERR_ID_REUSED},
        {.what = "by somebody else", SAY(ANNA, CELLAR, "1"), .effects = "event"},
        {.what = "(remove)",
         .kind = COMMAND_MEMBER_REMOVE,
         .by = ANNA,
         .room = CELLAR,
         .user = BEN,
         .effects = "event left:ben"},
        {.what = "from a room that one was removed from", SAY(BEN, CELLAR, "1"), .effects = "duplicate"},
        {.what = "something new", SAY(BEN, CELLAR, "2"), .want = ERR_NOT_FOUND},
        {.what = "something else under that id",
         .kind = COMMAND_MESSAGE_SEND,
         .by = BEN,
         .room = CELLAR,
         .id = "1",
         .body = "y",
         .want = ERR_ID_REUSED},
        {.what = "(archive)",
         .kind = COMMAND_ROOM_ARCHIVE,
         .by = ANNA,
         .room = CELLAR,
         .numbers = {{F_ARCHIVED, 1}},
         .effects = "event changed:archived"},
        {.what = "to an archived room", SAY(ANNA, CELLAR, "1"), .effects = "duplicate"},
        {.what = "(delete)", DELETE(ANNA, CELLAR, 4), .effects = "event gone:4"},
        {.what = "what has been deleted", SAY(ANNA, CELLAR, "1"), .effects = "duplicate"},
        {.what = "(ban)", .kind = COMMAND_BAN, .by = MOE, .user = BEN, .effects = "user:banned:ben banned:ben"},
        {.what = "from who is banned now", SAY(BEN, CELLAR, "1"), .effects = "duplicate"},
    };
    PLAY(*state, steps);
}

static void conversations_and_blocks(void **state)
{
    static const struct step steps[] = {
        {.what = "between two", SAY(ANNA, DIRECT, "1"), .effects = "event membership:ben"},
        {.what = "one blocks the other", .kind = COMMAND_BLOCK, .by = BEN, .user = ANNA, .effects = "blocks:ben"},
        {.what = "who does not get through", SAY(ANNA, DIRECT, "2"), .want = ERR_FORBIDDEN},
        {.what = "what did is answered", SAY(ANNA, DIRECT, "1"), .effects = "duplicate"},
        {.what = "the one may write", SAY(BEN, DIRECT, "1"), .effects = "event"},
        {.what = "in rooms both do", SAY(ANNA, YARD, "2"), .effects = "event"},
        {.what = "between more it is no matter",
         .kind = COMMAND_DIRECT_OPEN,
         .by = BEN,
         .ids = {ANNA, CLEO},
         .effects = "created joined:anna joined:ben joined:cleo"},
        {.what = "(as said)", SAY(ANNA, DIRECT + 1, "3"), .effects = "event membership:anna membership:cleo"},
        {.what = "and back", .kind = COMMAND_UNBLOCK, .by = BEN, .user = ANNA, .effects = "blocks:ben"},
        {.what = "(as said)", SAY(ANNA, DIRECT, "4"), .effects = "event"},
        {.what = "with oneself", .kind = COMMAND_DIRECT_OPEN, .by = DORA, .effects = "created joined:dora"},
        {.what = "(notes)", SAY(DORA, DIRECT + 2, "1"), .effects = "event"},
    };
    PLAY(*state, steps);
}

static void people_are_mentioned(void **state)
{
    static const char mentions[] = "SELECT user_id, room_id, seq FROM mentions ORDER BY 2, 3, 1";
    static const struct step steps[] = {
        {.what = "a member",
         SAY(ANNA, YARD, "1"),
         .folds = "ben",
         .effects = "event(ben)",
         .query = mentions,
         .rows = "5|2|4\n"},
        {.what = "twice", SAY(ANNA, YARD, "2"), .folds = "ben,dora,ben", .effects = "event(ben,dora)"},
        {.what = "everybody, too",
         SAY(ANNA, YARD, "3"),
         .folds = "*,ben",
         .effects = "event(*,ben)",
         .query = mentions,
         .rows = "5|2|4\n5|2|5\n7|2|5\n0|2|6\n5|2|6\n"},
        {.what = "not who is no member", SAY(ANNA, YARD, "4"), .folds = "cleo,gus,nobody", .effects = "event"},
        {.what = "not oneself", SAY(ANNA, YARD, "5"), .folds = "anna,admin", .effects = "event"},
        {.what = "(block)", .kind = COMMAND_BLOCK, .by = BEN, .user = ANNA, .effects = "blocks:ben"},
        {.what = "not who has blocked one", SAY(ANNA, YARD, "6"), .folds = "ben,dora", .effects = "event(dora)"},
        {.what = "a guest may", SAY(GUS, YARD, "1"), .folds = "anna", .effects = "event(anna)"},
        {.what = "not again",
         SAY(GUS, YARD, "1"),
         .folds = "anna",
         .effects = "duplicate",
         .query = mentions,
         .rows = "5|2|4\n5|2|5\n7|2|5\n0|2|6\n5|2|6\n7|2|9\n4|2|10\n"},
    };
    PLAY(*state, steps);
}

static void messages_are_deleted(void **state)
{
    static const struct step steps[] = {
        {.what = "(one)", SAY(BEN, YARD, "1"), .effects = "event"},
        {.what = "(two)", SAY(DORA, YARD, "1"), .effects = "event"},
        {.what = "(three)", SAY(GUS, YARD, "1"), .reply_to = 4, .effects = "event"},
        {.what = "(four)", SAY(VERA, YARD, "1"), .effects = "event"},
        {.what = "(five)", SAY(BEN, CELLAR, "2"), .effects = "event"},
        {.what = "somebody else's", DELETE(DORA, YARD, 4), .want = ERR_FORBIDDEN},
        {.what = "a guest somebody else's", DELETE(GUS, YARD, 4), .want = ERR_FORBIDDEN},
        {.what = "without belonging to it", DELETE(CLEO, YARD, 4), .want = ERR_NOT_MEMBER},
        {.what = "what is no message", DELETE(ANNA, YARD, 1), .want = ERR_NOT_FOUND},
        {.what = "what is not there", DELETE(ANNA, YARD, 99), .want = ERR_NOT_FOUND},
        {.what = "where one sees nothing", DELETE(MOE, CELLAR, 3), .want = ERR_NOT_FOUND},
        {.what = "one's own",
         DELETE(BEN, YARD, 4),
         .effects = "event gone:4",
         .query =
             "SELECT m.body, m.deleted_at > 0, c.kind, c.target_seq, c.actor_id, (SELECT count(*) FROM audit WHERE "
             "verb = "
             "'delete') FROM messages AS m JOIN changes AS c USING (room_id) WHERE m.room_id = 2 AND m.seq = 4 AND "
             "c.target_seq = 4",
         .rows = "|1|deleted|4|5|0\n"},
        {.what = "again", DELETE(BEN, YARD, 4), .effects = "duplicate"},
        {.what = "a guest their own", DELETE(GUS, YARD, 6), .effects = "event gone:6"},
        {.what = "a visitor their own", DELETE(VERA, YARD, 7), .effects = "event gone:7"},
        {.what = "anybody's, as the room's moderator", DELETE(ANNA, YARD, 5), .effects = "event gone:5"},
        {.what = "(six)", SAY(BEN, YARD, "3"), .effects = "event"},
        {.what = "(seven)", SAY(BEN, YARD, "4"), .effects = "event"},
        {.what = "anybody's, as a moderator of the place", DELETE(MOE, YARD, 12), .effects = "event gone:12"},
        {.what = "in a closed room, as an admin from outside",
         DELETE(ADA, CELLAR, 3),
         .effects = "event gone:3",
         .query = "SELECT actor_id, user_id, room_id, seq FROM audit WHERE verb = 'delete'",
         .rows = "4|7|2|5\n3|5|2|12\n2|5|3|3\n"},
        {.what = "(archive)",
         .kind = COMMAND_ROOM_ARCHIVE,
         .by = ANNA,
         .room = YARD,
         .numbers = {{F_ARCHIVED, 1}},
         .effects = "event changed:archived"},
        {.what = "one's own in an archived room", DELETE(BEN, YARD, 13), .want = ERR_ARCHIVED},
        {.what = "a moderator still", DELETE(ANNA, YARD, 13), .effects = "event gone:13"},
    };
    PLAY(*state, steps);
}

static void messages_are_reported(void **state)
{
#define REPORT(who, in, seq)                                                                                           \
    .kind = COMMAND_REPORT, .by = (who), .room = (in), .numbers = {{F_SEQ, seq}}, .texts = { {F_TEXT, "rude"} }
#define HANDLE(who, report)                                                                                            \
    .kind = COMMAND_REPORT_HANDLE, .by = (who), .numbers = {{F_REPORT, report}}, .texts = {{F_TEXT, "spoke"}}
    static const char reports[] =
        "SELECT id, room_id, seq, reporter_id, reason, handled_at > 0, handled_by, outcome FROM reports";
    static const struct step steps[] = {
        {.what = "(one)", SAY(BEN, YARD, "1"), .effects = "event"},
        {.what = "(two)", SAY(BEN, CELLAR, "2"), .effects = "event"},
        {.what = "(three)", SAY(ANNA, DIRECT, "3"), .effects = "event membership:ben"},
        {.what = "(four)", SAY(DORA, YARD, "4"), .effects = "event"},
        {.what = "by a visitor", REPORT(VERA, YARD, 4), .want = ERR_FORBIDDEN},
        {.what = "what is no message", REPORT(ANNA, YARD, 1), .want = ERR_NOT_FOUND},
        {.what = "what one cannot see", REPORT(CLEO, CELLAR, 3), .want = ERR_NOT_FOUND},
        {.what = "not even as an admin", REPORT(ADA, CELLAR, 3), .want = ERR_NOT_FOUND},
        {.what = "by a member of the place", REPORT(CLEO, YARD, 4), .effects = "reported"},
        {.what = "again", REPORT(CLEO, YARD, 4), .effects = "duplicate"},
        {.what = "by a guest", REPORT(GUS, YARD, 4), .effects = "reported"},
        {.what = "in a closed room", REPORT(ANNA, CELLAR, 3), .effects = "reported"},
        {.what = "in a conversation",
         REPORT(BEN, DIRECT, 1),
         .effects = "reported",
         .query = reports,
         .rows = "1|2|4|6|rude|0|0|\n2|2|4|9|rude|0|0|\n3|3|3|4|rude|0|0|\n4|5|1|5|rude|0|0|\n"},
        {.what = "(delete)", DELETE(DORA, YARD, 5), .effects = "event gone:5"},
        {.what = "what has been deleted", REPORT(BEN, YARD, 5), .want = ERR_NOT_FOUND},
    };
    PLAY(*state, steps);
}

static void reports_are_handled(void **state)
{
    static const struct step steps[] = {
        {.what = "(one)", SAY(BEN, YARD, "1"), .effects = "event"},
        {.what = "(two)", SAY(BEN, CELLAR, "2"), .effects = "event"},
        {.what = "(report)", REPORT(DORA, YARD, 4), .effects = "reported"},
        {.what = "(report)", REPORT(ANNA, CELLAR, 3), .effects = "reported"},
        {.what = "(report)", REPORT(ANNA, YARD, 4), .effects = "reported"},
        {.what = "by who moderates nothing", HANDLE(BEN, 1), .want = ERR_FORBIDDEN},
        {.what = "whether it is there or not", HANDLE(BEN, 99), .want = ERR_FORBIDDEN},
        {.what = "none", HANDLE(MOE, 99), .want = ERR_NOT_FOUND},
        {.what = "by a moderator of the room", HANDLE(ANNA, 1), .effects = "reported"},
        {.what = "again", HANDLE(MOE, 1), .effects = "duplicate"},
        {.what = "by one of the place, who does not see the room",
         HANDLE(MOE, 2),
         .effects = "reported",
         .query = "SELECT id, handled_at > 0, handled_by, outcome FROM reports",
         .rows = "1|1|4|spoke\n2|1|3|spoke\n3|0|0|\n"},
        {.what = "by the command line",
         HANDLE(SYSTEM, 3),
         .effects = "reported",
         .query = "SELECT actor_id, room_id, detail FROM audit WHERE verb = 'handle_report'",
         .rows = "4|2|{\"report\":1,\"outcome\":\"spoke\"}\n3|3|{\"report\":2,\"outcome\":\"spoke\"}\n"
                 "0|2|{\"report\":3,\"outcome\":\"spoke\"}\n"},
    };
    PLAY(*state, steps);
}

/* In a room whose history begins when one joins, what was before is not there, whatever one does. */
static void what_was_before_one_joined(void **state)
{
    static const struct step steps[] = {
        {.what = "(one)", SAY(BEN, CELLAR, "1"), .effects = "event"},
        {.what = "cleo comes in",
         .kind = COMMAND_MEMBER_ADD,
         .by = BEN,
         .room = CELLAR,
         .user = CLEO,
         .effects = "event joined:cleo"},
        {.what = "(two)", SAY(BEN, CELLAR, "2"), .effects = "event"},
        {.what = "an answer to it", SAY(CLEO, CELLAR, "1"), .reply_to = 3, .want = ERR_NOT_FOUND},
        {.what = "to delete it", DELETE(CLEO, CELLAR, 3), .want = ERR_NOT_FOUND},
        {.what = "to report it", REPORT(CLEO, CELLAR, 3), .want = ERR_NOT_FOUND},
        {.what = "an answer to what came later", SAY(CLEO, CELLAR, "1"), .reply_to = 5, .effects = "event"},
        {.what = "to delete that", DELETE(CLEO, CELLAR, 5), .want = ERR_FORBIDDEN},
        {.what = "to report that", REPORT(CLEO, CELLAR, 5), .effects = "reported"},
        {.what = "the room shows all",
         .kind = COMMAND_ROOM_EDIT,
         .by = ANNA,
         .room = CELLAR,
         .numbers = {{F_HISTORY, ROOM_HISTORY_ALL}},
         .effects = "event changed:changed"},
        {.what = "an answer to it", SAY(CLEO, CELLAR, "2"), .reply_to = 3, .effects = "event"},
        {.what = "to report it", REPORT(CLEO, CELLAR, 3), .effects = "reported"},
    };
    PLAY(*state, steps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(who_may_send),
        IN_WORLD(sending_again),
        IN_WORLD(conversations_and_blocks),
        IN_WORLD(people_are_mentioned),
        IN_WORLD(messages_are_deleted),
        IN_WORLD(messages_are_reported),
        IN_WORLD(reports_are_handled),
        IN_WORLD(what_was_before_one_joined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
